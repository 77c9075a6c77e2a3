/** A copy of `dist` in which the mutated files and the stand-in for AVA take the place of the real ones. */
import { copyFileSync, mkdirSync, readdirSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { PROJECT } from "../project.js";

/** What git ignores: results, and the sandboxes. */
export const MUTATE_FOLDER = join(PROJECT, "build", "mutate");

const COPIED = ["modules", "host", "ground", "host-tests", "bench", "examples"];

export class Sandbox {
  readonly folder = join(MUTATE_FOLDER, `sandbox-${process.pid}`);

  constructor() {
    rmSync(this.folder, { recursive: true, force: true });
    const package_ = join(this.folder, "node_modules", "ava");
    mkdirSync(package_, { recursive: true });
    writeFileSync(
      join(package_, "package.json"),
      JSON.stringify({ name: "ava", type: "module", exports: "./index.js" }),
    );
    writeFileSync(join(package_, "index.js"), 'export { default } from "../../dist/host-tests/mutate/ava.js";\n');
    // Without it the tests take the XS engine for absent: it would know nothing of the mutant.
    const xs = join(this.folder, "node_modules", "@agoric", "xsnap");
    mkdirSync(xs, { recursive: true });
    writeFileSync(join(xs, "package.json"), "{}");
    for (const name of readdirSync(PROJECT)) {
      if (!["dist", "build", "node_modules"].includes(name) && !name.startsWith(".")) {
        symlinkSync(join(PROJECT, name), join(this.folder, name));
      }
    }
    for (const name of COPIED) {
      this.#copy(join("dist", name));
    }
  }

  #copy(path: string): void {
    mkdirSync(join(this.folder, path), { recursive: true });
    for (const entry of readdirSync(join(PROJECT, path), { withFileTypes: true })) {
      const inside = join(path, entry.name);
      if (entry.isDirectory()) {
        this.#copy(inside);
      } else if (entry.name.endsWith(".js")) {
        copyFileSync(join(PROJECT, inside), join(this.folder, inside));
      }
    }
  }

  /** @param path below the project, as in `dist/modules/ccsds/crc16.js` */
  replace(path: string, text: string): void {
    writeFileSync(join(this.folder, path), text);
  }

  remove(): void {
    rmSync(this.folder, { recursive: true, force: true });
  }
}
