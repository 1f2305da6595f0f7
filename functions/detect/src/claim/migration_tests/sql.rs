//! What becomes of the SQL that a request brings.

use super::*;

fn judged(policy: &MigrationPolicy, sql: &str, kind: Step) -> Result<Report, Refusal> {
    let step = MigrationStep {
        sql: Some(sql.to_owned()),
        ..step(&["bin/migrate"])
    };
    policy.judge(Some(&step), kind)
}

#[test]
fn sql_is_refused_in_the_step_that_it_does_not_belong_to() {
    let policy = policy("", "postgresql", "2").expect("a policy");
    let add = "ALTER TABLE orders ADD COLUMN note text";
    let drop = "ALTER TABLE orders DROP COLUMN note";
    let rename = "ALTER TABLE orders RENAME COLUMN note TO remark";
    let unreadable = "ALTER TABLE orders FROBNICATE";
    use Step::{Contract, Expand};
    for (sql, step, refuses) in [
        (add, Expand, false),
        (drop, Expand, true),
        (rename, Expand, true),
        (unreadable, Expand, true),
        (drop, Contract, false),
        (rename, Contract, true),
        (unreadable, Contract, true),
    ] {
        let judged = judged(&policy, sql, step);
        assert_eq!(judged.is_err(), refuses, "{sql}: {judged:?}");
        if let Err(reason) = judged {
            let begins = "the SQL must not run in this step: ";
            assert!(reason.as_str().starts_with(begins), "{sql}: {reason}");
        }
    }
    let nothing = Ok(Report::default());
    assert_eq!(policy.judge(None, Expand), nothing);
    let without = step(&["bin/migrate"]);
    assert_eq!(policy.judge(Some(&without), Expand), nothing);
}

#[test]
fn every_statement_that_is_refused_is_named() {
    let policy = policy("", "postgresql", "2").expect("a policy");
    let sql = "DROP TABLE orders; CREATE TABLE notes (id int); DROP TABLE customers;";
    let reason = judged(&policy, sql, Step::Expand);
    let reason = reason.expect_err("a refusal").to_string();
    assert!(reason.contains("DROP TABLE orders"), "{reason}");
    assert!(reason.contains("DROP TABLE customers"), "{reason}");
}

#[test]
fn a_refusal_names_ten_dangers_at_most_and_counts_up_to_a_thousand() {
    let policy = policy("", "postgresql", "2").expect("a policy");
    let drops = "DROP TABLE a;\n".repeat(64 * 1024 / 14);
    let reason = judged(&policy, &drops, Step::Expand).expect_err("a refusal");
    let reason = reason.as_str();
    let named = reason.matches("DROP TABLE a: ").count();
    assert!((1..=10).contains(&named), "{reason}");
    let others = 1_000 - named;
    assert!(
        reason.ends_with(&format!("; and {others} more")),
        "{reason}"
    );
    assert!(reason.chars().count() < 32_768, "{}", reason.len());
    fixtures::assert_bounded(&json!({"reason": reason}));
}

#[test]
fn what_refuses_no_step_is_said_beside_it() {
    let policy = policy("", "postgresql", "2").expect("a policy");
    let index = "CREATE INDEX noted ON orders (note)";
    for kind in [Step::Expand, Step::Contract] {
        let report = judged(&policy, index, kind).expect("no danger");
        assert!(report.count(Severity::Lock) > 0, "{report:?}");
    }
    let ignored =
        "-- lint-migration: ignore drop, no-lock-timeout: nobody reads it\nDROP TABLE notes";
    let report = judged(&policy, ignored, Step::Expand).expect("no danger");
    assert_eq!(report.ignored[0].why, "nobody reads it");
}
