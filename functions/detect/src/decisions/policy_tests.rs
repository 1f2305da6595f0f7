//! The tests of `policy.rs`.

use super::*;
use crate::request::{MigrationStep, Request};
use record::{WhenNewerPushed, WhenNotApproved};

const DEFAULTS: [(&str, &str); 9] = [
    ("APPROVAL_BEFORE", "none"),
    ("APPROVAL_TIMEOUT_SECONDS", "86400"),
    ("WHEN_NOT_APPROVED", "reject"),
    ("WHEN_NEWER_PUSHED", "keep"),
    ("HOLD_TIMEOUT_SECONDS", "3600"),
    ("FREEZE_AFTER_ROLLBACK", "off"),
    ("AFTER_FREEZE", "name"),
    ("RELEASE_WINDOW_TIMEZONE", "UTC"),
    ("POLL_SECONDS", "15"),
];

/// The defaults, but for these variables.
fn read(others: &[(&str, &str)]) -> Result<DecisionPolicy, Error> {
    let settings = Settings(|name: &str| {
        let mut all = others.iter().chain(&DEFAULTS);
        let found = all.find(|(variable, _)| *variable == name)?;
        Some(found.1.to_owned())
    });
    DecisionPolicy::read(&settings)
}

#[test]
fn by_default_nobody_is_asked_and_releases_begin_at_any_time() {
    let policy = read(&[]).expect("a policy");
    assert_eq!(policy.approval.before, []);
    assert_eq!(policy.approval.seconds, 86_400);
    assert_eq!((policy.hold_seconds, policy.poll_seconds), (3600, 15));
    assert_eq!(policy.after_freeze, AfterFreeze::Name);
    assert!(!policy.freeze_after_rollback && policy.window.is_none());
    let requested = ExecutionRequest::from(Request::Tag("v1".to_owned()));
    assert_eq!(policy.approval_of(&requested), None);
}

#[test]
fn every_setting_is_read() {
    let policy = read(&[
        ("APPROVAL_BEFORE", "flip, each-step,finish,commands"),
        ("WHEN_NOT_APPROVED", "approve"),
        ("WHEN_NEWER_PUSHED", "replace"),
        ("FREEZE_AFTER_ROLLBACK", "on"),
        ("AFTER_FREEZE", "release"),
        ("RELEASE_WINDOW", "* 9-16 * * MON-THU"),
        ("RELEASE_WINDOW_TIMEZONE", "Europe/Berlin"),
    ]);
    let policy = policy.expect("a policy");
    let all = [
        ApprovalBefore::Flip,
        ApprovalBefore::EachStep,
        ApprovalBefore::Finish,
        ApprovalBefore::Commands,
    ];
    assert_eq!(policy.approval.before, all);
    assert_eq!(policy.approval.when_not_approved, WhenNotApproved::Approve);
    assert_eq!(policy.approval.when_newer_pushed, WhenNewerPushed::Replace);
    assert!(policy.freeze_after_rollback);
    assert_eq!(policy.after_freeze, AfterFreeze::Release);
    let window = policy.window.expect("a window").expect("a good one");
    assert_eq!(window.to_string(), "* 9-16 * * MON-THU (Europe/Berlin)");
}

#[test]
fn a_setting_that_is_none_is_named_and_a_window_refuses_only_what_would_begin() {
    for (variable, value) in [
        ("APPROVAL_BEFORE", "none,flip"),
        ("APPROVAL_BEFORE", "steps"),
        ("WHEN_NOT_APPROVED", "ask"),
        ("FREEZE_AFTER_ROLLBACK", "yes"),
        ("AFTER_FREEZE", ""),
        ("POLL_SECONDS", "often"),
    ] {
        let error = read(&[(variable, value)]).expect_err("no policy");
        assert_eq!(error.name(), "InvalidConfiguration");
        assert!(error.to_string().contains(variable), "{error}");
    }
    let policy = read(&[("RELEASE_WINDOW", "tonight")]).expect("a policy");
    assert!(policy.window.expect("a window").is_err());
}

#[test]
fn the_gate_before_commands_is_for_what_a_request_brings_and_a_sync_has_no_gate() {
    let policy = read(&[("APPROVAL_BEFORE", "commands,finish")]).expect("a policy");
    let plain = ExecutionRequest::from(Request::Tag("v1".to_owned()));
    let brings = ExecutionRequest {
        migration: Some(MigrationStep::default()),
        ..plain.clone()
    };
    let sync = ExecutionRequest::from(Request::Sync { if_drifted: false });
    let before = |requested: &ExecutionRequest| {
        let approval = policy.approval_of(requested);
        approval.map(|approval| approval.before)
    };
    assert_eq!(before(&plain), Some(vec![ApprovalBefore::Finish]));
    let both = vec![ApprovalBefore::Commands, ApprovalBefore::Finish];
    assert_eq!(before(&brings), Some(both));
    assert_eq!(before(&sync), None);
    let only = read(&[("APPROVAL_BEFORE", "commands")]).expect("a policy");
    assert_eq!(only.approval_of(&plain), None);
}
