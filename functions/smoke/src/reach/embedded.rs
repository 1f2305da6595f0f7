//! IPv4 addresses inside of IPv6 addresses: a router or a translator on the way sends such a packet to the address inside.

use std::net::{Ipv4Addr, Ipv6Addr};

/// The IPv4 addresses that an IPv6 address carries, or may carry; none where it is nothing but itself.
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
        [0x64, 0xff9b, 1, ..] => nat64(at),
        // 6to4 (RFC 3056).
        [0x2002, ..] => vec![at([2, 3, 4, 5])],
        // Teredo (RFC 4380): the server, and the client with each bit turned over.
        [0x2001, 0, ..] => vec![at([4, 5, 6, 7]), Ipv4Addr::from(!u32::from(last))],
        // ISATAP (RFC 5214), below any prefix.
        [_, _, _, _, 0 | 0x200, 0x5efe, _, _] => vec![last],
        _ => Vec::new(),
    }
}

/// Where an address has another one below a prefix of 48, 56, 64 and 96 bits (RFC 6052, section 2.2).
const NAT64: [[usize; 4]; 4] = [
    [6, 7, 9, 10],
    [7, 9, 10, 11],
    [9, 10, 11, 12],
    [12, 13, 14, 15],
];

/// What an address of NAT64's local prefix (RFC 8215) may carry: nothing in it says how long the network's own prefix
/// is. In the wrong places there are zeros, or a zero and a part of the address: so 0.0.0.0/8 counts only where every
/// place has it.
fn nat64(at: impl Fn([usize; 4]) -> Ipv4Addr) -> Vec<Ipv4Addr> {
    let places = NAT64.map(at);
    let some = places.into_iter().filter(|it| it.octets()[0] != 0);
    let some: Vec<_> = some.collect();
    if some.is_empty() {
        places.to_vec()
    } else {
        some
    }
}
