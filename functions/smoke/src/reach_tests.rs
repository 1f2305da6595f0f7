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
        "::ffff:10.0.0.7",
        "::10.0.0.7",
        "64:ff9b::10.0.0.7",
        "::ffff:0:10.0.0.7",
        // The local prefix of NAT64, with 10.0.0.7 in each of its places.
        "64:ff9b:1:a00:0:700::",
        "64:ff9b:1:a:0:7::",
        "64:ff9b:1:0:a:0:700:0",
        "64:ff9b:1::10.0.0.7",
        "64:ff9b:1:fffe:ffff:ffff:10.0.0.7",
        // 10.0.1.0, 171.205.0.0 or 10.0.0.0: the zeros of one place are no address of another.
        "64:ff9b:1:a:0:100::",
        "64:ff9b:1:abcd::a00:0",
        "64:ff9b:2::127.0.0.1",
        "2002:a00:7::1",
        "2002:a00:7:1:2:3:4:5",
        // A server at 10.0.0.7, and a client at 192.0.2.45.
        "2001:0:a00:7:8000:63bf:3fff:fdd2",
        "2001:1:7f00:1::1",
        "fd00::5efe:10.0.0.7",
        "2600:1f18::200:5efe:a00:7",
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
            check(&format!("::ffff:0:{address}"), Some(kind));
            check(&format!("64:ff9b:1::{address}"), Some(kind));
            // Zeros in one place may be what follows another.
            if kind != UNSPECIFIED {
                check(&format!("64:ff9b:1:a:b:c:{address}"), Some(kind));
            }
            for interface in ["0:5efe", "200:5efe"] {
                check(&format!("2600:1f18:1:2:{interface}:{address}"), Some(kind));
            }
        }
    }
    check("::127.0.0.1", Some(LOOPBACK));
    check("::169.254.169.254", Some(LINK_LOCAL));
    for (kind, addresses) in [
        (LOOPBACK, ["::1", "0:0:0:0:0:0:0:1"]),
        (UNSPECIFIED, ["::", "::2"]),
        (LINK_LOCAL, ["fe80::1", "febf:ffff::1"]),
        (AWS_LINK, ["fd00:ec2::254", "fd00:ec2:ffff::1"]),
        (SITE_LOCAL, ["fec0::1", "feff:ffff::1"]),
        (MULTICAST, ["ff02::1", "ffff::1"]),
    ] {
        for address in addresses {
            check(address, Some(kind));
        }
    }
}

#[test]
fn an_address_inside_of_another_is_found_wherever_it_stands() {
    for (kind, addresses) in [
        (
            LINK_LOCAL,
            [
                // 169.254.169.254 by NAT64's local prefix, with 48, 56 and 64 bits.
                "64:ff9b:1:a9fe:a9:fe00::",
                "64:ff9b:1:a9:fe:a9fe::",
                "64:ff9b:1:0:a9:fea9:fe00:0",
                "2002:a9fe:a9fe::1",
                "2002:a9fe:a9fe:ffff:1:2:3:4",
                // A server, and a client.
                "2001:0:a9fe:a9fe:8000:63bf:3fff:fdd2",
                "2001:0:a00:7:8000:63bf:5601:5601",
            ],
        ),
        (
            LOOPBACK,
            [
                "64:ff9b:1:7f00:0:100::",
                "64:ff9b:1:7f:0:1::",
                "64:ff9b:1:0:7f:0:100:0",
                "2002:7f00:1::1",
                "2002:7fff:fffe::",
                "2001:0:7f00:1::1",
                "2001:0:a00:7:0:0:80ff:fffe",
            ],
        ),
    ] {
        for address in addresses {
            check(address, Some(kind));
        }
    }
    check("64:ff9b:1::", Some(UNSPECIFIED));
    check("fe80::5efe:10.0.0.7", Some(LINK_LOCAL));
}

#[test]
fn each_place_of_nat64s_local_prefix_is_looked_at() {
    for address in [
        // 169.254.169.254 as above, with a suffix, at which a translator does not look.
        "64:ff9b:1:a9fe:a9:fe00:a00:1",
        "64:ff9b:1:a9:fe:a9fe:a00:1",
        "64:ff9b:1:0:a9:fea9:fe00:1",
    ] {
        check(address, Some(LINK_LOCAL));
    }
    // 127.169.254.169 in one place, 169.254.169.254 in another: who permits the first does not permit the second.
    let both = "64:ff9b:1:7fa9:fe:a9fe::".parse().expect("an address");
    let refused = permitted(both, Loopback::Allowed);
    assert_eq!(refused, Err(LINK_LOCAL.into()));
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
