/** Joins a network and the board's limits to the pair of classes that the link is given as `io`. */
import type { Io, ListenerOptions, TcpConnectOptions, TcpOptions } from "../../modules/link/connection/io.js";
import { type CopyBytes, copyWithoutAllocation } from "./copy.js";
import { Hub } from "./hub.js";
import { ListenerHandle } from "./listener.js";
import type { Network } from "./network.js";
import { TcpHandle } from "./tcp.js";

/** As lwIP on a plain ESP32 is configured by the Moddable SDK; other variants have 5744 of each. */
export const BOARD_RECEIVE_WINDOW = 8192;
export const BOARD_SEND_BUFFER = 8192;

export interface IoOptions {
  /** Bytes a connection holds unread before its peer has to wait, 1 to 16777216. Default 8192, the board's. */
  receiveWindow?: number;
  /** Bytes that may be written ahead of the network, 1 to 16777216. Default 8192, the board's. */
  sendBuffer?: number;
  /** How to copy bytes. Default: the way that allocates nothing. */
  copy?: CopyBytes;
  /**
   * Gets what a callback of a socket or listener threw: the board would restart. Default: throws it on, out of the
   * network's event.
   */
  onAbort?: (error: unknown) => void;
}

/**
 * @param network becomes this io's alone
 * @throws RangeError when a size is not allowed
 */
export function createIo(network: Network, options: IoOptions = {}): Io {
  const hub = new Hub(network, {
    receiveWindow: checkSize("receiveWindow", options.receiveWindow ?? BOARD_RECEIVE_WINDOW),
    sendBuffer: checkSize("sendBuffer", options.sendBuffer ?? BOARD_SEND_BUFFER),
    copy: options.copy ?? copyWithoutAllocation,
    abort: options.onAbort ?? rethrow,
  });
  // The handles do not know the type of the target that they carry; the classes that the link sees do.
  class TCP<Target> extends TcpHandle {
    constructor(socketOptions: TcpOptions<Target> | TcpConnectOptions<Target>) {
      super(hub, socketOptions as unknown as TcpOptions<unknown>);
    }
  }
  class Listener<Target> extends ListenerHandle {
    constructor(listenerOptions: ListenerOptions<Target>) {
      super(hub, listenerOptions as unknown as ListenerOptions<unknown>);
    }
  }
  return { TCP, Listener };
}

/** @throws RangeError naming the option and its range */
export function checkSize(name: string, value: number): number {
  if (!Number.isInteger(value) || value < 1 || value > 16777216) {
    throw new RangeError(`option ${name} must be 1 to 16777216 bytes, not ${value}`);
  }
  return value;
}

function rethrow(error: unknown): never {
  throw error;
}
