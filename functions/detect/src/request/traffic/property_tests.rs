//! Properties of `traffic`: whatever is written, a release never gets steps that could not be judged.

use super::policy::{PlannedSteps, TrafficPolicy};
use super::shift::Shift;
use super::spelling::spelled;
use proptest::prelude::*;
use shared::{Share, Step, VerdictMode};
use std::collections::BTreeSet;

/// Steps as a person may mean them, short ones among them.
fn any_steps() -> impl Strategy<Value = Vec<Step>> {
    let seconds = || prop_oneof![1..=600_u32, 1..=5000_u32];
    let below = prop::collection::btree_map(1..100_u8, seconds(), 0..20);
    (below, seconds()).prop_map(|(below, last)| {
        let steps = below.into_iter().chain([(100, last)]);
        let step = |(percent, seconds)| {
            Some(Step {
                share: Share::new(percent)?,
                seconds,
            })
        };
        steps.filter_map(step).collect()
    })
}

/// Any text, and what comes near to a spelling.
fn any_text() -> impl Strategy<Value = String> {
    let near = r"(CodeDeployDefault\.)?(ECS)?(Canary|Linear|AllAtOnce)[0-9]{0,4}Percent(Every)?[0-9]{0,11}Minutes?";
    prop_oneof![
        any::<String>(),
        near,
        "[0-9:, +.%-]{0,40}",
        any_steps().prop_map(|it| spelled(&it)),
    ]
}

fn any_policy() -> impl Strategy<Value = TrafficPolicy> {
    let mode = prop_oneof![Just(VerdictMode::Decide), Just(VerdictMode::Shadow)];
    let parameter = prop::option::of(any_text());
    (parameter, 1..=3600_u32, 0..=1800_u32, mode).prop_map(
        |(parameter, watch_seconds, grace_seconds, mode)| TrafficPolicy {
            parameter,
            watch_seconds,
            grace_seconds,
            mode,
        },
    )
}

/// The bounds of a release's steps.
fn assert_in_bounds(policy: &TrafficPolicy, steps: &[Step]) {
    let shares: Vec<Share> = steps.iter().map(|it| it.share).collect();
    let rising: BTreeSet<Share> = shares.iter().copied().collect();
    assert!(shares.iter().eq(&rising), "they rise, each once: {steps:?}");
    assert_eq!(shares.last(), Some(&Share::ALL));
    assert!((1..=20).contains(&steps.len()));
    let longest = steps
        .iter()
        .map(|it| u64::from(it.seconds + policy.grace_seconds));
    assert!(longest.sum::<u64>() <= 8100, "{steps:?}");
    assert!(steps.iter().all(|it| it.seconds > 0));
}

fn is_long_enough(steps: &[Step]) -> bool {
    let below = steps.iter().filter(|it| !it.share.is_all());
    below
        .enumerate()
        .all(|(at, it)| it.seconds >= if at == 0 { 300 } else { 240 })
}

proptest! {
    #[test]
    fn what_is_written_is_what_is_read(steps in any_steps()) {
        prop_assert_eq!(Shift::read(&spelled(&steps)), Ok(Shift::Steps(steps)));
    }

    #[test]
    fn steps_are_in_bounds_or_refused_with_what_was_expected(
        policy in any_policy(),
        requested in prop::option::of(any_text()),
    ) {
        let shift = requested.as_deref().map(Shift::read).transpose();
        match shift.and_then(|shift| policy.steps(shift.as_ref())) {
            Ok(PlannedSteps { steps, warning }) => {
                assert_in_bounds(&policy, &steps);
                let shadow = policy.mode == VerdictMode::Shadow && warning.is_some();
                prop_assert!(shadow || is_long_enough(&steps));
            }
            Err(reason) => {
                let reason = reason.as_str();
                prop_assert!(reason.contains("expected") || reason.contains("would do"), "{}", reason);
                prop_assert!(reason.chars().count() < 1200);
            }
        }
    }

    /// A refusal is of use: what it names is taken, unless it is too long for the push behind it.
    #[test]
    fn the_list_that_would_do_does(policy in any_policy(), steps in any_steps()) {
        let policy = TrafficPolicy { mode: VerdictMode::Decide, ..policy };
        let refused = policy.steps(Some(&Shift::Steps(steps)));
        let reason = refused.map_or_else(|it| it.into_reason(), |_| String::new());
        if let Some((before, _)) = reason.split_once(" would do") {
            let would_do = before.rsplit(' ').next().expect("a list");
            let again = policy.steps(Some(&Shift::read(would_do).expect("a list")));
            let fits = again.as_ref().is_ok_and(|it| it.warning.is_none());
            let too_long = again.is_err_and(|it| it.as_str().contains("at most 8100 s"));
            prop_assert!(fits || too_long, "{}", would_do);
        }
    }

    #[test]
    fn a_preset_gives_the_same_steps_in_either_mode(policy in any_policy(), name in any_text()) {
        if let Ok(shift @ (Shift::Preset(_) | Shift::AllAtOnce)) = Shift::read(&name) {
            let shadow = TrafficPolicy { mode: VerdictMode::Shadow, ..policy.clone() };
            let decides = TrafficPolicy { mode: VerdictMode::Decide, ..policy };
            prop_assert_eq!(shadow.steps(Some(&shift)), decides.steps(Some(&shift)));
        }
    }
}
