/** What Prometheus scrapes, in its text format 0.0.4. */
import { ALARM_LEVELS, ALARM_STATES } from "../alarms/alarm-state.js";
import type { RelayPort } from "../relay/relay-port.js";
import type { Station } from "../station.js";

type Labels = Readonly<Record<string, string>>;

/** What the server itself counts. */
export interface ServerTotals {
  readonly liveClients: number;
  /** Live clients that were ended since they took too little. */
  readonly slowClients: number;
}

class Page {
  readonly #lines: string[] = [];

  /** One metric with all its samples: a name stands once. */
  add(name: string, type: "gauge" | "counter", help: string, samples: readonly (readonly [Labels, number])[]): void {
    if (samples.length === 0) {
      return;
    }
    this.#lines.push(`# HELP ${name} ${help}`, `# TYPE ${name} ${type}`);
    for (const [labels, value] of samples) {
      const text = Object.entries(labels)
        .map(
          ([key, label]) => `${key}="${label.replace(/[\\"\n]/g, (found) => (found === "\n" ? "\\n" : `\\${found}`))}"`,
        )
        .join(",");
      this.#lines.push(`${name}${text === "" ? "" : `{${text}}`} ${value}`);
    }
  }

  toString(): string {
    return `${this.#lines.join("\n")}\n`;
  }
}

function addRelays(page: Page, ports: readonly RelayPort[]): void {
  const each = (value: (port: RelayPort) => number) =>
    ports.map((port) => [{ board: port.board, port: String(port.port) }, value(port)] as const);
  page.add(
    "flatlink_relay_clients",
    "gauge",
    "Clients of a relay port.",
    each(({ clients }) => clients.length),
  );
  page.add(
    "flatlink_relay_packets_total",
    "counter",
    "Packets that clients of a relay port were given.",
    each(({ totals }) => totals.packets),
  );
  page.add(
    "flatlink_relay_telecommands_total",
    "counter",
    "Telecommands of a relay port's clients that were passed on.",
    each(({ totals }) => totals.telecommands),
  );
  page.add(
    "flatlink_relay_refused_total",
    "counter",
    "What a relay port's clients sent and was not passed on.",
    each(({ totals }) => totals.refused),
  );
  page.add(
    "flatlink_relay_slow_clients_total",
    "counter",
    "Clients of a relay port that were disconnected: they took too little.",
    each(({ totals }) => totals.slowClients),
  );
}

export function metricsPage(
  { boards, archiveFailure, metrics, relays }: Station,
  { liveClients, slowClients }: ServerTotals,
): string {
  const page = new Page();
  page.add("flatlink_archive_failing", "gauge", "Whether the archive takes nothing.", [
    [{}, archiveFailure === undefined ? 0 : 1],
  ]);
  page.add("flatlink_live_clients", "gauge", "Pages and scripts that listen.", [[{}, liveClients]]);
  page.add("flatlink_slow_clients_total", "counter", "Live clients that were ended: they took too little.", [
    [{}, slowClients],
  ]);
  page.add(
    "flatlink_connected",
    "gauge",
    "Whether the board is connected.",
    boards.map(({ name: board, link }) => [{ board }, link.state === "connected" ? 1 : 0]),
  );
  page.add(
    "flatlink_packets_total",
    "counter",
    "Packets that came.",
    boards.map(({ name: board, received }) => [{ board }, received]),
  );
  page.add(
    "flatlink_rejected_octets_total",
    "counter",
    "Octets that came and are no packet.",
    boards.map(({ name: board, rejectedOctets }) => [{ board }, rejectedOctets]),
  );
  page.add(
    "flatlink_last_packet_seconds",
    "gauge",
    "When the last packet came, in UNIX seconds.",
    boards.flatMap(({ name: board, lastPacket }) => (lastPacket === undefined ? [] : [[{ board }, lastPacket / 1000]])),
  );
  addRelays(page, relays.ports);
  page.add("flatlink_alarms", "gauge", "Alarms that are not gone, by what they are in.", alarmCounts(boards));
  page.add(
    "flatlink_parameter",
    "gauge",
    "The latest value of a parameter that is a number, in its unit.",
    boards.flatMap(({ name: board, values }) =>
      values.flatMap(({ name, value, unit }) => {
        const number = typeof value === "boolean" ? Number(value) : value;
        return typeof number === "number" ? [[{ board, name, unit: unit ?? "" }, number] as const] : [];
      }),
    ),
  );
  for (const { name, type, help, value } of metrics.flatMap((some) => some())) {
    page.add(name, type, help, [[{}, value]]);
  }
  return page.toString();
}

/** Those that there are none of, too: a line that begins is no line that rises. */
function alarmCounts(boards: Station["boards"]): (readonly [Labels, number])[] {
  return boards.flatMap(({ name: board, alarms: { open } }) =>
    ALARM_STATES.filter((state) => state !== "gone").flatMap((state) =>
      ALARM_LEVELS.map(
        (level) =>
          [
            { board, state, level },
            open.filter((each) => each.state === state && each.level === level).length,
          ] as const,
      ),
    ),
  );
}
