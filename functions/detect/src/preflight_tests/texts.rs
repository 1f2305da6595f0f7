//! The texts that a person gets of findings.

use super::{CHECKS, cases, world};
use crate::preflight::{Severity, describe, may_pass};
use aws_sdk_elasticloadbalancingv2::types::TargetTypeEnum;

#[test]
fn a_check_says_once_what_to_do_wherever_it_found_something() {
    let world = world(|it| {
        let blue = it.blue().group.as_mut().expect("a group");
        blue.target_type = Some(TargetTypeEnum::Instance);
        it.group().target_type = Some(TargetTypeEnum::Instance);
        it.blue().targets.clear();
    });
    let reason = may_pass(&world.findings()).expect_err("a refusal");
    assert_eq!(
        reason.as_str(),
        "unreachable-targets: the targets of blue's target group are of type instance, expected ip; \
         the targets of green's target group are of type instance, expected ip. \
         The smoke checks ask each target by its IP address and would prove nothing. \
         Set the environment's base URL (BlueBaseUrl, GreenBaseUrl). \
         no-healthy-target: active blue has no healthy target (registered: 0). \
         A flip back would find nothing that works. \
         Make the active environment healthy first, or point the rules at the environment that works."
    );
}

#[test]
fn a_text_ends_its_sentences_once() {
    for (name, severity, _, change) in cases() {
        let world = world(|it| {
            change(it);
            if let Ok(alarms) = &mut it.facts.alarms {
                alarms.reason = "before the flip: alarm latency: too slow. Wait.".to_owned();
                alarms.warnings.iter_mut().for_each(|it| it.push('.'));
            }
        });
        let findings = world.findings();
        let texts = describe(findings.iter().filter(|it| it.severity == *severity));
        assert_eq!(texts.len(), 1, "{name}: {texts:?}");
        let text = texts[0].1.replace("sha256:...", "");
        let doubled = ["..", ".;", ";.", "; ;", "  "];
        assert!(!doubled.iter().any(|it| text.contains(it)), "{text}");
        assert!(text.ends_with('.'), "{text}");
    }
    for check in CHECKS {
        assert!(check.matters.ends_with('.') && check.remedy.ends_with('.'));
        assert_ne!(check.severity, Severity::Unknown, "{}", check.name);
    }
}
