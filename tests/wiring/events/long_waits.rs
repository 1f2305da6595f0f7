//! The longest times for which people may let something wait, as `shared::pace` looks at them: no count ends a wait before
//! the clock does, whatever the parameters are.

use super::{MOST_STEPS, bound, largest};
use crate::retries::throttled;
use crate::unfolded::LATE;
use detect::decisions::{seconds_before_flip, seconds_behind, seconds_in_watch};
use project::{machine, template, text};
use record::Approval;
use serde_json::{Value, json};
use shared::MOST_SECONDS_OF_STEPS;
use shared::pace::{ASKING, Pace, QUEUED, WATCHING};

/// Looks of a wait that lasts all of its time.
fn looks(pace: Pace, total: i64, poll: i64) -> u64 {
    let next = |elapsed: &i64| Some(elapsed + pace.seconds(*elapsed, total, poll));
    let looks = std::iter::successors(Some(0), next);
    looks.take_while(|elapsed| *elapsed < total).count() as u64
}

/// The most looks of a wait at any setting of `PollSeconds` and any time up to the longest.
fn most_looks(pace: Pace, longest: i64) -> u64 {
    let poll = &template()["Parameters"]["PollSeconds"];
    let seconds = |bound: &str| poll[bound].as_i64().expect("seconds");
    let times = (0..24).map(|halved| longest >> halved);
    let polls = seconds("MinValue")..=seconds("MaxValue");
    let looks = times.flat_map(|total| polls.clone().map(move |poll| looks(pace, total, poll)));
    looks.max().expect("a time")
}

/// The policy under which most waits for people, for the longest.
fn strictest() -> Approval {
    let names = ["commands", "flip", "each-step", "finish"];
    let before = names.map(|it| serde_json::from_value(json!(it)).expect("a gate"));
    Approval {
        before: before.into(),
        seconds: u32::try_from(largest("ApprovalTimeoutSeconds")).expect("seconds"),
        ..Approval::default()
    }
}

fn longest_hold() -> u32 {
    u32::try_from(largest("HoldTimeoutSeconds")).expect("seconds")
}

#[test]
fn given_the_longest_gates_before_the_first_flip_then_the_clock_ends_them() {
    let total = seconds_before_flip(Some(&strictest()), longest_hold());
    let looks = most_looks(ASKING, total);
    assert!(looks < bound(&machine(), "asks"), "{looks} looks");
}

#[test]
fn given_a_gate_of_fourteen_days_at_each_of_twenty_steps_then_the_clock_ends_them() {
    let machine = machine();
    let steps = u32::try_from(MOST_STEPS).expect("steps");
    let total = seconds_in_watch(Some(&strictest()), steps, longest_hold());
    let looks = most_looks(WATCHING, total);
    // Each gate opens at the look after the step has passed, and its last look comes at its end, which is sooner than the
    // pace says. A word that comes late costs one more.
    let looks = looks + 2 * MOST_STEPS + bound(&machine, LATE);
    assert!(looks < bound(&machine, "holds"), "{looks} looks");
}

#[test]
fn given_a_gate_then_the_machine_tells_of_as_many_as_a_release_may_have() {
    // Of the commands, each flip and the end.
    assert!(MOST_STEPS + 2 <= bound(&machine(), "gates"));
}

#[test]
fn given_the_longest_release_and_all_its_gates_then_a_push_that_waits_for_it_gets_its_turn() {
    let machine = machine();
    let times = ["MigrationTimeoutSeconds", "DeployTimeoutSeconds"];
    let times = times.into_iter().map(largest).sum::<u64>();
    let alone = times
        + u64::from(MOST_SECONDS_OF_STEPS)
        + 900
        + throttled(&machine, bound(&machine, "looks"));
    let total = seconds_behind(Some(&strictest()), longest_hold());
    let gates = (MOST_STEPS + 1) * largest("ApprovalTimeoutSeconds");
    let people = i64::try_from(alone + gates).expect("seconds") + i64::from(longest_hold());
    assert!(people <= total, "{people} s, {total} s");
    let looks = most_looks(QUEUED, total);
    // The end of a stopped release and its event count too.
    assert!(looks + 20 < bound(&machine, "waits"), "{looks} looks");
    // So does a contract for its own gate.
    let gate = i64::try_from(largest("ApprovalTimeoutSeconds")).expect("seconds");
    assert!(most_looks(QUEUED, gate) + 20 < bound(&machine, "waits"));
    // The longest that Step Functions lets an execution run: each wait has its own end.
    assert_eq!(machine["TimeoutSeconds"], 365 * 24 * 3600);
}

#[test]
fn given_a_wait_for_people_then_it_is_as_long_as_detect_says() {
    let states = &machine()["States"];
    let waits = [
        "Wait for the release in progress",
        "Wait for approval",
        "Watch while people decide",
    ];
    for wait in waits {
        assert_eq!(states[wait]["Seconds"], "{% $pause %}", "{wait}");
    }
    // Looks are rarer the longer all of them have taken: a wait that began anew with each gate would have too many.
    let began = "{% $since = null ? $now() : $since %}";
    for wait in &waits[1..] {
        assert_eq!(states[wait]["Assign"]["since"], began, "{wait}");
    }
    let forgets = |state: &Value| {
        state
            .to_string()
            .contains("\"since\":\"{% $step = 0 ? null")
    };
    let states = states.as_object().expect("states").iter();
    let forgets: Vec<_> = states.filter(|(_, it)| forgets(it)).collect();
    assert_eq!(forgets.len(), 1);
    assert_eq!(text(&forgets[0].1["Type"]), "Choice");
    assert_eq!(forgets[0].0, "Traffic flipped?");
}
