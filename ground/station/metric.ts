/** A figure for Prometheus, of a part of a station that not every station has. */
export interface Metric {
  readonly name: string;
  readonly type: "gauge" | "counter";
  readonly help: string;
  readonly value: number;
}
