/**
 * The key console on a serial port, 115,200 baud, 8N1: octets in, lines out as the port has room for them. The platform's class
 * is handed in.
 */
import { type ConsoleKeys, KeyConsole } from "./key-console.js";

/** What is used of an ECMA-419 `Serial`. */
export interface SerialPort {
  /** An octet, or all that came, as the port's format says; undefined: nothing more came. */
  read(): number | ArrayBuffer | undefined;
  /** @throws when there is no room */
  write(data: number | ArrayBuffer): void;
}

type Attached = SerialPort & { readonly target: SerialConsole };

/** Where a serial port is: a UART and its pins, or a device of a desktop. */
export type SerialPlace =
  | { readonly port: number; readonly receive: number; readonly transmit: number }
  | { readonly device: string };

export type SerialClass = new (
  options: SerialPlace & {
    baud: number;
    /** An octet at a time allocates nothing; a desktop's has only the other. */
    format: "number" | "buffer";
    target: SerialConsole;
    onReadable(this: Attached): void;
    onWritable(this: Attached, count: number): void;
  },
) => SerialPort;

const BAUD = 115200;
/** Octets of a line to be written, its end included. What is longer is cut. */
const LONGEST_LINE = 160;
const NO_ASCII = 0x3f;

/**
 * @param text `UART:RECEIVE:TRANSMIT`, as 0:3:1, or the path of a device
 * @throws TypeError for anything else
 */
export function serialPlace(text: string): SerialPlace {
  if (text.startsWith("/")) {
    return { device: text };
  }
  const [, port, receive, transmit] = /^([0-9]{1,2}):([0-9]{1,2}):([0-9]{1,2})$/.exec(text) ?? [];
  if (port === undefined || receive === undefined || transmit === undefined) {
    throw new TypeError(
      `console must be off, or UART:RECEIVE:TRANSMIT, the number of a UART and its pins, as in 0:3:1, not "${text}"`,
    );
  }
  return { port: Number(port), receive: Number(receive), transmit: Number(transmit) };
}

export interface ConsoleOptions {
  /** The build's key `console`: a place, or `off`. Undefined: none is known. */
  readonly where: string | undefined;
  /** Undefined: the board has no keys, and needs no console. */
  readonly keys: ConsoleKeys | undefined;
  /** The platform's class, or undefined where it has none. May throw. */
  serial(): SerialClass | undefined;
  clock(): number;
  log(line: string): void;
}

/**
 * Opens the key console, where there is something to be done with it. A port that is not to be had is one line: the board does
 * without.
 * @throws TypeError when `where` is no place
 */
export function openConsole({ where, keys, serial, clock, log }: ConsoleOptions): void {
  const place = where === undefined || where === "off" ? undefined : serialPlace(where);
  if (keys === undefined || where === "off") {
    return;
  }
  if (place === undefined) {
    log("key console: none, because nobody said where; console=UART:RECEIVE:TRANSMIT does");
    return;
  }
  try {
    const Serial = serial();
    if (Serial === undefined) {
      throw new Error("this platform has no serial ports");
    }
    new SerialConsole(Serial, place, new KeyConsole(keys, clock));
    log(`key console: on ${where}, ${BAUD} baud`);
  } catch (error) {
    log(`key console: none on ${where}: ${String(error)}`);
  }
}

export class SerialConsole {
  readonly #console: KeyConsole;
  readonly #isByOctet: boolean;
  readonly #line = new Uint8Array(LONGEST_LINE);
  #at = 0;
  #end = 0;
  /** Octets that the port has room for. */
  #room = 0;

  /** @throws what the platform throws when the port is not to be had, as one that is used otherwise */
  constructor(Serial: SerialClass, place: SerialPlace, console: KeyConsole) {
    this.#console = console;
    this.#isByOctet = !("device" in place);
    // It stays until the board restarts.
    new Serial({
      ...place,
      baud: BAUD,
      format: this.#isByOctet ? "number" : "buffer",
      target: this,
      onReadable,
      onWritable,
    });
  }

  /** @param port whose callback it is: a desktop's may call before its constructor has returned */
  receive(port: SerialPort): void {
    for (let data = port.read(); data !== undefined; data = port.read()) {
      if (typeof data === "number") {
        this.#console.take(data);
      } else {
        const octets = new Uint8Array(data);
        for (let i = 0; i < octets.length; i++) {
          this.#console.take(octets[i]!);
        }
        // It may have been a key.
        octets.fill(0);
      }
    }
    this.#write(port);
  }

  writable(port: SerialPort, room: number): void {
    this.#room = room;
    this.#write(port);
  }

  #write(port: SerialPort): void {
    while (this.#room > 0 && (this.#at < this.#end || this.#take())) {
      if (this.#isByOctet) {
        port.write(this.#line[this.#at++]!);
        this.#room--;
      } else {
        const part = this.#line.slice(this.#at, Math.min(this.#end, this.#at + this.#room));
        this.#at += part.length;
        // A desktop's takes no more before it has said so again.
        this.#room = 0;
        port.write(part.buffer);
      }
    }
  }

  /** Puts the next line of the console into the array. @returns false: there is none */
  #take(): boolean {
    const line = this.#console.next();
    if (line === undefined) {
      return false;
    }
    const length = Math.min(line.length, LONGEST_LINE - 2);
    for (let i = 0; i < length; i++) {
      const code = line.charCodeAt(i);
      this.#line[i] = code < 0x7f ? code : NO_ASCII;
    }
    this.#line[length] = 0x0d;
    this.#line[length + 1] = 0x0a;
    this.#at = 0;
    this.#end = length + 2;
    return true;
  }
}

/** An exception that leaves a callback restarts a board. */
function onReadable(this: Attached): void {
  try {
    this.target.receive(this);
  } catch {
    // A port that fails: there is nobody at it to be told.
  }
}

function onWritable(this: Attached, count: number): void {
  try {
    this.target.writable(this, count);
  } catch {
    // As above.
  }
}
