//! The tests of `reach.rs`.

use super::*;

fn check(address: &str, expect: Option<&str>) {
    let parsed = address.parse().expect("an address");
    for loopback in [Loopback::Refused, Loopback::Allowed] {
        let expect = expect.filter(|kind| *kind != LOOPBACK || loopback == Loopback::Refused);
        assert_eq!(
            permitted(parsed, loopback),
            expect.map_or(Ok(()), |kind| Err(kind.into())),
            "{address}, loopback {loopback:?}"
        );
    }
}

#[test]
fn an_address_where_a_service_can_be_may_be_asked() {
    for address in [
        "10.0.0.7",
        "172.31.255.254",
        "192.168.1.1",
        "100.64.0.1",
        "54.239.28.85",
        "1.0.0.0",
        "126.255.255.255",
        "128.0.0.0",
        "169.253.255.255",
        "169.255.0.0",
        "223.255.255.255",
        "240.0.0.1",
        "255.255.255.254",
        "fd00::7",
        "fd00:ec1::254",
        "fd00:ec3::254",
        "2600:1f18::1",
        "fe7f::1",
        "fec0::1",
        "::ffff:10.0.0.7",
        "::10.0.0.7",
        "64:ff9b::10.0.0.7",
    ] {
        check(address, None);
    }
}

#[test]
fn an_address_where_the_function_or_aws_listens_is_refused_in_every_form() {
    for (kind, addresses) in [
        (LOOPBACK, ["127.0.0.1", "127.255.255.255"]),
        (UNSPECIFIED, ["0.0.0.0", "0.255.255.255"]),
        (LINK_LOCAL, ["169.254.169.254", "169.254.170.2"]),
        (LINK_LOCAL, ["169.254.0.0", "169.254.255.255"]),
        (MULTICAST, ["224.0.0.1", "239.255.255.255"]),
        (BROADCAST, ["255.255.255.255", "255.255.255.255"]),
    ] {
        for address in addresses {
            check(address, Some(kind));
            check(&format!("::ffff:{address}"), Some(kind));
            check(&format!("64:ff9b::{address}"), Some(kind));
        }
    }
    check("::127.0.0.1", Some(LOOPBACK));
    check("::169.254.169.254", Some(LINK_LOCAL));
    for (kind, addresses) in [
        (LOOPBACK, ["::1", "0:0:0:0:0:0:0:1"]),
        (UNSPECIFIED, ["::", "::2"]),
        (LINK_LOCAL, ["fe80::1", "febf:ffff::1"]),
        (AWS_LINK, ["fd00:ec2::254", "fd00:ec2:ffff::1"]),
        (MULTICAST, ["ff02::1", "ffff::1"]),
    ] {
        for address in addresses {
            check(address, Some(kind));
        }
    }
}

#[test]
fn only_the_rehearsal_permits_loopback() {
    let check = |permission: Option<&str>, started: Option<&str>, expect| {
        let read = Loopback::read(&Settings(|name: &str| {
            let value = match name {
                "SMOKE_LOOPBACK" => permission,
                "AWS_LAMBDA_INITIALIZATION_TYPE" => started,
                _ => None,
            };
            value.map(str::to_owned)
        }));
        assert_eq!(read, expect, "{permission:?}, {started:?}");
    };
    check(Some("allowed"), None, Loopback::Allowed);
    for other in [None, Some(""), Some("true"), Some("ALLOWED")] {
        check(other, None, Loopback::Refused);
    }
    for started in ["on-demand", "provisioned-concurrency", ""] {
        check(Some("allowed"), Some(started), Loopback::Refused);
    }
}
