"""
What generated packages make of packets and commands. A job on standard input: {"boards": [{"folder", "package", "decode": [hex], "build":
[{"name", "arguments", "count"}]}]}. Standard output: one line of JSON for each board.
"""

import importlib
import json
import sys


def plain(value):
    if isinstance(value, bytes):
        return value.hex()
    if isinstance(value, list):
        return [plain(each) for each in value]
    return value


def given(value):
    return bytes.fromhex(value["hex"]) if isinstance(value, dict) and "hex" in value else value


def values(found):
    return {name: {"value": plain(each.value), "state": each.state, "unit": each.unit} for name, each in found.items()}


def described(found):
    return {
        "name": found.name,
        "time": round(found.time.timestamp() * 1000),
        "values": values(found.values),
        "items": [values(each) for each in found.items],
        "data": found.data.hex(),
        "text": found.text,
        "shown": [str(each) for each in found.values.values()],
    }


def built(module, each):
    try:
        arguments = {name: given(value) for name, value in each["arguments"].items()}
        return {"hex": bytes(module.telecommand(each["name"], arguments, each["count"]).pack()).hex()}
    except ValueError as error:
        return {"error": str(error)}


def through_backend(commanding, commands):
    """Each path of the tree is one of the telecommand that has its name, where all its arguments have defaults."""
    tree = commanding.command_tree()
    for name, command in commands.items():
        path = f"/{command['service']}/{name}"
        assert tree.contains_path(path), path
        try:
            tc = commanding.telecommand_of(path)
        except ValueError:
            continue
        assert (tc.service, tc.subservice) == (command["serviceType"], command["subtype"]), path
    return sum(len(service.children) for service in tree.children.values())


def run(board):
    sys.path.insert(0, board["folder"])
    importlib.invalidate_caches()
    for loaded in [name for name in sys.modules if name.split(".")[0] == board["package"]]:
        del sys.modules[loaded]
    try:
        module = importlib.import_module(board["package"])
        commanding = importlib.import_module(f"{board['package']}.commanding")
        result = {
            "leaves": through_backend(commanding, module.COMMANDS),
            "decoded": [described(module.report(bytes.fromhex(each))) for each in board["decode"]],
            "built": [built(module, each) for each in board["build"]],
        }
    except Exception as error:
        import traceback

        result = {"error": f"{type(error).__name__}: {error}\n{traceback.format_exc()}"}
    sys.path.remove(board["folder"])
    return result


if __name__ == "__main__":
    for each in json.load(sys.stdin)["boards"]:
        print(json.dumps(run(each)), flush=True)
