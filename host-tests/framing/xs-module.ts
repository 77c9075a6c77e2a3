/** Runs the functions of a compiled module inside the XS engine. */
import { fileURLToPath } from "node:url";
import test, { type ExecutionContext } from "ava";
import { xsAvailability } from "../../host/xs-availability.js";
import { XsMachine } from "../../host/xs-machine.js";

const xs = xsAvailability();

if (!xs.available) {
  test.skip(`XS: every test is skipped, because ${xs.reason}`, () => {});
}

/** As `test`, one after the other; skipped on a machine without XS. */
export function xsTest(title: string, run: (t: ExecutionContext) => Promise<void>): void {
  if (xs.available) {
    test.serial(title, run);
  } else {
    test.serial.skip(title, run);
  }
}

export class XsModule {
  #path: string;
  #machine: XsMachine | undefined;

  /**
   * @param base `import.meta.url` of the test
   * @param specifier of the module, relative to it
   */
  constructor(base: string, specifier: string) {
    this.#path = fileURLToPath(new URL(specifier, base));
  }

  /** Calls an exported function with arguments that JSON can hold. @returns what it returns, as text */
  call(name: string, ...args: unknown[]): Promise<string> {
    this.#machine ??= new XsMachine();
    return this.#machine.evaluate(
      `import(${JSON.stringify(this.#path)}).then((module) => String(module.${name}(...${JSON.stringify(args)})))`,
    );
  }

  async stop(): Promise<void> {
    await this.#machine?.stop();
  }
}
