/** The telecommand at hand, as handlers see it. One object, reused: valid only during the call. */
import { FieldCodec } from "../data/field-codec.js";
import { UINT8, UINT16, UINT32 } from "../data/field-kinds.js";
import { TelecommandView } from "./views.js";

export class PusRequest extends TelecommandView {
  /** Number of the connection that the telecommand came from; on a board with several ports, 2^30 more for each port before its own. */
  from = 0;
  /** A handler that answers with a failure code may say here what the code is about; see `FAILURE_CODES`. */
  failureData = 0;
  readonly #codec = new FieldCodec();

  /** Octet `offset` of the application data. What lies beyond the data must not be asked for. */
  uint8(offset: number): number {
    return this.field(UINT8, offset);
  }

  uint16(offset: number): number {
    return this.field(UINT16, offset);
  }

  uint32(offset: number): number {
    return this.field(UINT32, offset);
  }

  /** @param kind of the field, as `kindOf` gives it */
  field(kind: number, offset: number): number {
    return this.#codec.read(kind, this.bytes, this.applicationDataStart + offset);
  }
}
