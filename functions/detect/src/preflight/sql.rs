//! What the linter says of a request's SQL that does not refuse it: who waits meanwhile, and what its comments let pass.

use super::checks::{MIGRATION_IGNORED, MIGRATION_LOCKS};
use super::evidence::Finding;
use migrations::{Report, Severity};
use std::iter::repeat_n;

pub(super) fn findings(sql: &Report) -> Vec<Finding> {
    let locks = problems(sql, Severity::Lock).map(|it| MIGRATION_LOCKS.finding(it));
    let ignored = sql.ignored.iter();
    let ignored = ignored.map(|it| format!("{}: {}", it.why, it.problem));
    let ignored = ignored.chain(repeat_n(String::new(), sql.more_ignored));
    let ignored = ignored.map(|it| MIGRATION_IGNORED.finding(it));
    locks.chain(ignored).collect()
}

/// All problems of one severity, in the order of the text. Those that the report only counts are empty: after a thousand
/// others no list names them.
pub(crate) fn problems(sql: &Report, severity: Severity) -> impl Iterator<Item = String> {
    let kept = sql.problems.iter();
    let kept: Vec<_> = kept.filter(|it| it.severity() == severity).collect();
    let more = sql.count(severity).saturating_sub(kept.len());
    let kept = kept.into_iter().map(ToString::to_string);
    kept.chain(repeat_n(String::new(), more))
}
