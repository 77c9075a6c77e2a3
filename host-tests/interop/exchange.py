"""Runs the cases that come on standard input: sends packets, and holds what comes back against them. One JSON line is
printed for each case."""

import json
import random
import sys
import traceback

from payloads import payloads

# Long: a machine may be busy with other things.
ANSWER_TIMEOUT = 30.0
QUIET_TIME = 0.03
WINDOW = 8
EMPTY_ANSWER = b"empty"


def pieces(rng, data):
    """Cuts at random, mostly near the beginning."""
    while data:
        length = rng.choice([1, 2, 3, 7, 64, 300, 2000])
        yield data[:length]
        data = data[length:]


def shown(data):
    return f"[{len(data)}] {data[:24].hex()}"


def answer_to(case, packet):
    if not packet:
        return EMPTY_ANSWER
    return (packet[::-1] if case["answer"] == "reverse" else packet) + bytes.fromhex(case.get("suffix", ""))


def exchange(link, case, packets):
    ahead = 1 if case.get("oneByOne") else WINDOW
    sent = 0
    for number, packet in enumerate(packets):
        while sent < len(packets) and sent < number + ahead:
            link.send(packets[sent])
            sent += 1
        found = link.receive(ANSWER_TIMEOUT)
        expected = answer_to(case, packet)
        if found != expected:
            raise AssertionError(
                f"packet {number}, {shown(packet)}: expected {shown(expected)}, "
                f"not {'nothing' if found is None else shown(found)}"
            )


def run_case(case, rng, open_link):
    packets = payloads(rng, case["payloads"])
    link = open_link(case, rng)
    try:
        exchange(link, case, packets)
        count = len(packets)
        if "overlong" in case:
            link.send(b"\xff" * case["overlong"])
            exchange(link, case, packets[:5])
            count += 5
        if case.get("damage"):
            for packet in packets[:20]:
                link.send_damaged(packet)
                exchange(link, case, [packet])
            count += 20
        more = link.receive(QUIET_TIME)
        if more is not None:
            raise AssertionError(f"what nobody asked for came behind the last answer: {shown(more)}")
        return count
    finally:
        link.close()


def run(open_link):
    job = json.load(sys.stdin)
    for case in job["cases"]:
        result = {"place": case["place"]}
        try:
            result["packets"] = run_case(case, random.Random(job["seed"] + case["place"]), open_link)
        except Exception as error:
            result["error"] = f"{type(error).__name__}: {error}"
            if not isinstance(error, AssertionError):
                result["trace"] = traceback.format_exc()
        print(json.dumps(result), flush=True)
