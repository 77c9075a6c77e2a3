/** Sends the packets of an example to whoever answers each, and holds the answers against them. */
import type { Client } from "../../../ground/index.js";
import { hex } from "../../framing/random.js";
import type { FramingExample } from "./framing-examples.js";

/** Packets under way. */
const WINDOW = 8;

/** @returns what is wrong, or undefined; rejects when an answer does not come within `timeoutMs` */
export async function exchange(
  client: Client,
  { answer, oneByOne }: FramingExample,
  packets: readonly Uint8Array[],
  timeoutMs: number,
): Promise<string | undefined> {
  const ahead = oneByOne === true ? 1 : WINDOW;
  for (let n = 0; n < packets.length; n++) {
    const last = Math.min(n + ahead, packets.length);
    for (let next = n === 0 ? 0 : n + ahead - 1; next < last; next++) {
      await client.send(packets[next] as Uint8Array, { timeoutMs });
    }
    const sent = Uint8Array.from(packets[n] as Uint8Array);
    const expected = hex(answer === "reverse" ? sent.reverse() : sent);
    const found = hex(await client.receive({ timeoutMs }));
    if (found !== expected) {
      return `packet ${n}: expected ${expected}, not ${found}`;
    }
  }
  return undefined;
}
