//! Every case of `cases.tsv` is judged as its label says, or for a reason that stands here.

use migrations::{Report, Rule, Severity, review};
use project::cases::{Case, Expect, cases};
use std::collections::BTreeMap;

/// Cases that are judged otherwise on purpose: its id, the judgement, and why.
const OTHERWISE: [(&str, Expect, &str); 3] = [
    (
        "122",
        Expect::Lock,
        "the table may be an old one, as in 109, and then writes wait until the index is built",
    ),
    (
        "280",
        Expect::Pass,
        "a column that is NULL in every row is not checked, as PostgreSQL shows; it only waits for its lock",
    ),
    (
        "550",
        Expect::Refuse,
        "the text does not say what the column was: MODIFY may shorten it, and drops its DEFAULT and NOT NULL",
    ),
];

/// What the linter finds in a case.
fn reviewed(case: &Case) -> Report {
    let dialect = case.dialect.parse().expect("a dialect");
    let step = case.step.parse().expect("a step");
    review(&case.sql, dialect, step)
}

/// The judgement of a text in one word; a limit for waiting is no matter of a single statement.
fn judgement(report: &Report) -> Expect {
    let mut found = report
        .problems
        .iter()
        .filter(|problem| problem.rule != Rule::NoLockTimeout);
    let dangers = || report.dangers();
    if dangers().any(|problem| problem.rule != Rule::Fail) {
        Expect::Refuse
    } else if dangers().next().is_some() {
        Expect::Fail
    } else if found.any(|problem| problem.severity() == Severity::Lock) {
        Expect::Lock
    } else {
        Expect::Pass
    }
}

#[test]
fn every_labelled_case_is_judged_as_its_label_says() {
    let mut table: BTreeMap<(&str, &str, &str), (usize, usize)> = BTreeMap::new();
    let mut wrong = Vec::new();
    let cases = cases();
    for case in &cases {
        let report = reviewed(case);
        let judged = judgement(&report);
        let (expect, sure) = (case.expect.word(), case.sure.as_str());
        let row = table.entry((&case.dialect, expect, sure)).or_default();
        *(if judged == case.expect {
            &mut row.0
        } else {
            &mut row.1
        }) += 1;
        let otherwise = OTHERWISE.iter().find(|(id, ..)| *id == case.id);
        if judged != otherwise.map_or(case.expect, |(_, judged, _)| *judged) {
            wrong.push(format!(
                "{} {} {} expected {expect} ({sure}), not {}: {}\n    {:?}",
                case.id,
                case.dialect,
                case.step,
                judged.word(),
                case.sql,
                report.problems
            ));
        }
    }
    for ((dialect, expect, sure), (right, wrong)) in table {
        eprintln!("{dialect:11}{expect:8}{sure:11}{right:4} right{wrong:4} otherwise");
    }
    let (count, all) = (wrong.len(), cases.len());
    assert_eq!(count, 0, "of {all} cases:\n{}", wrong.join("\n"));
}

#[test]
fn what_is_judged_otherwise_is_a_case_and_its_label_says_something_else() {
    let cases = cases();
    for (id, ..) in OTHERWISE {
        let case = cases.iter().find(|case| case.id == id);
        let case = case.unwrap_or_else(|| panic!("{id} is no case"));
        assert_ne!(
            judgement(&reviewed(case)),
            case.expect,
            "{id} is right by now"
        );
    }
}
