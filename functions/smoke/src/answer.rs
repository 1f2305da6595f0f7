//! What smoke answers to the state machine: the verdict of all results, and as many of them as fit.

use crate::sample::AT_ONCE;
use serde::Serialize;
use shared::{CheckResult, CheckedTargets, Digest, ReleaseId, ReleasePlan, fitting, listed};
use std::time::Duration;

/// What targets and results of an answer may take, in bytes of JSON: half of the 256 KiB that Step Functions carries.
const LISTED: usize = 128 * 1024;

/// Failed checks that the reason names.
const NAMED: usize = 3;

/// Whether the environment may get traffic, and why not.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Answer {
    /// The release and the image of the plan that was tested, so that nobody takes this for the answer to another plan.
    pub release: ReleaseId,
    pub digest: Digest,
    pub passed: bool,
    pub reason: String,
    /// What the checks found at every target, or at the environment's base URL.
    pub targets: CheckedTargets,
    /// As many as fit, failed ones first if not all do.
    pub results: Vec<CheckResult>,
}

impl Answer {
    /// Decides from all results, of which each place has one for each of its `checks`. Nothing checked is never a pass.
    pub(crate) fn of(plan: &ReleasePlan, results: Vec<CheckResult>, checks: usize) -> Answer {
        let targets = summarize(results.chunks(checks.max(1)));
        Answer {
            release: plan.release.clone(),
            digest: plan.image.digest.clone(),
            passed: !results.is_empty() && results.iter().all(|result| result.passed),
            reason: reason(&results),
            // The reason and the targets count them all.
            results: fitting(results, LISTED.saturating_sub(size(&targets)), |result| {
                (result.passed, !result.asked)
            }),
            targets,
        }
    }

    /// Says so where not `all` targets were asked: of more than an answer can name only those that are `listed`, and of these
    /// a sample. Of the others nothing is known.
    pub(crate) fn of_many(mut self, all: usize, listed: usize, limit: Duration) -> Answer {
        let CheckedTargets {
            passing,
            failing,
            unasked,
        } = &mut self.targets;
        let asked = passing.len() + failing.len() + *unasked;
        if asked < all {
            *unasked += all - asked;
            let spread = match asked < listed {
                true => format!(
                    ", spread evenly, {AT_ONCE} checks at once for {} s",
                    limit.as_secs()
                ),
                false => String::new(),
            };
            self.reason = format!(
                "{asked} of {all} targets were asked{spread}; {}",
                self.reason
            );
        }
        self
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
        (0, 0) if all == 1 => return "1 check passed".to_owned(),
        (0, 0) => return format!("{all} checks passed"),
        (failed, 0) => format!("{failed} of {all} checks failed"),
        (failed, unasked) => format!("{failed} of {all} checks failed, {unasked} not made"),
    };
    let named = failed.into_iter().chain(unasked).take(NAMED);
    let named = named.map(CheckResult::describe);
    format!("{counts}: {}", listed(named, "; "))
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

    fn answer_of(results: Vec<CheckResult>, checks: usize) -> Answer {
        Answer::of(&fixtures::release_plan(), results, checks)
    }

    fn check(results: &[CheckResult], passed: bool, reason: &str) {
        let answer = answer_of(results.to_vec(), 1);
        assert_eq!((answer.passed, answer.reason.as_str()), (passed, reason));
    }

    #[test]
    fn one_failure_fails_and_nothing_checked_is_no_pass() {
        check(&[result(true)], true, "1 check passed");
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
            let targets = answer_of(vec![one, other], 2).targets;
            let (passing, failing) = (targets.passing.len(), targets.failing.len());
            (passing, failing, targets.unasked)
        };
        assert_eq!(count(result(true), result(false)), (0, 1, 0));
        assert_eq!(count(unasked(), result(false)), (0, 1, 0));
        assert_eq!(count(result(true), unasked()), (1, 0, 0));
        assert_eq!(count(unasked(), unasked()), (0, 0, 1));
        let answer = answer_of(vec![unasked(), result(true)], 1);
        let reason = "0 of 2 checks failed, 1 not made: ping on 10.0.0.7:8080: ";
        assert!(
            !answer.passed && answer.reason.starts_with(reason),
            "{answer:?}"
        );
    }

    #[test]
    fn the_reason_names_the_first_failures_and_counts_all() {
        let Answer { passed, reason, .. } = answer_of(vec![result(false); 9], 1);
        assert!(!passed && reason.starts_with("9 of 9 checks failed"));
        assert_eq!(reason.matches("expected").count(), 3);
    }

    #[test]
    fn an_answer_carries_what_fits_and_the_failures_first() {
        let few = vec![result(true), result(false)];
        assert_eq!(answer_of(few.clone(), 1).results, few);
        let mut many = vec![result(true); 4000];
        many.push(result(false));
        let Answer {
            results, targets, ..
        } = answer_of(many, 1);
        assert!(!results[0].passed && results[1].passed);
        assert_eq!((targets.passing.len(), targets.failing.len()), (4000, 1));
        let size = size(&results) + size(&targets);
        assert!((LISTED - 200..=LISTED + 1).contains(&size), "{size}");
    }

    #[test]
    fn an_answer_names_what_was_tested() {
        let answer = answer_of(vec![result(false)], 1);
        let plan = fixtures::release_plan();
        assert_eq!(
            (answer.release, answer.digest),
            (plan.release, plan.image.digest)
        );
    }

    #[test]
    fn five_thousand_failing_targets_with_long_texts_fit() {
        let results = (0..2000).map(|number| CheckResult {
            target: format!("[2001:db8:aaaa:bbbb:cccc:dddd:eeee:{number:04x}]:65535"),
            expected: "🚀".repeat(200),
            found: "\"".repeat(200),
            ..result(false)
        });
        let answer = answer_of(results.collect(), 1).of_many(5000, 2000, Duration::ZERO);
        fixtures::assert_bounded(&serde_json::json!(answer));
        assert_eq!(
            (answer.targets.failing.len(), answer.targets.unasked),
            (2000, 3000)
        );
    }
}
