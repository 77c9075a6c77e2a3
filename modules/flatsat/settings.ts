/**
 * Every setting of the application: name, default, meaning. A board gets them from `mcconfig ... name=value`, always as
 * text; the simulator from its command line. Both are read by `configuration.ts`.
 */
export interface Setting {
  readonly name: string;
  readonly value: string;
  readonly help: string;
}

/**
 * Shortest idle timeout, in milliseconds. It leaves whoever set it time to connect and set it back, a lost segment
 * included: lwIP sends that again after 1.5 to 3 s.
 */
export const MIN_IDLE_TIMEOUT_MS = 5000;
export const MAX_IDLE_TIMEOUT_MS = 86_400_000;

/**
 * Shortest partial-frame timeout, in milliseconds. A telecommand in two segments takes longer than one round trip: its sender
 * may wait with the second until the first is acknowledged (Nagle), and lwIP puts that off for up to 250 ms.
 */
export const MIN_PARTIAL_FRAME_TIMEOUT_MS = 500;
export const MAX_PARTIAL_FRAME_TIMEOUT_MS = 600_000;

function setting(name: string, value: string, help: string): Setting {
  return Object.freeze({ name, value, help });
}

export const SETTINGS: readonly Setting[] = Object.freeze([
  setting(
    "listen",
    "space-packets:7301,crc=check16,packet-ids=0x1800,id-mask=0x1800 cobs:7302",
    "ports, as FRAMING:PORT[,key=value...], separated by spaces",
  ),
  setting("address", "", "address to bind; empty: every address (a board always binds every address)"),
  setting(
    "security",
    "",
    "who may do what with which key, as SPI=ROLE: commander, operator:17+20.1+f2, none or telemetry; empty: there are no keys",
  ),
  setting("max_clients", "4", "clients at once, on all ports together: 1 to 32 (an ESP32 has room for 6)"),
  setting("excess_clients", "reject", "one client too many: reject it, or replace the one silent longest"),
  setting(
    "yield_after_ms",
    "60000",
    "with all places taken, a client that neither sent nor took anything for so long makes room for one more; 0: never",
  ),
  setting(
    "idle_timeout_ms",
    "0",
    "end a connection that neither sent nor took anything for so long: 5000 to 86400000 ms; 0: never",
  ),
  setting(
    "partial_frame_timeout_ms",
    "1000",
    "wait so long for the rest of a frame without a delimiter: 500 to 600000 ms",
  ),
  setting("memory", "24576", "packet memory, in bytes"),
  setting("log_length", "8192", "telemetry log, in bytes"),
  setting("log_policy", "dropOldest", "when the log is full: dropOldest or refuseNew"),
  setting("max_telecommand", "1024", "longest telecommand packet, in bytes"),
  setting("max_telemetry", "1000", "longest telemetry packet, in bytes: 64 to 65535"),
  setting("staging", "1024", "bytes read from a socket at once: a power of two"),
  setting("apid", "2", "APID of the board: 0 to 2046"),
  setting("beacon_interval_ms", "1000", "time between housekeeping reports: 100 to 3600000 ms; 0: on request only"),
  setting("time_code", "cds", "time stamps: cds (CDS short), cuc (CUC 4+3, UNIX epoch), cuc-tai (CUC 4+3, TAI)"),
  setting("acknowledge", "always", "report success of telecommands: always, or asRequested by their flags"),
  setting("sntp", "", "time server that sets the clock when the network is up, and every hour; empty: none"),
  setting("failure_code_bytes", "2", "width of failure codes: 1, 2 or 4 bytes"),
]);
