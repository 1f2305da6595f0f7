//! What is too large is refused in words, and the rest is read.

use super::*;
use crate::state::{Lifetime, State};
use crate::{Dialect, Rule, Step, lint, review};
use std::time::{Duration, Instant};

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

/// So many that the square of them takes minutes, and their number seconds.
const UNITS: usize = 90_000;

#[test]
fn a_text_of_one_unit_is_read_in_time_with_its_length() {
    let begun = Instant::now();
    for (dialect, sql) in [
        (Dialect::Postgresql, "/* ".repeat(UNITS) + "*/"),
        (Dialect::Postgresql, "/*/".repeat(UNITS)),
        (
            Dialect::Mysql,
            "SELECT 1 ".to_owned() + &"#\n".repeat(UNITS),
        ),
        (
            Dialect::Mysql,
            "SELECT 1 ".to_owned() + &"/*!50000 */".repeat(UNITS),
        ),
        (Dialect::Mysql, "/*! ".repeat(UNITS) + "*/"),
    ] {
        let report = review(&sql, dialect, Step::Expand);
        assert!(report.statements <= 1, "{dialect}: {}", report.statements);
    }
    assert!(
        begun.elapsed() < Duration::from_secs(60),
        "{:?}",
        begun.elapsed()
    );
}

#[test]
fn what_is_known_of_many_tables_is_soon_forgotten() {
    let begun = Instant::now();
    let mut state = State::new(Dialect::Sqlite);
    let table = |n: usize| format!("a{n}");
    for n in 0..UNITS {
        state.make(table(n), Lifetime::Lasting);
    }
    assert!(state.made_key(&table(7)));
    for n in 0..UNITS {
        state.unmake(&table(n));
    }
    assert!(!state.made_key(&table(7)));
    assert!(
        begun.elapsed() < Duration::from_secs(60),
        "{:?}",
        begun.elapsed()
    );
}
