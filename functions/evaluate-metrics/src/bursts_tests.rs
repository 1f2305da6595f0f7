//! The tests of `bursts.rs`: what is a burst, and what goes on.

use super::*;

fn sample(errors: f64, exposure: f64) -> Sample {
    Sample { errors, exposure }
}

fn hour(errors: impl Fn(usize) -> f64) -> Vec<Sample> {
    (0..60)
        .map(|minute| sample(errors(minute), 1_000.0))
        .collect()
}

/// Fifty errors in every tenth minute: 0.5 % on average, 5 % at worst.
fn bursts() -> Vec<Sample> {
    hour(|minute| if minute.is_multiple_of(10) { 50.0 } else { 0.0 })
}

/// Minutes of a thousand requests each, after an hour and after earlier steps.
fn check(hour: &[Sample], stepped: &[Sample], errors: &[f64], expect: bool) {
    let usual = Usual::of(hour, stepped);
    let minutes: Vec<_> = errors
        .iter()
        .map(|errors| sample(*errors, 1_000.0))
        .collect();
    let whole = &minutes[..];
    let served = Served {
        minutes: whole,
        whole,
    };
    let found = usual.go_on(served, usual.rate);
    assert_eq!(found, expect, "{usual:?} {errors:?}");
}

#[test]
fn where_errors_come_alone_one_minute_is_enough() {
    check(&hour(|_| 1.0), &[], &[20.0, 0.0], true);
}

#[test]
fn where_errors_come_in_bursts_two_minutes_must_be_worse_than_the_worst_before() {
    assert!(Usual::of(&bursts(), &[]).dispersion >= BURSTS);
    check(&bursts(), &[], &[51.0, 0.0], false);
    check(&bursts(), &[], &[51.0, 50.0], false);
    check(&bursts(), &[], &[51.0, 51.0], true);
    check(&bursts(), &[], &[51.0, 0.0, 51.0], true);
}

#[test]
fn or_all_of_three_minutes_must_fail_at_twice_the_usual_rate() {
    check(&bursts(), &[], &[10.0, 10.0], false);
    check(&bursts(), &[], &[10.0, 10.0, 10.0], true);
    check(&bursts(), &[], &[10.0, 10.0, 9.0], false);
    check(&bursts(), &[], &[10.0, 50.0, 10.0, 0.0], false);
}

#[test]
fn an_outage_is_no_burst() {
    check(&bursts(), &[], &[425.0], true);
    check(&bursts(), &[], &[423.0], false);
    check(&bursts(), &[], &[900.0, 0.0], true);
}

#[test]
fn of_a_few_requests_a_third_may_be_half_and_four_are_too_few() {
    let check = |errors, requests, expect| {
        assert_eq!(
            is_outage(sample(errors, requests)),
            expect,
            "{errors} of {requests}"
        );
    };
    check(5.0, 15.0, true);
    check(5.0, 20.0, false);
    check(4.0, 4.0, false);
    check(5.0, 5.0, true);
}

/// An hour without an error does not show how errors come.
#[test]
fn where_no_error_came_before_a_second_minute_must_have_some() {
    check(&hour(|_| 0.0), &[], &[423.0], false);
    check(&hour(|_| 0.0), &[], &[423.0, 0.0, 0.0], false);
    check(&hour(|_| 0.0), &[], &[423.0, 1.0], true);
    check(&[], &[], &[423.0], false);
    check(&[], &[], &[425.0], true);
}

#[test]
fn after_a_step_side_by_side_every_minute_must_be_worse_than_the_worst_before() {
    let stepped = vec![sample(60.0, 1_000.0), sample(0.0, 1_000.0)];
    check(&bursts(), &stepped, &[61.0, 61.0], false);
    check(&bursts(), &stepped, &[61.0, 61.0, 61.0], true);
    check(&bursts(), &stepped, &[61.0, 60.0, 61.0], false);
    check(&bursts(), &stepped, &[61.0, 61.0, 61.0, 0.0], false);
    check(&bursts(), &stepped, &[425.0], true);
}

/// A fault that shows only at full traffic begins within the flip's minute.
#[test]
fn after_a_step_side_by_side_the_flips_minute_counts_for_nothing() {
    let usual = Usual::of(&bursts(), &[sample(0.0, 1_000.0)]);
    let minutes = [0.0, 51.0, 51.0, 51.0].map(|errors| sample(errors, 1_000.0));
    let go_on = |whole| {
        usual.go_on(
            Served {
                minutes: &minutes,
                whole,
            },
            usual.rate,
        )
    };
    assert!(go_on(&minutes[1..]));
    assert!(!go_on(&minutes));
}

#[test]
fn a_minute_without_requests_is_none() {
    let usual = Usual::of(&bursts(), &[]);
    let silent = [
        sample(10.0, 1_000.0),
        sample(0.0, 0.0),
        sample(10.0, 1_000.0),
    ];
    let (minutes, whole) = (&silent[..], &silent[..]);
    assert!(!usual.go_on(Served { minutes, whole }, usual.rate));
    assert!(!is_outage(sample(0.0, 0.0)) && !fails(&sample(0.0, 1.0), 0.0));
}

/// What hits the whole site while both serve is usual afterwards.
#[test]
fn bursts_at_earlier_steps_are_usual_too() {
    let steady = hour(|_| 1.0);
    let stepped: Vec<_> = bursts().into_iter().take(20).collect();
    assert!(Usual::of(&steady, &[]).dispersion < BURSTS);
    assert!(Usual::of(&steady, &stepped).dispersion >= BURSTS);
}
