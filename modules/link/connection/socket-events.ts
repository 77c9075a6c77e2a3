/**
 * Sockets, and what can happen to them. Their callbacks are shared, with the connection as their `target`: a closure per
 * connection would be garbage when it ends. Each only says what happened; what may be thrown is caught behind `guard`.
 */
import type { Destination, Io, TcpSocket } from "./io.js";

/** What can happen to a connection. */
export const READABLE = 0;
export const WRITABLE = 1;
export const END = 2;
export const LOST = 3;
export const TICK = 4;
export const RESUME = 5;
export const PUMP = 6;
export type ConnectionEvent =
  | typeof READABLE
  | typeof WRITABLE
  | typeof END
  | typeof LOST
  | typeof TICK
  | typeof RESUME
  | typeof PUMP;

/** What the callbacks need of a connection. */
interface Guarded {
  guard(socket: TcpSocket, event: ConnectionEvent, count: number): void;
  lost(socket: TcpSocket, code: string | undefined): void;
}

type Socket = TcpSocket & { readonly target: Guarded };

function onReadable(this: Socket, count: number): void {
  this.target.guard(this, READABLE, count);
}
function onWritable(this: Socket, count: number): void {
  this.target.guard(this, WRITABLE, count);
}
function onEnd(this: Socket): void {
  this.target.guard(this, END, 0);
}
function onError(this: Socket, code?: string): void {
  this.target.lost(this, code);
}

const CALLBACKS = Object.freeze({ nodelay: true, onReadable, onWritable, onEnd, onError } as const);

/** Takes an accepted socket over. */
export function acceptSocket<Target extends Guarded>(io: Io, from: TcpSocket, target: Target): TcpSocket {
  return new io.TCP<Target>({ ...CALLBACKS, from, target });
}

/** @throws what the platform throws when it cannot even begin to connect */
export function dialSocket<Target extends Guarded>(io: Io, to: Destination, target: Target): TcpSocket {
  const { address, host, port } = to;
  return new io.TCP<Target>({
    ...CALLBACKS,
    ...(address === undefined ? {} : { address }),
    ...(host === undefined ? {} : { host }),
    port,
    target,
  });
}

export function closeQuietly(socket: TcpSocket | undefined): void {
  try {
    socket?.close();
  } catch {
    // Closing what has closed itself: nobody can do more about it.
  }
}
