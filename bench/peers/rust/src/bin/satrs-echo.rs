//! sat-rs's TCP servers, which send each telecommand back as telemetry: `satrs-echo cobs` or `satrs-echo space-packets`.
//! Prints its port. With the delay that its own tests set.
use core::time::Duration;
use satrs::encoding::ccsds::{SpValidity, SpacePacketValidator};
use satrs::hal::std::tcp_server::{
    CobsTcParser, HandledConnectionHandler, HandledConnectionInfo, ServerConfig, TcpSpacepacketsServer, TcpTmtcInCobsServer,
};
use satrs::hal::std::tcp_spacepackets_server::CcsdsPacketParser;
use satrs::tmtc::{PacketAsVec, PacketSource};
use spacepackets::SpHeader;
use std::net::{Ipv4Addr, SocketAddr};
use std::sync::mpsc::{channel, Receiver};

const DELAY: Duration = Duration::from_millis(2);
const ID: u32 = 5;
const BUFFER: usize = 1024;

struct Echo(Receiver<PacketAsVec>);

impl PacketSource for Echo {
    type Error = ();

    fn retrieve_packet(&mut self, buffer: &mut [u8]) -> Result<usize, ()> {
        match self.0.try_recv() {
            Ok(packet) => {
                buffer[..packet.packet.len()].copy_from_slice(&packet.packet);
                Ok(packet.packet.len())
            }
            Err(_) => Ok(0),
        }
    }
}

struct Quiet;

impl HandledConnectionHandler for Quiet {
    fn handled_connection(&mut self, _info: HandledConnectionInfo) {}
}

struct EveryTelecommand;

impl SpacePacketValidator for EveryTelecommand {
    fn validate(&self, header: &SpHeader, _bytes: &[u8]) -> SpValidity {
        if header.packet_id.raw() & 0x1800 == 0x1800 {
            SpValidity::Valid
        } else {
            SpValidity::Skip
        }
    }
}

fn main() {
    let (sender, receiver) = channel();
    let address = SocketAddr::from((Ipv4Addr::LOCALHOST, 0));
    let config = ServerConfig::new(ID, address, DELAY, BUFFER, BUFFER);
    let source = Echo(receiver);
    if std::env::args().nth(1).as_deref() == Some("cobs") {
        let parser = CobsTcParser::new(ID, BUFFER, sender);
        let mut server = TcpTmtcInCobsServer::new(config, source, parser, Quiet, None).expect("a server");
        println!("{}", server.local_addr().expect("an address").port());
        server.handle_all_connections(None).expect("a connection");
    } else {
        let parser = CcsdsPacketParser::new(ID, BUFFER, sender, EveryTelecommand);
        let mut server = TcpSpacepacketsServer::new(config, source, parser, Quiet, None).expect("a server");
        println!("{}", server.local_addr().expect("an address").port());
        server.handle_all_connections(None).expect("a connection");
    }
}
