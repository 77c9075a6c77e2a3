/** The whole board on a desktop with keys in a folder: what was taken stays taken, however the board ends. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import test, { type ExecutionContext } from "ava";
import { createKeyFile, readKeyFile } from "../../ground/keys/key-file.js";
import { provisionStore } from "../../ground/keys/provision.js";
import { openSenderKey, type SenderKey } from "../../ground/keys/sender-key.js";
import { openTelemetryKey, type TelemetryKey } from "../../ground/keys/telemetry-key.js";
import { FolderStore } from "../../host/folder-store.js";
import { CdsShort } from "../../modules/ccsds/cds-short.js";
import { decodeFrames, encodeFrame } from "../../modules/framing/encode-decode.js";
import { tcFrames } from "../../modules/framing/formats/tc-frames.js";
import { buildTelecommand, parseTelemetry } from "../../modules/pus/build-parse.js";
import { Program, portToKeep } from "../project.js";
import { connectPeer, type NodePeer, until } from "./node-rig.js";
import { xs } from "./xs-support.js";

const root = mkdtempSync(join(tmpdir(), "flatlink-secured-"));
test.after.always(() => rmSync(root, { recursive: true, force: true }));
let count = 0;
const WAIT_MS = 60_000;
const RESTART = 3;

interface Keyed {
  readonly folder: string;
  readonly sender: SenderKey;
  readonly telemetry: TelemetryKey;
}

function keyed(t: ExecutionContext): Keyed {
  const file = join(root, `${count++}.key`);
  createKeyFile(file);
  const other = join(root, `${count++}.key`);
  createKeyFile(other);
  const folder = `${file}.board`;
  const store = new FolderStore(folder);
  provisionStore(store, { spi: 1, key: readKeyFile(file), isReady: false, isTelemetry: false });
  provisionStore(store, { spi: 9, key: readKeyFile(other), isReady: false, isTelemetry: true });
  store.close();
  const sender = openSenderKey({ file, spi: 1 });
  t.teardown(() => sender.close());
  const telemetry = openTelemetryKey({ file: other, spi: 9 });
  t.teardown(() => telemetry.close());
  return { folder, sender, telemetry };
}

/** Talks to the board in frames: telecommands sealed, and telemetry where there is a key for it. */
class Ground {
  readonly #framing;
  #sequence = 0;
  #peer: NodePeer | undefined;

  constructor({ sealer }: SenderKey, telemetry?: TelemetryKey) {
    const security = { end: "ground", opener: telemetry?.opener, sealer } as const;
    this.#framing = tcFrames({ spacecraftId: 0xab, sdls: telemetry === undefined ? "tc" : "tmtc", security });
  }

  /** @returns a sealed frame, and the request ID of the telecommand in it */
  frame(serviceType: number, messageSubtype: number, ...data: number[]): { bytes: Uint8Array; id: string } {
    const packet = buildTelecommand({
      apid: 2,
      packetSequenceCount: this.#sequence++,
      serviceType,
      messageSubtype,
      applicationData: Uint8Array.from(data),
    });
    return { bytes: encodeFrame(this.#framing, packet), id: Buffer.from(packet.subarray(0, 4)).toString("hex") };
  }

  ping(): { bytes: Uint8Array; id: string } {
    return this.frame(17, 1);
  }

  async connect(port: number): Promise<NodePeer> {
    this.#peer?.socket.destroy();
    const deadline = Date.now() + WAIT_MS;
    for (;;) {
      try {
        this.#peer = await connectPeer(port);
        return this.#peer;
      } catch (error) {
        if (Date.now() > deadline) {
          throw error;
        }
        await new Promise((resolve) => setTimeout(resolve, 20));
      }
    }
  }

  send(...frames: readonly { bytes: Uint8Array }[]): void {
    for (const { bytes } of frames) {
      this.#peer!.send(bytes);
    }
  }

  /** What came on this connection. */
  get telemetry(): { type: string; data: string }[] {
    return this.decode(this.#peer!.received());
  }

  /** @returns service types, message subtypes and source data of the packets in the frames */
  decode(bytes: Uint8Array): { type: string; data: string }[] {
    return decodeFrames(this.#framing, bytes).map((packet) => {
      const view = parseTelemetry(packet, new CdsShort());
      const data = packet.subarray(view.sourceDataStart, view.sourceDataEnd);
      return { type: `${view.serviceType},${view.messageSubtype}`, data: Buffer.from(data).toString("hex") };
    });
  }

  /** Reports on this telecommand's acceptance: 1 each time that it was taken. */
  accepted(id: string): number {
    return this.telemetry.filter(({ type, data }) => type === "1,1" && data === id).length;
  }

  async completes(id: string): Promise<void> {
    await until(`1,7 of ${id}`, () => this.telemetry.some(({ type, data }) => type === "1,7" && data === id), WAIT_MS);
  }
}

/** Of the IV, behind a transfer frame's header and the SPI. */
const IV_AT = 5 + 2;

/** Whole transfer frames, one behind the other: their length is 10 bits of the header (CCSDS 232.0-B-4, 4.1.2.7). */
function framesIn(bytes: Buffer): Buffer[] {
  const frames: Buffer[] = [];
  for (let at = 0; at + 5 <= bytes.length; ) {
    const end = at + (bytes.readUInt16BE(at + 2) & 0x3ff) + 1;
    if (end > bytes.length) {
      break;
    }
    frames.push(bytes.subarray(at, end));
    at = end;
  }
  return frames;
}

async function simulate(
  t: ExecutionContext,
  engine: string,
  port: number,
  folder: string,
  sdls = "tc",
): Promise<Program> {
  const program = new Program(process.execPath, [
    "dist/host/simulator.js",
    ...["--engine", engine, "--listen", `tc-frames:${port},scid=171,sdls=${sdls}`, "--beacon-interval-ms", "0"],
    ...["--security", "1=commander 9=telemetry", "--keys", folder],
  ]);
  t.teardown(() => program.stop("SIGKILL"));
  await program.prints(/^listening on 127\.0\.0\.1 port \d+/m);
  return program;
}

for (const engine of ["node", "xs"]) {
  const check = engine === "node" || xs.available ? test.serial : test.serial.skip;

  check(
    `${engine}: what was taken stays taken: over a restart of the board, a kill, and on the other engine`,
    async (t) => {
      const { folder, sender } = keyed(t);
      const ground = new Ground(sender);
      const port = await portToKeep();
      let program = await simulate(t, engine, port, folder);
      await ground.connect(port);
      const [first, second, restart, third, fourth, fifth] = [
        ground.ping(),
        ground.ping(),
        ground.frame(8, 1, RESTART),
        ground.ping(),
        ground.ping(),
        ground.ping(),
      ];
      ground.send(first);
      await ground.completes(first.id);
      ground.send(first, second);
      await ground.completes(second.id);
      t.is(ground.accepted(first.id), 1);
      const { socket } = await ground.connect(port);
      ground.send(restart);
      await ground.completes(restart.id);
      await until("the restart", () => socket.destroyed || socket.readableEnded, WAIT_MS);
      await ground.connect(port);
      // Were the restart taken again, the third would not be answered, or the board would be another one by then.
      ground.send(restart, first, third);
      await ground.completes(third.id);
      t.is(ground.accepted(restart.id) + ground.accepted(first.id), 0);
      await program.stop("SIGKILL");
      program = await simulate(t, engine, port, folder);
      await ground.connect(port);
      ground.send(third, first, fourth);
      await ground.completes(fourth.id);
      t.is(ground.accepted(third.id) + ground.accepted(first.id), 0);
      t.is(await program.stop(), 0, program.output);
      await simulate(t, xs.available && engine === "node" ? "xs" : "node", port, folder);
      await ground.connect(port);
      ground.send(fourth, fifth);
      await ground.completes(fifth.id);
      t.is(ground.accepted(fourth.id), 0);
    },
  );

  check(
    `${engine}: a counter that is not kept: the telecommand is refused, and taken once it can be kept`,
    async (t) => {
      const { folder, sender } = keyed(t);
      const ground = new Ground(sender);
      const program = await simulate(t, engine, 0, folder);
      const port = Number(/port (\d+)/.exec(program.output)![1]);
      const peer = await ground.connect(port);
      // No file takes the place of a folder, not even for root.
      const inTheWay = ["spi1last0.new", "spi1last1.new"].map((name) => join(folder, name));
      for (const path of inTheWay) {
        mkdirSync(path);
        writeFileSync(join(path, "something"), "");
      }
      const frame = ground.ping();
      ground.send(frame);
      // All that came before the end is looked at, and what is due comes back.
      peer.end();
      await until("the end", () => peer.ended, WAIT_MS);
      t.is(ground.accepted(frame.id), 0);
      for (const path of inTheWay) {
        rmSync(path, { recursive: true });
      }
      await ground.connect(port);
      ground.send(frame, frame);
      await ground.completes(frame.id);
      t.is(ground.accepted(frame.id), 1);
    },
  );

  check(`${engine}: telemetry that is sealed is opened once, and no IV comes twice after a kill`, async (t) => {
    const { folder, sender, telemetry } = keyed(t);
    const port = await portToKeep();
    const seen: Buffer[] = [];
    for (let round = 0; round < 2; round++) {
      const program = await simulate(t, engine, port, folder, "tmtc");
      const ground = new Ground(sender);
      const peer = await ground.connect(port);
      ground.send(ground.ping());
      // The event of the start, of the client, and the four reports: as frames that are all longer than their security.
      await until("six frames", () => framesIn(peer.received()).length >= 6, WAIT_MS);
      await program.stop("SIGKILL");
      seen.push(...framesIn(peer.received()));
    }
    const ivs = seen.map((frame) => frame.subarray(IV_AT, IV_AT + 12).toString("hex"));
    t.deepEqual(ivs, [...ivs].sort());
    t.is(new Set(ivs).size, ivs.length);
    const framing = new Ground(sender, telemetry);
    const opened = framing.decode(Buffer.concat(seen));
    t.is(opened.length, seen.length);
    t.is(opened.filter(({ type }) => type === "17,2").length, 2);
    t.deepEqual(framing.decode(Buffer.concat(seen)), []);
  });
}

test("keys without a folder, and a folder without keys, are told", async (t) => {
  for (const [options, told] of [
    [["--security", "1=commander"], /^flatlink-simulator: --security needs --keys FOLDER/m],
    [["--keys", join(root, "unused")], /^flatlink-simulator: --keys needs --security/m],
    [["--keys", "", "--security", "1=commander"], /^flatlink-simulator: --keys: an empty name is no folder/m],
  ] as const) {
    const program = new Program(process.execPath, ["dist/host/simulator.js", "--listen", "cobs:0", ...options]);
    t.is(await program.exitCode, 2, program.output);
    t.regex(program.output, told);
  }
});

test("two simulators do not share a folder", async (t) => {
  const { folder } = keyed(t);
  await simulate(t, "node", 0, folder);
  const other = new Program(process.execPath, [
    "dist/host/simulator.js",
    ...["--listen", "cobs:0", "--security", "1=commander", "--keys", folder],
  ]);
  t.is(await other.exitCode, 2, other.output);
  t.regex(other.output, /^flatlink-simulator: .* is in use by process \d+: one simulator for each folder of keys$/m);
});
