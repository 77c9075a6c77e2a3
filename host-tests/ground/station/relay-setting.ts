/** A scripted board with relay ports, for tests of what their clients do. */
import type { ExecutionContext } from "ava";
import type { RelayPort } from "../../../ground/station/relay/relay-port.js";
import { relayed } from "./relay-tool.js";
import { type Answer, type Rig, running, until } from "./rig.js";
import { ScriptedBoard } from "./scripted-board.js";

export interface Setting {
  readonly board: ScriptedBoard;
  readonly rig: Rig;
  readonly ports: readonly RelayPort[];
}

export async function setting(t: ExecutionContext, ...ports: readonly string[]): Promise<Setting> {
  const board = await ScriptedBoard.start();
  t.teardown(() => board.fake.vanish());
  const rig = await running(t, { boards: [relayed(board.entry(), ...ports)] });
  await until("the station", () => board.fake.clients === 1 && rig.station.boards[0]!.link.state === "connected");
  return { board, rig, ports: rig.station.relays.ports };
}

export async function auditOf(rig: Rig): Promise<Answer["json"][]> {
  return (await rig.ask("/api/v1/audit?limit=1000", { headers: { authorization: "Bearer a-token-of-tests" } })).json;
}
