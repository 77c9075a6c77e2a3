/** Encoders of numbered frames that go on where the last one was. Knows no platform: also runs inside XS. */
import type { FrameEncoder, Framing } from "../../modules/framing/contract/framing.js";

/** Frames sent so far by all the encoders of `numbered`. */
let sent = 0;

/**
 * The suite makes an encoder for each packet: where frames are numbered, the next one goes on with the count where the last
 * one was.
 * @param round the frame count's modulus divides it
 */
export function numbered(framing: Framing, round: number): Framing {
  return {
    ...framing,
    encoder(memory, trailerLength) {
      const encoder = framing.encoder(memory, trailerLength);
      if (encoder.taken === undefined) {
        return encoder;
      }
      for (let i = sent % round; i > 0; i--) {
        encoder.taken();
      }
      const counting: FrameEncoder = {
        maxFrameLength: (length) => encoder.maxFrameLength(length),
        encode: (start, end, at, limit) => encoder.encode(start, end, at, limit),
        taken() {
          sent++;
          encoder.taken?.();
        },
      };
      return counting;
    },
  };
}
