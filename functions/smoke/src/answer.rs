//! What smoke answers to the state machine: the verdict of all results, and as many of them as fit.

use serde::Serialize;
use shared::CheckResult;

/// What the results of an answer may take, in bytes of JSON: half of the 256 KiB that Step Functions carries.
const LISTED: usize = 128 * 1024;

/// Failed checks that the reason names.
const NAMED: usize = 3;

/// Whether the environment may get traffic, and why not.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Answer {
    pub passed: bool,
    pub reason: String,
    pub results: Vec<CheckResult>,
}

impl Answer {
    /// Decides from all results. Nothing checked is never a pass.
    pub(crate) fn of(results: Vec<CheckResult>) -> Answer {
        let failed: Vec<_> = results.iter().filter(|result| !result.passed).collect();
        let (wrong, all) = (failed.len(), results.len());
        let reason = if all == 0 {
            "nothing was checked: no target is known and no base URL is set".to_owned()
        } else if wrong == 0 {
            format!("{all} checks passed")
        } else {
            let named = failed.iter().take(NAMED).map(|result| result.describe());
            let named: Vec<_> = named.collect();
            format!("{wrong} of {all} checks failed: {}", named.join("; "))
        };
        Answer {
            passed: all > 0 && wrong == 0,
            reason,
            results: listed(results),
        }
    }
}

/// The results as they are, or, when they are too many for an answer, as many as it can carry, failed ones first.
/// The reason counts them all.
fn listed(mut results: Vec<CheckResult>) -> Vec<CheckResult> {
    let size =
        |result: &CheckResult| serde_json::to_string(result).map_or(LISTED, |text| text.len() + 1);
    if results.iter().map(size).sum::<usize>() <= LISTED {
        return results;
    }
    results.sort_by_key(|result| result.passed);
    let mut listed = 0;
    results.retain(|result| {
        listed += size(result);
        listed <= LISTED
    });
    results
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
        let answer = Answer::of(results.to_vec());
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
    fn the_reason_names_the_first_failures_and_counts_all() {
        let Answer { passed, reason, .. } = Answer::of(vec![result(false); 9]);
        assert!(!passed && reason.starts_with("9 of 9 checks failed"));
        assert_eq!(reason.matches("expected").count(), 3);
    }

    #[test]
    fn an_answer_carries_what_fits_and_the_failures_first() {
        let few = vec![result(true), result(false)];
        assert_eq!(listed(few.clone()), few);
        let mut many = vec![result(true); 4000];
        many.push(result(false));
        let listed = listed(many);
        assert!(!listed[0].passed && listed[1].passed);
        let size = serde_json::to_string(&listed).expect("JSON").len();
        assert!((LISTED - 200..=LISTED + 1).contains(&size), "{size}");
    }
}
