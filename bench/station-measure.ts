/** What the benchmarks of a station measure with. */

const ROUNDS = 5;

/** In seconds. */
export interface Took {
  readonly wall: number;
  /** Of this process: what others do on the machine does not count. */
  readonly cpu: number;
}

export function measure(work: () => void): Took {
  const start = performance.now();
  const before = process.cpuUsage();
  work();
  const { user, system } = process.cpuUsage(before);
  return { wall: (performance.now() - start) / 1000, cpu: (user + system) / 1e6 };
}

/** Of several rounds, the one in the middle. */
export function median(work: () => void): string {
  const rounds = Array.from({ length: ROUNDS }, () => measure(work)).sort((a, b) => a.wall - b.wall);
  const { wall, cpu } = rounds[Math.floor(ROUNDS / 2)]!;
  return `${(1000 * wall).toFixed(1)} ms (${(1000 * cpu).toFixed(1)} ms CPU)`;
}

export function line(text: string): void {
  process.stdout.write(`${text}\n`);
}
