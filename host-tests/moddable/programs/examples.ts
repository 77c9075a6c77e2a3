/** Runs the documents' examples on a board, for the test on the Moddable SDK, which writes them into one module. */
import { type Examples, runExamples } from "./stand-ins.js";

Object.assign(globalThis, {
  abort(reason: string) {
    trace("abort: ", reason, "\n");
  },
});

// By name, because only the manifest says where it is.
const name = "examples";
import(name).then(({ examples }: { examples: Examples }) => {
  runExamples(examples, (text) => trace(`${text}\n`));
  trace("all examples ended\n");
});
