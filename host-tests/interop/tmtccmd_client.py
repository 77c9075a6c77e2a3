"""tmtccmd's TCP client against the simulated board: python tmtccmd_client.py PORT"""

import sys

from scenario import APID, Scenario, versions
from spacepackets.ccsds.spacepacket import PacketId, PacketType
from tmtccmd.com.tcp import TcpSpacepacketsClient
from tmtccmd.com.tcpip_utils import EthAddr

print(f"  {versions('tmtccmd', 'spacepackets')}: TcpSpacepacketsClient", flush=True)
client = TcpSpacepacketsClient("tcp", [PacketId(PacketType.TM, True, APID)], 0.01, EthAddr("127.0.0.1", int(sys.argv[1])))
client.initialize()
client.open()
try:
    Scenario(client).run()
finally:
    client.close()
