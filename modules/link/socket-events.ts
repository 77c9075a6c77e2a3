/**
 * The callbacks of every socket, shared, with the connection as their `target`: a closure per connection would be
 * garbage when it ends. Each only says what happened; what may be thrown is caught behind `guard`.
 */
import type { TcpSocket } from "./io.js";

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

export function onReadable(this: Socket, count: number): void {
  this.target.guard(this, READABLE, count);
}
export function onWritable(this: Socket, count: number): void {
  this.target.guard(this, WRITABLE, count);
}
export function onEnd(this: Socket): void {
  this.target.guard(this, END, 0);
}
export function onError(this: Socket, code?: string): void {
  this.target.lost(this, code);
}
