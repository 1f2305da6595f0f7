//! The minutes at a step's beginning that are left out, and the outages that count in them all the same.

use super::*;

#[test]
fn the_minutes_of_the_change_and_of_the_warming_up_are_left_out() {
    let early = |number| at_a_tenth(300, move |metrics| errors(metrics, number, 30.0, 0.0));
    for number in [0, 1] {
        check_step(
            &early(number),
            Verdict::Healthy,
            Decision::Advance,
            "0 of 200",
        );
    }
    let reason = "target 5xx 30 in 200 requests: 30.0 more than the 0.0 that the previous environment explains";
    check_step(&early(2), Verdict::Unhealthy, Decision::FlipBack, reason);
    // At a later step the environment is warm.
    let (unhealthy, flip_back) = (Verdict::Unhealthy, Decision::FlipBack);
    let reason = "30 in 300 requests";
    check_watch(
        &second(),
        &policy(),
        &early(1),
        unhealthy,
        flip_back,
        reason,
    );
    let healthy = Verdict::Healthy;
    check_watch(
        &second(),
        &policy(),
        &early(0),
        healthy,
        Decision::Advance,
        "0 of 300",
    );
}

#[test]
fn a_gross_fault_counts_in_the_minutes_too_that_are_left_out() {
    let at_first = |new, previous| at_a_tenth(90, move |metrics| errors(metrics, 0, new, previous));
    let reason = "target 5xx 37 in 100 requests";
    check_step(
        &at_first(37.0, 0.0),
        Verdict::Unhealthy,
        Decision::FlipBack,
        reason,
    );
    let open = "no request was reported";
    check_step(
        &at_first(36.0, 0.0),
        Verdict::Inconclusive,
        Decision::Watch,
        open,
    );
    // The previous environment fails as well.
    check_step(
        &at_first(37.0, 450.0),
        Verdict::Inconclusive,
        Decision::Watch,
        open,
    );
}

/// A new environment that hangs up on everybody: the load balancer counts that for no group.
#[test]
fn an_outage_of_a_share_is_one_although_the_load_balancer_counts_it_among_all_requests() {
    let hung = |number: usize, errors: f64| {
        at_a_tenth(300, move |metrics| {
            metrics.new[number].load_balancer_5xx = Some(errors);
        })
    };
    let (unhealthy, flip_back) = (Verdict::Unhealthy, Decision::FlipBack);
    let reason = "load balancer 5xx 79 in 2000 requests";
    check_step(&hung(3, 79.0), unhealthy, flip_back, reason);
    check_step(
        &hung(3, 78.0),
        Verdict::Inconclusive,
        Decision::Watch,
        "perhaps a burst",
    );
    // The minute of the warming up counts as well.
    let reason = "load balancer 5xx 130 in 3000 requests";
    check_step(&hung(1, 130.0), unhealthy, flip_back, reason);
}
