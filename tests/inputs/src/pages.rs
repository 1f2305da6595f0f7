//! What smoke is configured with, and what the environment under test answers.

use crate::refusal::{accepted, short};
use serde_json::{Value, json};
use shared::Image;
use smoke::comparison::Comparison;
use smoke::mask::Mask;
use smoke::reach::{Loopback, permitted};
use smoke::reply::Reply;
use smoke::secret::Values;
use smoke::spec::{Spec, read};
use smoke::{decide, fill, resolve};
use std::net::IpAddr;

/// A specification is bounded, and a release's image can be filled in.
pub fn spec(text: &str) -> bool {
    let Some(spec) = accepted(read(Some(text)), &["InvalidConfiguration"]) else {
        return false;
    };
    assert!(!spec.checks.is_empty());
    let image = Image {
        uri: "shop@sha256:new".to_owned(),
        tag: Some("v1.1.0".to_owned()),
        digest: "sha256:new".into(),
    };
    for check in &spec.checks {
        assert!((1..=10).contains(&check.attempts));
        assert!((1..=10_000).contains(&check.timeout_ms));
        let filled = fill::for_image(check, &image, &Values::default());
        assert!(filled.path.starts_with('/') && !filled.path.starts_with("//"));
    }
    true
}

/// The expectations before the first line's end, the body after it. What does not fit is described shortly.
pub fn reply(bytes: &[u8]) -> bool {
    let end = bytes.iter().position(|byte| *byte == b'\n');
    let (expect, body) = bytes.split_at(end.unwrap_or(bytes.len()));
    let Some(spec) = expecting(expect) else {
        return false;
    };
    let reply = Reply {
        status: 200,
        headers: vec![("content-type".to_owned(), "application/json".to_owned())],
        body: body.to_vec(),
        truncated: false,
        latency_ms: 40,
    };
    let compared = decide::compare(&reply, &spec.checks[0].expect);
    let (Ok(comparison) | Err(comparison)) = &compared;
    let Comparison { expected, found } = comparison.shown(&Mask::default());
    short(&expected);
    assert!(found.chars().count() <= 300, "{found}");
    compared.is_ok()
}

fn expecting(expect: &[u8]) -> Option<Spec> {
    let expect: Value = serde_json::from_slice(expect).ok()?;
    let spec = json!({"checks": [{"name": "a", "path": "/", "expect": expect}]});
    accepted(read(Some(&spec.to_string())), &["InvalidConfiguration"])
}

/// A URL that may be requested names no address that must not be, and nobody's password; a check's path does not change
/// its host. What is refused is not quoted.
pub fn url(text: &str) -> bool {
    base_url(text);
    let base = text.trim().trim_end_matches('/');
    let url = match resolve::checked(base, Loopback::Refused) {
        Ok(url) => url,
        Err(refusal) => {
            unquoted(refusal.as_str(), text);
            return false;
        }
    };
    assert!(matches!(url.scheme(), "http" | "https"), "{url}");
    assert!(
        url.username().is_empty() && url.password().is_none(),
        "{url}"
    );
    let host = url.host_str().unwrap_or_default();
    assert!(!host.is_empty(), "{url}");
    let literal: Result<IpAddr, _> = host.trim_matches(['[', ']']).parse();
    if let Ok(address) = literal {
        assert!(permitted(address, Loopback::Refused).is_ok(), "{address}");
    }
    // What ends a URL unseen, such as a control character, may be refused before a path.
    let Ok(checked) = resolve::checked(&format!("{base}/api/v1/ping"), Loopback::Refused) else {
        return false;
    };
    assert_eq!(checked.host_str(), url.host_str());
    assert_eq!(checked.port_or_known_default(), url.port_or_known_default());
    true
}

/// What the parameters may hold is a host, and smoke finds nothing else in it.
fn base_url(text: &str) {
    match shared::base_url(text) {
        Err(refusal) => unquoted(refusal.as_str(), text),
        Ok(base) => {
            if let Ok(url) = resolve::checked(base, Loopback::Refused) {
                let more = url.query().or(url.fragment());
                assert!(url.path() == "/" && more.is_none(), "{url}");
            }
        }
    }
}

/// A refusal says something, and nothing of what stands before an @.
fn unquoted(refusal: &str, text: &str) {
    assert!(!refusal.is_empty());
    let user = text.rsplit_once('@').map(|(user, _)| user);
    let secret = user.and_then(|user| user.rfind(':').map(|at| &user[at..]));
    if let Some(secret) = secret.filter(|secret| secret.len() > 3) {
        assert!(!refusal.contains(secret), "{refusal}");
    }
}
