/**
 * Imported inside XS: AES-256-GCM at work, for the test that counts what it allocates. `handleCommand` runs the scenario that
 * its first four bytes number, for as many rounds as the next four say. `rounds` and `strings` are for the test of chunks.
 */
import { Aes256Gcm } from "../../modules/crypto/aes-gcm.js";
import { Random } from "../framing/random.js";

const START = 12 + 19;
const LONGEST = 300;

const aead = new Aes256Gcm(new Random(1).bytes(32));
const bytes = new Random(2).bytes(START + LONGEST + 16);

function sealAndOpen(count: number, length: number): number {
  let opened = 0;
  for (let i = 0; i < count; i++) {
    aead.seal(bytes, START, START + length, 0, 12, START);
    opened += aead.open(bytes, START, START + length, 0, 12, START) ? 1 : 0;
  }
  return opened;
}

function refuse(count: number): number {
  let refused = 0;
  for (let i = 0; i < count; i++) {
    refused += aead.open(bytes, START, START + 13, 0, 12, START) ? 0 : 1;
  }
  return refused;
}

let last: object | undefined;
let text = "";

const scenarios = [
  { title: "sealed and opened, 13", run: (count: number) => check(sealAndOpen(count, 13), count) },
  { title: "sealed and opened, 300", run: (count: number) => check(sealAndOpen(count, LONGEST), count) },
  { title: "refused", run: (count: number) => check(refuse(count), count) },
  {
    title: "one object per round",
    run(count: number) {
      for (let i = 0; i < count; i++) {
        last = { last: undefined };
      }
      check(count > 0 && last === undefined ? 0 : count, count);
    },
  },
];

function check(found: number, count: number): void {
  if (found !== count) {
    throw new Error("not every round did what it should");
  }
}

/** The control: a short string per round. */
function strings(count: number): number {
  for (let i = 0; i < count; i++) {
    text = `${i % 10}`;
  }
  return text.length;
}

Object.assign(globalThis, {
  scenarioTitles: () => JSON.stringify(scenarios.map(({ title }) => title)),
  handleCommand(command: ArrayBuffer): ArrayBuffer {
    const view = new DataView(command);
    scenarios[view.getUint32(0)]!.run(view.getUint32(4));
    return command;
  },
  rounds: (count: number) => sealAndOpen(count, 40) + refuse(count),
  strings,
});
