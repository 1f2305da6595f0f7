//! Every case of `cases.tsv` is judged as its label says, or for a reason that stands here.
//!
//! A row is a small text of SQL: `expect` says what is right (`pass`; `refuse`: it breaks the version that still runs;
//! `lock`: reads or writes wait; `fail`: it fails or undoes itself), `sure` whether one may think otherwise.

use migrations::{Report, Rule, Severity, review};
use std::collections::BTreeMap;

const CASES: &str = include_str!("../cases.tsv");

/// Cases that are judged otherwise on purpose: its id, the judgement, and why.
const OTHERWISE: &[(&str, &str, &str)] = &[
    (
        "122",
        "lock",
        "the table may be an old one, as in 109, and then writes wait until the index is built",
    ),
    (
        "280",
        "pass",
        "a column that is NULL in every row is not checked, as PostgreSQL shows; it only waits for its lock",
    ),
    (
        "550",
        "refuse",
        "the text does not say what the column was: MODIFY may shorten it, and drops its DEFAULT and NOT NULL",
    ),
];

struct Case<'a> {
    id: &'a str,
    dialect: &'a str,
    step: &'a str,
    expect: &'a str,
    sure: &'a str,
    sql: String,
}

fn cases() -> Vec<Case<'static>> {
    let rows = CASES.lines().skip(1);
    rows.map(|row| {
        let fields: Vec<&str> = row.split('\t').collect();
        let [id, dialect, step, expect, sure, _kind, sql] = fields[..] else {
            panic!("seven fields expected: {row}");
        };
        Case {
            id,
            dialect,
            step,
            expect,
            sure,
            sql: unescaped(sql),
        }
    })
    .collect()
}

/// `\n`, `\r`, `\t`, `\\` and `\ufeff`, as the table writes them.
fn unescaped(text: &str) -> String {
    let mut pieces = text.split('\\');
    let mut plain = pieces.next().unwrap_or_default().to_owned();
    while let Some(piece) = pieces.next() {
        let (sign, rest) = match piece.as_bytes().first() {
            Some(b'n') => ('\n', 1),
            Some(b'r') => ('\r', 1),
            Some(b't') => ('\t', 1),
            Some(b'u') => ('\u{feff}', 5),
            Some(_) => panic!("an escape that is not known: {text}"),
            None => ('\\', 0),
        };
        plain.push(sign);
        plain.push_str(if rest == 0 {
            pieces.next().unwrap_or_default()
        } else {
            &piece[rest..]
        });
    }
    plain
}

/// The judgement of a text in one word; a limit for waiting is no matter of a single statement.
fn judgement(report: &Report) -> &'static str {
    let mut found = report
        .problems
        .iter()
        .filter(|problem| problem.rule != Rule::NoLockTimeout);
    let dangers = || report.dangers();
    if dangers().any(|problem| problem.rule != Rule::Fail) {
        "refuse"
    } else if dangers().next().is_some() {
        "fail"
    } else if found.any(|problem| problem.severity() == Severity::Lock) {
        "lock"
    } else {
        "pass"
    }
}

#[test]
fn every_labelled_case_is_judged_as_its_label_says() {
    let mut table: BTreeMap<(&str, &str, &str), (usize, usize)> = BTreeMap::new();
    let mut wrong = Vec::new();
    let cases = cases();
    for case in &cases {
        let dialect = case.dialect.parse().expect("a dialect");
        let step = case.step.parse().expect("a step");
        let report = review(&case.sql, dialect, step);
        let found = judgement(&report);
        let right = found == case.expect;
        let row = table
            .entry((case.dialect, case.expect, case.sure))
            .or_default();
        *(if right { &mut row.0 } else { &mut row.1 }) += 1;
        let otherwise = OTHERWISE.iter().find(|(id, ..)| *id == case.id);
        match otherwise {
            None if right => {}
            Some((_, judged, _)) if *judged == found => {}
            _ => wrong.push(format!(
                "{} {} {} expected {} ({}), found {found}: {}\n    {:?}",
                case.id, case.dialect, case.step, case.expect, case.sure, case.sql, report.problems
            )),
        }
    }
    let lines = table
        .iter()
        .map(|((dialect, expect, sure), (right, wrong))| {
            format!("{dialect:11}{expect:8}{sure:11}{right:4} right{wrong:4} otherwise")
        });
    let lines: Vec<String> = lines.collect();
    eprintln!("{}", lines.join("\n"));
    let (count, all) = (wrong.len(), cases.len());
    assert!(
        wrong.is_empty(),
        "{count} of {all} cases:\n{}",
        wrong.join("\n")
    );
}
