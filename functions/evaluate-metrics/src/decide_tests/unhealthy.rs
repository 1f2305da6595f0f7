//! What flips a release back at once.

use super::*;
use shared::alarms::AlarmState;

#[test]
fn errors_beyond_the_baseline_flip_back_at_once() {
    let errors = changed(15, |_, metrics| metrics.new[1] = minute(1, 1000.0, 14.0));
    check_unhealthy(
        &errors,
        "target 5xx 14 in 1500 requests: 14.0 more than the 0.0 that the baseline explains, p = ",
    );
    let new = changed(15, |_, metrics| {
        metrics.previous.clear();
        metrics.new[1] = minute(1, 1000.0, 11.0);
    });
    check_unhealthy(
        &new,
        "target 5xx 11 > 10 in 1500 requests, and there is no baseline, 15 s after the flip",
    );
    let refused = changed(15, |_, metrics| {
        metrics.new[1].connection_errors = Some(20.0)
    });
    check_unhealthy(&refused, "target connection errors 20 in 1500 requests");
}

#[test]
fn targets_that_hang_up_show_in_the_load_balancers_own_errors() {
    let hung = changed(90, |_, metrics| {
        metrics.new[1].load_balancer_5xx = Some(30.0)
    });
    check_unhealthy(
        &hung,
        "load balancer 5xx 30 in 1 whole minutes: 30.0 more than the 0.0",
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

#[test]
fn an_alarm_and_changed_rules_flip_back() {
    let alarm = |state: &str| {
        changed(15, |snapshot, _| {
            let (name, state) = ("checkout".to_owned(), state.to_owned());
            let reason = "latency 3 > 1".to_owned();
            snapshot.alarms = Ok(vec![AlarmState {
                name,
                state,
                reason,
            }]);
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
        snapshot.forwarding = Ok(Forwarding::To(Environment::Blue))
    });
    check_unhealthy(&blue, "the rules forward to blue, not to green");
    let split = changed(15, |snapshot, _| {
        snapshot.forwarding = Ok(Forwarding::Unclear("rule-1 splits traffic".into()))
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
