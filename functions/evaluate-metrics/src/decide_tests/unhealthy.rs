//! What flips a release back at once.

use super::*;
use shared::alarms::AlarmState;

#[test]
fn errors_beyond_the_baseline_flip_back_at_once() {
    let spread = |metrics: &mut Metrics, first, second| {
        metrics.new = vec![minute(0, 500.0, first), minute(1, 1000.0, second)];
    };
    let errors = changed(15, |_, metrics| spread(metrics, 4.0, 10.0));
    check_unhealthy(
        &errors,
        "target 5xx 14 in 1500 requests: 14.0 more than the 0.0 that the baseline explains, p = ",
    );
    let new = changed(15, |_, metrics| {
        metrics.previous.clear();
        spread(metrics, 5.0, 6.0);
    });
    check_unhealthy(
        &new,
        "target 5xx 11 > 10 in 1500 requests, and there is no baseline, 15 s after the flip",
    );
    let refused = changed(15, |_, metrics| {
        metrics
            .new
            .iter_mut()
            .for_each(|it| it.connection_errors = Some(10.0));
    });
    check_unhealthy(&refused, "target connection errors 20 in 1500 requests");
}

#[test]
fn targets_that_hang_up_show_in_the_load_balancers_own_errors() {
    let hung = |minutes: &[f64]| {
        changed(150, |_, metrics| {
            metrics.new.push(minute(2, 1000.0, 0.0));
            let new = metrics.new.iter_mut().skip(1);
            new.zip(minutes)
                .for_each(|(it, errors)| it.load_balancer_5xx = Some(*errors));
        })
    };
    check_unhealthy(
        &hung(&[15.0, 15.0]),
        "load balancer 5xx 30 in 2000 requests: 30.0 more than the 0.0",
    );
    check_unhealthy(
        &hung(&[900.0, 0.0]),
        "load balancer 5xx 900 in 2000 requests",
    );
    let healthy = |snapshot: &Snapshot| {
        check(&policy(), snapshot, Verdict::Healthy, Decision::Watch, "");
    };
    // The flip's minute holds the previous environment's errors too, and a load balancer that always fails is no news.
    healthy(&changed(90, |_, metrics| {
        metrics.new[0].load_balancer_5xx = Some(30.0)
    }));
    healthy(&changed(90, |_, metrics| {
        metrics
            .previous
            .iter_mut()
            .for_each(|it| it.load_balancer_5xx = Some(25.0));
        metrics.new[1].load_balancer_5xx = Some(30.0);
    }));
}

/// The load balancer answers 0.5 % by itself, and traffic trebles.
#[test]
fn more_traffic_brings_more_of_the_load_balancers_own_errors() {
    let grown = |errors| {
        changed(120, move |_, metrics| {
            metrics
                .previous
                .iter_mut()
                .for_each(|it| it.load_balancer_5xx = Some(5.0));
            metrics.new[1] = minute(1, 3000.0, 0.0);
            metrics.new[1].load_balancer_5xx = Some(errors);
        })
    };
    let healthy = Verdict::Healthy;
    check(&policy(), &grown(15.0), healthy, Decision::Keep, "");
    check_unhealthy(
        &grown(45.0),
        "load balancer 5xx 45 in 3000 requests: 30.0 more than the 15.0 that the baseline explains",
    );
}

/// Blue became active twenty minutes before the flip; what the load balancer and blue did before is another version's.
#[test]
fn the_baseline_begins_with_the_version_that_was_active() {
    let snapshot = changed(120, |_, metrics| {
        let earlier = metrics.previous.iter_mut().take(40);
        earlier.for_each(|it| it.target_5xx = Some(100.0));
        metrics.new = vec![minute(0, 500.0, 4.0), minute(1, 1000.0, 10.0)];
    });
    let watch = Watch {
        active_since: Some(noon() - TimeDelta::seconds(20 * 60 + 30)),
        ..all_at_once(120)
    };
    let (healthy, unhealthy) = (Verdict::Healthy, Verdict::Unhealthy);
    check(&policy(), &snapshot, healthy, Decision::Keep, "14 of 1500");
    check_watch(
        &watch,
        &policy(),
        &snapshot,
        unhealthy,
        Decision::FlipBack,
        "14.0 more than the 0.0",
    );
}

#[test]
fn an_alarm_and_changed_rules_flip_back() {
    let alarm = |state: &str| {
        changed(15, |snapshot, _| {
            let (name, state) = ("checkout".to_owned(), state.to_owned());
            let reason = "latency 3 > 1".to_owned();
            snapshot.alarms = Some(Ok(vec![AlarmState {
                name,
                state,
                reason,
            }]));
        })
    };
    check_unhealthy(&alarm("ALARM"), "alarm checkout: latency 3 > 1");
    check(
        &policy(),
        &alarm("INSUFFICIENT_DATA"),
        Verdict::Healthy,
        Decision::Watch,
        "",
    );
    let blue = changed(15, |snapshot, _| {
        snapshot.forwarding = Some(Ok(Forwarding::To(Traffic::all(Environment::Blue))))
    });
    check_unhealthy(&blue, "the rules forward to blue, not to green");
    let split = changed(15, |snapshot, _| {
        snapshot.forwarding = Some(Ok(Forwarding::Unclear("rule-1 splits traffic".into())))
    });
    check_unhealthy(&split, "rule-1 splits traffic");
}

#[test]
fn ceilings_hold_whatever_the_baseline_says() {
    let busy = |errors: f64| {
        changed(120, move |_, metrics| {
            metrics
                .previous
                .iter_mut()
                .for_each(|it| it.target_5xx = Some(20.0));
            metrics.new[1] = minute(1, 1000.0, errors);
            metrics.new[1].p99_seconds = Some(1.5);
        })
    };
    check(
        &policy(),
        &busy(20.0),
        Verdict::Healthy,
        Decision::Keep,
        "20 of 1500",
    );
    let set = |target_5xx, error_percent, p99_milliseconds| Policy {
        ceilings: Ceilings {
            target_5xx,
            error_percent,
            p99_milliseconds,
        },
        ..policy()
    };
    let exceeded = |policy: &Policy, reason| {
        check(
            policy,
            &busy(20.0),
            Verdict::Unhealthy,
            Decision::FlipBack,
            reason,
        );
    };
    exceeded(
        &set(Some(19.0), None, None),
        "target 5xx 20 > the ceiling 19",
    );
    exceeded(
        &set(None, Some(1.0), None),
        "target 5xx 1.33 % of 1500 requests > the ceiling 1 %",
    );
    exceeded(
        &set(None, None, Some(1000.0)),
        "p99 latency 1500 ms > the ceiling 1000 ms",
    );
    let wide = set(Some(20.0), Some(2.0), Some(1500.0));
    check(&wide, &busy(20.0), Verdict::Healthy, Decision::Keep, "");
}
