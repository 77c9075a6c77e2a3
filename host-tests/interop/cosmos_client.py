"""COSMOS's TCP client against the simulated board: python cosmos_client.py PORT LINE..., with lines of a plugin.txt"""

import sys

from cosmos_link import CosmosLink
from scenario import Scenario, versions


class Waiting:
    """What Scenario wants of a link: what has come, without waiting."""

    def __init__(self, link):
        self.link = link
        self.send = link.send

    def receive(self):
        return list(iter(lambda: self.link.receive(0.001), None))


port, *lines = sys.argv[1:]
print(f"  {versions('openc3', 'spacepackets')}: TcpipClientInterface with {lines[0]}", flush=True)
link = CosmosLink(int(port), lines)
try:
    Scenario(Waiting(link)).run()
finally:
    link.close()
