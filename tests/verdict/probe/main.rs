//! Is a version that hangs or fails flipped back at any size, and a good one not? The probe asks real targets with its
//! real client. The load balancer finds nothing wrong, and each poll is judged as in a watch.
//!
//! Targets that hang are asked in the machine's 5 s, however many that reaches here. Those that answer have more time,
//! which a busy machine needs to reach a thousand; how long it took is shown, and held against nothing.
//!
//! `cargo test --test probe -- --nocapture` prints what was asked, and the verdict.
#![allow(clippy::print_stdout, reason = "the table is what it is for")]

mod environment;

use chrono::TimeDelta;
use environment::{Environment, Fault};
use evaluate_metrics::decide::{Decision, Verdict, judge};
use evaluate_metrics::policy::{Ceilings, OnInconclusive, OnSuspicion, Policy};
use evaluate_metrics::probe::{Probe, summarize};
use evaluate_metrics::snapshot::{Forwarding, Metrics, MinuteMetrics, Snapshot};
use evaluate_metrics::targets::TargetSummary;
use evaluate_metrics::watch::Watch;
use fixtures::{at, release_plan};
use futures::future::join_all;
use serde_json::{json, to_value};
use shared::{Environment::Green, PerEnvironment, Share, Step, Traffic, VerdictMode};
use smoke::handler::{Smoke, TIME_LIMIT};
use smoke::reach::Loopback;
use std::fmt::{self, Display, Formatter};
use std::time::{Duration, Instant};

const SIZES: [usize; 7] = [1, 4, 12, 13, 30, 100, 1000];

/// As the state machine gives it to a probe.
const WITHIN_SECONDS: u64 = 5;

/// For targets that answer: the probe ends once all have.
const UNHURRIED_SECONDS: u64 = 60;

/// How the polls at an environment ended.
struct Row {
    fault: Fault,
    size: usize,
    polls: usize,
    targets: TargetSummary,
    verdict: Verdict,
    /// Of the last poll.
    took: Duration,
}

#[tokio::test]
async fn a_version_that_hangs_or_fails_is_flipped_back_at_any_size_and_a_good_one_is_not() {
    let mut rows = Vec::new();
    // Those that hang leave the machine to each other.
    for faults in [
        &[Fault::Hangs, Fault::HalfHangs, Fault::OneHangs][..],
        &[Fault::Fails],
        &[Fault::Slow],
        &[Fault::None],
    ] {
        let cases = faults
            .iter()
            .flat_map(|fault| SIZES.map(|size| (size, *fault)));
        let watches = cases.map(|(size, fault)| watch(size, fault));
        rows.extend(join_all(watches).await);
    }
    println!("probe: fault size polls asked failing unasked verdict seconds");
    rows.iter().for_each(|row| println!("probe: {row}"));
    let wrong: Vec<_> = rows.iter().filter(|row| !row.is_right()).collect();
    println!("probe: cases={} wrong={}", rows.len(), wrong.len());
    let wrong: Vec<_> = wrong.iter().map(ToString::to_string).collect();
    assert_eq!(wrong, [""; 0]);
}

impl Row {
    fn is_right(&self) -> bool {
        let (asked, failing) = (self.targets.asked, self.targets.failing);
        let all = asked == self.size;
        let right = match self.fault {
            Fault::Hangs => self.verdict == Verdict::Unhealthy && failing == asked,
            Fault::Fails => self.verdict == Verdict::Unhealthy && failing == asked && all,
            Fault::HalfHangs => self.verdict == Verdict::Unhealthy,
            Fault::OneHangs if self.size == 1 => self.verdict == Verdict::Unhealthy,
            Fault::OneHangs => self.verdict == Verdict::Inconclusive && all,
            Fault::Slow => self.verdict == Verdict::Healthy && failing == 0,
            Fault::None => self.verdict == Verdict::Healthy && failing == 0 && all,
        };
        // Fewer than four are too few for a verdict at once.
        let reached = asked >= self.size.min(4);
        let polls = if self.size < 4 && self.verdict == Verdict::Unhealthy {
            self.polls == 2
        } else {
            self.polls == 1 || self.verdict == Verdict::Inconclusive
        };
        right && reached && polls
    }
}

impl Display for Row {
    fn fmt(&self, f: &mut Formatter) -> fmt::Result {
        let Row {
            fault,
            size,
            polls,
            targets,
            verdict,
            took,
        } = self;
        let TargetSummary {
            registered,
            asked,
            failing,
            ..
        } = targets;
        let (unasked, seconds) = (registered - asked, took.as_secs_f64());
        write!(
            f,
            "{fault:?} {size} {polls} {asked} {failing} {unasked} {verdict:?} {seconds:.1}"
        )
    }
}

/// Polls until the verdict is not open, twice at most.
async fn watch(size: usize, fault: Fault) -> Row {
    let environment = Environment::new(size, fault).await;
    let mut failed_before = false;
    for poll in 1.. {
        let began = Instant::now();
        let probe = probe(&environment, fault, poll).await;
        let took = began.elapsed();
        let targets = summarize(&environment.health, &probe);
        let snapshot = snapshot(targets.clone(), failed_before);
        let judgement = judge(&snapshot, &at_once(), &policy());
        failed_before = snapshot.failed();
        if poll == 2 || judgement.decision != Decision::Watch {
            return Row {
                fault,
                size,
                polls: poll,
                targets,
                verdict: judgement.verdict,
                took,
            };
        }
    }
    unreachable!("two polls are an end")
}

/// The default checks on every target, as the answer of one function reaches the other.
async fn probe(environment: &Environment, fault: Fault, poll: usize) -> Probe {
    let smoke = Smoke {
        spec: smoke::spec::read(None).expect("the default"),
        base_urls: PerEnvironment {
            blue: None,
            green: None,
        },
        time_limit: TIME_LIMIT,
        loopback: Loopback::Allowed,
        secret: None,
    };
    let within = match fault {
        Fault::Hangs | Fault::HalfHangs | Fault::Slow => WITHIN_SECONDS,
        Fault::OneHangs | Fault::Fails | Fault::None => UNHURRIED_SECONDS,
    };
    let task = json!({"plan": release_plan(), "targets": environment.targets(),
        "withinSeconds": within, "poll": poll});
    let answer = smoke.handle(task).await.expect("an answer");
    let answer = to_value(answer).expect("JSON");
    serde_json::from_value(answer).expect("what evaluate-metrics reads")
}

/// The end of a watch in which every request was answered well.
fn snapshot(targets: TargetSummary, failed_before: bool) -> Snapshot {
    let minute = |number: i64| MinuteMetrics {
        requests: Some(1000.0),
        ..MinuteMetrics::new(at(number * 60))
    };
    Snapshot {
        flipped_at: at(0),
        share_since: at(0),
        now: at(0) + TimeDelta::seconds(120),
        forwarding: Some(Ok(Forwarding::To(Traffic::all(Green)))),
        targets: Ok(targets),
        failed_before,
        failing_since: None,
        inconclusive_since: None,
        alarms: Some(Ok(Vec::new())),
        metrics: Some(Ok(Metrics {
            previous: (-60..0).map(minute).collect(),
            new: (0..2).map(minute).collect(),
            gaps: Vec::new(),
        })),
    }
}

/// All of the traffic, for the default watch.
fn at_once() -> Watch {
    let step = Step {
        share: Share::ALL,
        seconds: 120,
    };
    Watch {
        to: Green,
        step,
        number: 0,
        steps: 1,
        active_since: None,
    }
}

/// The parameters' defaults (`template.yaml`).
fn policy() -> Policy {
    Policy {
        inconclusive_grace_seconds: 180,
        baseline_seconds: 3600,
        max_target_5xx: 10.0,
        min_requests: 50.0,
        ceilings: Ceilings::default(),
        on_inconclusive: OnInconclusive::Keep,
        on_suspicion: OnSuspicion::Keep,
        mode: VerdictMode::Decide,
        latency: None,
    }
}
