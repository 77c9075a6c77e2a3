/**
 * A recording: what a board sent and when it came, as lines of JSON. The first line says what it is; each other line is whole when it is
 * there, so that a recording which was killed is one all the same.
 *
 * ```
 * {"flatlink":"recording","version":1,"board":"flatsat","dictionaryHash":"0x56f8194e","settings":{"apid":"2"},"started":"2026-..."}
 * {"t":1787313600123.25,"link":"connected"}
 * {"t":1787313600130.5,"packet":"0802c000..."}
 * ```
 */

const RECORDING_VERSION = 1;

/** The first line. */
export interface RecordingHeader {
  readonly flatlink: "recording";
  readonly version: number;
  /** The board's name in the dictionary that was at hand. */
  readonly board: string;
  /** Of that dictionary: the wire hash. */
  readonly dictionaryHash: string;
  /** Of the board, by their names, as they were given. */
  readonly settings: Readonly<Record<string, string>>;
  /** ISO 8601. */
  readonly started: string;
}

/** A packet that came, or what became of the link. */
export interface RecordingEntry {
  /** When it came: UNIX milliseconds, with a fraction. */
  readonly t: number;
  readonly packet?: Uint8Array;
  readonly link?: "connected" | "lost";
  /** The hash that the board itself told. */
  readonly dictionaryHash?: string;
}

/** What is wrong with a file that is to be a recording, in one line. */
export class RecordingError extends Error {
  override name = "RecordingError";
}

export function headerLine(header: Omit<RecordingHeader, "flatlink" | "version">): string {
  return `${JSON.stringify({ flatlink: "recording", version: RECORDING_VERSION, ...header })}\n`;
}

export function entryLine({ packet, ...entry }: RecordingEntry): string {
  const t = Math.round(entry.t * 1000) / 1000;
  return `${JSON.stringify({ ...entry, t, ...(packet && { packet: Buffer.from(packet).toString("hex") }) })}\n`;
}

/** @throws RecordingError */
export function parseHeader(line: string): RecordingHeader {
  const header = objectIn(line);
  if (header?.["flatlink"] !== "recording") {
    throw new RecordingError('it is no recording: the first line has no "flatlink":"recording"');
  }
  if (header["version"] !== RECORDING_VERSION) {
    throw new RecordingError(
      `its version is ${String(header["version"])}, and this program reads version ${RECORDING_VERSION}`,
    );
  }
  return header as unknown as RecordingHeader;
}

/** @returns undefined: it is no whole line */
export function parseEntry(line: string): RecordingEntry | undefined {
  const entry = objectIn(line);
  const hex = entry?.["packet"];
  if (
    typeof entry?.["t"] !== "number" ||
    (hex !== undefined && !(typeof hex === "string" && /^([0-9a-f]{2})+$/i.test(hex)))
  ) {
    return undefined;
  }
  const { packet: _, ...rest } = entry as unknown as RecordingEntry;
  return hex === undefined ? rest : { ...rest, packet: Uint8Array.from(Buffer.from(hex, "hex")) };
}

/**
 * @param lines of the file
 * @returns (yields) the header, then entry after entry. A last line that was cut is left out
 * @throws RecordingError, with the number of the line
 */
export async function* readRecording(
  lines: AsyncIterable<string>,
): AsyncGenerator<RecordingHeader | RecordingEntry, void, undefined> {
  let number = 0;
  let isCut = false;
  for await (const line of lines) {
    number++;
    if (isCut) {
      throw new RecordingError(`line ${number - 1} is no entry of a recording`);
    }
    if (number === 1) {
      yield parseHeader(line);
      continue;
    }
    const entry = parseEntry(line);
    if (entry === undefined) {
      // It may be the last one, which was being written.
      isCut = true;
    } else {
      yield entry;
    }
  }
  if (number === 0) {
    throw new RecordingError("it is empty");
  }
}

function objectIn(line: string): Record<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(line);
    return typeof value === "object" && value !== null ? (value as Record<string, unknown>) : undefined;
  } catch {
    return undefined;
  }
}
