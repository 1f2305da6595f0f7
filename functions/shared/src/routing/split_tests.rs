//! Which splits are a release's own, and where rules send traffic.

use super::super::original_forwards;
use super::super::sample_rules::{
    LISTENER, RULE, exchanged, own, routing, share, simple, split, to_green,
};
use super::*;

#[test]
fn only_the_shares_of_the_release_on_the_rules_that_it_split_are_its_own() {
    let originals = original_forwards(&[simple(RULE)]);
    let splits = own([Some(share(50)), Some(share(10))], &originals);
    let is_own = |rule: &LiveRule| routing().own_traffic(rule, &splits).is_some();
    assert!(is_own(&split(RULE, 90, 10)) && is_own(&split(RULE, 50, 50)));
    for other in [
        simple(RULE),
        split(RULE, 80, 20),
        split(RULE, 10, 90),
        split(RULE, 5, 5),
        split(RULE, 0, 100),
        split(LISTENER, 90, 10),
    ] {
        assert!(!is_own(&other), "{other:?}");
    }
}

#[test]
fn traffic_is_what_all_rules_say_alike() {
    let check = |rules: &[LiveRule], expect: Result<Traffic, &str>| match (
        routing().traffic(rules, Environment::Green),
        expect,
    ) {
        (Ok(found), Ok(expect)) => assert_eq!(found, expect),
        (Err(refusal), Err(part)) => assert!(refusal.as_str().contains(part), "{refusal}"),
        (found, expect) => panic!("found {found:?}, expected {expect:?}"),
    };
    let (blue, tenth) = (Traffic::all(Environment::Blue), split(RULE, 90, 10));
    check(&[simple(RULE), split(RULE, 100, 0)], Ok(blue));
    check(&[tenth.clone(), tenth.clone()], Ok(to_green(share(10))));
    check(&[exchanged(&split(RULE, 10, 90))], Ok(to_green(share(10))));
    check(&[], Err("no rule"));
    check(&[tenth, simple(LISTENER)], Err("forwards to green (10 %)"));
    check(&[split(RULE, 9, 1)], Err("splits traffic"));
    check(&[split(RULE, 990, 10)], Err("splits traffic"));
}
