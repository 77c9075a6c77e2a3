import test from "ava";
import { lostText } from "../../../ground/link/lost-text.js";

test("why a connection ended is told, with what may be wrong", (t) => {
  t.is(lostText({ reason: "peerClosed", code: undefined }), "the board closed the connection");
  t.is(lostText({ reason: "connectionLost", code: "ECONNRESET" }), "the connection was lost (ECONNRESET)");
  t.is(lostText({ reason: "idle", code: undefined }), "the connection was lost");
  t.regex(lostText({ reason: "forged", code: undefined }), /are --telemetry-key and --telemetry-spi right\?$/);
});
