//! The tests of `watch.rs`.

use super::*;
use fixtures::{at, release_plan};

fn plan(steps: &[(u8, u32)]) -> ReleasePlan {
    let step = |(percent, seconds): &(u8, u32)| Step {
        share: Share::new(*percent).expect("a share"),
        seconds: *seconds,
    };
    ReleasePlan {
        steps: steps.iter().map(step).collect(),
        active_since: Some(at(-7)),
        ..release_plan()
    }
}

#[test]
fn a_step_is_one_of_the_plans() {
    let plan = plan(&[(10, 300), (100, 120)]);
    let first = Watch::of(&plan, 0).expect("a step");
    assert_eq!((first.step.seconds, first.steps), (300, 2));
    assert_eq!((first.to, first.active_since), (plan.to, Some(at(-7))));
    let last = Watch::of(&plan, 1).expect("a step");
    assert!(first.is_concurrent() && !last.is_concurrent());
    let error = Watch::of(&plan, 2).expect_err("no third step").to_string();
    assert_eq!(error, "expected a step below 2, as the plan has 2, found 2");
}

#[test]
fn a_plan_of_before_there_were_steps_has_the_flip_of_then() {
    let watch = Watch::of(&plan(&[]), 0).expect("a step");
    assert_eq!((watch.step.share, watch.step.seconds), (Share::ALL, 120));
    assert!(Watch::of(&plan(&[]), 1).is_err());
}

/// Times that begin with a minute.
#[test]
fn the_minutes_that_judge_are_what_is_left_of_the_step() {
    let plan = plan(&[(10, 300), (50, 240), (100, 120)]);
    let watch = |number| Watch::of(&plan, number).expect("a step");
    let left_out = [0, 1, 2].map(|number| watch(number).minutes_left_out());
    assert_eq!(left_out, [2, 1, 0]);
    let whole = |number| {
        let covered = watch(number).must_cover(at(59)) - at(0);
        covered.num_minutes() - watch(number).minutes_left_out()
    };
    // The shortest steps that are accepted have two whole minutes.
    assert_eq!((whole(0), whole(1)), (2, 2));
    assert_eq!(watch(2).must_cover(at(59)), at(120));
    assert_eq!(watch(0).must_cover(at(60)), at(300));
}

#[test]
fn the_baseline_begins_with_the_first_minute_that_the_active_version_had_alone() {
    let from = |since| baseline_from(at(3600), 3600, since);
    assert_eq!(from(None), at(0));
    assert_eq!(from(Some(at(-600))), at(0));
    assert_eq!(from(Some(at(600))), at(660));
    assert_eq!(from(Some(at(659))), at(660));
}
