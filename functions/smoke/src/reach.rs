//! Which addresses may be asked: those where a service can be, and none where the function itself or AWS listens.
//!
//! A base URL comes from the stack's parameters and a target's address from what the service registered. Neither
//! shall make the function ask its own runtime (on loopback), or a metadata service for credentials (link-local),
//! and put the answer into the execution's history.

mod embedded;

use embedded::embedded;
use shared::Refusal;
use shared::config::Settings;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

/// Whether addresses of this very machine may be asked; the rehearsal's tasks live there.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Loopback {
    Refused,
    Allowed,
}

impl Loopback {
    /// Reads the rehearsal's permission. `AWS_LAMBDA_INITIALIZATION_TYPE` is reserved: Lambda sets it in AWS, the
    /// local AWS does not, and where it is set nothing can permit loopback.
    pub fn read<F: Fn(&str) -> Option<String>>(settings: &Settings<F>) -> Loopback {
        let permitted = settings.optional("SMOKE_LOOPBACK").as_deref() == Some("allowed");
        let in_aws = (settings.0)("AWS_LAMBDA_INITIALIZATION_TYPE").is_some();
        if permitted && !in_aws {
            Loopback::Allowed
        } else {
            Loopback::Refused
        }
    }
}

/// Whether an address may be asked.
///
/// # Errors
/// Why it must not be asked, worded to follow the address.
pub fn permitted(address: IpAddr, loopback: Loopback) -> Result<(), Refusal> {
    let kinds: Vec<_> = match address {
        IpAddr::V4(address) => kind_v4(address).into_iter().collect(),
        IpAddr::V6(address) => {
            let inside = embedded(address).into_iter().filter_map(kind_v4);
            inside.chain(kind_v6(address)).collect()
        }
    };
    let is_permitted = |kind: &&str| *kind == LOOPBACK && loopback == Loopback::Allowed;
    match kinds.into_iter().find(|kind| !is_permitted(kind)) {
        Some(kind) => Err(kind.into()),
        None => Ok(()),
    }
}

const LOOPBACK: &str = "a loopback address: the function itself";
const UNSPECIFIED: &str = "an unspecified address: the function itself";
const LINK_LOCAL: &str = "a link-local address: metadata services live there";
const AWS_LINK: &str = "an address of AWS's own services in a VPC, such as instance metadata";
const SITE_LOCAL: &str = "a site-local address: no network has them any more (RFC 3879)";
const MULTICAST: &str = "a multicast address: no single service";
const BROADCAST: &str = "the broadcast address: no single service";

/// What an address is that no service can have.
fn kind_v4(address: Ipv4Addr) -> Option<&'static str> {
    match address {
        // All of 0.0.0.0/8 means "this host" (RFC 1122); Linux connects 0.0.0.0 to itself.
        _ if address.octets()[0] == 0 => Some(UNSPECIFIED),
        _ if address.is_loopback() => Some(LOOPBACK),
        _ if address.is_link_local() => Some(LINK_LOCAL),
        _ if address.is_multicast() => Some(MULTICAST),
        _ => address.is_broadcast().then_some(BROADCAST),
    }
}

fn kind_v6(address: Ipv6Addr) -> Option<&'static str> {
    match address {
        _ if address.is_unspecified() => Some(UNSPECIFIED),
        _ if address.is_loopback() => Some(LOOPBACK),
        _ if address.is_unicast_link_local() => Some(LINK_LOCAL),
        // fd00:ec2::/32: instance metadata is fd00:ec2::254, names and time are its neighbours.
        _ if address.segments()[..2] == [0xfd00, 0xec2] => Some(AWS_LINK),
        // fec0::/10
        _ if address.segments()[0] & 0xffc0 == 0xfec0 => Some(SITE_LOCAL),
        _ => address.is_multicast().then_some(MULTICAST),
    }
}

#[cfg(test)]
#[path = "reach_tests.rs"]
mod tests;
