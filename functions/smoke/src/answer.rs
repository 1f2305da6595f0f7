//! What smoke answers to the state machine: the verdict of all results, and as many of them as fit.

use serde::Serialize;
use shared::{CheckResult, CheckedTargets};

/// What targets and results of an answer may take, in bytes of JSON: half of the 256 KiB that Step Functions carries.
const LISTED: usize = 128 * 1024;

/// Failed checks that the reason names.
const NAMED: usize = 3;

/// Whether the environment may get traffic, and why not.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Answer {
    pub passed: bool,
    pub reason: String,
    /// What the checks found at every target, or at the environment's base URL.
    pub targets: CheckedTargets,
    /// As many as fit, failed ones first if not all do.
    pub results: Vec<CheckResult>,
}

impl Answer {
    /// Decides from all results, of which each place has one for each of its `checks`. Nothing checked is never a pass.
    pub(crate) fn of(results: Vec<CheckResult>, checks: usize) -> Answer {
        let targets = summarize(results.chunks(checks.max(1)));
        Answer {
            passed: !results.is_empty() && results.iter().all(|result| result.passed),
            reason: reason(&results),
            results: listed(results, LISTED.saturating_sub(size(&targets))),
            targets,
        }
    }
}

/// One entry for each place, of which these are the results.
fn summarize<'a>(places: impl Iterator<Item = &'a [CheckResult]>) -> CheckedTargets {
    let mut targets = CheckedTargets::default();
    for results in places {
        let asked = || results.iter().filter(|result| result.asked);
        match asked().find(|result| !result.passed).or(asked().next()) {
            None => targets.unasked += 1,
            Some(found) if found.passed => targets.passing.push(found.target.clone()),
            Some(found) => targets.failing.push(found.target.clone()),
        }
    }
    targets
}

fn reason(results: &[CheckResult]) -> String {
    let all = results.len();
    let failed = |result: &&CheckResult| result.asked && !result.passed;
    let failed: Vec<_> = results.iter().filter(failed).collect();
    let unasked: Vec<_> = results.iter().filter(|result| !result.asked).collect();
    let counts = match (failed.len(), unasked.len()) {
        _ if all == 0 => {
            return "nothing was checked: no target is known and no base URL is set".to_owned();
        }
        (0, 0) => return format!("{all} checks passed"),
        (failed, 0) => format!("{failed} of {all} checks failed"),
        (failed, unasked) => format!("{failed} of {all} checks failed, {unasked} not made"),
    };
    let named = failed.into_iter().chain(unasked).take(NAMED);
    let named: Vec<_> = named.map(CheckResult::describe).collect();
    format!("{counts}: {}", named.join("; "))
}

/// The results as they are, or, when they take more than `room`, as many as it holds, failed ones first. The reason and
/// the targets count them all.
fn listed(mut results: Vec<CheckResult>, room: usize) -> Vec<CheckResult> {
    let size = |result: &CheckResult| size(result) + 1;
    if results.iter().map(size).sum::<usize>() <= room {
        return results;
    }
    results.sort_by_key(|result| (result.passed, !result.asked));
    let mut listed = 0;
    results.retain(|result| {
        listed += size(result);
        listed <= room
    });
    results
}

/// Bytes of JSON.
fn size(value: &impl Serialize) -> usize {
    serde_json::to_string(value).map_or(LISTED, |text| text.len())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn result(passed: bool) -> CheckResult {
        CheckResult {
            check: "ping".to_owned(),
            target: "10.0.0.7:8080".to_owned(),
            passed,
            asked: true,
            expected: "$.pong = true".to_owned(),
            found: "false".to_owned(),
            latency_ms: Some(3),
        }
    }

    fn check(results: &[CheckResult], passed: bool, reason: &str) {
        let answer = Answer::of(results.to_vec(), 1);
        assert_eq!((answer.passed, answer.reason.as_str()), (passed, reason));
    }

    #[test]
    fn one_failure_fails_and_nothing_checked_is_no_pass() {
        check(&[result(true)], true, "1 checks passed");
        check(
            &[result(true), result(false)],
            false,
            "1 of 2 checks failed: ping on 10.0.0.7:8080: expected $.pong = true, found false",
        );
        check(
            &[],
            false,
            "nothing was checked: no target is known and no base URL is set",
        );
    }

    #[test]
    fn a_target_fails_by_one_check_and_is_unasked_only_without_any() {
        let unasked = || CheckResult {
            asked: false,
            ..result(false)
        };
        let count = |one, other| {
            let targets = Answer::of(vec![one, other], 2).targets;
            let (passing, failing) = (targets.passing.len(), targets.failing.len());
            (passing, failing, targets.unasked)
        };
        assert_eq!(count(result(true), result(false)), (0, 1, 0));
        assert_eq!(count(unasked(), result(false)), (0, 1, 0));
        assert_eq!(count(result(true), unasked()), (1, 0, 0));
        assert_eq!(count(unasked(), unasked()), (0, 0, 1));
        let answer = Answer::of(vec![unasked(), result(true)], 1);
        let reason = "0 of 2 checks failed, 1 not made: ping on 10.0.0.7:8080: ";
        assert!(
            !answer.passed && answer.reason.starts_with(reason),
            "{answer:?}"
        );
    }

    #[test]
    fn the_reason_names_the_first_failures_and_counts_all() {
        let Answer { passed, reason, .. } = Answer::of(vec![result(false); 9], 1);
        assert!(!passed && reason.starts_with("9 of 9 checks failed"));
        assert_eq!(reason.matches("expected").count(), 3);
    }

    #[test]
    fn an_answer_carries_what_fits_and_the_failures_first() {
        let few = vec![result(true), result(false)];
        assert_eq!(Answer::of(few.clone(), 1).results, few);
        let mut many = vec![result(true); 4000];
        many.push(result(false));
        let Answer {
            results, targets, ..
        } = Answer::of(many, 1);
        assert!(!results[0].passed && results[1].passed);
        assert_eq!((targets.passing.len(), targets.failing.len()), (4000, 1));
        let size = size(&results) + size(&targets);
        assert!((LISTED - 200..=LISTED + 1).contains(&size), "{size}");
    }
}
