/**
 * Strings, arrays and buffers live in XS's chunk memory, which the slot count does not show. What is garbage there
 * shows by the collection that it leads to: the chunk memory is filled until little is free, then traffic must not fill
 * the rest.
 */
import type { XsMachine } from "../../host/xs-machine.js";

/** Bytes that are garbage at once. Each takes slots, too: of smaller ones, those would lead to the collection. */
const BLOCK = 32 * 1024;
/** The rest, in front of the last two: what is left free is between one and two of these. */
const SMALL_BLOCK = 8 * 1024;
/** Rounds of traffic that a string per round does not survive: the shortest takes more than 16 bytes, and two small blocks are 16,384. */
export const ENOUGH_ROUNDS = 1100;

/** Slots that are garbage at once: their going tells of a collection. (XS keeps WeakRefs alive in collections of its own.) */
const GARBAGE = 5000;

export class ChunkMemory {
  readonly #machine: XsMachine;
  #blocks = 0;
  #smallBlocks = 0;

  constructor(machine: XsMachine) {
    this.#machine = machine;
  }

  /** Finds out how much is free. @returns the bytes that can be filled without a collection, to the nearest 32 KiB */
  async measure(): Promise<number> {
    const fits = await this.#most(4096, (blocks) => this.#fill(blocks, 0));
    this.#blocks = fits - 1;
    this.#smallBlocks = (await this.#most(2 * (BLOCK / SMALL_BLOCK), (small) => this.#fill(this.#blocks, small))) - 1;
    return fits * BLOCK;
  }

  /** @returns the most blocks, fewer than `tooMany`, that can be filled without a collection */
  async #most(tooMany: number, fill: (blocks: number) => Promise<number>): Promise<number> {
    let fits = 0;
    let over = tooMany;
    while (over - fits > 1) {
      const middle = Math.floor((fits + over) / 2);
      if ((await fill(middle)) <= (await this.#slots())) {
        fits = middle;
      } else {
        over = middle;
      }
    }
    return fits;
  }

  /** Leaves little free, after `measure`, and works. @returns whether a collection came: there was a string or the like */
  async isCollected(work: () => Promise<unknown>): Promise<boolean> {
    const before = await this.#fill(this.#blocks, this.#smallBlocks);
    await work();
    return (await this.#slots()) < before;
  }

  /** Collects, then fills so many blocks. @returns slots in use, garbage included */
  async #fill(blocks: number, smallBlocks: number): Promise<number> {
    await this.#machine.evaluate("gc(); 0");
    await this.#machine.evaluate(`for (let i = 0; i < ${GARBAGE}; i++) ({}); 0`);
    const before = await this.#slots();
    await this.#machine.evaluate(
      `for (let i = 0; i < ${blocks}; i++) new ArrayBuffer(${BLOCK});
      for (let i = 0; i < ${smallBlocks}; i++) new ArrayBuffer(${SMALL_BLOCK}); 0`,
    );
    return before;
  }

  async #slots(): Promise<number> {
    return (await this.#machine.run("0")).currentHeapCount;
  }
}
