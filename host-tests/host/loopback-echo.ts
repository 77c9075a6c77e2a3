/**
 * An echo over the loopback network, for the test that counts what it allocates: importing this inside XS makes
 * `handleCommand` echo as many packets as its first four bytes say.
 */
import { createIo } from "../../host/engine/io.js";
import { LoopbackNetwork } from "../../host/engine/loopback.js";

const PACKET_LENGTH = 100;

interface Session {
  readonly view: Uint8Array;
}

const network = new LoopbackNetwork();
const io = createIo(network, { receiveWindow: 1000, sendBuffer: 1000 });
const listener = new io.Listener({ port: 1, target: undefined, onReadable() {} });
const peer = network.connect(1);
network.settle();
new io.TCP<Session>({
  from: listener.read(),
  target: { view: new Uint8Array(PACKET_LENGTH) },
  onReadable(count) {
    for (let unread = count; unread >= PACKET_LENGTH; unread -= PACKET_LENGTH) {
      this.read(this.target.view);
      this.write(this.target.view);
    }
  },
  onWritable() {},
  onError() {},
});
network.settle();
const packet = new Uint8Array(PACKET_LENGTH).fill(7);
const back = new Uint8Array(PACKET_LENGTH);

function echo(rounds: number): void {
  for (let round = 0; round < rounds; round++) {
    peer.send(packet);
    network.settle();
    peer.read(back);
    if (back[PACKET_LENGTH - 1] !== 7) {
      throw new Error("the packet came back changed");
    }
  }
}

Object.assign(globalThis, {
  handleCommand(bytes: ArrayBuffer): ArrayBuffer {
    echo(new DataView(bytes).getUint32(0));
    return bytes;
  },
});
