//! smoke against many targets at once: how many it reaches, in which order, and that it keeps its time.

use super::server::{Reply, serve};
use super::smoke;
use crate::answer::Answer;
use crate::handler::{Smoke, TIME_LIMIT};
use fixtures::release_plan;
use serde_json::{Value, json};
use std::collections::BTreeSet;
use std::time::Duration;
use tokio::sync::Barrier;

const AT_ONCE: Reply = Reply::After(Duration::ZERO, "200 OK");

/// The addresses of `count` targets.
fn hosts(count: usize) -> Vec<String> {
    let host = |number: usize| format!("127.1.{}.{}", number / 250, number % 250 + 1);
    (0..count).map(host).collect()
}

/// The answer for `count` targets, with these fields of the task.
async fn ask(smoke: &Smoke, count: usize, port: u16, fields: Value) -> Answer {
    let targets = hosts(count).into_iter();
    let targets = targets.map(|id| json!({"id": id, "port": port}));
    let mut task = json!({"plan": release_plan(), "targets": targets.collect::<Value>()});
    for (name, value) in fields.as_object().into_iter().flatten() {
        task[name] = value.clone();
    }
    smoke.handle(task).await.expect("an answer")
}

fn one_check(timeout_ms: u64) -> Smoke {
    smoke(json!([{"name": "a", "path": "/", "timeoutMs": timeout_ms}]))
}

/// With the time that the function has in AWS.
fn in_full_time(smoke: Smoke) -> Smoke {
    Smoke {
        time_limit: TIME_LIMIT,
        ..smoke
    }
}

/// Passing, failing and unasked targets.
fn counts(answer: &Answer) -> (usize, usize, usize) {
    let targets = &answer.targets;
    (
        targets.passing.len(),
        targets.failing.len(),
        targets.unasked,
    )
}

#[tokio::test]
async fn a_thousand_targets_that_hang_fail_as_far_as_the_time_reaches() {
    let (port, _) = serve(|_| Reply::Never).await;
    let answer = ask(&one_check(400), 1000, port, json!({"withinSeconds": 1})).await;
    let (passing, failing, unasked) = counts(&answer);
    // An attempt begins within 600 ms and takes 400 ms, so that there are two waves of 64 at the most.
    assert!((1..=128).contains(&failing), "{failing}");
    assert_eq!((passing, unasked), (0, 1000 - failing));
    let found = "found no answer within 400 ms";
    assert!(answer.reason.contains(found), "{}", answer.reason);
    let last = answer.results.last().expect("a result");
    assert_eq!(
        (last.asked, last.found.as_str()),
        (false, "not asked within 1 s")
    );
}

#[tokio::test]
async fn a_slow_target_is_not_cut_short_by_the_end_of_the_time() {
    let slow = Reply::After(Duration::from_secs(1), "200 OK");
    let (port, _) = serve(move |_| slow).await;
    let answer = ask(&one_check(10_000), 1000, port, json!({"withinSeconds": 12})).await;
    let (passing, failing, unasked) = counts(&answer);
    assert!(passing > 0 && unasked > 0, "{passing} {unasked}");
    assert_eq!(failing, 0, "{}", answer.reason);
}

#[tokio::test]
async fn a_probe_takes_the_time_that_its_slowest_check_needs() {
    let slow = Reply::After(Duration::from_millis(1500), "200 OK");
    let (port, _) = serve(move |host| {
        if host.ends_with("1") {
            Reply::Never
        } else {
            slow
        }
    })
    .await;
    let answer = ask(&one_check(4000), 4, port, json!({"withinSeconds": 1})).await;
    assert_eq!(counts(&answer), (3, 1, 0), "{}", answer.reason);
}

#[tokio::test]
async fn targets_that_hang_do_not_keep_the_others_waiting() {
    let hangs = |host: &str| host.ends_with(".1") || host.ends_with(".2");
    let (port, _) = serve(move |host| if hangs(host) { Reply::Never } else { AT_ONCE }).await;
    let smoke = one_check(2000);
    let answer = ask(&smoke, 250, port, json!({})).await;
    assert_eq!(counts(&answer), (248, 2, 0));
    assert!(
        answer.reason.starts_with("2 of 250 checks failed: "),
        "{}",
        answer.reason
    );
}

#[tokio::test]
async fn every_target_is_asked_once_before_the_failed_ones_are_asked_again() {
    let busy = Reply::After(Duration::ZERO, "503 Busy");
    let (port, observed) =
        serve(move |host| if host.ends_with("7") { busy } else { AT_ONCE }).await;
    let smoke = in_full_time(one_check(9000));
    let answer = ask(&smoke, 200, port, json!({})).await;
    assert_eq!(counts(&answer), (180, 20, 0));
    let asked = &observed.lock().expect("no panic").hosts;
    let first: BTreeSet<_> = asked[..200].iter().collect();
    assert_eq!((first.len(), asked.len()), (200, 240));
}

#[tokio::test]
async fn no_more_than_64_checks_are_under_way_and_8_for_one_target_and_no_connection_is_kept() {
    let check = json!({"name": "a", "path": "/", "timeoutMs": 5000});
    for (targets, checks, most, waiting) in [(320, 2, 64, 64), (1, 24, 8, 8), (10, 20, 64, 8)] {
        // So many get their replies together, so that as many are under way once.
        let together: &Barrier = Box::leak(Box::new(Barrier::new(waiting)));
        let (port, observed) = serve(move |_| Reply::Together(together)).await;
        let smoke = in_full_time(smoke(vec![check.clone(); checks].into()));
        let answer = ask(&smoke, targets, port, json!({})).await;
        assert!(answer.passed, "{}", answer.reason);
        let found = observed.lock().expect("no panic");
        assert_eq!(found.hosts.len(), targets * checks);
        assert!((waiting..=most).contains(&found.most), "{}", found.most);
        // The server notices a little later that a connection is closed.
        let connections = found.most_connections;
        assert!(connections <= 2 * most, "{connections}");
    }
}

/// Nobody gets a reply before 64 have asked. So there are no more than 31 waves, which take 62 s if each reply takes 2 s.
#[tokio::test]
async fn a_thousand_slow_targets_with_two_checks_are_asked_in_as_few_waves_as_there_can_be() {
    let together: &Barrier = Box::leak(Box::new(Barrier::new(64)));
    let (port, observed) = serve(move |_| Reply::Together(together)).await;
    let check = json!({"name": "a", "path": "/", "timeoutMs": 10_000});
    let mut smoke = smoke(json!([check, check]));
    // So that a busy machine has time for each of them.
    smoke.time_limit = 4 * TIME_LIMIT;
    let answer = ask(&smoke, 992, port, json!({})).await;
    assert_eq!(counts(&answer), (992, 0, 0));
    assert_eq!(observed.lock().expect("no panic").hosts.len(), 31 * 64);
}

#[tokio::test]
async fn each_poll_asks_other_targets_where_the_time_is_too_short_for_all() {
    let (port, _) = serve(|_| Reply::Never).await;
    let smoke = one_check(750);
    let probe = async |poll: usize| {
        let fields = json!({"withinSeconds": 1, "poll": poll});
        let answer = ask(&smoke, 200, port, fields).await;
        BTreeSet::from_iter(answer.targets.failing)
    };
    let (first, second) = (probe(0).await, probe(1).await);
    assert!(
        !first.is_empty() && first.is_disjoint(&second),
        "{first:?} {second:?}"
    );
}

/// An attempt begins within the first second and its reply takes another one, so that there are two waves of 64 at the most.
#[tokio::test]
async fn of_more_targets_than_there_is_time_for_a_sample_decides() {
    let slow = Reply::After(Duration::from_secs(1), "200 OK");
    let (port, observed) = serve(move |_| slow).await;
    let check = json!({"name": "a", "path": "/", "timeoutMs": 3000, "attempts": 1});
    let mut smoke = smoke(json!([check]));
    smoke.time_limit = Duration::from_secs(4);
    let answer = ask(&smoke, 1000, port, json!({})).await;
    assert!(answer.passed, "{}", answer.reason);
    let (passing, failing, unasked) = counts(&answer);
    assert!((42..=128).contains(&passing), "{passing}");
    assert_eq!((failing, unasked), (0, 1000 - passing));
    let sample =
        format!("{passing} of 1000 targets were asked, spread evenly, 64 checks at once for 4 s; ");
    assert!(answer.reason.starts_with(&sample), "{}", answer.reason);
    let asked = &observed.lock().expect("no panic").hosts;
    let networks: BTreeSet<_> = asked.iter().map(|it| it.split('.').nth(2)).collect();
    assert_eq!(networks.len(), 4);
}
