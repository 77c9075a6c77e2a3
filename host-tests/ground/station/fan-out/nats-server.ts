/** A broker that a test starts, stops, kills and starts again on the same port: Debian's nats-server. */
import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { connect } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { TestFn } from "ava";
import { portToKeep } from "../../../project.js";

const PROGRAM = ["nats-server", "/usr/sbin/nats-server"].find((path) => spawnSync(path, ["--version"]).status === 0);

/** Tests that need a broker; where there is none, they are skipped, and say why. */
export function withBroker(test: TestFn): TestFn["serial"] {
  if (PROGRAM !== undefined) {
    return test.serial;
  }
  test("there is no nats-server on this machine: the tests that need one are skipped", (t) => t.pass());
  return ((title: string) => test.serial.skip(title, () => {})) as unknown as TestFn["serial"];
}

export class NatsServer {
  readonly port: number;
  readonly url: string;
  readonly #folder = mkdtempSync(join(tmpdir(), "flatlink-nats-"));
  readonly #configuration: string;
  #process: ChildProcess | undefined;
  #output = "";

  /** @param configuration beyond where it listens and stores */
  static async make(configuration = "", store: "stored" | "none" = "stored"): Promise<NatsServer> {
    return new NatsServer(await portToKeep(), configuration, store);
  }

  private constructor(port: number, configuration: string, store: "stored" | "none") {
    this.port = port;
    this.url = `nats://127.0.0.1:${port}`;
    const jetStream = store === "stored" ? `jetstream { store_dir: "${this.#folder}" }` : "";
    this.#configuration = `host: 127.0.0.1\nport: ${port}\nserver_name: test\n${jetStream}\n${configuration}\n`;
  }

  /** Until it takes connections. */
  async start(): Promise<void> {
    const file = join(this.#folder, "nats-server.conf");
    writeFileSync(file, this.#configuration);
    this.#output = "";
    const child = spawn(PROGRAM!, ["-c", file], { stdio: ["ignore", "ignore", "pipe"] });
    this.#process = child;
    child.stderr.setEncoding("utf8").on("data", (text: string) => {
      this.#output += text;
    });
    while (!this.#output.includes("Server is ready")) {
      if (child.exitCode !== null) {
        throw new Error(`nats-server ended: ${this.#output}`);
      }
      await new Promise((resolve) => setTimeout(resolve, 5));
    }
    await new Promise<void>((resolve, reject) => {
      const socket = connect(this.port, "127.0.0.1").once("error", reject);
      socket.once("connect", () => {
        socket.destroy();
        resolve();
      });
    });
  }

  /** With the process, not with the machine: what it wrote is there. */
  async kill(): Promise<void> {
    const child = this.#process!;
    this.#process = undefined;
    const ended = once(child, "close");
    child.kill("SIGKILL");
    await ended;
  }

  /** It takes octets, and does nothing. */
  freeze(): void {
    this.#process!.kill("SIGSTOP");
  }

  thaw(): void {
    this.#process!.kill("SIGCONT");
  }

  async close(): Promise<void> {
    if (this.#process !== undefined) {
      await this.kill();
    }
    rmSync(this.#folder, { recursive: true, force: true });
  }
}
