/** Imported inside XS: the application with the simulated flatsat, for the test that counts what it allocates. */
import * as flatsat from "../../examples/flatsat/board.js";
import { Desk, telecommand } from "../flatsat/desk.js";

const desk = new Desk({}, { board: flatsat });
desk.flatsat.start();
const client = desk.connect(0);
const { functions, parameters } = flatsat.dictionary;

function pass(seconds: number): void {
  for (let k = 0; k < 10 * seconds; k++) {
    desk.time.now += 100;
    desk.flatsat.process.tick();
    desk.network.settle();
    client.peer.discard();
  }
}

function sends(...packets: Uint8Array[]): (times: number) => void {
  return (times) => {
    for (let k = 0; k < times; k++) {
      for (let i = 0; i < packets.length; i++) {
        client.peer.send(packets[i]!);
        desk.network.settle();
        if (client.peer.available === 0) {
          throw new Error("no answer came");
        }
        client.peer.discard();
        pass(1);
      }
    }
  };
}

const { payload, nominal } = parameters.mode.words;
const scenarios: Record<string, (times: number) => void> = {
  "a minute of ticks"(times) {
    for (let k = 0; k < times; k++) {
      pass(60);
    }
  },
  "modes and the payload": sends(
    telecommand(8, 1, [functions.setMode.id, payload]),
    telecommand(8, 1, [functions.switchPayload.id, 1]),
    telecommand(8, 1, [functions.detumble.id]),
    telecommand(8, 1, [functions.setMode.id, nominal]),
  ),
  "a set-point": sends(telecommand(20, 3, [1, 1, 64, 3])),
};

const list = Object.values(scenarios);

Object.assign(globalThis, {
  scenarioTitles: () => JSON.stringify(Object.keys(scenarios)),
  handleCommand(bytes: ArrayBuffer): ArrayBuffer {
    const view = new DataView(bytes);
    list[view.getUint32(0)]!(view.getUint32(4));
    return bytes;
  },
});
