//! The smoke specification: which requests to make, and what to expect of the answers.
//!
//! ```json
//! {"checks": [{"name": "ping", "method": "GET", "path": "/api/v1/ping", "headers": {}, "body": null,
//!   "expect": {"status": 200, "json": [{"path": "$.pong", "equals": true}],
//!              "headers": {"content-type": "application/json"}, "maxLatencyMs": 500},
//!   "timeoutMs": 2000, "attempts": 3}]}
//! ```
//! `{{tag}}` and `{{digest}}` stand for the release's image in every text (see `fill.rs`).

use reqwest::Method;
use reqwest::header::{HeaderName, HeaderValue};
use serde::{Deserialize, Deserializer};
use serde_json::Value;
use serde_json_path::JsonPath;
use shared::{Error, excerpt};
use std::collections::BTreeMap;
use std::str::FromStr;

/// The checks of a release, at least one.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Spec {
    pub checks: Vec<Check>,
}

/// One request and what is expected of its answer.
#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Check {
    pub name: String,
    #[serde(default = "get")]
    pub method: String,
    /// Begins with a slash: the host comes from the stack's configuration only.
    pub path: String,
    #[serde(default)]
    pub headers: BTreeMap<String, String>,
    /// Text is sent as it is, everything else as JSON.
    #[serde(default)]
    pub body: Option<Value>,
    #[serde(default)]
    pub expect: Expect,
    /// For one attempt, in milliseconds: 1 to 10,000.
    #[serde(default = "two_seconds")]
    pub timeout_ms: u64,
    /// 1 to 10.
    #[serde(default = "three")]
    pub attempts: u32,
}

/// What is expected of an answer.
#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Expect {
    #[serde(default = "ok")]
    pub status: u16,
    #[serde(default)]
    pub json: Vec<JsonExpect>,
    /// Parameters may follow an expected value: `application/json` fits `application/json; charset=utf-8`.
    #[serde(default)]
    pub headers: BTreeMap<String, String>,
    /// Until the end of the body, in milliseconds.
    #[serde(default)]
    pub max_latency_ms: Option<u64>,
}

impl Default for Expect {
    fn default() -> Expect {
        Expect {
            status: ok(),
            json: Vec::new(),
            headers: BTreeMap::new(),
            max_latency_ms: None,
        }
    }
}

/// An assertion on the JSON body; the path is RFC 9535 JSONPath.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct JsonExpect {
    #[serde(deserialize_with = "crate::path::read")]
    pub path: JsonPath,
    /// The one value at the path.
    #[serde(default, deserialize_with = "present")]
    pub equals: Option<Value>,
    /// Whether anything is at the path.
    #[serde(default)]
    pub exists: Option<bool>,
}

const DEFAULT: &str = r#"{"checks": [
    {"name": "health", "path": "/health", "expect": {"json": [{"path": "$.status", "equals": "healthy"}]}},
    {"name": "ping", "path": "/api/v1/ping", "expect": {"json": [{"path": "$.pong", "equals": true}]}}]}"#;

/// Reads `SMOKE_SPEC`; the default checks stand in for an empty one.
pub fn read(text: Option<&str>) -> Result<Spec, Error> {
    let mut json = serde_json::Deserializer::from_str(text.unwrap_or(DEFAULT));
    let spec: Spec =
        serde_path_to_error::deserialize(&mut json).map_err(|error| invalid(&error.to_string()))?;
    json.end().map_err(|error| invalid(&error.to_string()))?;
    if spec.checks.is_empty() {
        return Err(invalid("checks: expected at least one check, found none"));
    }
    for check in &spec.checks {
        verify(check).map_err(|reason| invalid(&format!("check {}: {reason}", check.name)))?;
    }
    Ok(spec)
}

fn verify(check: &Check) -> Result<(), String> {
    let (path, method) = (&check.path, &check.method);
    if !path.starts_with('/') || path.starts_with("//") {
        return Err(format!(
            "path: expected a path such as /health, found {path}"
        ));
    }
    Method::from_bytes(method.as_bytes())
        .map_err(|_| format!("method: expected a method such as GET, found {method}"))?;
    bounded("attempts", check.attempts.into(), 10)?;
    bounded("timeoutMs", check.timeout_ms, 10_000)?;
    verify_headers("headers", &check.headers)?;
    verify_headers("expect.headers", &check.expect.headers)?;
    let mut paths = check.expect.json.iter();
    match paths.find(|it| it.equals.is_some() == it.exists.is_some()) {
        Some(it) => {
            let found = it.equals.as_ref().map_or("neither", |_| "both");
            let path = &it.path;
            Err(format!(
                "expect.json {path}: expected one of equals and exists, found {found}"
            ))
        }
        None => Ok(()),
    }
}

fn bounded(field: &str, found: u64, most: u64) -> Result<(), String> {
    if (1..=most).contains(&found) {
        Ok(())
    } else {
        Err(format!("{field}: expected 1 to {most}, found {found}"))
    }
}

fn verify_headers(field: &str, headers: &BTreeMap<String, String>) -> Result<(), String> {
    for (name, value) in headers {
        HeaderName::from_str(name)
            .map_err(|_| format!("{field}: expected a header's name, found {name:?}"))?;
        HeaderValue::from_str(value)
            .map_err(|_| format!("{field}.{name}: expected a header's value, found {value:?}"))?;
    }
    Ok(())
}

fn invalid(reason: &str) -> Error {
    Error::InvalidConfiguration(format!(
        "SMOKE_SPEC cannot be used: {}. Correct the stack's parameter SmokeSpec; README.md shows its form.",
        excerpt(reason)
    ))
}

/// Tells `"equals": null` from no `equals`.
fn present<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<Value>, D::Error> {
    Value::deserialize(deserializer).map(Some)
}

fn get() -> String {
    "GET".to_owned()
}

fn ok() -> u16 {
    200
}

fn two_seconds() -> u64 {
    2000
}

fn three() -> u32 {
    3
}
