//! What is too large is refused in words, and the rest is read.

use super::*;
use crate::{Dialect, Rule, Step, lint, review};

#[test]
fn what_is_too_large_is_refused_in_words_and_the_rest_is_read() {
    let long = format!("SELECT '{}';\nDROP TABLE a", "x".repeat(1 << 20));
    let report = review(&long, Dialect::Sqlite, Step::Expand);
    let rules: Vec<(usize, Rule)> = report.dangers().map(|it| (it.line, it.rule)).collect();
    assert_eq!(rules, [(1, Rule::Unreadable), (2, Rule::Drop)]);
    let report = review(&"x".repeat(TEXT_MAX + 1), Dialect::Sqlite, Step::Expand);
    assert!(
        report.problems[0]
            .reason
            .contains("at most 16777216 are read")
    );
}

#[test]
fn an_insert_is_read_whatever_number_of_rows_it_has() {
    let rows = "(1, 'it''s', NULL, -2.5),\n".repeat(40_000);
    for (last, rules) in [
        ("(2, 'two', NULL, 0)", vec![]),
        ("(2, nonsense here)", vec![Rule::Unreadable]),
    ] {
        let sql = format!("INSERT INTO a VALUES {rows}{last};\nDROP TABLE a");
        for dialect in Dialect::ALL {
            let found = lint(&sql, dialect, Step::Expand);
            let drops = rules.iter().chain([&Rule::Drop]);
            assert!(found.iter().map(|it| &it.rule).eq(drops), "{found:?}");
            assert_eq!(found.last().map(|it| it.line), Some(40_002));
        }
    }
}

#[test]
fn a_text_with_too_much_in_it_is_not_read_to_its_end() {
    let report = review(&"nonsense;".repeat(2_000), Dialect::Mysql, Step::Expand);
    assert_eq!((report.statements, report.more), (2_000, 0));
    let last = report.dangers().last().map(|it| it.reason.as_str());
    let said = last.is_some_and(|it| it.contains("1001 statements in all"));
    assert!(said, "{last:?}");
    assert!(!is_enough(0, STATEMENTS_MAX - 1) && is_enough(0, STATEMENTS_MAX));
    let ignored = "-- lint-migration: ignore unreadable: x\nnonsense;\n".repeat(999)
        + &"nonsense;\n".repeat(999);
    let hidden = format!("{ignored}-- lint-migration: ignore unreadable, drop: x\nDROP TABLE a");
    let report = review(&hidden, Dialect::Sqlite, Step::Expand);
    assert_eq!(
        (report.dangers().count(), report.ignored.len()),
        (1_000, 999)
    );
}

#[test]
fn a_statement_with_too_many_queries_is_refused() {
    let sql = format!("SELECT (SELECT 1){}", ", (SELECT 1)".repeat(4_000));
    for dialect in Dialect::ALL {
        let found = lint(&sql, dialect, Step::Expand);
        assert_eq!(found.len(), 1);
        assert!(found[0].reason.contains("4002 queries"), "{}", found[0]);
    }
}
