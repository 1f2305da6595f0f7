//! The last step of several.

use super::*;

/// Eleven minutes after the first flip the new environment gets everything; at a tenth so many of the previous one's
/// requests failed each minute.
fn last(at_a_tenth: f64, errors: f64) -> Snapshot {
    let mut snapshot = at(120);
    snapshot.share_since = snapshot.flipped_at + TimeDelta::minutes(11);
    snapshot.now = snapshot.share_since + TimeDelta::seconds(120);
    if let Some(Ok(metrics)) = &mut snapshot.metrics {
        metrics
            .previous
            .iter_mut()
            .for_each(|it| it.target_5xx = Some(1.0));
        // What failed at a tenth was judged there.
        metrics.new = (0..11).map(|it| minute(it, 100.0, 100.0)).collect();
        let earlier = (0..11).map(|it| minute(it, 900.0, at_a_tenth));
        metrics.previous.extend(earlier);
        let now = [minute(11, 600.0, errors), minute(12, 1000.0, errors)];
        metrics.new.extend(now);
    }
    snapshot
}

fn check_last(snapshot: &Snapshot, verdict: Verdict, decision: Decision, reason: &str) {
    let watch = Watch {
        number: 2,
        steps: 3,
        ..all_at_once(120)
    };
    check_watch(&watch, &policy(), snapshot, verdict, decision, reason);
}

#[test]
fn the_last_step_is_held_against_the_hour_before_the_first_flip() {
    let good = "target 5xx 2 of 1600 requests (1.6 explained by the baseline)";
    check_last(&last(0.0, 1.0), Verdict::Healthy, Decision::Keep, good);
    let bad = "target 5xx 28 in 1600 requests: 26.4 more than the 1.6 that the baseline explains";
    check_last(
        &last(0.0, 14.0),
        Verdict::Unhealthy,
        Decision::FlipBack,
        bad,
    );
}

#[test]
fn what_has_hit_the_whole_site_since_the_first_flip_is_no_fault_of_the_release() {
    let as_before =
        "28 of 1600 requests (28.4 explained by the previous environment in the earlier steps)";
    check_last(
        &last(16.0, 14.0),
        Verdict::Healthy,
        Decision::Keep,
        as_before,
    );
    let worse = "target 5xx 700 in 1600 requests: 671.6 more than the 28.4 that the previous environment explains in the";
    check_last(
        &last(16.0, 350.0),
        Verdict::Unhealthy,
        Decision::FlipBack,
        worse,
    );
}

/// In its minute both environments had other shares than before and after.
#[test]
fn errors_in_the_minute_of_the_first_flip_excuse_nothing() {
    let mut snapshot = last(0.0, 14.0);
    if let Some(Ok(metrics)) = &mut snapshot.metrics {
        metrics.previous[60].target_5xx = Some(900.0);
    }
    let bad = "26.4 more than the 1.6 that the baseline explains";
    check_last(&snapshot, Verdict::Unhealthy, Decision::FlipBack, bad);
}

/// The load balancer cannot say whose requests it failed: all of those that the steps had are compared with.
#[test]
fn the_load_balancers_own_errors_at_the_earlier_steps_are_usual_too() {
    let with = |at_steps: f64| {
        let mut snapshot = last(0.0, 1.0);
        if let Some(Ok(metrics)) = &mut snapshot.metrics {
            metrics.previous[..60]
                .iter_mut()
                .for_each(|it| it.load_balancer_5xx = Some(1.0));
            metrics
                .new
                .iter_mut()
                .for_each(|it| it.load_balancer_5xx = Some(at_steps));
            metrics.new[12].load_balancer_5xx = Some(20.0);
        }
        snapshot
    };
    check_last(&with(20.0), Verdict::Healthy, Decision::Keep, "");
    let worse = "load balancer 5xx 20 in 1000 requests: 19.0 more than the 1.0";
    check_last(&with(1.0), Verdict::Unhealthy, Decision::FlipBack, worse);
}
