/** What commands that listen print: lines for people with notices beside them, or JSON objects, one a line. */

import type { Notice } from "./board-session.js";
import { type Colours, coloursFor } from "./colours.js";
import type { Program } from "./program.js";

export class Reporter {
  readonly isJson: boolean;
  readonly colours: Colours;
  readonly #program: Program;
  readonly #errorColours: Colours;

  constructor(program: Program, isJson: boolean) {
    this.isJson = isJson;
    this.#program = program;
    this.colours = coloursFor(process.stdout, process.env);
    this.#errorColours = coloursFor(process.stderr, process.env);
  }

  /** @param text without the newline; nothing in JSON */
  line(text: string): void {
    if (!this.isJson) {
      this.#program.write(`${text}\n`);
    }
  }

  /** Nothing for people. */
  object(object: Readonly<Record<string, unknown>>): void {
    if (this.isJson) {
      this.#program.write(`${JSON.stringify(object)}\n`);
    }
  }

  /** To standard error, so that lines in a pipe are the board's; in JSON among the others. What is as it should be, only in JSON. */
  notice(notice: Notice): void {
    if (this.isJson) {
      this.object({ ...notice, received: new Date().toISOString() });
    } else if (notice.state === "wrong") {
      this.#program.complain(this.#errorColours.red(notice.text));
    } else if (notice.state !== "same" && notice.state !== "connected") {
      this.#program.complain(this.#errorColours.dim(notice.text));
    }
  }
}
