/** The npm package has no types of its own. */
declare module "cobs" {
  export function encode(packet: Buffer, zeroFrame?: boolean): Buffer;
  export function decode(frame: Buffer): Buffer;
}
