import test from "ava";
import { projectFile } from "../project.js";
import { folders, type Import, importsOf, type Module, modules, rooms } from "./modules.js";

interface Manifest {
  readonly platforms: Record<string, { include?: string[]; config?: Record<string, string> }>;
  readonly modules: Record<string, string>;
  readonly preload: string[];
}

const manifest = JSON.parse(projectFile("manifest.json")) as Manifest;
const all = modules();

/** Which rooms a room may know; `type` where it may only know their types. */
const MAY_KNOW: Record<string, Record<string, "all" | "type">> = {
  checks: {},
  memory: { checks: "all" },
  ccsds: { checks: "all" },
  crypto: { checks: "all" },
  text: { checks: "all" },
  data: { checks: "all", text: "all" },
  dictionary: { checks: "all", data: "all" },
  framing: { checks: "all", memory: "all", ccsds: "all" },
  security: { checks: "all", ccsds: "all", crypto: "all", framing: "all" },
  pus: { checks: "all", ccsds: "all", data: "all", dictionary: "all", tmtc: "type" },
  tmtc: { checks: "all", memory: "all", ccsds: "all" },
  link: { checks: "all", memory: "all", framing: "all", tmtc: "all" },
  flatsat: {
    checks: "all",
    memory: "all",
    ccsds: "all",
    text: "all",
    data: "all",
    dictionary: "all",
    framing: "all",
    pus: "all",
    tmtc: "all",
    link: "all",
    crypto: "all",
    security: "all",
  },
};

/** Within a room that has rooms of its own: which of these each may know, beside what stands in the room itself. */
const MAY_KNOW_WITHIN: Record<string, readonly string[]> = {
  "framing/contract": [],
  "framing/options": ["framing/contract", "framing/engines"],
  "framing/engines": ["framing/contract"],
  "framing/layers": ["framing/contract"],
  "framing/formats": ["framing/contract", "framing/options", "framing/engines", "framing/layers"],
  "framing/guess": ["framing/contract", "framing/formats"],
  "link/connection": [],
  "pus/messages": [],
  "link/server": ["link/connection"],
  "link/client": ["link/connection"],
};

function wrongImports(judge: (from: Module, imported: Import) => boolean): string[] {
  return all.flatMap((from) =>
    from.imports
      .filter((imported) => !judge(from, imported))
      .map(({ specifier, typeOnly }) => `${from.name}: ${typeOnly ? "type " : ""}${specifier}`),
  );
}

test("the manifest preloads every module that has something to run, and no other", (t) => {
  t.true(all.length > 40);
  t.deepEqual(
    [...manifest.preload].sort(),
    all
      .filter((module) => module.runs)
      .map((module) => module.name.replace("modules/", "flatlink/"))
      .sort(),
  );
  t.deepEqual(manifest.preload, [...new Set(manifest.preload)]);
});

test("the manifest maps every folder of modules, by its own path, and the main program", (t) => {
  t.deepEqual(manifest.modules, {
    "flatlink/main": "./main",
    ...Object.fromEntries(folders().map((folder) => [`flatlink/${folder}/*`, `./modules/${folder}/*`])),
  });
});

test("an ESP32 has our watchdogs, and not the SDK's set-up of the network, which would come before our program", (t) => {
  const own = "./modules/flatsat/esp32.json";
  const { build, modules: ofPlatform } = JSON.parse(projectFile(own)) as {
    build: Record<string, string>;
    modules: Record<string, string[]>;
  };
  t.deepEqual(ofPlatform["~"], ["$(MODDABLE)/build/devices/esp32/setup/network"]);
  for (const [name, { include }] of Object.entries(manifest.platforms)) {
    t.is(include?.includes(own), name.startsWith("esp32"), name);
  }
  const options = projectFile(`modules/flatsat/${build["SDKCONFIGPATH"]}/sdkconfig.defaults.release`).split("\n");
  for (const option of ["CONFIG_ESP_TASK_WDT_EN=y", "CONFIG_ESP_TASK_WDT_PANIC=y", "CONFIG_ESP_INT_WDT=y"]) {
    t.true(options.includes(option), option);
  }
});

test("modules import nothing but each other, by relative path", (t) => {
  t.deepEqual(
    wrongImports((_, { specifier }) => /^(\.\/|(\.\.\/)+)[a-z0-9/-]+\.js$/.test(specifier)),
    [],
  );
});

test("modules import only modules that exist", (t) => {
  const names = new Set(all.map((module) => module.name));
  t.deepEqual(
    wrongImports((from, { specifier }) => names.has(resolve(from, specifier))),
    [],
  );
});

test("each room knows only the rooms that it may know", (t) => {
  t.deepEqual(
    rooms().filter((room) => !(room in MAY_KNOW)),
    [],
  );
  t.deepEqual(
    wrongImports((from, { specifier, typeOnly }) => {
      const room = resolve(from, specifier).split("/")[1] as string;
      const known = room === from.room ? "all" : MAY_KNOW[from.room]?.[room];
      return known === "all" || (known === "type" && typeOnly);
    }),
    [],
  );
});

test("each room within a room knows only those that it may know", (t) => {
  t.deepEqual(
    folders().filter((folder) => folder.includes("/") && !(folder in MAY_KNOW_WITHIN)),
    [],
  );
  t.deepEqual(
    wrongImports((from, { specifier }) => {
      const known = MAY_KNOW_WITHIN[from.folder];
      const folder = resolve(from, specifier).split("/").slice(1, -1).join("/");
      return known === undefined || folder === from.folder || !folder.startsWith(from.room) || known.includes(folder);
    }),
    [],
  );
});

test("the main program imports of the project only what the manifest maps", (t) => {
  const names = new Set(all.map((module) => module.name.replace("modules/", "flatlink/")));
  for (const { specifier } of importsOf(projectFile("main.ts"))) {
    t.false(specifier.startsWith("."), specifier);
    t.true(!specifier.startsWith("flatlink/") || names.has(specifier), specifier);
  }
});

test("imports are found in every form", (t) => {
  t.deepEqual(
    importsOf(`
      import a from "one";
      import type { B } from "two";
      import {
        c,
        type D,
      } from "three";
      import "four";
      export { e } from "five";
      export type { F } from "six";
      export * from "seven";
      const g = await import("eight");
    `).map(({ specifier, typeOnly }) => (typeOnly ? `type ${specifier}` : specifier)),
    ["one", "type two", "three", "four", "five", "type six", "seven", "eight"],
  );
});

function resolve(from: Module, specifier: string): string {
  return new URL(specifier, `file:///${from.name}`).pathname.slice(1).replace(/\.js$/, "");
}
