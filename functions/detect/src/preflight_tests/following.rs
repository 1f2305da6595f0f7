//! Rules that follow each flip to the idle environment: what they cannot stand for, and what nobody need be told.

use super::cases::Case;
use super::harmless::Harmless;
use super::routes::{by_header, forwarding_to, weighted};
use super::world::World;
use crate::preflight::Severity::Refusal;
use record::Phase;

pub const FOLLOWING: &[Case] = &[
    (
        "way-back-shut",
        Refusal,
        "after the flip blue's target group tg-blue would be on no rule",
        |world| {
            world.remove_rules(&["arn:blue-preview"]);
            world.follow(by_header(forwarding_to("tg-green")));
        },
    ),
    // It goes to blue by now, and could go to green before the flip.
    (
        "way-back-shut",
        Refusal,
        "after the flip blue's target group tg-blue would be on no rule",
        |world| {
            world.remove_rules(&["arn:blue-preview"]);
            world.follow(by_header(forwarding_to("tg-blue")));
        },
    ),
    // A rollback would flip this release back, so it is no remedy.
    (
        "way-back-shut",
        Refusal,
        "is on no rule (unused), and arn:by-header (IdleRuleArns) has not followed",
        |world| {
            world.release().phase = Phase::Stable;
            world.remove_rules(&["arn:green-preview"]);
            world.follow(by_header(forwarding_to("tg-blue")));
        },
    ),
    (
        "same-twice",
        Refusal,
        "arn:rule is in ListenerRuleArns and in IdleRuleArns",
        |world| world.policy.idle_rules.push("arn:rule".to_owned()),
    ),
    (
        "same-twice",
        Refusal,
        "arn:by-header is in PreviewRuleArns and in IdleRuleArns",
        |world| {
            world.follow(by_header(forwarding_to("tg-green")));
            world.policy.preview_rules.push("arn:by-header".to_owned());
        },
    ),
];

pub const FOLLOWED: &[Harmless] = &[
    ("a rule that follows to the idle environment", |world| {
        world.follow(by_header(forwarding_to("tg-green")));
    }),
    ("one that has not followed yet", |world| {
        world.follow(by_header(forwarding_to("tg-blue")));
    }),
    (
        "one that is all that green is on now, since a flip puts it on another",
        |world| {
            world.remove_rules(&["arn:green-preview"]);
            world.follow(by_header(forwarding_to("tg-green")));
        },
    ),
    ("one that exchanges both groups, and no preview", |world| {
        world.remove_rules(&["arn:blue-preview", "arn:green-preview"]);
        world.follow(by_header(weighted(0, 1, false)));
    }),
];

/// Nobody gives green traffic now, so asking again for the flip back moves nothing but this rule.
#[test]
fn a_rule_that_has_not_followed_a_flip_back_is_named_with_what_lets_it_follow() {
    let shut = |phase| {
        let mut world = World::healthy();
        world.release().phase = phase;
        world.remove_rules(&["arn:green-preview"]);
        world.follow(by_header(forwarding_to("tg-blue")));
        let mut findings = world.findings().into_iter();
        let shut = findings.find(|it| it.name == "way-back-shut");
        shut.expect("a finding").found
    };
    let again = "arn:by-header (IdleRuleArns) has not followed: {\"action\": \"rollback\"} again lets it follow";
    let found = shut(Phase::RolledBack);
    assert!(found.ends_with(again), "{found}");
    let found = shut(Phase::Stable);
    assert!(found.ends_with("has not followed"), "{found}");
}
