/** What is kept of things without end: the latest so many. */

/** Pairs of time and value; the oldest make room for the newest. All memory is taken at once. */
export class SampleRing {
  readonly #times: Float64Array;
  readonly #values: Float64Array;
  #next = 0;
  #size = 0;
  /** Rises with every sample. */
  version = 0;

  /** @param capacity samples */
  constructor(capacity: number) {
    this.#times = new Float64Array(capacity);
    this.#values = new Float64Array(capacity);
  }

  get size(): number {
    return this.#size;
  }

  /** Time of the oldest sample; undefined: there is none. */
  get first(): number | undefined {
    return this.#size === 0 ? undefined : this.#times[this.#place(0)];
  }

  /** Time of the newest sample; undefined: there is none. */
  get last(): number | undefined {
    return this.#size === 0 ? undefined : this.#times[this.#place(this.#size - 1)];
  }

  push(time: number, value: number): void {
    const capacity = this.#times.length;
    this.#times[this.#next] = time;
    this.#values[this.#next] = value;
    this.#next = (this.#next + 1) % capacity;
    this.#size = Math.min(this.#size + 1, capacity);
    this.version++;
  }

  clear(): void {
    this.#size = 0;
    this.version++;
  }

  /** Oldest first. */
  read(visit: (time: number, value: number) => void): void {
    for (let k = 0; k < this.#size; k++) {
      const place = this.#place(k);
      visit(this.#times[place]!, this.#values[place]!);
    }
  }

  #place(k: number): number {
    const capacity = this.#times.length;
    return (this.#next - this.#size + k + capacity) % capacity;
  }
}

/** Entries with a number each, the latest first; beyond the capacity, the oldest that may be are forgotten. */
export class Recent<Entry> {
  readonly #number: (entry: Entry) => number;
  readonly #isStale: (entry: Entry, known: Entry) => boolean;
  readonly #mayGo: (entry: Entry) => boolean;
  readonly #items: Entry[] = [];
  #capacity: number;
  /** Rises with every change. */
  version = 0;

  /**
   * @param number of an entry; one below 0, as of what could not be stored, is as new as can be when it comes
   * @param isStale whether less is known of an entry than what is there: an answer may come behind the news
   * @param mayGo whether an entry may be forgotten; those that may not count, and there is no limit to them
   */
  constructor(
    capacity: number,
    number: (entry: Entry) => number,
    isStale: (entry: Entry, known: Entry) => boolean = () => false,
    mayGo: (entry: Entry) => boolean = () => true,
  ) {
    this.#capacity = capacity;
    this.#number = number;
    this.#isStale = isStale;
    this.#mayGo = mayGo;
  }

  /** The latest first. */
  get items(): readonly Entry[] {
    return this.#items;
  }

  /** The least number that is there; undefined: there is none. */
  get oldest(): number | undefined {
    const stored = this.#items.findLast((entry) => this.#number(entry) >= 0);
    return stored === undefined ? undefined : this.#number(stored);
  }

  /** An entry that is there already is replaced, unless it is stale. */
  add(entry: Entry): void {
    const number = this.#number(entry);
    let place = 0;
    if (number >= 0) {
      while (place < this.#items.length && !(this.#numberAt(place) >= 0 && this.#numberAt(place) <= number)) {
        place++;
      }
    } else {
      const same = this.#items.findIndex((other) => this.#number(other) === number);
      place = Math.max(same, 0);
    }
    const isSame = place < this.#items.length && this.#numberAt(place) === number;
    if (isSame && this.#isStale(entry, this.#items[place]!)) {
      return;
    }
    if (isSame) {
      this.#items[place] = entry;
    } else if (place === 0) {
      this.#items.unshift(entry);
    } else {
      this.#items.splice(place, 0, entry);
    }
    this.#forget();
    this.version++;
  }

  #forget(): void {
    for (let place = this.#items.length - 1; place >= 0 && this.#items.length > this.#capacity; place--) {
      if (this.#mayGo(this.#items[place]!)) {
        this.#items.splice(place, 1);
      }
    }
  }

  clear(): void {
    this.#items.length = 0;
    this.version++;
  }

  /** Keeps so many more from now on, for older ones that somebody asks for. */
  grow(more: number): void {
    this.#capacity += more;
  }

  change(number: number, change: (entry: Entry) => Entry): void {
    const place = this.#items.findIndex((entry) => this.#number(entry) === number);
    if (place >= 0) {
      this.#items[place] = change(this.#items[place]!);
      this.version++;
    }
  }

  #numberAt(place: number): number {
    return this.#number(this.#items[place]!);
  }
}
