"""COSMOS's protocols against boards that echo. `theirs` of a case: an interface's protocol with its arguments, as in
the INTERFACE line of a plugin.txt, and PROTOCOL lines."""

from cosmos_link import CosmosLink, define
from exchange import run


def open_link(case, rng):
    if "definitions" in case:
        define(case["definitions"])
    return CosmosLink(case["port"], case["theirs"], None if case.get("oneByOne") else rng)


run(open_link)
