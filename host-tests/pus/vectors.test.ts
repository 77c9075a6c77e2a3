import { readFileSync } from "node:fs";
import test from "ava";
import { CdsShort } from "../../modules/ccsds/cds-short.js";
import * as header from "../../modules/ccsds/primary-header.js";
import { TimeStamper } from "../../modules/ccsds/time-code.js";
import { buildTelecommand, buildTelemetry, parseTelecommand, parseTelemetry } from "../../modules/pus/build-parse.js";
import { ReportWriter } from "../../modules/pus/report-writer.js";
import { VerificationService } from "../../modules/pus/st01-verification.js";
import { fromHex, GOLDEN_INSTANT, TestClock, TestLog, toHex } from "./support.js";

interface Vectors {
  package: string;
  version: string;
  headers: {
    packetType: header.PacketType;
    secondaryHeaderFlag: boolean;
    apid: number;
    sequenceFlags: header.SequenceFlags;
    packetSequenceCount: number;
    packetDataLengthField: number;
    hex: string;
  }[];
  telecommands: {
    apid: number;
    packetSequenceCount: number;
    acknowledgementFlags: number;
    serviceType: number;
    messageSubtype: number;
    sourceId: number;
    applicationData: string;
    hex: string;
  }[];
  telemetry: {
    apid: number;
    packetSequenceCount: number;
    timeReferenceStatus: number;
    serviceType: number;
    messageSubtype: number;
    messageTypeCounter: number;
    destinationId: number;
    timeStamp: string;
    sourceData: string;
    hex: string;
  }[];
  verification: {
    telecommand: string;
    messageSubtype: number;
    stepId: number | null;
    failureCode: number | null;
    failureData: number | null;
    hex: string;
  }[];
  cdsShort: { unixMilliseconds: number; hex: string }[];
}

// The compiled test lies in dist/host-tests/pus; the data stay with the source.
const file = new URL("../../../host-tests/pus/spacepackets-vectors.json", import.meta.url);
const vectors = JSON.parse(readFileSync(file, "utf8")) as Vectors;
const made = `${vectors.package} ${vectors.version}`;
const cds = new CdsShort();

test(`primary headers as ${made} makes them, both ways`, (t) => {
  t.true(vectors.headers.length >= 64);
  for (const { hex, packetDataLengthField, ...fields } of vectors.headers) {
    const bytes = fromHex(hex);
    t.is(header.packetVersionNumber(bytes, 0), 0);
    t.is(header.packetType(bytes, 0), fields.packetType);
    t.is(header.secondaryHeaderFlag(bytes, 0), fields.secondaryHeaderFlag);
    t.is(header.apid(bytes, 0), fields.apid);
    t.is(header.sequenceFlags(bytes, 0), fields.sequenceFlags);
    t.is(header.packetSequenceCount(bytes, 0), fields.packetSequenceCount);
    t.is(header.packetDataLengthField(bytes, 0), packetDataLengthField);
    const written = new Uint8Array(6).fill(0xff);
    header.writePrimaryHeader(
      written,
      0,
      fields.packetType,
      fields.secondaryHeaderFlag,
      fields.apid,
      fields.sequenceFlags,
      fields.packetSequenceCount,
      packetDataLengthField + 1,
    );
    t.is(toHex(written), hex);
  }
});

test(`telecommands as ${made} makes them, both ways`, (t) => {
  for (const { hex, applicationData, ...fields } of vectors.telecommands) {
    const packet = fromHex(hex);
    const view = parseTelecommand(packet);
    t.like(view, fields);
    t.is(toHex(packet.slice(view.applicationDataStart, view.applicationDataEnd)), applicationData);
    t.is(toHex(buildTelecommand({ ...fields, applicationData: fromHex(applicationData) })), hex);
  }
});

test(`telemetry as ${made} makes it, both ways`, (t) => {
  for (const { hex, timeStamp, sourceData, ...fields } of vectors.telemetry) {
    const packet = fromHex(hex);
    const view = parseTelemetry(packet, cds);
    t.like(view, fields);
    t.is(toHex(packet.slice(view.timeStampStart, view.sourceDataStart)), timeStamp);
    t.is(toHex(packet.slice(view.sourceDataStart, view.sourceDataEnd)), sourceData);
    const stamp = fromHex(timeStamp);
    t.is(toHex(buildTelemetry({ ...fields, timeStamp: stamp, sourceData: fromHex(sourceData) })), hex);
    cds.write(stamp.fill(0), 0, view.time);
    t.is(toHex(stamp), timeStamp);
  }
});

test(`verification reports as ${made} makes them`, (t) => {
  const clock = new TestClock();
  clock.unixMs = GOLDEN_INSTANT;
  for (const vector of vectors.verification) {
    const telecommand = parseTelecommand(fromHex(vector.telecommand));
    const { requestId, acknowledgementFlags: flags } = telecommand;
    const step = vector.stepId ?? 0;
    const code = vector.failureCode ?? 0;
    const data = vector.failureData ?? 0;
    const log = new TestLog();
    const reports = new ReportWriter({ log, apid: telecommand.apid, time: new TimeStamper(cds, clock, 0) });
    const verification = new VerificationService(reports);
    const make = [
      () => verification.acceptanceSuccess(requestId, flags),
      () => verification.acceptanceFailure(requestId, code, data),
      () => verification.startSuccess(requestId, flags),
      () => verification.startFailure(requestId, code, data),
      () => verification.progressSuccess(requestId, flags, step),
      () => verification.progressFailure(requestId, step, code, data),
      () => verification.completionSuccess(requestId, flags),
      () => verification.completionFailure(requestId, code, data),
    ];
    make[vector.messageSubtype - 1]?.();
    t.deepEqual(log.packets.map(toHex), [vector.hex]);
  }
});

test(`CDS short time stamps as ${made} makes them, both ways`, (t) => {
  for (const { unixMilliseconds, hex } of vectors.cdsShort) {
    const bytes = new Uint8Array(7);
    cds.write(bytes, 0, unixMilliseconds);
    t.is(toHex(bytes), hex);
    t.is(cds.read(bytes, 0), unixMilliseconds);
  }
});
