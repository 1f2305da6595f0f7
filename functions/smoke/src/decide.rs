//! Whether a reply is what the check expects.

use crate::client::Reply;
use crate::spec::{Expect, JsonExpect};
use serde_json::Value;

/// A value is shown up to this many characters.
const SHOWN: usize = 200;

/// What was expected, and what was found.
pub type Pair = (String, String);

/// Compares a reply with what is expected; `Ok` when it fits. The first difference is told.
pub fn compare(reply: &Reply, expect: &Expect) -> Result<Pair, Pair> {
    let status = format!("status {}", reply.status);
    if reply.status != expect.status {
        return Err((format!("status {}", expect.status), status));
    }
    let mut headers = expect.headers.iter();
    headers.try_for_each(|(name, value)| header(reply, name, value))?;
    if !expect.json.is_empty() {
        json(reply, &expect.json)?;
    }
    let latency = reply.latency_ms;
    match expect.max_latency_ms {
        Some(limit) if latency > limit => Err((
            format!("an answer within {limit} ms"),
            format!("{latency} ms"),
        )),
        Some(_) | None => Ok(("all expectations".to_owned(), status)),
    }
}

/// A header may be there several times, and parameters may follow its value.
fn header(reply: &Reply, name: &str, expected: &str) -> Result<(), Pair> {
    let headers = reply.headers.iter();
    let found: Vec<_> = headers
        .filter(|(found, _)| found.eq_ignore_ascii_case(name))
        .map(|(_, value)| value.as_str())
        .collect();
    let fits = |value: &&str| {
        let rest = value.strip_prefix(expected).map(str::trim_start);
        rest.is_some_and(|rest| rest.is_empty() || rest.starts_with(';'))
    };
    if found.iter().any(fits) {
        return Ok(());
    }
    let found = match found.as_slice() {
        [] => "no such header".to_owned(),
        values => shown(&values.join(", ")),
    };
    Err((shown(&format!("header {name}: {expected}")), found))
}

fn json(reply: &Reply, expectations: &[JsonExpect]) -> Result<(), Pair> {
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

fn at_path(body: &Value, expectation: &JsonExpect) -> Result<(), Pair> {
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
            Err((shown(&format!("{path} = {expected}")), found()))
        };
    }
    let wanted = expectation.exists.unwrap_or(true);
    let verb = if wanted { "exists" } else { "does not exist" };
    let expected = shown(&format!("{path} {verb}"));
    if nodes.is_empty() == wanted {
        Err((expected, found()))
    } else {
        Ok(())
    }
}

/// A text that is short enough for an answer and for a reader.
pub fn shown(text: &str) -> String {
    let mut short: String = text.chars().take(SHOWN).collect();
    if short.len() < text.len() {
        short.push_str("...");
    }
    short
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::spec;
    use serde_json::json;

    /// `check` against a JSON answer with two headers that took 40 ms.
    fn check(body: &str, expect: Value, outcome: Result<(), (&str, &str)>) {
        let spec = json!({"checks": [{"name": "a", "path": "/", "expect": expect}]});
        let spec = spec::read(Some(&spec.to_string())).expect("a spec");
        let header = |name: &str, value: &str| (name.to_owned(), value.to_owned());
        let headers = vec![
            header("content-type", "application/json; charset=utf-8"),
            header("vary", "origin"),
            header("vary", "accept"),
        ];
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
        check("", json!({"headers": {"vary": "accept"}}), Ok(()));
        check(
            "",
            json!({"headers": {"content-type": "application/json; charset=utf-8"}}),
            Ok(()),
        );
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
            json!({"headers": {"vary": "cookie"}}),
            Err(("header vary: cookie", "origin, accept")),
        );
        let prefix = json!({"headers": {"content-type": "application/js"}});
        let expected = "header content-type: application/js";
        check(
            "",
            prefix,
            Err((expected, "application/json; charset=utf-8")),
        );
        check(
            "",
            json!({"maxLatencyMs": 39}),
            Err(("an answer within 39 ms", "40 ms")),
        );
    }

    #[test]
    fn what_is_long_is_cut() {
        let long = "ä".repeat(300);
        let cut = format!("{}...", "ä".repeat(200));
        check(
            &long,
            json!({"json": [{"path": "$.a", "exists": true}]}),
            Err(("a JSON body", &cut)),
        );
    }
}
