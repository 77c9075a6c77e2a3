/**
 * The modules as a board has them, on a desktop's XS: compiled modules in a folder of their own, each of which also tells
 * what its names stand for, so that what a board preloads is found; and an XS machine that runs them.
 */
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { XsMachine } from "../../host/xs-machine.js";
import { PROJECT } from "../project.js";

const COMPILED = `${PROJECT}dist/`;

/** At the start of a line, as the compiler writes what is not inside something else. */
const DECLARED = /^(?:export )?(?:default )?(?:const|let|var|function\*?|async function|class) ([A-Za-z_$][\w$]*)/gm;
const COMMENTS = /\/\*[\s\S]*?\*\/|^\s*\/\/.*$/gm;
const RELATIVE_IMPORT = /\b(from|import) "(\.\.?\/[^"]+)"/g;
const STRINGS = /"(?:[^"\\\n]|\\.)*"/g;

/** What the compiler of XS itself names, where code takes arrays and iterators apart or puts them together. */
const COMPILER_NAMES = ["done", "fill", "length", "next", "prototype", "raw", "return", "throw", "value"];

/** Keywords are among them: they only make the list longer. */
function namesIn(source: string): string[] {
  return [
    ...new Set(
      source
        .replace(COMMENTS, "")
        .replace(STRINGS, '""')
        .match(/[A-Za-z_$][\w$]*/g),
    ),
  ];
}

export class PreloadImage {
  readonly directory = mkdtempSync(join(tmpdir(), "flatlink-preload-"));
  readonly #modules: string[] = [];
  readonly #names = new Set<string>(COMPILER_NAMES);

  /** A module that is preloaded. @param name its path: `modules/framing/formats/cobs` */
  preload(name: string, source: string): void {
    const declared = [...source.replace(COMMENTS, "").matchAll(DECLARED)].map(([, each]) => each as string);
    this.#write(`${name}.js`, `${source}\nexport const preloaded$ = () => [${declared.join(", ")}];\n`);
    this.#modules.push(name);
    this.#addNames(source);
  }

  /** Every module that the manifest preloads. */
  preloadProject(): void {
    const { preload } = JSON.parse(readFileSync(`${PROJECT}manifest.json`, "utf8")) as { preload: string[] };
    for (const name of preload) {
      const path = name.replace("flatlink/", "modules/");
      this.preload(path, readFileSync(`${COMPILED}${path}.js`, "utf8"));
    }
    this.#addNames(readFileSync(`${COMPILED}main.js`, "utf8"));
  }

  /** Code that stands in for the platform, or for a program of one's own: not preloaded. @param path a file or a folder */
  add(path: string): void {
    const files = path.endsWith(".js") ? [path] : readdirSync(COMPILED + path).map((file) => `${path}/${file}`);
    for (const file of files.filter((each) => each.endsWith(".js") && !each.endsWith(".test.js"))) {
      const source = readFileSync(COMPILED + file, "utf8");
      this.#write(file, source);
      this.#addNames(source);
    }
  }

  path(name: string): string {
    return join(this.directory, name);
  }

  /** @param imitated false: an XS machine as it is, to compare with */
  async start(imitated = true): Promise<XsMachine> {
    const machine = new XsMachine();
    const imitation = `${COMPILED}host-tests/preload/imitation.js`;
    const paths = this.#modules.map((name) => this.path(`${name}.js`));
    try {
      await machine.evaluate(`import(${JSON.stringify(imitation)}).then(({ imitate, onBoard, faults }) => {
        Object.assign(globalThis, { imitate, faults, onBoard: ${imitated ? "onBoard" : "(run) => run()"} });
        return "";
      })`);
      await machine.evaluate(`Promise.all(${JSON.stringify(paths)}.map((path) => import(path))).then((modules) => {
        globalThis.preloaded = modules.flatMap((module) => module.preloaded$());
        globalThis.modules = modules;
        return "";
      })`);
      if (imitated) {
        await machine.evaluate(`imitate(preloaded, ${JSON.stringify([...this.#names])}); ""`);
      }
    } catch (error) {
      await machine.stop();
      throw error;
    }
    return machine;
  }

  remove(): void {
    rmSync(this.directory, { recursive: true, force: true });
  }

  #addNames(source: string): void {
    for (const name of namesIn(source)) {
      this.#names.add(name);
    }
  }

  /** Imports go by whole paths: XS would take two ways to one file for two modules, and a board has one of each. */
  #write(path: string, source: string): void {
    const whole = this.path(path);
    mkdirSync(dirname(whole), { recursive: true });
    writeFileSync(
      whole,
      source.replace(RELATIVE_IMPORT, (_, word: string, to: string) => `${word} "${join(dirname(whole), to)}"`),
    );
  }
}
