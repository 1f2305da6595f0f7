//! Where the checks of a release go: the environment's base URL, or each of its targets.
//!
//! Hosts come from the stack's configuration and from the plan only, never from a check.

use crate::comparison::Comparison;
use shared::{Environment, ReleasePlan, Target, excerpt};
use std::net::IpAddr;

/// One place to ask.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Base {
    /// As results name it.
    pub name: String,
    /// What a check's path is added to, or what stands in the way.
    pub url: Result<String, Comparison>,
}

/// The places to ask; none when there is no base URL and no target.
pub(crate) fn bases(base_url: Option<&str>, plan: &ReleasePlan, targets: &[Target]) -> Vec<Base> {
    match base_url {
        Some(url) => vec![by_url(url, plan.to)],
        None => targets.iter().map(|target| direct(plan, target)).collect(),
    }
}

/// The base of `count` at which the probe of a poll begins. Steps of the golden section spread a few polls over all bases.
pub(crate) fn first(poll: usize, count: usize) -> usize {
    poll % 1000 * 618 % 1000 * count / 1000
}

/// What is no base URL is not quoted: it may hold a password.
fn by_url(url: &str, environment: Environment) -> Base {
    match shared::base_url(url) {
        Ok(url) => Base {
            name: excerpt(url),
            url: Ok(url.to_owned()),
        },
        Err(refusal) => Base {
            name: format!("the base URL of {environment}"),
            url: Err(Comparison::new(
                "http://HOST or https://HOST",
                refusal.as_str(),
            )),
        },
    }
}

fn direct(plan: &ReleasePlan, target: &Target) -> Base {
    let protocol = &plan.idle.protocol;
    let scheme = if protocol == "HTTPS" { "https" } else { "http" };
    let (name, environment) = (excerpt(&target.address()), plan.to);
    let url = match target.id.parse::<IpAddr>() {
        Ok(_) => Ok(format!("{scheme}://{name}")),
        Err(_) => {
            let found =
                format!("{name}: set the base URL of {environment} in the stack's parameters");
            Err(Comparison::new("an IP address", &found))
        }
    };
    Base { name, url }
}

#[cfg(test)]
mod tests {
    use super::*;
    use fixtures::release_plan;

    fn check(
        base_url: Option<&str>,
        protocol: &str,
        id: &str,
        expect: &[(&str, Result<&str, &str>)],
    ) {
        let mut plan = release_plan();
        plan.idle.protocol = protocol.to_owned();
        let target = Target {
            id: id.to_owned(),
            port: 8080,
        };
        let bases = bases(base_url, &plan, &[target]);
        let places = bases.iter().map(|base| {
            let url = base.url.as_deref();
            (
                base.name.as_str(),
                url.map_err(|comparison| comparison.found.as_str()),
            )
        });
        let places: Vec<_> = places.collect();
        assert_eq!(places, expect);
    }

    #[test]
    fn a_target_is_asked_as_the_load_balancer_does() {
        let v4 = ("10.0.0.7:8080", Ok("http://10.0.0.7:8080"));
        check(None, "HTTP", "10.0.0.7", &[v4]);
        let tls = ("10.0.0.7:8080", Ok("https://10.0.0.7:8080"));
        check(None, "HTTPS", "10.0.0.7", &[tls]);
        let v6 = ("[fd00::7]:8080", Ok("http://[fd00::7]:8080"));
        check(None, "HTTP", "fd00::7", &[v6]);
    }

    #[test]
    fn a_base_url_takes_the_place_of_every_target() {
        let url = "http://green.internal";
        check(
            Some("http://green.internal/"),
            "HTTPS",
            "i-0123",
            &[(url, Ok(url))],
        );
    }

    #[test]
    fn what_is_no_base_url_is_neither_asked_nor_shown() {
        for url in ["http://ops:s3cret@green.internal", "http://green/?s3cret"] {
            let bases = bases(Some(url), &release_plan(), &[]);
            let [
                Base {
                    name,
                    url: Err(why),
                },
            ] = bases.as_slice()
            else {
                panic!("{bases:?}")
            };
            assert_eq!(name, "the base URL of green");
            assert!(!format!("{why:?}").contains("s3cret"), "{why:?}");
        }
    }

    #[test]
    fn an_instance_is_no_address() {
        let why = "i-0123:8080: set the base URL of green in the stack's parameters";
        check(None, "HTTP", "i-0123", &[("i-0123:8080", Err(why))]);
    }

    #[test]
    fn each_poll_begins_elsewhere() {
        let begins = |count| {
            (0..6)
                .map(move |poll| first(poll, count))
                .collect::<Vec<_>>()
        };
        assert_eq!(begins(1000), [0, 618, 236, 854, 472, 90]);
        assert_eq!(begins(13), [0, 8, 3, 11, 6, 1]);
        assert_eq!(begins(1), [0; 6]);
        assert_eq!((first(7, 0), first(usize::MAX, 1)), (0, 0));
    }

    #[test]
    fn nothing_known_is_nowhere_to_go() {
        assert_eq!(bases(None, &release_plan(), &[]), []);
    }
}
