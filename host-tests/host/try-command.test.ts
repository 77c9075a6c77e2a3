import test from "ava";
import { tryCommand } from "../../host/try-command.js";
import { parseConfiguration } from "../../modules/flatsat/configuration.js";

function command(listen: string, security = ""): string | undefined {
  const { ports, apid } = parseConfiguration({ listen, security });
  return tryCommand(
    ports,
    "127.0.0.1",
    apid,
    ports.map((_, k) => 7000 + k),
  );
}

test("the command to paste pings the first port that takes pings and answers", (t) => {
  t.regex(command("cobs:0,role=tm cobs:0,role=tc cobs:0") ?? "", /"127\.0\.0\.1", 7002\)/);
  t.is(command("cobs:0,role=tm"), undefined);
});

test("a port whose frames cannot carry a ping is passed over", (t) => {
  const cannot = [
    "sync:0,length=1000",
    "lines:0,terminator=2d3d2d0a,keep=on,empty=packet",
    "marker:0,kinds=fdaa+150+ccdd/fdcc+190+ccdd/fdcc+192+ccdd",
    "fixed:0,ids=0x0801:64/0x0802:128,id-mask=0x1fff",
    "length-prefixed:0,unit=4",
    "uslp:0,scid=1,content=frames",
  ];
  for (const listen of cannot) {
    t.is(command(listen), undefined, listen);
  }
  t.regex(command(`${cannot.join(" ")} space-packets:0`) ?? "", /7006\).*"1802c0000006/);
});

test("a port that wants a key is passed over", (t) => {
  const secured = "tc-frames:0,scid=1,sdls=tc";
  t.is(command(secured, "1=commander"), undefined);
  t.regex(command(`${secured} cobs:0`, "1=commander") ?? "", /7001\)/);
});
