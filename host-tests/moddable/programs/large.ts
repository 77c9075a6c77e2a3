/** The board of large-dictionary.ts. */
import start from "flatlink/main";
import { bind, dictionary } from "./large-dictionary.js";

start({ board: { dictionary, bind } });
