/** Archives for tests, with packets of known uptimes. */
import assert from "node:assert/strict";
import { Archive, type StoredPacket } from "../../../ground/station/archive/archive.js";
import { Deriver } from "../../../ground/station/derive.js";
import { deriveAgain } from "../../../ground/station/derive-again.js";
import { FLATSAT } from "../dictionary/boards.js";
import { uptimeRow } from "./packets.js";

/** A folder of its own for each. */
export type ArchiveCase = (folder: string) => void | Promise<void>;

export interface Filled {
  readonly archive: Archive;
  readonly board: number;
  readonly hash: number;
}

export function fresh(file: string): Filled {
  const archive = new Archive(file);
  return { archive, board: archive.board("b1"), hash: archive.keepDictionary(FLATSAT) };
}

/** Packets of these uptimes, one a second. */
export function fill({ archive, board, hash }: Filled, from: number, to: number): StoredPacket[] {
  const rows = Array.from({ length: to - from }, (_, k) => uptimeRow(board, hash, from + k, 1000 * (from + k)));
  return archive.addPackets(rows);
}

export function deriveAll(archive: Archive): number {
  const deriver = new Deriver("b1", FLATSAT);
  return deriveAgain(archive, () => deriver);
}

export function countOf(archive: Archive, table: string): number {
  return (archive.database.prepare(`SELECT count(*) AS n FROM ${table}`).get() as { n: number }).n;
}

export function checkSound(archive: Archive): void {
  const [verdict] = Object.values(archive.database.prepare("PRAGMA integrity_check").get() as object);
  assert.equal(verdict, "ok");
}
