/** The plugin's own README. */
import type { BoardDictionary } from "../../../modules/dictionary/conventions.js";
import { quoted } from "./text.js";

export interface PluginFacts {
  readonly target: string;
  readonly plugin: string;
  readonly version: string;
  readonly screens: readonly string[];
}

export function readme(board: BoardDictionary, { target, plugin, version, screens }: PluginFacts): string {
  const variable = target.toLowerCase();
  const [first] = screens;
  const name = quoted(board.name).slice(1, -1);
  return `# ${name} in OpenC3 COSMOS

A plugin for COSMOS 7, made from the board's dictionary. Do not edit it: make it again.

## From nothing to the first value

With Docker, Git and Ruby's \`gem\`, in this folder:

\`\`\`sh
git clone https://github.com/OpenC3/cosmos-project.git && cd cosmos-project && ./openc3.sh run
(cd .. && gem build ${plugin}.gemspec --output cosmos-project/${plugin}-${version}.gem)
./openc3.sh cli load ${plugin}-${version}.gem
\`\`\`

Open http://localhost:2900, then Telemetry Viewer, target \`${target}\`${first === undefined ? "" : `, screen \`${first}\``}.

The last command takes the address that \`plugin.txt\` has. For another one, change the \`VARIABLE\` lines there before, or load the gem in the
browser in place of it (Admin Console, Plugins), which asks for \`${variable}_host\`. COSMOS runs in a container: for a board that is simulated
on the same machine, \`${variable}_host\` is \`host.docker.internal\`, and the simulator is started with \`--host 0.0.0.0\`.

\`VERSION=1.0.1 gem build\` gives the gem another version. No network is needed for it.

## What is in it

| what | where |
| --- | --- |
| commands, each function and each parameter that can be set by itself | \`targets/${target}/cmd_tlm/cmd.txt\` |
| packets, with units, states, conversions, limits | \`targets/${target}/cmd_tlm/tlm.txt\` |
| a screen for each structure of housekeeping | \`targets/${target}/screens\` |
| sequence count, length and CRC of telecommands; time; lists | \`targets/${target}/lib\` |

A first command, in Script Runner (Python): \`cmd("${target} ARE_YOU_ALIVE")\`, and \`${target} ARE_YOU_ALIVE_REPORT\` comes back.

## How it differs from the dictionary

- Names are in capitals with \`_\`. Where two become the same, the later one ends with a number.
- Words are states, in capitals, with \`_\` for what is neither letter nor digit. A state has no unit, no conversion and no limits: where a
  value with words has a calibration or limits, \`NAME_VALUE\` beside it has them.
- A command takes a choice of words where there are two or more, and then nothing else. A list is an array of numbers or states, as in
  \`["POWER", 17]\`, and sets its count itself. A list of several values each takes one item in each command.
- The elements of an array are not held to a range before they are sent: the board does that.
- A value that equals a limit is good; for COSMOS it is out. A limit that a value can reach is moved by a billionth.
- Elements of an array have limits in items of their own, \`NAME_1\` and so on, as far as there are at most 64.
- What comes with an identifier that is not in the dictionary, such as a structure created on the way, and reports on several parameters
  at once (ST[20]) are in packets whose names end with \`_OTHER\`.
- \`PACKET_TIME\` is the board's stamp once the board has the time, and the time of arrival before.
`;
}
