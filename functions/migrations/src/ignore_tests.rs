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
    ] {
        let report = lint(&sql);
        assert_eq!(report.problems, [], "{sql}");
        assert_eq!(report.ignored.len(), 2);
        assert_eq!(report.ignored[0].why, "nobody reads it");
        assert_eq!(report.ignored[0].problem.rule, Rule::Drop);
    }
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
