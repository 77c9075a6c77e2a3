/** The last minutes of a value as a small line. */
import type { JSX } from "preact";
import type { SampleRing } from "../ring.js";
import { sparkPath } from "../series.js";
import { SPARK_MS } from "../store.js";
import { Pure } from "./pure.js";

const WIDTH = 64;
const HEIGHT = 18;

interface SparkProperties {
  readonly ring: SampleRing | undefined;
  /** Of the ring: it is the same object all the time. */
  readonly version: number;
}

export class Spark extends Pure<SparkProperties> {
  render(): JSX.Element {
    const { ring } = this.props;
    return (
      <svg class="spark" width={WIDTH} height={HEIGHT} aria-hidden="true">
        {ring !== undefined && ring.size > 1 && <path d={sparkPath(ring, WIDTH, HEIGHT, SPARK_MS)} />}
      </svg>
    );
  }
}
