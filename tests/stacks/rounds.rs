//! How many calls each task makes, and how many answers one after the other it waits for: with 20 ms an answer, a task of
//! five rounds takes 100 ms. What a person waits for, and what an account has to answer, stand in one table.

use crate::recorded::{ALL_AT_ONCE, LET_IN, TEN_PERCENT_FIRST, recording};

/// A task, its calls, and its rounds.
type Row = (&'static str, usize, u32);

/// A release of a push with one rule, whose image is an index, with all of the traffic at once.
const RELEASE: [Row; 26] = [
    ("detect", 30, 7),
    ("register", 3, 2),
    ("update", 3, 2),
    ("check-pending", 1, 1),
    ("check-last", 6, 3),
    ("scale", 1, 1),
    ("record-smoke", 2, 2),
    ("heed-at-100%", 1, 1),
    ("check-alarms-at-100%", 1, 1),
    ("flip-at-100%", 8, 5),
    ("flip-of-25-rules", 32, 8),
    ("heed-again", 1, 1),
    ("look-at-100%-after-3s", 1, 1),
    ("look-at-100%-after-15s", 1, 1),
    ("look-at-100%-after-30s", 2, 1),
    ("look-at-100%-after-45s", 1, 1),
    ("look-at-100%-after-60s", 4, 1),
    ("look-at-100%-after-75s", 2, 1),
    ("look-at-100%-after-90s", 3, 1),
    ("look-at-100%-after-120s", 4, 1),
    ("record-release", 2, 2),
    ("flip-back", 7, 6),
    ("record-rollback", 2, 2),
    ("flip-back-by-alarm", 7, 6),
    ("alarm-after-flip-back", 1, 1),
    ("alarm-of-previous", 1, 1),
];

/// What a release has beside those that shifts a tenth of its traffic first.
const STEPS: [Row; 5] = [
    ("detect-before-steps", 15, 4),
    ("check-traffic", 1, 1),
    ("detect", 29, 6),
    ("flip-at-10%", 9, 5),
    ("record-step-at-10%", 2, 2),
];

/// What is asked where the stack asks for scans and signatures: the scan is in the round of the log groups.
const IMAGES: [Row; 3] = [
    ("detect", 32, 7),
    ("check-pending", 1, 1),
    ("check-last", 7, 4),
];

#[test]
fn each_task_makes_so_many_calls_in_so_many_rounds() {
    let mut wrong = Vec::new();
    for (steps, rows) in [
        (ALL_AT_ONCE, &RELEASE[..]),
        (TEN_PERCENT_FIRST, &STEPS),
        (LET_IN, &IMAGES),
    ] {
        for (task, calls, rounds) in rows {
            let run = recording(steps).of(task);
            let found = (run.calls.len(), run.rounds());
            println!(
                "rounds: steps={steps} task={task} calls={} rounds={}",
                found.0, found.1
            );
            if found != (*calls, *rounds) {
                let calls = run
                    .calls
                    .iter()
                    .map(|it| format!("{} {}", it.round, it.operation));
                wrong.push(format!(
                    "{steps} {task}: {found:?}: {}",
                    calls.collect::<Vec<_>>().join(", ")
                ));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}
