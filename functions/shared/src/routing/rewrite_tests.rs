//! Whatever split a rule: it is the rule again that was found, but for the environment that gets everything.

use super::super::live::forward_of;
use super::super::sample_rules::{
    LISTENER, RULE, exchanged, own, routing, rule, share, simple, split, to_green,
};
use super::super::{forward_targets, original_forwards};
use super::*;
use crate::{Environment, Share};
use aws_sdk_elasticloadbalancingv2::types::AuthenticateOidcActionConfig;
use proptest::prelude::*;

fn behind_sign_in(mut rule: LiveRule) -> LiveRule {
    let oidc = AuthenticateOidcActionConfig::builder()
        .issuer("https://id")
        .client_id("shop")
        .use_existing_client_secret(true);
    let login = Action::builder()
        .r#type(ActionTypeEnum::AuthenticateOidc)
        .order(1)
        .authenticate_oidc_config(oidc.build());
    rule.actions[0].order = Some(2);
    rule.actions.insert(0, login.build());
    rule
}

/// Every shape of a forward of which blue gets everything.
fn any_rule() -> impl Strategy<Value = LiveRule> {
    let blue = Environment::Blue;
    let green = Environment::Green;
    let both = (1..=999, any::<bool>()).prop_map(move |(weight, reversed)| {
        let mut groups = vec![(blue, Some(weight)), (green, Some(0))];
        if reversed {
            groups.reverse();
        }
        (false, groups)
    });
    let alone = prop::option::of(1..=999);
    let shape = prop_oneof![
        Just((true, vec![])),
        alone
            .clone()
            .prop_map(move |weight| (true, vec![(blue, weight)])),
        alone.prop_map(move |weight| (false, vec![(blue, weight)])),
        both,
    ];
    let arn = prop::sample::select(vec![RULE, LISTENER]);
    (arn, shape, any::<bool>(), any::<bool>()).prop_map(|(arn, (single, groups), sticky, signs)| {
        let rule = rule(arn, single, &groups, sticky);
        if signs { behind_sign_in(rule) } else { rule }
    })
}

/// Writes what makes the rule send traffic so; the rule itself where there is nothing to write.
fn written(rule: &LiveRule, traffic: Traffic, own: &Splits<'_>) -> LiveRule {
    let writes = routing().rewritten(std::slice::from_ref(rule), traffic, &[*own]);
    let written = writes.expect("a rule of ours").pop();
    let written = written.unwrap_or_else(|| rule.clone());
    assert_eq!(routing().traffic_of(&written, traffic.to), Ok(traffic));
    let again = routing().rewritten(std::slice::from_ref(&written), traffic, &[*own]);
    assert_eq!(again, Ok(Vec::new()), "a second write");
    written
}

/// The rule but for its forward's groups.
fn frame(rule: &LiveRule) -> LiveRule {
    let mut rule = rule.clone();
    for action in &mut rule.actions {
        action.target_group_arn = None;
        let stickiness = action.forward_config.take();
        action.forward_config = stickiness
            .and_then(|config| config.target_group_stickiness_config)
            .map(|it| {
                ForwardActionConfig::builder()
                    .target_group_stickiness_config(it)
                    .build()
            });
    }
    rule
}

/// The forward as a share of green leaves it.
fn assert_split(live: &LiveRule, found: &LiveRule, percent: u8) {
    let forward = forward_of(&live.actions).expect("a forward");
    assert_eq!(forward.target_group_arn(), None);
    let percent = i32::from(percent);
    let expect = [("tg-blue", 100 - percent), ("tg-green", percent)];
    let expect = expect.map(|(group, weight)| (group.to_owned(), weight));
    assert_eq!(forward_targets(&live.actions), expect);
    assert_eq!(frame(live), frame(found));
}

proptest! {
    #[test]
    fn whatever_split_a_rule_it_is_itself_again(
        found in any_rule(),
        shares in prop::collection::btree_set(1u8..=99, 1..4),
    ) {
        let originals = original_forwards(std::slice::from_ref(&found));
        let (mut live, mut passed) = (found.clone(), None);
        for percent in shares {
            let next = Some(share(percent));
            live = written(&live, to_green(share(percent)), &own([next, passed], &originals));
            assert_split(&live, &found, percent);
            passed = next;
        }
        let splits = own([passed, None], &originals);
        let back = Traffic::all(Environment::Blue);
        assert_eq!(written(&live, back, &splits), found);
        let all = written(&live, to_green(Share::ALL), &splits);
        assert_eq!(all, exchanged(&found));
        assert_eq!(written(&all, back, &splits), found);
    }
}

fn refused(rules: &[LiveRule], traffic: Traffic, own: &Splits<'_>, says: &str) {
    let refusal = routing().rewritten(rules, traffic, &[*own]);
    let refusal = refusal.expect_err("a refusal");
    assert!(refusal.as_str().contains(says), "{refusal}");
}

/// The first share, before the record has any forward of the release.
#[test]
fn what_is_split_before_the_first_share_is_a_persons() {
    let first = own([Some(share(10)), None], &[]);
    refused(
        &[split(RULE, 90, 10)],
        to_green(share(10)),
        &first,
        "splits traffic",
    );
    let written = routing().rewritten(&[simple(RULE)], to_green(share(10)), &[first]);
    assert_eq!(written, Ok(vec![split(RULE, 90, 10)]));
}

/// A flip that died between two rules, on its way from one share to the next.
#[test]
fn rules_that_differ_all_get_the_same_share_or_none() {
    let found = [simple(RULE), simple(LISTENER)];
    let originals = original_forwards(&found);
    let splits = own([Some(share(50)), Some(share(10))], &originals);
    let live = [split(RULE, 50, 50), split(LISTENER, 90, 10)];
    let goes_on = routing().rewritten(&live, to_green(share(50)), &[splits]);
    assert_eq!(goes_on, Ok(vec![split(LISTENER, 50, 50)]));
    let back = routing().rewritten(&live, Traffic::all(Environment::Blue), &[splits]);
    assert_eq!(back, Ok(found.to_vec()));
}

#[test]
fn a_rule_that_was_not_there_at_the_first_share_gets_no_share() {
    let originals = original_forwards(&[simple(RULE)]);
    let splits = own([Some(share(50)), Some(share(10))], &originals);
    let rules = [split(RULE, 90, 10), simple(LISTENER)];
    refused(
        &rules,
        to_green(share(50)),
        &splits,
        "was not among the rules",
    );
    let all = routing().rewritten(&rules, to_green(Share::ALL), &[splits]);
    assert_eq!(all.map(|writes| writes.len()), Ok(2));
}

#[test]
fn a_split_that_is_not_the_releases_own_is_refused_forward_and_back() {
    let originals = original_forwards(&[simple(RULE)]);
    let splits = own([Some(share(50)), Some(share(10))], &originals);
    let back = Traffic::all(Environment::Blue);
    for foreign in [split(RULE, 80, 20), split(LISTENER, 90, 10)] {
        let rules = [foreign];
        refused(&rules, back, &splits, "Give one of them all of the weight");
        refused(&rules, to_green(share(50)), &splits, "splits traffic");
    }
}
