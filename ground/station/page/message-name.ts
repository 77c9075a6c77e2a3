/** What a packet is, by its type: without reading it. */
import type { BoardDictionary } from "../../../modules/dictionary/conventions.js";
import type { PacketEntry } from "./wire.js";

/** @param dictionary with the standard's services, too, as the station sends it */
export function messageName(
  dictionary: BoardDictionary | undefined,
  { service, subtype }: Pick<PacketEntry, "service" | "subtype">,
): string {
  const found = Object.values(dictionary?.services ?? {}).find(({ type }) => type === service);
  const report = Object.entries(found?.reports ?? {}).find(([, message]) => message.subtype === subtype);
  return report?.[0] ?? "";
}
