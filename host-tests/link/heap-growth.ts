/** Counts what a program in XS allocates while it works. */
import { XsMachine } from "../../host/xs-machine.js";

export interface Growth {
  /** Slots beyond what an empty command takes. */
  readonly few: number;
  readonly many: number;
}

export class ProgramOnXs {
  readonly machine = new XsMachine();
  titles: string[] = [];

  /**
   * Imports a program, which must offer `scenarioTitles()`, and run the scenario that the first four bytes of a command
   * number as often as the next four say.
   */
  static async use(path: string, work: (program: ProgramOnXs) => Promise<void>): Promise<void> {
    const program = new ProgramOnXs();
    try {
      await program.machine.import(path);
      program.titles = JSON.parse(await program.machine.evaluate("scenarioTitles()")) as string[];
      await work(program);
    } finally {
      await program.machine.stop();
    }
  }

  /** @returns slots in use afterwards, garbage included */
  async run(title: string, times: number): Promise<number> {
    const command = Buffer.alloc(8);
    command.writeUInt32BE(this.titles.indexOf(title), 0);
    command.writeUInt32BE(times, 4);
    return (await this.machine.call(command)).currentHeapCount;
  }

  /** @returns slots in use after a collection */
  async collect(): Promise<number> {
    return (await this.machine.run("gc()")).currentHeapCount;
  }

  /** @returns slots that are left of a thousand runs, and not of one */
  async leftBehind(title: string): Promise<number> {
    await this.run(title, 100);
    await this.collect();
    await this.run(title, 1);
    const few = await this.collect();
    await this.run(title, 1000);
    return (await this.collect()) - few;
  }

  /** @throws when a collection came between, which would hide garbage */
  async growth(title: string, few: number, many: number): Promise<Growth> {
    // What is made on first use is made now; then a collection, so that none comes while we count.
    await this.run(title, Math.min(few, 100));
    await this.machine.evaluate("gc(); globalThis.canary = new WeakRef({}); 0");
    const start = await this.run(title, 0);
    const empty = await this.run(title, 0);
    const afterFew = await this.run(title, few);
    const afterMany = await this.run(title, many);
    if ((await this.machine.evaluate("typeof canary.deref()")) !== "object") {
      throw new Error(`${title}: a collection came between`);
    }
    const command = empty - start;
    return { few: afterFew - empty - command, many: afterMany - afterFew - command };
  }
}
