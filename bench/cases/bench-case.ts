/** What one benchmark is, whatever it measures. */

export interface BenchCase {
  readonly name: string;
  /** Bytes of each packet, framing not included. */
  readonly packetLength: number;
  /** Packets that one pass takes. */
  readonly packets: number;
  /** What ours is compared with. */
  readonly baselineName: string;
  /** Works all packets off, so many times. */
  ours(passes: number): void;
  baseline(passes: number): void;
  /** @throws when ours or the baseline does not yield the packets that it should */
  check(): void;
}

/** What was measured of one case. The rates are of packet bytes: framing is not counted. */
export interface BenchResult {
  name: string;
  engine: string;
  packetLength: number;
  bytesPerSecond: number;
  packetsPerSecond: number;
  /** Heap slots that one packet takes. Only XS tells. */
  slotsPerPacket?: number;
  /** Instructions that one packet takes, the same in each run. Only XS tells. */
  stepsPerPacket?: number;
  /** As `ratio`, in instructions: the same in each run. What an engine does natively in one, a copy or a search, counts as one. Only XS tells. */
  stepsRatio?: number;
  /** As `ratio`, in CPU time: what others do on the machine counts less. Only Node tells. */
  cpuRatio?: number;
  /** What ours is compared with. */
  baseline: string;
  /** Our speed by the baseline's: above 1 we are faster. */
  ratio: number;
}
