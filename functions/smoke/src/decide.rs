//! Whether a reply is what the check expects.

use crate::comparison::Comparison;
use crate::reply::Reply;
use crate::spec::{Expect, JsonExpect};
use serde_json::Value;
use shared::listed;

/// Compares a reply with what is expected.
///
/// # Errors
/// The first difference.
pub fn compare(reply: &Reply, expect: &Expect) -> Result<Comparison, Comparison> {
    let status = format!("status {}", reply.status);
    if reply.status != expect.status {
        return differs(&format!("status {}", expect.status), &status);
    }
    for (name, value) in &expect.headers {
        compare_header(reply, name, value)?;
    }
    if !expect.json.is_empty() {
        compare_json(reply, &expect.json)?;
    }
    let latency = reply.latency_ms;
    if let Some(limit) = expect.max_latency_ms.filter(|limit| latency > *limit) {
        let expected = format!("an answer within {limit} ms");
        return differs(&expected, &format!("{latency} ms"));
    }
    Ok(Comparison::new("all expectations", &status))
}

/// Headers whose values say nothing secret; those of all others, such as cookies and keys, are not quoted.
const QUOTED_HEADERS: [&str; 7] = [
    "allow",
    "cache-control",
    "content-encoding",
    "content-length",
    "content-type",
    "server",
    "vary",
];

fn differs<T>(expected: &str, found: &str) -> Result<T, Comparison> {
    Err(Comparison::new(expected, found))
}

/// A header may be there several times, and parameters may follow its value.
fn compare_header(reply: &Reply, name: &str, expected: &str) -> Result<(), Comparison> {
    let headers = reply.headers.iter();
    let headers = headers.filter(|(header, _)| header.eq_ignore_ascii_case(name));
    let values: Vec<_> = headers.map(|(_, value)| value.as_str()).collect();
    let fits = |value: &&str| {
        let rest = value.strip_prefix(expected).map(str::trim_start);
        rest.is_some_and(|rest| rest.is_empty() || rest.starts_with(';'))
    };
    if values.iter().any(fits) {
        return Ok(());
    }
    let quotes = QUOTED_HEADERS
        .iter()
        .any(|it| name.eq_ignore_ascii_case(it));
    let expected = match quotes {
        true => format!("header {name}: {expected}"),
        false => format!("the value that is given for header {name}"),
    };
    match values.as_slice() {
        [] => differs(&expected, "no such header"),
        values if quotes => differs(&expected, &listed(values, ", ")),
        _ => differs(&expected, "another value"),
    }
}

fn compare_json(reply: &Reply, expectations: &[JsonExpect]) -> Result<(), Comparison> {
    let expected = "a JSON body";
    if reply.truncated {
        let found = format!("a body of more than {} bytes", reply.body.len());
        return differs(expected, &found);
    }
    let Ok(body) = serde_json::from_slice(&reply.body) else {
        return differs(expected, &String::from_utf8_lossy(&reply.body));
    };
    let mut expectations = expectations.iter();
    expectations.try_for_each(|expectation| compare_at_path(&body, expectation))
}

fn compare_at_path(body: &Value, expectation: &JsonExpect) -> Result<(), Comparison> {
    let path = &expectation.path;
    let nodes = path.query(body).all();
    let (fits, expected) = match (&expectation.equals, expectation.exists.unwrap_or(true)) {
        (Some(value), _) => (nodes == [value], format!("{path} = {value}")),
        (None, true) => (!nodes.is_empty(), format!("{path} exists")),
        (None, false) => (nodes.is_empty(), format!("{path} does not exist")),
    };
    match nodes.as_slice() {
        _ if fits => Ok(()),
        [] => differs(&expected, "nothing at the path"),
        [value] => differs(&expected, &value.to_string()),
        several => differs(&expected, &format!("{} values at the path", several.len())),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::mask::Mask;
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
            header("x-session", "s3cret"),
        ];
        let body = body.as_bytes().to_vec();
        let reply = Reply {
            status: 200,
            headers,
            body,
            truncated: false,
            latency_ms: 40,
        };
        let compared = compare(&reply, &spec.checks[0].expect);
        let outcome = outcome.map_err(|(expected, found)| Comparison {
            expected: expected.to_owned(),
            found: found.to_owned(),
        });
        let shown = compared.map_err(|it| it.shown(&Mask::default()));
        assert_eq!(shown.map(drop), outcome);
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
    fn the_first_difference_is_named() {
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
            Err(("the value that is given for header x-v", "no such header")),
        );
        check(
            "",
            json!({"headers": {"vary": "cookie"}}),
            Err(("header vary: cookie", "origin, accept")),
        );
        check(
            "",
            json!({"headers": {"X-Session": "other"}}),
            Err((
                "the value that is given for header X-Session",
                "another value",
            )),
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
    fn what_controls_a_terminal_is_stripped() {
        check(
            "\u{1b}[2Jall\r\nis \u{202e}well",
            json!({"json": [{"path": "$.a", "exists": true}]}),
            Err(("a JSON body", "[2Jall is well")),
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
