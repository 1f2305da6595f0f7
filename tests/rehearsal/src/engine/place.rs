//! Where the containers of a task listen: a loopback address of its own, because RegisterTargets keeps one target for
//! each address.

use anyhow::{Result, bail};
use std::net::{Ipv4Addr, TcpListener, UdpSocket};
use std::sync::atomic::{AtomicU32, Ordering};

/// Where a container listens, as the task definition's port mapping says.
pub const PORT: u16 = 8080;

/// A loopback address on which nobody listens, ours for as long as this lives.
pub struct Place {
    pub address: Ipv4Addr,
    /// Held so that another rehearsal on this machine takes another address. It is UDP because the TCP port must
    /// stay free for the process.
    _reserved: UdpSocket,
}

impl Place {
    /// Takes a free address.
    pub fn find() -> Result<Place> {
        static NEXT: AtomicU32 = AtomicU32::new(0);
        // Several rehearsals may run on this machine; each begins in a range of its own.
        let range = std::process::id() % 200 + 20;
        for _ in 0..5000 {
            let number = NEXT.fetch_add(1, Ordering::Relaxed) % 50_000;
            let host = ((number / 200) << 8) + number % 200 + 10;
            let address = Ipv4Addr::from((127 << 24) + (range << 16) + host);
            let at = (address, PORT);
            if let (Ok(_reserved), Ok(_)) = (UdpSocket::bind(at), TcpListener::bind(at)) {
                return Ok(Place { address, _reserved });
            }
        }
        bail!(
            "no free loopback address with port {PORT}: end what listens on port {PORT} of every address \
             (`ss -ltnup`), and run this again"
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::time::{Duration, Instant};

    #[test]
    fn an_address_is_taken_as_long_as_its_place_lives_and_free_for_its_process() {
        let (one, other) = (Place::find().expect("one"), Place::find().expect("other"));
        assert_ne!(one.address, other.address);
        assert!(UdpSocket::bind((one.address, PORT)).is_err(), "reserved");
        assert!(TcpListener::bind((one.address, PORT)).is_ok(), "free");
        let address = one.address;
        drop(one);
        // A process that another test is just starting holds a copy of our sockets until its program runs.
        let began = Instant::now();
        while UdpSocket::bind((address, PORT)).is_err() {
            assert!(began.elapsed() < Duration::from_secs(5), "given back");
            std::thread::yield_now();
        }
    }
}
