//! How the configuration is read.

use super::healthy::ROLE;
use crate::preflight::{CHECKS, PreflightPolicy, Severity};
use shared::Error;
use shared::config::Settings;

fn read(refuse_on_warnings: &'static str) -> Result<PreflightPolicy, Error> {
    PreflightPolicy::read(&Settings(move |name: &str| match name {
        "REFUSE_ON_WARNINGS" => Some(refuse_on_warnings.to_owned()),
        "TASK_ROLE_ARNS" => Some(format!("{ROLE}, arn:b")),
        "PREVIEW_RULE_ARNS" => Some("arn:c".to_owned()),
        "IDLE_RULE_ARNS" => Some("arn:d".to_owned()),
        "GREEN_BASE_URL" => Some("http://green.internal".to_owned()),
        _ => None,
    }))
}

#[test]
fn the_policy_is_read_from_the_variables() {
    let policy = read("health-path, image-gone").expect("policy");
    assert_eq!(policy.refuse_on_warnings, ["health-path", "image-gone"]);
    assert_eq!(policy.passable_roles, [ROLE, "arn:b"]);
    assert_eq!(policy.preview_rules, ["arn:c"]);
    assert_eq!(policy.idle_rules, ["arn:d"]);
    let urls = &policy.base_urls;
    assert_eq!(urls.blue, None);
    assert_eq!(urls.green.as_deref(), Some("http://green.internal"));
    assert!(read("").expect("policy").refuse_on_warnings.is_empty());
}

#[test]
fn an_unknown_name_in_refuse_on_warnings_is_an_error_that_lists_the_known_ones() {
    let error = read("health-path, helth-path").expect_err("unknown");
    assert!(matches!(error, Error::InvalidConfiguration(_)), "{error:?}");
    let message = error.to_string();
    assert!(message.contains("found helth-path"), "{message}");
    for check in CHECKS {
        let is_known = check.severity != Severity::Note;
        assert_eq!(
            message.contains(check.name),
            is_known,
            "{}: {message}",
            check.name
        );
    }
}

#[test]
fn a_note_cannot_be_made_a_refusal() {
    let error = read("release-waits").expect_err("a note").to_string();
    assert!(error.contains("found release-waits"), "{error}");
}
