/**
 * Strings, arrays and buffers live in XS's chunk memory, which the slot count does not show. What is garbage there
 * shows by the collection that it leads to: the chunk memory is filled until little is free, then traffic must not fill
 * the rest.
 */
import type { XsMachine } from "../../host/xs-machine.js";

/** Bytes that are garbage at once; what is left free is between one and two of them. */
const BLOCK = 32 * 1024;
/** Rounds of traffic that a string per round does not survive: the shortest takes more than 16 bytes, and two blocks are 65,536. */
export const ENOUGH_ROUNDS = 4200;

/** Slots that are garbage at once: their going tells of a collection. (XS keeps WeakRefs alive in collections of its own.) */
const GARBAGE = 5000;

export class ChunkMemory {
  readonly #machine: XsMachine;
  #blocks = 0;

  constructor(machine: XsMachine) {
    this.#machine = machine;
  }

  /** Finds out how much is free. @returns the bytes that can be filled without a collection, to the nearest 32 KiB */
  async measure(): Promise<number> {
    let fits = 0;
    let tooMany = 4096;
    while (tooMany - fits > 1) {
      const middle = Math.floor((fits + tooMany) / 2);
      if ((await this.#fill(middle)) <= (await this.#slots())) {
        fits = middle;
      } else {
        tooMany = middle;
      }
    }
    this.#blocks = fits - 1;
    return fits * BLOCK;
  }

  /** Leaves little free, after `measure`, and works. @returns whether a collection came: there was a string or the like */
  async isCollected(work: () => Promise<unknown>): Promise<boolean> {
    const before = await this.#fill(this.#blocks);
    await work();
    return (await this.#slots()) < before;
  }

  /** Collects, then fills so many blocks. @returns slots in use, garbage included */
  async #fill(blocks: number): Promise<number> {
    await this.#machine.evaluate("gc(); 0");
    await this.#machine.evaluate(`for (let i = 0; i < ${GARBAGE}; i++) ({}); 0`);
    const before = await this.#slots();
    await this.#machine.evaluate(`for (let i = 0; i < ${blocks}; i++) new ArrayBuffer(${BLOCK}); 0`);
    return before;
  }

  async #slots(): Promise<number> {
    return (await this.#machine.run("0")).currentHeapCount;
  }
}
