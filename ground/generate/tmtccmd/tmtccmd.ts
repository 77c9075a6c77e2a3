/** A Python package for tmtccmd: command tree, packet definitions, verification, and a client that runs. */
import type { BoardDictionary } from "../../../modules/dictionary/conventions.js";
import type { GeneratedFile, Generator } from "../generator.js";
import { snakeCase, UniqueNames } from "../names.js";
import { BOARD } from "./board.js";
import { CODEC } from "./codec.js";
import { definitionsOf, portOf } from "./definitions.js";
import { COMMANDING, MAIN } from "./main.js";
import { MESSAGES } from "./messages.js";

const MAX_NAME = 60;
/** What the package was tried with. */
const REQUIREMENTS = "tmtccmd==8.2.0\n";

export const TMTCCMD_GENERATOR: Generator = {
  name: "tmtccmd",
  help: "a Python package for tmtccmd: command tree, packets, verification, and a client",
  generate(board) {
    const name = packageName(board);
    const definitions = `${JSON.stringify(definitionsOf(board), null, 1)}\n`;
    return Object.entries({
      "README.md": readme(board, name),
      "requirements.txt": REQUIREMENTS,
      [`${name}/__init__.py`]: INIT,
      [`${name}/__main__.py`]: MAIN,
      [`${name}/board.py`]: BOARD,
      [`${name}/codec.py`]: CODEC,
      [`${name}/commanding.py`]: COMMANDING,
      [`${name}/definitions.json`]: definitions,
      [`${name}/messages.py`]: MESSAGES,
    }).map(([path, text]): GeneratedFile => ({ path, text }));
  },
};

/** No word of Python's ends so. */
export function packageName({ name }: BoardDictionary): string {
  return `${new UniqueNames(MAX_NAME).take(snakeCase(name))}_tmtc`;
}

const INIT = `"""Telecommands and telemetry of one board, for tmtccmd and by itself. Made from the board's dictionary: make it again, do not edit it."""

from .board import Board, CommandFailed, NoAnswer
from .messages import APID, COMMANDS, DEFINITIONS, PACKETS, PORT, Report, report, telecommand

__all__ = [
    "APID",
    "COMMANDS",
    "DEFINITIONS",
    "PACKETS",
    "PORT",
    "Board",
    "CommandFailed",
    "NoAnswer",
    "Report",
    "report",
    "telecommand",
]
`;

function readme(board: BoardDictionary, name: string): string {
  const title = board.name.replace(/[^\p{L}\p{N} ._-]+/gu, " ").trim() || name;
  const [parameter] = Object.entries(board.parameters ?? {}).find(([, { settable }]) => settable === true) ?? [];
  const setting =
    parameter === undefined ? "" : `python -m ${name} set ${parameter} VALUE\npython -m ${name} get ${parameter}\n`;
  return `# ${title} with tmtccmd

A Python package for tmtccmd 8.2.0, made from the board's dictionary. Do not edit it: make it again. Python 3.10 or later.

## From nothing to the first value

In this folder, with the board (or its simulator) on port ${portOf(board).port} of this machine:

\`\`\`sh
python -m venv .venv && . .venv/bin/activate
pip install -r requirements.txt
python -m ${name} monitor 'housekeeping*'
\`\`\`

For a board elsewhere, say \`--host 192.168.4.1\` in front of the command.

## More

\`\`\`sh
python -m ${name} ping
python -m ${name} tree
python -m ${name} commands
python -m ${name} send oneShotHousekeeping structureId=board
${setting}\`\`\`

Values are given in their units, words by name, lists and arrays with commas, the parts of a number as \`part:value,part:value\`, octets as
hexadecimal digits. What is out of range is refused before it is sent; what is dangerous needs \`--yes\`. The exit code is 0 when the board
carried it out, 1 when it did not, 2 when nothing was sent.

In a program:

\`\`\`python
from ${name} import Board

with Board("127.0.0.1") as board:
    print(board.send("areYouAlive").stages)
    board.send("oneShotHousekeeping", {"structureId": ["board"]})
    for report in board.reports(seconds=5):
        print(report.name, *report.values.values())
\`\`\`

In a tmtccmd application of your own, \`${name}.commanding\` has \`BoardHook\` (interface and command tree), \`BoardTcHandler\` and
\`BoardTmHandler\`. A command path is \`/SERVICE/COMMAND\`, with arguments behind it: \`/functionManagement/NAME/argument=value\`.

tmtccmd does not connect again: make a new \`Board\` after the board has restarted.
`;
}
