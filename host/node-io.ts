/** The platform on Node: ECMA-419 sockets with the board's contract, a timer and a clock. */

import type { Clock, Io, Ticker } from "../modules/link/connection/io.js";
import { copyFast } from "./engine/copy.js";
import { createIo, type IoOptions } from "./engine/io.js";
import { NodeNetwork, type NodeNetworkOptions } from "./node-network.js";

/** A port to open ahead. */
export interface PortToBind {
  /** 0: the system picks one. */
  port: number;
  /** Default 127.0.0.1. */
  address?: string;
}

export interface NodeIoOptions extends NodeNetworkOptions, IoOptions {
  /** The ports that listeners will ask for, each with the same `port` and `address` as here. */
  listen?: readonly PortToBind[];
}

export interface NodeIo extends Io {
  readonly network: NodeNetwork;
  /**
   * Opens one more port for a listener to take; also to listen again on one whose listener was closed.
   * @returns the port
   * @throws ListenError (rejects)
   */
  bind(port: number, address?: string): Promise<number>;
}

/**
 * Makes the sockets, and opens the ports: a listener cannot, since Node does that asynchronously.
 * @throws ListenError (rejects) when a port cannot be had; RangeError when a size is not allowed
 */
export async function createNodeIo(options: NodeIoOptions = {}): Promise<NodeIo> {
  const network = new NodeNetwork(options);
  const io = createIo(network, { copy: copyFast, ...options });
  try {
    for (const { port, address } of options.listen ?? []) {
      await network.bind(port, address);
    }
  } catch (error) {
    network.shutDown();
    throw error;
  }
  return { ...io, network, bind: (port, address) => network.bind(port, address) };
}

export const nodeTicker: Ticker = {
  start(intervalMs, callback) {
    const timer = setInterval(callback, intervalMs);
    return { stop: () => clearInterval(timer) };
  },
};

export const nodeClock: Clock = () => performance.now();
