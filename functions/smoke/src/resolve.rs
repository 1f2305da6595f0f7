//! The guard in front of every connection: each request's URL, and each address that a name resolves to.
//!
//! The resolver gives the connector the very addresses that it looked at, so a name that answers differently a moment
//! later cannot lead elsewhere. The connector does not ask it about literal addresses: those are looked at in the URL,
//! where `reqwest` has already brought every notation (`2130706433`, `0x7f.1`) to the usual one.

use crate::reach::{Loopback, permitted};
use reqwest::Url;
use reqwest::dns::{Addrs, Name, Resolve, Resolving};
use shared::Refusal;
use std::net::SocketAddr;

/// Resolves names as the system does, and gives no address that must not be asked.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Guard(pub Loopback);

impl Resolve for Guard {
    fn resolve(&self, name: Name) -> Resolving {
        let Guard(loopback) = *self;
        Box::pin(async move {
            let addresses: Vec<_> = tokio::net::lookup_host((name.as_str(), 0)).await?.collect();
            all_permitted(name.as_str(), &addresses, loopback)?;
            Ok(Box::new(addresses.into_iter()) as Addrs)
        })
    }
}

/// One address that is refused shows that the name is not what it should be.
fn all_permitted(name: &str, addresses: &[SocketAddr], loopback: Loopback) -> Result<(), Refusal> {
    let mut addresses = addresses.iter().map(SocketAddr::ip);
    addresses.try_for_each(|address| {
        let permitted = permitted(address, loopback);
        permitted.map_err(|refusal| format!("{name} resolves to {address}, {refusal}").into())
    })
}

/// Reads a URL that may be asked: HTTP or HTTPS, with a host that is a name or a permitted address, and nobody's password.
///
/// # Errors
/// Why the URL must not be asked. It is not quoted: a check's path may hold a secret as well.
pub fn checked(url: &str, loopback: Loopback) -> Result<Url, Refusal> {
    let parsed = Url::parse(url).map_err(|error| format!("no URL: {error}"))?;
    if !matches!(parsed.scheme(), "http" | "https") {
        return Err("neither http nor https".into());
    }
    if !parsed.username().is_empty() || parsed.password().is_some() {
        return Err("the URL holds a user's name or password".into());
    }
    let host = parsed.host_str().unwrap_or_default();
    let literal = host.trim_start_matches('[').trim_end_matches(']');
    if let Ok(address) = literal.parse() {
        permitted(address, loopback).map_err(|refusal| format!("{address} is {refusal}"))?;
    }
    Ok(parsed)
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::str::FromStr;

    fn refused(url: &str, expect: &str) {
        let reason = checked(url, Loopback::Refused).expect_err(url);
        assert!(reason.as_str().contains(expect), "{url}: {reason}");
    }

    #[test]
    fn every_notation_of_an_address_is_the_address() {
        for host in ["127.0.0.1", "127.1", "2130706433", "0x7f.1", "0177.0.0.01"] {
            refused(&format!("http://{host}/"), "127.0.0.1 is a loopback");
        }
        for host in ["127.0.0.1.", "%31%32%37.1", "１２７.1"] {
            refused(&format!("https://{host}/"), "127.0.0.1 is a loopback");
        }
        refused(
            "http://0xa9fea9fe/latest",
            "169.254.169.254 is a link-local",
        );
        refused(
            "http://[fd00:ec2::254]/",
            "fd00:ec2::254 is an address of AWS",
        );
        refused("http://[::ffff:a9fe:aa02]/", "is a link-local address");
        refused("http://[::1]:9001/", "::1 is a loopback");
        refused("http:/127.0.0.1/", "127.0.0.1 is a loopback");
    }

    #[test]
    fn what_is_no_url_of_a_service_is_refused() {
        refused("green.internal", "relative URL without a base");
        refused("http:", "empty host");
        refused("file:///etc/passwd", "neither http nor https");
        refused("http://1.2.3.4.5/", "invalid IPv4 address");
        for url in [
            "http://ops:s3cret@green.internal",
            "http:ops:s3cret@green.internal",
            "https://s3cret@green.internal/x",
            "https://:s3cret@10.0.0.7",
            "http://ops%3As3cret@green.internal",
            "ht\ntp://ops:s3\tcret@green.internal",
            "http://ops:s3cret@1.2.3.4.5/",
            "http://ops:s3cret@green.internal:port/",
            "http://s3cret:x/@green.internal",
        ] {
            let reason = checked(url, Loopback::Refused).expect_err(url);
            assert!(!reason.as_str().contains("cret"), "{url}: {reason}");
        }
        for url in [
            "http://green.internal:8080/x",
            "https://10.0.0.7",
            "http://[fd00::7]/",
        ] {
            assert!(checked(url, Loopback::Refused).is_ok(), "{url}");
        }
    }

    #[test]
    fn one_refused_address_refuses_the_name() {
        let check = |addresses: &[&str], expect: Result<(), &str>| {
            let addresses = addresses.iter();
            let addresses: Vec<_> = addresses
                .map(|address| SocketAddr::new(address.parse().expect("ip"), 0))
                .collect();
            let permitted = all_permitted("green", &addresses, Loopback::Refused);
            assert_eq!(permitted, expect.map_err(Refusal::from));
        };
        check(&["10.0.0.7", "fd00::7"], Ok(()));
        let why =
            "green resolves to 169.254.169.254, a link-local address: metadata services live there";
        check(&["10.0.0.7", "169.254.169.254"], Err(why));
    }

    #[tokio::test]
    async fn a_name_of_this_machine_resolves_only_with_permission() {
        let resolve = |loopback| {
            let name = Name::from_str("localhost").expect("a name");
            Guard(loopback).resolve(name)
        };
        assert!(resolve(Loopback::Allowed).await.is_ok());
        let refused = resolve(Loopback::Refused).await.err().expect("refused");
        assert!(refused.to_string().starts_with("localhost resolves to "));
    }
}
