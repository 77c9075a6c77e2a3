/** What a desktop offers to programs: sockets with the board's contract, and the XS engine. */
export { createIo, type IoOptions } from "./engine/io.js";
export { LoopbackNetwork, type LoopbackOptions } from "./engine/loopback.js";
export { LoopbackPeer } from "./engine/loopback-peer.js";
export { ListenError } from "./listen-error.js";
export { createNodeIo, type NodeIo, type NodeIoOptions, nodeClock, nodeTicker, type PortToBind } from "./node-io.js";
export type { Running, RunOptions } from "./run.js";
export { runOnNode } from "./run-node.js";
export { runOnXs } from "./run-xs.js";
export { type XsAvailability, xsAvailability } from "./xs-availability.js";
export { XsError, XsMachine, type XsMachineOptions, type XsReply } from "./xs-machine.js";
