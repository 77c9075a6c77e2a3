/** First in, first out, also when there are hundreds of thousands: an array's own `shift` moves all of them. */
export class Fifo<Item> {
  #items: Item[] = [];
  /** Where the first one stands; what stood before it is gone. */
  #head = 0;

  get length(): number {
    return this.#items.length - this.#head;
  }

  push(item: Item): void {
    this.#items.push(item);
  }

  shift(): Item | undefined {
    if (this.length === 0) {
      return undefined;
    }
    const item = this.#items[this.#head] as Item;
    // Whoever has it now may let go of it.
    this.#items[this.#head] = undefined as Item;
    this.#head++;
    if (2 * this.#head >= this.#items.length) {
      this.#items = this.#items.slice(this.#head);
      this.#head = 0;
    }
    return item;
  }

  remove(item: Item): void {
    this.#items = this.takeAll().filter((other) => other !== item);
  }

  takeAll(): Item[] {
    const all = this.#items.slice(this.#head);
    this.#items = [];
    this.#head = 0;
    return all;
  }
}
