//! Executions for tests: one that is released at once, and one that fails every order of a tenth and is flipped back.

use super::end::End;
use super::entry::{Entry, Kind};
use aws_sdk_sfn::types::ExecutionStatus;
use chrono::{DateTime, TimeDelta, Utc};
use serde_json::{Value, json};

/// A reason as long as they come.
const HEALTHY: &str = "target 5xx 0 of 12768 requests (0.0 explained by the baseline); with 95 % certainty fewer than \
                       0.02 % fail; the probe asked 12 of 30 targets, 14 s after the flip";
const UNHEALTHY: &str = "target 5xx 14 in 56 requests: 14.0 more than the 0.0 that the previous environment explains in \
                         the same minutes, p = 1.2e-12 <= 1.6e-4, 121 s after the flip to 10 %";

/// A moment, in milliseconds since the start.
pub(crate) fn at(millis: i64) -> DateTime<Utc> {
    DateTime::from_timestamp_millis(1_790_000_000_000).unwrap_or_default()
        + TimeDelta::milliseconds(millis)
}

fn entry(millis: i64, state: &str, kind: Kind) -> Entry {
    Entry {
        state: state.to_owned(),
        kind,
        at: at(millis),
        verdict: None,
        look: None,
        people: None,
        share: None,
        moved: None,
    }
}

/// A look of the watch.
pub(crate) fn look(millis: i64, verdict: &str, reason: &str, decision: &str) -> Entry {
    Entry {
        verdict: Some(format!("{verdict}: {reason}")),
        look: Some(json!({"verdict": verdict, "reason": reason, "decision": decision})),
        ..entry(millis, "Release healthy?", Kind::Between)
    }
}

/// A look at what people say during the watch.
pub(crate) fn heeded(said: Option<&str>) -> Entry {
    Entry {
        people: said.map(str::to_owned),
        ..entry(0, "Probe now?", Kind::Between)
    }
}

fn flipped(millis: i64, share: u64) -> Entry {
    Entry {
        share: Some(share),
        moved: Some(format!("green gets {share} % of the traffic")),
        ..entry(millis, "Traffic flipped?", Kind::Between)
    }
}

/// Everything until the flip.
fn until_flip() -> Vec<Entry> {
    vec![
        entry(0, "Begin", Kind::Between),
        entry(100, "Detect environments", Kind::Other),
        entry(600, "What to do?", Kind::Between),
        entry(610, "Tell of opening", Kind::Other),
        entry(700, "Register task definition", Kind::Other),
        entry(900, "Deploy to idle environment", Kind::Other),
        entry(3_900, "Smoke test idle environment", Kind::Other),
        entry(4_200, "Check alarms", Kind::Other),
        entry(4_300, "Flip traffic", Kind::Other),
    ]
}

/// Released at once, after 20.3 s.
pub(crate) fn released() -> End {
    let mut entries = until_flip();
    entries.extend([
        flipped(4_400, 100),
        entry(4_500, "Watch", Kind::Other),
        look(6_500, "healthy", HEALTHY, "watch"),
        look(7_500, "healthy", HEALTHY, "watch"),
        look(19_900, "healthy", HEALTHY, "keep"),
        entry(20_000, "Record release", Kind::Other),
        entry(20_300, "Release complete", Kind::Succeed),
    ]);
    let output = json!({"result": "released", "from": "blue", "to": "green"});
    end(entries, ExecutionStatus::Succeeded, ("", ""), output)
}

/// Flipped back after 126 s.
pub(crate) fn rolled_back() -> End {
    let mut entries = until_flip();
    entries.extend([
        flipped(4_400, 10),
        entry(4_500, "Watch", Kind::Other),
        look(6_500, "inconclusive", "no request was reported", "watch"),
        look(125_500, "unhealthy", UNHEALTHY, "flip-back"),
        entry(125_600, "Flip back", Kind::Other),
        entry(125_800, "Record rollback", Kind::Other),
        entry(126_000, "Release rolled back", Kind::Fail),
    ]);
    let error = ("ReleaseRolledBack", UNHEALTHY);
    end(entries, ExecutionStatus::Failed, error, Value::Null)
}

fn end(
    entries: Vec<Entry>,
    status: ExecutionStatus,
    (error, cause): (&str, &str),
    output: Value,
) -> End {
    let ended = entries.last().map_or(at(0), |last| last.at);
    End {
        execution: "arn:aws:states:eu-west-1:111122223333:execution:shop-release:4f1".to_owned(),
        status,
        error: error.to_owned(),
        cause: cause.to_owned(),
        output,
        states: entries.iter().map(|it| it.state.clone()).collect(),
        entries,
        began: at(0),
        ended,
        seconds: (ended - at(0)).as_seconds_f64(),
    }
}
