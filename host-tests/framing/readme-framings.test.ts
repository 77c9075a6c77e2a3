/** What the README says of framings is what there is. */
import test from "ava";
import { encodeFrame } from "../../modules/framing/convenience.js";
import { FRAMINGS, framingEntry, framingOptions, parseFraming } from "../../modules/framing/registry.js";
import { projectFile } from "../project.js";

const README = projectFile("README.md");
const CODE = [...README.matchAll(/`([^`\n]+)`/g)].map(([, code]) => code as string);

test("Every framing that the README writes with its keys can be made.", (t) => {
  const names = FRAMINGS.map(({ name }) => name).join("|");
  const texts = CODE.filter((code) => new RegExp(`^(${names})(,[a-z-]+=[^,]+)+$`).test(code));
  t.true(texts.length >= 11, `${texts.length} found`);
  for (const text of texts) {
    t.notThrows(() => parseFraming("framing", text, { maxPacketLength: 1024 }), text);
  }
});

const WITHOUT_DELIMITER = ["length-prefixed", "netstring", "marker", "fixed", "sync", "uslp"];

test("Every key of every framing without a delimiter is in the README, and so is the framing.", (t) => {
  for (const entry of WITHOUT_DELIMITER.map(framingEntry)) {
    for (const word of [entry.name, ...framingOptions(entry)]) {
      t.true(
        CODE.some((code) => code === word || code.startsWith(`${word}=`) || code.startsWith(`${entry.name},${word}=`)),
        `${entry.name}: ${word}`,
      );
    }
  }
});

test("The overheads in the README's table are those of the frames.", (t) => {
  const packet = Uint8Array.of(0x18, 0x02, 0xc0, 0, 0, 0, 0x77);
  const overhead = (text: string) =>
    encodeFrame(parseFraming("framing", text, { maxPacketLength: 100 }), packet).length - packet.length;
  t.is(overhead("length-prefixed"), 2);
  t.is(overhead("netstring"), 3);
  t.is(overhead("fixed,length=7"), 0);
  t.is(overhead("sync,length=7"), 4);
  t.is(overhead("uslp,scid=1"), 8 + 2 + 2);
  t.is(overhead("uslp,scid=1,count=0,fecf=off"), 8);
});
