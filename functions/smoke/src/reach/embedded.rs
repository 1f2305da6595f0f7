//! IPv4 addresses inside of IPv6 addresses: a router or a translator on the way sends such a packet to the address inside.

use std::net::{Ipv4Addr, Ipv6Addr};

/// The IPv4 addresses that an IPv6 address carries; none where it is nothing but itself.
pub(super) fn embedded(address: Ipv6Addr) -> Vec<Ipv4Addr> {
    let octets = address.octets();
    let at = |places: [usize; 4]| Ipv4Addr::from(places.map(|it| octets[it]));
    let last = at([12, 13, 14, 15]);
    match address.segments() {
        [0, 0, 0, 0, 0, 0, 0, 0 | 1] => Vec::new(),
        // Compatible and mapped (RFC 4291), translated (RFC 2765), and NAT64's well-known prefix (RFC 6052).
        [0, 0, 0, 0, 0, 0 | 0xffff, _, _]
        | [0, 0, 0, 0, 0xffff, 0, _, _]
        | [0x64, 0xff9b, 0, 0, 0, 0, _, _] => vec![last],
        [0x64, 0xff9b, 1, ..] => vec![at(nat64(&octets))],
        // 6to4 (RFC 3056).
        [0x2002, ..] => vec![at([2, 3, 4, 5])],
        // Teredo (RFC 4380): the server, and the client with each bit turned over.
        [0x2001, 0, ..] => vec![at([4, 5, 6, 7]), Ipv4Addr::from(!u32::from(last))],
        // ISATAP (RFC 5214), below any prefix.
        [_, _, _, _, 0 | 0x200, 0x5efe, _, _] => vec![last],
        _ => Vec::new(),
    }
}

/// Where an address of NAT64's local prefix (RFC 8215) has the other one. RFC 6052 knows four places, one for each
/// length of the prefix, and fills what follows with zeros: since a host's address seldom ends with a zero, the last
/// octet that is none tells the place.
fn nat64(octets: &[u8; 16]) -> [usize; 4] {
    match octets.iter().rposition(|it| *it != 0) {
        Some(13..) => [12, 13, 14, 15],
        Some(12) => [9, 10, 11, 12],
        Some(11) => [7, 9, 10, 11],
        _ => [6, 7, 9, 10],
    }
}
