/** The ground station's page. */
import { render } from "preact";
import { App } from "./app.js";
import { Store } from "./store.js";

const store = new Store();
render(<App store={store} />, document.getElementById("page")!);
store.start();
