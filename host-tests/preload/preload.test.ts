/** The whole application on an imitated board: preloaded, frozen and stripped. */
import avaTest from "ava";
import { xs } from "../host/xs-support.js";
import { PreloadImage } from "./preload-image.js";

const test = xs.available ? avaTest : avaTest.skip;

interface Exercise {
  readonly lines: string[];
  readonly faults: string[];
  readonly usesPreloaded: boolean;
}

async function exercise(image: PreloadImage, imitated: boolean): Promise<Exercise> {
  const machine = await image.start(imitated);
  try {
    const program = JSON.stringify(image.path("host-tests/preload/board-exercise.js"));
    return JSON.parse(
      await machine.evaluate(
        `import(${program}).then(({ exercise, usesAll }) =>
          JSON.stringify({ usesPreloaded: usesAll(preloaded), lines: onBoard(exercise), faults }))`,
      ),
    ) as Exercise;
  } finally {
    await machine.stop();
  }
}

test("Preloaded, frozen and stripped as on a board, the application does and says what it does on a desktop.", async (t) => {
  t.timeout(300_000);
  const image = new PreloadImage();
  t.teardown(() => image.remove());
  image.preloadProject();
  for (const path of [
    "host/engine",
    "host-tests/preload",
    "host-tests/ground/link/framing-examples.js",
    "host-tests/framing/random.js",
    "host-tests/security/memory-store.js",
  ]) {
    image.add(path);
  }
  const desk = await exercise(image, false);
  const board = await exercise(image, true);
  t.true(board.usesPreloaded);
  t.deepEqual([...new Set(board.faults)], []);
  t.true(desk.lines.length > 2000, `${desk.lines.length} lines`);
  t.deepEqual(
    board.lines.filter((line, n) => line !== desk.lines[n]),
    [],
  );
  // What was done was done: pings are answered, and a wrong key is told by one line about it.
  t.true(desk.lines.some((line) => /^cobs:1 17,1: .*1102/.test(line)));
  t.true(desk.lines.some((line) => /^SPI 1 17,1: 20/.test(line)));
  t.true(desk.lines.some((line) => /^SPIs, at last: .*"replayed":\d+/.test(line)));
  const wrongKey = desk.lines.find((line) => line.startsWith("cobs:1,delimter=off: "));
  t.regex(
    wrongKey ?? "",
    /"delimter=off" is no option of cobs; there are role, max-clients, reserve, bad-frames, max-packet, delimiter, crc/,
  );
});
