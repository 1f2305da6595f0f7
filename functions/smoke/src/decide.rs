//! Whether a reply is what the check expects, and whether all results together are a pass.

use crate::client::Reply;
use crate::spec::{Expect, JsonExpect};
use serde::Serialize;
use serde_json::Value;

/// One check on one target.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct CheckResult {
    pub check: String,
    pub target: String,
    pub passed: bool,
    pub expected: String,
    pub found: String,
    pub latency_ms: Option<u64>,
}

/// A found value is shown up to this many characters.
const SHOWN: usize = 200;

/// Compares a reply with what is expected: what was expected and found, `Ok` when it fits. The first
/// difference is told.
pub fn compare(reply: &Reply, expect: &Expect) -> Result<(String, String), (String, String)> {
    if reply.status != expect.status {
        return Err((
            format!("status {}", expect.status),
            format!("status {}", reply.status),
        ));
    }
    for (name, value) in &expect.headers {
        let found = reply
            .headers
            .iter()
            .find(|(found, _)| found.eq_ignore_ascii_case(name));
        if found.is_none_or(|(_, found)| found != value) {
            let found = found.map_or("no such header".to_owned(), |(_, found)| shown(found));
            return Err((format!("header {name}: {value}"), found));
        }
    }
    if !expect.json.is_empty() {
        json(reply, &expect.json)?;
    }
    match expect.max_latency_ms {
        Some(limit) if reply.latency_ms > limit => Err((
            format!("an answer within {limit} ms"),
            format!("{} ms", reply.latency_ms),
        )),
        _ => Ok((
            "all expectations".to_owned(),
            format!("status {}", reply.status),
        )),
    }
}

fn json(reply: &Reply, expectations: &[JsonExpect]) -> Result<(), (String, String)> {
    let expected = || "a JSON body".to_owned();
    if reply.truncated {
        return Err((
            expected(),
            format!("a body of more than {} bytes", reply.body.len()),
        ));
    }
    let body: Value = serde_json::from_slice(&reply.body)
        .map_err(|_| (expected(), shown(&String::from_utf8_lossy(&reply.body))))?;
    expectations
        .iter()
        .try_for_each(|expectation| at_path(&body, expectation))
}

fn at_path(body: &Value, expectation: &JsonExpect) -> Result<(), (String, String)> {
    let path = &expectation.path;
    let nodes = path.query(body).all();
    let found = || match nodes.as_slice() {
        [] => "nothing at the path".to_owned(),
        [value] => shown(&value.to_string()),
        several => format!("{} values at the path", several.len()),
    };
    if let Some(expected) = &expectation.equals {
        let equal = matches!(nodes.as_slice(), [value] if *value == expected);
        return if equal {
            Ok(())
        } else {
            Err((format!("{path} = {expected}"), found()))
        };
    }
    let wanted = expectation.exists.unwrap_or(true);
    let expected = format!(
        "{path} {}",
        if wanted { "exists" } else { "does not exist" }
    );
    if nodes.is_empty() == wanted {
        Err((expected, found()))
    } else {
        Ok(())
    }
}

fn shown(text: &str) -> String {
    let mut short: String = text.chars().take(SHOWN).collect();
    if short.len() < text.len() {
        short.push_str("...");
    }
    short
}

/// Whether everything passed, and why not. Nothing checked is never a pass.
pub fn verdict(results: &[CheckResult]) -> (bool, String) {
    let failed: Vec<_> = results.iter().filter(|result| !result.passed).collect();
    if results.is_empty() {
        return (
            false,
            "nothing was checked: no target is known and no base URL is set".to_owned(),
        );
    }
    if failed.is_empty() {
        return (true, format!("{} checks passed", results.len()));
    }
    let told: Vec<_> = failed.iter().take(3).map(|it| tell(it)).collect();
    (
        false,
        format!(
            "{} of {} checks failed: {}",
            failed.len(),
            results.len(),
            told.join("; ")
        ),
    )
}

fn tell(result: &CheckResult) -> String {
    format!(
        "{} on {}: expected {}, found {}",
        result.check, result.target, result.expected, result.found
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::spec;
    use serde_json::json;

    fn check(body: &str, expect: Value, outcome: Result<(), (&str, &str)>) {
        let spec = json!({"checks": [{"name": "a", "path": "/", "expect": expect}]});
        let spec = spec::read(Some(&spec.to_string())).expect("a spec");
        let headers = vec![("content-type".to_owned(), "application/json".to_owned())];
        let body = body.as_bytes().to_vec();
        let reply = Reply {
            status: 200,
            headers,
            body,
            truncated: false,
            latency_ms: 40,
        };
        let found = compare(&reply, &spec.checks[0].expect);
        let outcome = outcome.map_err(|(expected, found)| (expected.to_owned(), found.to_owned()));
        assert_eq!(found.map(drop), outcome);
    }

    #[test]
    fn a_reply_that_fits_passes() {
        let expect = json!({"json": [{"path": "$.status", "equals": "healthy"}, {"path": "$.old", "exists": false}],
            "headers": {"Content-Type": "application/json"}, "maxLatencyMs": 40});
        check(r#"{"status": "healthy"}"#, expect, Ok(()));
        check("not JSON", json!({}), Ok(()));
        check(
            r#"{"none": null}"#,
            json!({"json": [{"path": "$.none", "equals": null}]}),
            Ok(()),
        );
    }

    #[test]
    fn the_first_difference_is_told() {
        let pong = || json!({"json": [{"path": "$.pong", "equals": true}]});
        check(
            r#"{"pong": false}"#,
            pong(),
            Err(("$.pong = true", "false")),
        );
        check("{}", pong(), Err(("$.pong = true", "nothing at the path")));
        check("<html>", pong(), Err(("a JSON body", "<html>")));
        let all = json!({"json": [{"path": "$[*]", "equals": 1}]});
        check("[1, 1]", all, Err(("$[*] = 1", "2 values at the path")));
        let old = json!({"json": [{"path": "$.old", "exists": false}]});
        check(r#"{"old": 1}"#, old, Err(("$.old does not exist", "1")));
        check(
            "",
            json!({"status": 204}),
            Err(("status 204", "status 200")),
        );
        check(
            "",
            json!({"headers": {"x-v": "1"}}),
            Err(("header x-v: 1", "no such header")),
        );
        check(
            "",
            json!({"maxLatencyMs": 39}),
            Err(("an answer within 39 ms", "40 ms")),
        );
    }

    #[test]
    fn one_failure_fails_and_nothing_checked_is_no_pass() {
        let result = |passed| CheckResult {
            check: "ping".to_owned(),
            target: "10.0.0.7:8080".to_owned(),
            passed,
            expected: "$.pong = true".to_owned(),
            found: "false".to_owned(),
            latency_ms: Some(3),
        };
        assert_eq!(
            verdict(&[result(true)]),
            (true, "1 checks passed".to_owned())
        );
        let told =
            "1 of 2 checks failed: ping on 10.0.0.7:8080: expected $.pong = true, found false";
        assert_eq!(
            verdict(&[result(true), result(false)]),
            (false, told.to_owned())
        );
        assert!(!verdict(&[]).0);
    }
}
