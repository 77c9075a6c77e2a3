/** The subcommands of `flatlink`, in the order of its help. */
export interface Subcommand {
  readonly help: string;
  /** The program; it reads the process's arguments. */
  readonly module: string;
  /** An argument of its own, and the option that it stands for. */
  readonly argument?: { readonly name: string; readonly option: string };
}

export const SUBCOMMANDS: Readonly<Record<string, Subcommand>> = {
  simulate: {
    help: "run a simulated board: one of your own, or the flatsat that comes with the package",
    module: "../host/simulator.js",
    argument: { name: "[board.ts]", option: "--board" },
  },
  ground: {
    help: "run the ground station: an archive, a page, an API; with a simulated flatsat, or boards of one's own",
    module: "./commands/ground.js",
  },
  export: { help: "write values of a station's archive as CSV or Parquet", module: "./commands/export.js" },
  plot: { help: "draw values of a station's archive in the terminal", module: "./commands/plot.js" },
  generate: { help: "write a board's dictionary down for a ground tool", module: "./commands/generate.js" },
  ping: { help: "send TC[17,1] to a board, and show what answers it", module: "./ping/ping.js" },
  commands: {
    help: "list what can be sent to a board; with a name, one command in detail",
    module: "./commands/commands.js",
  },
  send: { help: "send a command, and show what becomes of it", module: "./commands/send.js" },
  tail: { help: "print what a board sends, decoded: packets, values or events", module: "./commands/tail.js" },
  watch: { help: "show a board's values as a table that is redrawn in place", module: "./commands/watch.js" },
  record: { help: "write what a board sends into a file", module: "./commands/record.js" },
  replay: { help: "serve a recording as a board", module: "./commands/replay.js" },
  secure: {
    help: "a gateway: tools without SDLS connect to it, and it seals what they send to a board",
    module: "./commands/secure.js",
  },
  decode: { help: "explain a packet octet by octet", module: "./commands/decode.js" },
  keys: { help: "make keys for telecommands and telemetry, and give them to a board", module: "./commands/keys.js" },
  completion: { help: "print a script that completes all this in bash or zsh", module: "./commands/completion.js" },
};
