/** Netstrings (`length:bytes,`), as the XS worker speaks them. */

/** Puts messages together from a byte stream that may break anywhere. */
export class NetstringReader {
  #pending: Buffer = Buffer.alloc(0);

  /**
   * @param chunk what came
   * @param deliver gets each complete message; the bytes are its own
   * @throws when the stream is no netstring
   */
  push(chunk: Buffer, deliver: (message: Buffer) => void): void {
    this.#pending = this.#pending.length === 0 ? chunk : Buffer.concat([this.#pending, chunk]);
    for (;;) {
      const colon = this.#pending.indexOf(0x3a);
      const head = this.#pending.toString("latin1", 0, colon < 0 ? Math.min(this.#pending.length, 20) : colon);
      if (!/^\d*$/.test(head) || head.length > 19 || colon === 0) {
        throw new Error(`not a netstring: ${JSON.stringify(head)}`);
      }
      if (colon < 0) {
        return;
      }
      const start = colon + 1;
      const end = start + Number(head);
      if (this.#pending.length <= end) {
        return;
      }
      if (this.#pending[end] !== 0x2c) {
        throw new Error("not a netstring: the comma is missing");
      }
      const message = this.#pending.subarray(start, end);
      this.#pending = this.#pending.subarray(end + 1);
      deliver(message);
    }
  }
}

/** @returns the netstring of `prefix` followed by `bytes` */
export function netstring(prefix: string, bytes: Uint8Array): Buffer {
  const head = Buffer.from(prefix, "latin1");
  return Buffer.concat([Buffer.from(`${head.length + bytes.length}:`, "latin1"), head, bytes, Buffer.from(",")]);
}
