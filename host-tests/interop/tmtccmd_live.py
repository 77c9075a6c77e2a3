"""
A generated package against a board: python tmtccmd_live.py FOLDER PACKAGE PORT, with [{"name", "arguments"}] on standard input. Each is sent;
standard output: what became of them, and what came, as JSON. Then a ping through tmtccmd's own backend.
"""

import importlib
import json
import sys
import time

from tmtccmd.core.base import TcMode, TmMode
from tmtccmd.core.ccsds_backend import CcsdsTmtcBackend
from tmtccmd.tmtc import CcsdsTmHandler
from tmtccmd.tmtc.ccsds_tm_listener import CcsdsTmListener
from tmtccmd.tmtc.procedure import TreeCommandingProcedure

from tmtccmd_package import described, given

MORE_SECONDS = 3.0
ANSWER_SECONDS = 20.0

folder, package, port = sys.argv[1], sys.argv[2], int(sys.argv[3])
sys.path.insert(0, folder)
module = importlib.import_module(package)
commanding = importlib.import_module(f"{package}.commanding")

came, ends = [], []
with module.Board(port=port) as board:
    for each in json.load(sys.stdin):
        arguments = {name: given(value) for name, value in each["arguments"].items()}
        try:
            outcome = board.send(each["name"], arguments, timeout=ANSWER_SECONDS)
            ends.append(outcome.stages[-1])
            came += outcome.reports
        except module.CommandFailed as error:
            ends.append(str(error))
    came += board.reports(MORE_SECONDS)
    statuses = board.verificator.verif_dict.values()
    verified = sum(status.completed == 1 and status.accepted == 1 and status.started == 1 for status in statuses)

names = []
handler = CcsdsTmHandler(None)
handler.add_apid_handler(commanding.BoardTmHandler(lambda found: names.append(found.name)))
hook = commanding.BoardHook(port=port)
backend = CcsdsTmtcBackend(
    TcMode.ONE_QUEUE,
    TmMode.LISTENER,
    hook.get_communication_interface("tcp"),
    CcsdsTmListener(handler),
    commanding.BoardTcHandler(),
)
assert hook.get_command_definitions().contains_path("/test/areYouAlive")
backend.current_procedure = TreeCommandingProcedure("/test/areYouAlive")
backend.open_com_if()
end = time.monotonic() + ANSWER_SECONDS
while time.monotonic() < end and "completionSuccess" not in names:
    backend.periodic_op()
    time.sleep(0.01)
backend.close_com_if()

print(
    json.dumps(
        {
            "ends": ends,
            "verified": verified,
            "came": [{"hex": found.raw.hex(), **described(found)} for found in came],
            "backend": [name for name in names if name is not None],
        }
    )
)
