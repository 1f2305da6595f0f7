//! The tests of `due.rs`: what is read at which look of a watch.

use super::*;
use shared::{Environment, Share, Step};

/// A step of 120 s that began 40 s after a full minute.
fn began() -> Time {
    fixtures::at(40)
}

fn watch() -> Watch {
    Watch {
        to: Environment::Green,
        step: Step {
            share: Share::ALL,
            seconds: 120,
        },
        number: 0,
        steps: 1,
        active_since: None,
    }
}

fn due(seconds: i64, last: Option<LastRead>) -> Due {
    Due::at(
        began() + TimeDelta::seconds(seconds),
        began(),
        &watch(),
        last,
    )
}

/// What each look reads of the rules, the alarms and the metrics, where every read succeeds.
fn looks(seconds: &[i64]) -> Vec<String> {
    let mut last = LastRead::default();
    let look = |&seconds: &i64| {
        let now = began() + TimeDelta::seconds(seconds);
        let due = due(seconds, Some(last));
        last.rules = due.rules.then_some(now).or(last.rules);
        last.alarms = due.alarms.then_some(now).or(last.alarms);
        let read = [(due.rules, 'r'), (due.alarms, 'a'), (due.metrics, 'm')];
        let read = read.into_iter().filter(|(due, _)| *due);
        format!(
            "{seconds}{}",
            read.map(|(_, name)| name).collect::<String>()
        )
    };
    seconds.iter().map(look).collect()
}

#[test]
fn a_default_watch_reads_the_rules_twice_and_the_alarms_at_every_second_look() {
    let found = looks(&[3, 6, 10, 15, 30, 45, 60, 75, 90, 105, 120, 135]);
    let expect = "3 6 10 15 30am 45m 60ram 75m 90am 105m 120ram 135ram";
    assert_eq!(found.join(" "), expect);
}

#[test]
fn cloudwatch_is_asked_when_the_minute_of_the_flip_is_over() {
    let metrics = |seconds| due(seconds, Some(LastRead::default())).metrics;
    assert_eq!([19, 20].map(metrics), [false, true]);
}

/// A machine that remembers nothing, and a person who ends the watch with this look.
#[test]
fn where_the_release_may_go_on_by_this_look_everything_is_read() {
    assert_eq!(due(3, None), Due::ALL);
    let just_read = LastRead {
        rules: Some(began() + TimeDelta::seconds(119)),
        alarms: Some(began() + TimeDelta::seconds(119)),
        failing: None,
    };
    assert_eq!(due(120, Some(just_read)), Due::ALL);
    assert_ne!(due(119, Some(just_read)), Due::ALL);
}

#[test]
fn what_was_read_at_an_earlier_step_counts_from_the_flip_to_this_one() {
    let long_ago = LastRead {
        rules: Some(began() - TimeDelta::seconds(500)),
        alarms: Some(began() - TimeDelta::seconds(500)),
        failing: None,
    };
    let found = due(29, Some(long_ago));
    assert_eq!((found.rules, found.alarms), (false, false));
    assert!(due(30, Some(long_ago)).alarms);
    assert!(due(60, Some(long_ago)).rules);
}
