//! What the script makes of texts and times, and where it says a person can look.

use crate::bash;
use serde_json::{Value, json};

#[test]
fn given_what_either_version_of_the_cli_prints_then_the_seconds_are_the_same() {
    for (time, seconds) in [
        ("1795704076.552", "1795704076"),
        ("2026-11-26T14:41:16.552000+00:00", "1795704076"),
        ("1970-01-01T00:00:00+00:00", "0"),
        ("2024-02-29T23:59:59.9Z", "1709251199"),
        ("2024-03-01T00:00:00.000000+00:00", "1709251200"),
        ("2026-08-09T08:09:08.000000+00:00", "1786262948"),
    ] {
        assert_eq!(bash("seconds_of \"$1\"", &[time]), seconds, "{time}");
    }
}

#[test]
fn given_an_output_then_its_texts_are_read_out_of_the_json() {
    let output = r#"{"result": "nothing to release", "reason":"a \"quoted\" word,\na back\\slash", "to": null}"#;
    let read = |key| bash("json_text \"$1\" \"$2\"", &[key, output]);
    assert_eq!(read("result"), "nothing to release");
    assert_eq!(read("reason"), "a \"quoted\" word, a back\\slash");
    assert_eq!(read("to"), "");
    assert_eq!(read("none"), "");
}

/// A block of YAML ends with a line break, which an answer of AWS has lost when a second run compares both.
#[test]
fn given_a_request_from_yaml_then_it_is_compared_without_the_white_space_at_its_end() {
    let command = "input=$1; read_request '' '' '' '' ''; printf '[%s]' \"$input\"";
    for (given, kept) in [
        ("{\"tag\": \"v1\"}\n", "[{\"tag\": \"v1\"}]"),
        (
            "{\n  \"tag\": \"v1\"\n} \t\r\n\n",
            "[{\n  \"tag\": \"v1\"\n}]",
        ),
        ("{}", "[{}]"),
    ] {
        assert_eq!(bash(command, &[given]), kept, "{given:?}");
    }
}

/// A person writes why, and no quote of that person's ends a JSON string.
#[test]
fn given_a_reason_to_override_a_freeze_then_it_stands_in_the_request_as_it_was_written() {
    let command = "input=; read_request v1 '' '' \"$2\" \"$1\"; printf '%s' \"$input\"";
    for (reason, traffic) in [
        ("a \"hot\" fix", ""),
        ("C:\\new \\\" ünï $HOME `id`", "AllAtOnce"),
        ("\", \"action\": \"rollback", ""),
    ] {
        let request = bash(command, &[reason, traffic]);
        let request: Value = serde_json::from_str(&request).expect("JSON");
        let traffic = (!traffic.is_empty()).then_some(traffic);
        assert_eq!(request["override"], reason);
        assert_eq!(request["traffic"].as_str(), traffic);
        let kind = bash("json_text action \"$1\"", &[&request.to_string()]);
        assert_eq!((&request["tag"], kind.as_str()), (&json!("v1"), ""));
    }
    let refused = "refuse() { echo \"$1\"; exit; }; ";
    let lines = format!("{refused}input=; read_request v1 '' '' '' $'a\\nb'");
    assert!(bash(&lines, &[]).contains("a reason of one line"));
    let twice = format!("{refused}input={{}}; read_request '' '' '' '' why");
    assert!(bash(&twice, &[]).contains("belong into the JSON of --input"));
}

/// A task's own output may stand in a cause, and a runner takes such lines for commands to itself.
#[test]
fn given_a_cause_with_commands_for_a_runner_then_they_are_no_commands_any_more() {
    let cause = "  smoke\n::add-mask::x\r\n##[error]y\u{1b}[31m";
    assert_eq!(
        bash("one_line \"$1\"", &[cause]),
        "smoke ::add-mask::x  # #[error]y [31m"
    );
}

#[test]
fn given_a_partition_then_the_link_leads_to_its_console() {
    for (partition, region, begins) in [
        (
            "aws",
            "eu-west-1",
            "https://eu-west-1.console.aws.amazon.com/states/home?region=eu-west-1#/v2/executions/details/",
        ),
        (
            "aws-cn",
            "cn-north-1",
            "https://cn-north-1.console.amazonaws.cn/states/home?region=cn-north-1#",
        ),
        (
            "aws-us-gov",
            "us-gov-west-1",
            "https://us-gov-west-1.console.amazonaws-us-gov.com/states/home?region=",
        ),
    ] {
        let execution =
            format!("arn:{partition}:states:{region}:123456789012:execution:shop-release:c");
        let url = bash("region=$1; console_url \"$2\"", &[region, &execution]);
        assert!(
            url.starts_with(begins) && url.ends_with(&execution),
            "{url}"
        );
    }
}
