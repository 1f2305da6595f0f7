//! A spec that cannot be used is refused by the field that is wrong.

use crate::spec::read;

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
    refused(
        r#"{"checks": [{"name": "a", "path": "/", "timeoutMs": "2"}]}"#,
        "checks[0].timeoutMs: invalid type: string \"2\", expected u64",
    );
    refused(r#"{"checks": []} x"#, "trailing characters");
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
        "check a: attempts: expected 1 to 10, found 0",
    );
    refused(
        r#"{"checks": [{"name": "a", "path": "/", "timeoutMs": 10001}]}"#,
        "check a: timeoutMs: expected 1 to 10000, found 10001",
    );
    refused(
        r#"{"checks": [{"name": "a", "path": "/", "method": "G T"}]}"#,
        "check a: method: expected a method such as GET, found G T",
    );
    refused(
        r#"{"checks": [{"name": "a", "path": "/", "headers": {"a b": ""}}]}"#,
        "check a: headers: expected a header's name, found \"a b\"",
    );
    refused(
        r#"{"checks": [{"name": "a", "path": "/", "expect": {"headers": {"x": "\n"}}}]}"#,
        "check a: expect.headers.x: expected a header's value, without line breaks",
    );
}

#[test]
fn what_may_be_secret_in_a_spec_is_not_shown() {
    for check in [
        r#"{"name": "a", "path": "http://ops:s3cret@host/"}"#,
        r#"{"name": "a", "path": "health?key=s3cret"}"#,
        r#"{"name": "a", "path": "/", "headers": {"x-key": "s3cret\n"}}"#,
        r#"{"name": "a", "path": "/", "headers": {"x-key": ["s3cret"]}}"#,
        r#"{"name": "a", "path": "/", "expect": {"headers": {"x-key": {"s3cret": 1}}}}"#,
        r#"{"name": "a", "path": "/", "expect": {"headers": {"x-key": "s3cret\n"}}}"#,
    ] {
        let error = read(Some(&format!(r#"{{"checks": [{check}]}}"#)));
        let error = error.expect_err("not a spec").to_string();
        assert!(error.contains("expected a"), "{error}");
        assert!(!error.contains("s3cret"), "{error}");
    }
}

#[test]
fn an_assertion_needs_a_path_and_one_expectation() {
    let json = |assertion| {
        format!(
            r#"{{"checks": [{{"name": "a", "path": "/", "expect": {{"json": [{assertion}]}}}}]}}"#
        )
    };
    refused(
        &json(r#"{"path": "status", "equals": 1}"#),
        "expected a JSONPath",
    );
    refused(
        &json(r#"{"path": "$.a"}"#),
        "expect.json $.a: expected one of equals and exists, found neither",
    );
    refused(
        &json(r#"{"path": "$.a", "equals": 1, "exists": true}"#),
        "expect.json $.a: expected one of equals and exists, found both",
    );
}

#[test]
fn a_path_that_would_take_for_ever_to_read_is_refused_at_once() {
    let spec = |path: String| {
        let expect = serde_json::json!({"json": [{"path": path, "exists": true}]});
        serde_json::json!({"checks": [{"name": "a", "path": "/", "expect": expect}]}).to_string()
    };
    let nested = |levels: usize| format!("${}{}", "[?@".repeat(levels), "]".repeat(levels));
    assert!(read(Some(&spec(nested(6)))).is_ok());
    for levels in [7, 30, 1500] {
        let expect = format!("at most 6 filters (?), found {levels}");
        refused(&spec(nested(levels)), &expect);
    }
    let many = format!("${}", "['a'][0]".repeat(50));
    assert!(read(Some(&spec(many))).is_ok());
}

#[test]
fn a_secret_may_stand_in_headers_only() {
    for (field, rest) in [
        ("path", r#""path": "/{{secret}}""#),
        ("body", r#""path": "/", "body": [{"{{secret:a}}": 1}]"#),
        (
            "expect.headers",
            r#""path": "/", "expect": {"headers": {"x": "{{secret}}"}}"#,
        ),
        (
            "expect.json",
            r#""path": "/", "expect": {"json": [{"path": "$.a", "equals": ["{{secret}}"]}]}"#,
        ),
    ] {
        let expect = format!("check a: {field}: a secret may stand in headers only");
        refused(
            &format!(r#"{{"checks": [{{"name": "a", {rest}}}]}}"#),
            &expect,
        );
    }
    for header in [
        "{{secret:}}",
        "{{secret",
        "{{secrets}}",
        "{{secret}} {{secret:key}",
    ] {
        let text = format!(
            r#"{{"checks": [{{"name": "a", "path": "/", "headers": {{"x": "{header}"}}}}]}}"#
        );
        refused(&text, "headers.x: expected {{secret}} or {{secret:KEY}}");
    }
}
