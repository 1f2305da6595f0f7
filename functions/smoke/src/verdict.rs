//! Whether all results together are a pass, and how many of them an answer can carry.

use serde::Serialize;

/// One check on one target.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct CheckResult {
    pub check: String,
    /// `HOST:PORT`, or the environment's base URL.
    pub target: String,
    pub passed: bool,
    /// False where the time was over before the first attempt: such a check has not passed, and found nothing wrong.
    pub asked: bool,
    pub expected: String,
    pub found: String,
    /// None: there was no answer.
    pub latency_ms: Option<u64>,
}

/// What the results of an answer may take, in bytes of JSON: half of the 256 KiB that Step Functions carries.
const LISTED: usize = 128 * 1024;

/// Failed checks that the reason names.
const TOLD: usize = 3;

/// Whether everything passed, and why not. Nothing checked is never a pass.
pub fn verdict(results: &[CheckResult]) -> (bool, String) {
    let failed: Vec<_> = results.iter().filter(|result| !result.passed).collect();
    let (wrong, all) = (failed.len(), results.len());
    if all == 0 {
        let reason = "nothing was checked: no target is known and no base URL is set";
        return (false, reason.to_owned());
    }
    if wrong == 0 {
        return (true, format!("{all} checks passed"));
    }
    let told: Vec<_> = failed.iter().take(TOLD).map(|it| tell(it)).collect();
    let told = told.join("; ");
    (false, format!("{wrong} of {all} checks failed: {told}"))
}

fn tell(result: &CheckResult) -> String {
    format!(
        "{} on {}: expected {}, found {}",
        result.check, result.target, result.expected, result.found
    )
}

/// The results as they are, or, when they are too many for an answer, as many as it can carry, failed ones first.
/// The verdict counts them all.
pub fn listed(mut results: Vec<CheckResult>) -> Vec<CheckResult> {
    let size = |it: &CheckResult| serde_json::to_string(it).map_or(LISTED, |text| text.len() + 1);
    if results.iter().map(size).sum::<usize>() <= LISTED {
        return results;
    }
    results.sort_by_key(|result| result.passed);
    let mut room = LISTED;
    let fitting = results.iter().map_while(|result| {
        room = room.checked_sub(size(result))?;
        Some(())
    });
    results.truncate(fitting.count());
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
        assert_eq!(verdict(results), (passed, reason.to_owned()));
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
        let (passed, reason) = verdict(&vec![result(false); 9]);
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
