/** The simulated flatsat with its clock in the test's hand, and what it says. Knows no platform: also runs inside XS. */
import { bind, dictionary } from "../../examples/flatsat/board.js";
import { calibrate } from "../../modules/dictionary/calibration.js";
import type { ParameterDefinition } from "../../modules/dictionary/dictionary.js";
import { bitShift } from "../../modules/dictionary/value-check.js";
import { boardFor } from "../../modules/flatsat/board-access.js";
import type { Binding, Board } from "../../modules/flatsat/board-module.js";
import { ParameterPool, poolLength } from "../../modules/pus/parameter-pool.js";
import type { ReportWriter } from "../../modules/pus/report-writer.js";
import type { EventService } from "../../modules/pus/st05-events.js";

export type Name = keyof typeof dictionary.parameters;
export type Bit = keyof typeof dictionary.parameters.status.bits;

const TICKS_PER_SECOND = 10;
const { events } = dictionary;

export class FlatsatRig {
  readonly pool: ParameterPool;
  /** Name of each event and its values, as `batteryLow 39`. */
  readonly said: string[] = [];
  readonly binding: Binding<typeof dictionary>;
  failureData = 0;
  #now = 0;

  constructor() {
    this.pool = new ParameterPool(dictionary, new Uint8Array(poolLength(dictionary)), 0);
    const raise = (id: number, ...values: (number | undefined)[]): boolean => {
      const [name, { values: fields = {} }] = Object.entries<{ id: number; values?: object }>(events).find(
        ([, event]) => event.id === id,
      )!;
      this.said.push([name, ...values.slice(0, Object.keys(fields).length)].join(" "));
      return true;
    };
    this.binding = bind(
      boardFor(dictionary, {
        pool: this.pool,
        events: { raise, has: () => true } as unknown as EventService,
        reports: {} as ReportWriter,
        uptimeMs: () => this.#now,
        now: () => Number.NaN,
        setFailureData: (data) => {
          this.failureData = data;
        },
        log: () => {},
      }) as Board<typeof dictionary>,
    );
  }

  /** Lets time pass. @param each called after every second */
  run(seconds: number, each: () => void = () => {}): void {
    for (let k = 1; k <= seconds * TICKS_PER_SECOND; k++) {
      this.#now += 1000 / TICKS_PER_SECOND;
      this.binding.tick!();
      if (k % TICKS_PER_SECOND === 0) {
        each();
      }
    }
  }

  /** Time passes, and nobody ticks. */
  sleep(seconds: number): void {
    this.#now += seconds * 1000;
  }

  raw(name: Name): number {
    return this.pool.get(this.pool.find(dictionary.parameters[name].id));
  }

  /** A parameter in its unit. */
  value(name: Name): number {
    const { calibration }: ParameterDefinition = dictionary.parameters[name];
    return calibrate(calibration, this.raw(name));
  }

  set(name: Name, raw: number): void {
    this.pool.set(this.pool.find(dictionary.parameters[name].id), raw);
  }

  status(bit: Bit): number {
    const { bits } = dictionary.parameters.status;
    return (this.raw("status") >> bitShift(dictionary.parameters.status, bit)) & ((1 << bits[bit].width) - 1);
  }

  /** Calls a function with one argument, or none. @returns its failure code, 0 for success */
  call(name: keyof typeof dictionary.functions, argument = 0): number {
    return this.binding.functions[name](argument, 0, 0, 0) ?? 0;
  }

  /** All values, as they stand in the pool. */
  get snapshot(): string {
    return Array.from(this.pool.bytes).join(" ");
  }
}
