/** A board's dictionary as XTCE 1.2 (OMG formal/20180204), as Yamcs and others read it. */
import type { BoardDictionary } from "../../../modules/dictionary/conventions.js";
import { wireHash } from "../../../modules/dictionary/dictionary-hash.js";
import { plainName } from "./names.js";
import { element, xmlDocument } from "./xml.js";
import { commandMetaData } from "./xtce-commands.js";
import type { TimeSource } from "./xtce-header.js";
import { Telemetry } from "./xtce-telemetry.js";
import { verificationSystem } from "./xtce-verification.js";

const NAMESPACE = "http://www.omg.org/spec/XTCE/20180204";

export interface Xtce {
  /** Name of the space system: the board's, as a plain one. */
  readonly name: string;
  readonly text: string;
  /** What is called how. */
  readonly telemetry: Telemetry;
}

export function xtceOf(board: BoardDictionary, time: TimeSource): Xtce {
  const name = plainName(board.name);
  const space = `/${name}`;
  const telemetry = new Telemetry(board, time);
  const { header } = telemetry;
  const root = element(
    "SpaceSystem",
    { name, xmlns: NAMESPACE, shortDescription: board.description },
    telemetry.metaData,
    commandMetaData(board, header, space),
    verificationSystem(board, header, space),
  );
  const hash = wireHash(board).toString(16).padStart(8, "0");
  const remark = `Made of the dictionary of ${board.name} with the hash ${hash}: generate it anew in place of a change here.`;
  return { name, text: xmlDocument(root, remark), telemetry };
}
