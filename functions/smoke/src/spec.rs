//! The smoke specification: which requests to make, and what to expect of the answers.
//!
//! ```json
//! {"checks": [{"name": "ping", "method": "GET", "path": "/api/v1/ping", "headers": {}, "body": null,
//!   "expect": {"status": 200, "json": [{"path": "$.pong", "equals": true}],
//!              "headers": {"content-type": "application/json"}, "maxLatencyMs": 500},
//!   "timeoutMs": 2000, "attempts": 3}]}
//! ```
//! `{{tag}}` and `{{digest}}` stand for the release's image in every text.

use serde::{Deserialize, Deserializer};
use serde_json::Value;
use serde_json_path::JsonPath;
use shared::{Error, Image};
use std::collections::BTreeMap;

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
    /// For one attempt, in milliseconds.
    #[serde(default = "two_seconds")]
    pub timeout_ms: u64,
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
    #[serde(default)]
    pub headers: BTreeMap<String, String>,
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
    #[serde(deserialize_with = "json_path")]
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
    let spec: Spec = serde_json::from_str(text.unwrap_or(DEFAULT))
        .map_err(|error| invalid(&error.to_string()))?;
    if spec.checks.is_empty() {
        return Err(invalid("checks: expected at least one check, found none"));
    }
    for check in &spec.checks {
        verify(check).map_err(|reason| invalid(&format!("check {}: {reason}", check.name)))?;
    }
    Ok(spec)
}

fn verify(check: &Check) -> Result<(), String> {
    if !check.path.starts_with('/') || check.path.starts_with("//") {
        return Err(format!(
            "path: expected a path such as /health, found {}",
            check.path
        ));
    }
    reqwest::Method::from_bytes(check.method.as_bytes())
        .map_err(|_| format!("method: found {}", check.method))?;
    if !(1..=10).contains(&check.attempts) || !(1..=10_000).contains(&check.timeout_ms) {
        let (attempts, timeout) = (check.attempts, check.timeout_ms);
        return Err(format!(
            "expected attempts 1-10 and timeoutMs 1-10000, found {attempts} and {timeout}"
        ));
    }
    let vague = check
        .expect
        .json
        .iter()
        .find(|it| it.equals.is_some() == it.exists.is_some());
    match vague {
        Some(it) => Err(format!(
            "json {}: expected one of equals and exists",
            it.path
        )),
        None => Ok(()),
    }
}

fn invalid(reason: &str) -> Error {
    Error::InvalidConfiguration(format!(
        "SMOKE_SPEC cannot be used: {reason}. Correct the stack's parameter SmokeSpec; README.md shows its form."
    ))
}

impl Check {
    /// The check for one release, with `{{tag}}` and `{{digest}}` filled in.
    pub fn for_image(&self, image: &Image) -> Check {
        let fill = |text: &String| fill(text, image);
        let mut check = self.clone();
        check.path = fill(&check.path);
        check
            .headers
            .values_mut()
            .for_each(|value| *value = fill(value));
        check
            .expect
            .headers
            .values_mut()
            .for_each(|value| *value = fill(value));
        check.body = check.body.map(|body| fill_value(body, image));
        for it in &mut check.expect.json {
            it.equals = it.equals.take().map(|value| fill_value(value, image));
        }
        check
    }
}

fn fill(text: &str, image: &Image) -> String {
    text.replace("{{tag}}", image.tag.as_deref().unwrap_or_default())
        .replace("{{digest}}", &image.digest)
}

fn fill_value(value: Value, image: &Image) -> Value {
    match value {
        Value::String(text) => Value::String(fill(&text, image)),
        Value::Array(items) => items
            .into_iter()
            .map(|item| fill_value(item, image))
            .collect(),
        Value::Object(fields) => fields
            .into_iter()
            .map(|(name, item)| (name, fill_value(item, image)))
            .collect(),
        other @ (Value::Null | Value::Bool(_) | Value::Number(_)) => other,
    }
}

fn json_path<'de, D: Deserializer<'de>>(deserializer: D) -> Result<JsonPath, D::Error> {
    let text = String::deserialize(deserializer)?;
    JsonPath::parse(&text).map_err(|error| {
        serde::de::Error::custom(format!(
            "expected a JSONPath (RFC 9535) such as $.status, found {text}: {error}"
        ))
    })
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

#[cfg(test)]
mod tests {
    use super::*;

    fn refused(text: &str, expect: &str) {
        let error = read(Some(text)).expect_err("not a spec").to_string();
        assert!(
            error.contains(expect) && error.contains("SmokeSpec"),
            "{error}"
        );
    }

    #[test]
    fn the_default_asks_health_and_ping() {
        let spec = read(None).expect("the default");
        let paths: Vec<_> = spec
            .checks
            .iter()
            .map(|check| check.path.as_str())
            .collect();
        assert_eq!(paths, ["/health", "/api/v1/ping"]);
    }

    #[test]
    fn a_wrong_spec_names_the_field() {
        refused("{", "EOF");
        refused(r#"{"checks": []}"#, "expected at least one check");
        refused(
            r#"{"checks": [{"name": "a", "path": "/", "retries": 1}]}"#,
            "unknown field `retries`",
        );
        refused(
            r#"{"checks": [{"name": "a", "path": "http://evil/"}]}"#,
            "check a: path: expected a path",
        );
        refused(
            r#"{"checks": [{"name": "a", "path": "/", "attempts": 0}]}"#,
            "found 0 and 2000",
        );
        let json = |it| {
            format!(r#"{{"checks": [{{"name": "a", "path": "/", "expect": {{"json": [{it}]}}}}]}}"#)
        };
        refused(
            &json(r#"{"path": "status", "equals": 1}"#),
            "expected a JSONPath",
        );
        refused(
            &json(r#"{"path": "$.a"}"#),
            "expected one of equals and exists",
        );
    }

    #[test]
    fn the_image_is_filled_in_everywhere() {
        let text = r#"{"checks": [{"name": "a", "path": "/{{tag}}", "headers": {"x": "{{tag}}"}, "body": ["{{tag}}"],
            "expect": {"json": [{"path": "$.d", "equals": {"d": "{{digest}}"}}], "headers": {"y": "{{tag}}"}}}]}"#;
        let image = Image {
            uri: String::new(),
            tag: Some("v1".to_owned()),
            digest: "sha256:a".to_owned(),
        };
        let check = read(Some(text)).expect("a spec").checks[0].for_image(&image);
        assert_eq!(
            (check.path.as_str(), check.headers["x"].as_str()),
            ("/v1", "v1")
        );
        assert_eq!(check.body, Some(serde_json::json!(["v1"])));
        assert_eq!(
            check.expect.json[0].equals,
            Some(serde_json::json!({"d": "sha256:a"}))
        );
        assert_eq!(check.expect.headers["y"], "v1");
    }
}
