/** Run by a test in a process, or a thread, of its own: starts an XS worker that loops for ever, and says which it is. */
import { parentPort } from "node:worker_threads";
import { XsMachine } from "../../host/xs-machine.js";

const machine = new XsMachine();
await machine.evaluate("1");
machine.evaluate("for (;;) {}").catch(() => {});
if (parentPort === null) {
  console.log(machine.pid);
} else {
  parentPort.postMessage(machine.pid);
}
