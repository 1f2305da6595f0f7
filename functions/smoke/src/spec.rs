//! The smoke spec: which requests to make, and what to expect of the replies. README.md describes it for its authors.

use crate::placeholder::{is_complete, secrets};
use reqwest::Method;
use reqwest::header::{HeaderName, HeaderValue};
use serde::de::Error as _;
use serde::{Deserialize, Deserializer};
use serde_json::Value;
use serde_json_path::JsonPath;
use shared::{Error, Refusal, excerpt, sentence};
use std::collections::{BTreeMap, BTreeSet};
use std::str::FromStr;
use std::time::Duration;

/// The checks of a release, at least one.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Spec {
    pub checks: Vec<Check>,
}

impl Spec {
    /// The keys of the secret that headers refer to; none for the whole of it.
    pub(crate) fn secrets(&self) -> BTreeSet<Option<String>> {
        let headers = self.checks.iter().flat_map(|it| it.headers.values());
        let keys = headers.flat_map(|value| secrets(value));
        keys.map(|key| key.map(str::to_owned)).collect()
    }
}

/// One request and what is expected of its reply.
#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Check {
    /// As results name it.
    pub name: String,
    /// `GET` where it is absent.
    #[serde(default = "get")]
    pub method: String,
    /// Begins with one slash: the host comes from the stack's configuration only.
    pub path: String,
    /// None where it is absent. A value may refer to the secret.
    #[serde(default, deserialize_with = "texts")]
    pub headers: BTreeMap<String, String>,
    /// Text is sent as it is, everything else as JSON; no body where it is absent.
    #[serde(default)]
    pub body: Option<Value>,
    /// Status 200 where it is absent.
    #[serde(default)]
    pub expect: Expect,
    /// For one attempt, in milliseconds: 1 to 10,000; 2,000 where it is absent.
    #[serde(default = "two_seconds")]
    pub timeout_ms: u64,
    /// 1 to 10; 3 where it is absent.
    #[serde(default = "three")]
    pub attempts: u32,
}

impl Check {
    /// For one attempt.
    pub(crate) fn timeout(&self) -> Duration {
        Duration::from_millis(self.timeout_ms)
    }
}

/// What is expected of a reply.
#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields, default)]
pub struct Expect {
    /// 200 where it is absent.
    pub status: u16,
    /// Nothing where it is absent: the body is not read as JSON.
    pub json: Vec<JsonExpect>,
    /// None where it is absent. Parameters may follow an expected value: `application/json` fits
    /// `application/json; charset=utf-8`.
    #[serde(deserialize_with = "texts")]
    pub headers: BTreeMap<String, String>,
    /// From the request to the end of the body, in milliseconds; no limit where it is absent.
    pub max_latency_ms: Option<u64>,
}

impl Default for Expect {
    fn default() -> Expect {
        Expect {
            status: 200,
            json: Vec::new(),
            headers: BTreeMap::new(),
            max_latency_ms: None,
        }
    }
}

/// What is expected of the JSON body at a path: one of `equals` and `exists`.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct JsonExpect {
    /// JSONPath (RFC 9535).
    #[serde(deserialize_with = "json_path")]
    pub path: JsonPath,
    /// The one value at the path.
    #[serde(default, deserialize_with = "present")]
    pub equals: Option<Value>,
    /// Whether anything is at the path.
    #[serde(default)]
    pub exists: Option<bool>,
}

/// The parser takes twice as long for each filter inside of another, and its stack is not endless. Each filter has a
/// question mark, so that counting those is enough.
const FILTERS: usize = 6;

const DEFAULT: &str = r#"{"checks": [
    {"name": "health", "path": "/health", "expect": {"json": [{"path": "$.status", "equals": "healthy"}]}},
    {"name": "ping", "path": "/api/v1/ping", "expect": {"json": [{"path": "$.pong", "equals": true}]}}]}"#;

/// Reads `SMOKE_SPEC`; the default checks stand in for an empty one.
///
/// # Errors
/// `InvalidConfiguration`, which names the field that cannot be used.
pub fn read(text: Option<&str>) -> Result<Spec, Error> {
    let mut json = serde_json::Deserializer::from_str(text.unwrap_or(DEFAULT));
    let spec: Spec = serde_path_to_error::deserialize(&mut json).map_err(invalid)?;
    json.end().map_err(invalid)?;
    if spec.checks.is_empty() {
        return Err(invalid("checks: expected at least one check, found none"));
    }
    for check in &spec.checks {
        verify(check).map_err(|reason| invalid(format!("check {}: {reason}", check.name)))?;
    }
    Ok(spec)
}

fn verify(check: &Check) -> Result<(), Refusal> {
    let (path, method) = (&check.path, &check.method);
    if !path.starts_with('/') || path.starts_with("//") {
        // What was meant as a path may hold a key.
        return Err("path: expected a path such as /health, which begins with one slash".into());
    }
    Method::from_bytes(method.as_bytes())
        .map_err(|_| format!("method: expected a method such as GET, found {method}"))?;
    verify_bounds("attempts", check.attempts.into(), 10)?;
    verify_bounds("timeoutMs", check.timeout_ms, 10_000)?;
    verify_headers("headers", &check.headers)?;
    verify_headers("expect.headers", &check.expect.headers)?;
    verify_secrets(check)?;
    check.expect.json.iter().try_for_each(verify_json)
}

fn verify_bounds(field: &str, value: u64, most: u64) -> Result<(), Refusal> {
    if (1..=most).contains(&value) {
        return Ok(());
    }
    Err(format!("{field}: expected 1 to {most}, found {value}").into())
}

fn verify_headers(field: &str, headers: &BTreeMap<String, String>) -> Result<(), Refusal> {
    for (name, value) in headers {
        HeaderName::from_str(name)
            .map_err(|_| format!("{field}: expected a header's name, found {name:?}"))?;
        HeaderValue::from_str(value).map_err(|_| {
            format!("{field}.{name}: expected a header's value, without line breaks")
        })?;
    }
    Ok(())
}

/// A secret may stand in the headers of a request only: everything else may be quoted.
fn verify_secrets(check: &Check) -> Result<(), Refusal> {
    let mut headers = check.headers.iter();
    if let Some((name, _)) = headers.find(|(_, value)| !is_complete(value)) {
        let expected = "expected {{secret}} or {{secret:KEY}}";
        return Err(format!("headers.{name}: {expected}").into());
    }
    let (body, expect) = (&check.body, &check.expect);
    let others = [
        ("path", check.path.clone()),
        ("body", format!("{body:?}")),
        ("expect.headers", format!("{:?}", expect.headers)),
        ("expect.json", format!("{:?}", expect.json)),
    ];
    let refers = |(_, text): &&(&str, String)| secrets(text).next().is_some();
    match others.iter().find(refers) {
        None => Ok(()),
        Some((field, _)) => Err(format!("{field}: a secret may stand in headers only").into()),
    }
}

fn verify_json(expectation: &JsonExpect) -> Result<(), Refusal> {
    let path = &expectation.path;
    let found = match (&expectation.equals, expectation.exists) {
        (Some(_), None) | (None, Some(_)) => return Ok(()),
        (None, None) => "neither",
        (Some(_), Some(_)) => "both",
    };
    Err(format!("expect.json {path}: expected one of equals and exists, found {found}").into())
}

fn invalid(reason: impl ToString) -> Error {
    Error::InvalidConfiguration(format!(
        "SMOKE_SPEC cannot be used: {} Correct the stack's parameter SmokeSpec; functions/smoke/README.md describes \
         it.",
        sentence(&excerpt(&reason.to_string()))
    ))
}

/// Reads a JSONPath, or says what was expected.
fn json_path<'de, D: Deserializer<'de>>(deserializer: D) -> Result<JsonPath, D::Error> {
    let text = String::deserialize(deserializer)?;
    let filters = text.matches('?').count();
    if filters > FILTERS {
        return Err(D::Error::custom(format!(
            "expected a JSONPath with at most {FILTERS} filters (?), found {filters}"
        )));
    }
    JsonPath::parse(&text).map_err(|error| {
        D::Error::custom(format!(
            "expected a JSONPath (RFC 9535) such as $.status, found {text}: {error}"
        ))
    })
}

/// Reads headers; a value of another type may be a secret all the same, so it is not quoted.
fn texts<'de, D: Deserializer<'de>>(deserializer: D) -> Result<BTreeMap<String, String>, D::Error> {
    let values: BTreeMap<String, Value> = Deserialize::deserialize(deserializer)?;
    let texts = values.into_iter().map(|(name, value)| {
        let text = value.as_str().map(str::to_owned);
        let other = || D::Error::custom(format!("{name}: expected a text"));
        Ok((name.clone(), text.ok_or_else(other)?))
    });
    texts.collect()
}

/// Tells `"equals": null` from no `equals`.
fn present<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<Value>, D::Error> {
    Value::deserialize(deserializer).map(Some)
}

fn get() -> String {
    "GET".to_owned()
}

fn two_seconds() -> u64 {
    2000
}

fn three() -> u32 {
    3
}
