//! Comments that let findings pass.

use crate::{Dialect, Report, Rule, Step, review};

fn lint(sql: &str) -> Report {
    review(sql, Dialect::Postgresql, Step::Expand)
}

fn rules(report: &Report) -> Vec<Rule> {
    report.dangers().map(|problem| problem.rule).collect()
}

#[test]
fn a_comment_with_a_reason_lets_its_rules_pass_in_its_statement() {
    let order = "lint-migration: ignore drop, no-lock-timeout: nobody reads it";
    for sql in [
        format!("-- {order}\nDROP TABLE a"),
        format!("/* {order} */ DROP TABLE a"),
        format!("DROP TABLE -- {order}\n a"),
        format!(
            "/*\n * {}\n */\nDROP TABLE a",
            order.replace("nobody ", "nobody\n * ")
        ),
        format!("DROP TABLE a /* {order} */; SELECT 1"),
    ] {
        let report = lint(&sql);
        assert_eq!(report.problems, [], "{sql}");
        assert_eq!(report.ignored.len(), 2);
        assert_eq!(report.ignored[0].why, "nobody reads it");
        assert_eq!(report.ignored[0].problem.rule, Rule::Drop);
    }
    let tiny = lint(&format!(
        "-- {order}\nDROP TABLE tiny;\nALTER TABLE a ADD b int; ALTER TABLE c ADD d int"
    ));
    let locks: Vec<usize> = tiny.locks().map(|problem| problem.line).collect();
    assert_eq!(locks, [3]);
    let mysql = format!("# {}\nDROP TABLE a", order.replace(", no-lock-timeout", ""));
    assert_eq!(review(&mysql, Dialect::Mysql, Step::Expand).problems, []);
    let next = lint(&format!("-- {order}\nDROP TABLE a; DROP TABLE b"));
    assert_eq!(rules(&next), [Rule::Drop]);
}

#[test]
fn a_comment_that_says_too_little_or_too_much_is_a_problem() {
    for comment in [
        "lint-migration: ignore drop",
        "lint-migration: ignore drop: ",
        "lint-migration: ignore drops: a reason",
        "lint-migration: ignore bad-comment: a reason",
        "lint-migration: let it pass",
        "lint-migration",
        "lint-migration: ignore",
        "lint-migration: ignore: a reason",
        "lint-migration: ignore drop - a reason",
        "lint-migration: ignored drop: a reason",
        "LINT-MIGRATION: ignore drop: a reason",
        "lint_migration: ignore drop: a reason",
        "Lint migration ignore drop",
        "TODO lint-migration: ignore drop: a reason",
        "+ lint-migration: ignore drop: a reason",
    ] {
        let report = lint(&format!("-- {comment}\nDROP TABLE a"));
        assert_eq!(rules(&report), [Rule::Drop, Rule::BadComment], "{comment}");
    }
}

#[test]
fn a_rule_that_finds_nothing_is_a_problem() {
    let comment = "-- lint-migration: ignore drop: a reason";
    for sql in [
        format!("{comment}\nSELECT 1"),
        format!("SELECT 1; {comment}"),
    ] {
        assert_eq!(rules(&lint(&sql)), [Rule::BadComment], "{sql}");
    }
    assert_eq!(rules(&lint(&format!("SELECT '{comment}'"))), []);
}

#[test]
fn the_remedy_of_a_bad_comment_leaves_what_is_needed() {
    for (sql, part) in [
        (
            "-- lint-migration: ignore delete: a\nSELECT 1",
            "Delete the comment.",
        ),
        (
            "-- lint-migration: ignore drop, delete: a\nDROP TABLE a",
            "Take `delete` out",
        ),
        (
            "-- lint-migration: ignore drop: a\n-- lint-migration: ignore delete: b\nDROP TABLE a",
            "Take `delete` out",
        ),
        (
            "-- lint-migration: ignore dorp: a\nSELECT 1",
            "block-all, no-lock-timeout.",
        ),
        ("-- lint-migration: ignore drop - a\nSELECT 1", "no colon"),
        (
            "DO $$ BEGIN\n-- lint-migration: ignore drop: a\nPERFORM 1; END $$",
            "inside of a body",
        ),
    ] {
        let report = lint(sql);
        let bad = report.dangers().find(|it| it.rule == Rule::BadComment);
        assert!(
            bad.is_some_and(|it| it.reason.contains(part)),
            "{sql}: {report:?}"
        );
    }
    assert_eq!(rules(&lint("-- we use lint-migration in CI\nSELECT 1")), []);
}

#[test]
fn a_comment_behind_a_statement_lets_nothing_pass_in_the_next() {
    for sql in [
        "SELECT 1; -- lint-migration: ignore drop: a\nDROP TABLE b",
        "SELECT 1;; /* one */ /* lint-migration: ignore drop: a */ DROP TABLE b",
    ] {
        assert_eq!(rules(&lint(sql)), [Rule::Drop, Rule::BadComment], "{sql}");
    }
    let own = "SELECT 1;\n-- lint-migration: ignore drop: a\nDROP TABLE b; DROP TABLE c\n-- lint-migration: ignore drop: a";
    assert_eq!(rules(&lint(own)), []);
}

#[test]
fn a_transaction_may_stay_open_where_a_comment_says_so() {
    let begin = "-- lint-migration: ignore fail: a\nBEGIN; SELECT 1";
    for (sql, expected) in [
        (begin.to_owned(), vec![]),
        (format!("{begin}; COMMIT"), vec![Rule::BadComment]),
        (
            format!("{begin}; COMMIT; BEGIN; SELECT 2"),
            vec![Rule::BadComment, Rule::Fail],
        ),
    ] {
        let report = lint(&sql);
        assert_eq!(rules(&report), expected, "{sql}");
        assert_eq!(report.ignored.len(), usize::from(expected.is_empty()));
    }
}

#[test]
fn a_comment_covers_one_statement_that_cannot_be_read_and_no_more() {
    let comment = "-- lint-migration: ignore unreadable: a\n";
    for (dialect, sql, expected) in [
        (
            Dialect::Mysql,
            "/*M! DROP TABLE a */; DROP TABLE b",
            vec![Rule::Drop],
        ),
        (
            Dialect::Postgresql,
            "\\set x on\nDROP TABLE b",
            vec![Rule::Drop],
        ),
        (
            Dialect::Mysql,
            "--changeset a:1\nDROP TABLE b",
            vec![Rule::Drop],
        ),
        (
            Dialect::Mysql,
            "CREATE PROCEDURE p() BEGIN SELECT begin; END; DROP TABLE b",
            vec![Rule::Unreadable],
        ),
    ] {
        let report = review(&format!("{comment}{sql}"), dialect, Step::Expand);
        assert_eq!(rules(&report), expected, "{sql}");
        let shown = report
            .ignored
            .first()
            .map(|it| it.problem.statement.as_str());
        assert_eq!(
            shown.is_some_and(|it| it.starts_with(&sql[..5])),
            expected == [Rule::Drop]
        );
    }
}
