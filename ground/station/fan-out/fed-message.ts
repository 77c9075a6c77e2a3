/** What a message of the stream says about its packet: `subjects.ts` has the headers. */
import type { JsMsg } from "@nats-io/jetstream";
import { boardIn, HEADERS } from "./subjects.js";

export interface FedMessage {
  readonly board: string;
  /** UNIX milliseconds. */
  readonly received: number;
  /** Hash of the whole dictionary. */
  readonly dictionary: number;
  readonly archive: string;
  readonly row: number;
  readonly bytes: Uint8Array;
}

/** @returns undefined: no station has sent it */
export function fedMessage({ subject, headers, data }: JsMsg): FedMessage | undefined {
  const text = (name: keyof typeof HEADERS): string => headers?.get(HEADERS[name]) ?? "";
  const board = boardIn(subject);
  const received = Number(text("received"));
  const row = Number(text("row"));
  const dictionary = text("dictionary");
  const archive = text("archive");
  const isSound =
    text("received") !== "" &&
    Number.isFinite(received) &&
    Number.isSafeInteger(row) &&
    row > 0 &&
    /^[0-9a-f]{8}$/.test(dictionary) &&
    /^[0-9a-f]{1,64}$/.test(archive);
  return board === undefined || !isSound
    ? undefined
    : { board, received, dictionary: Number.parseInt(dictionary, 16), archive, row, bytes: Uint8Array.from(data) };
}
