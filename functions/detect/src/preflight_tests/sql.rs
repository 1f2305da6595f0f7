//! What the linter says of a request's SQL.

use super::cases::Case;
use super::world;
use super::world::World;
use crate::preflight::Severity::Warning;
use crate::preflight::{PreflightPolicy, may_pass, of_contract, shown, warnings};
use migrations::{Dialect, Report, Step, review};

pub const SQL: &[Case] = &[
    (
        "migration-locks",
        Warning,
        "line 1: lock[block-writes]: OPTIMIZE TABLE orders: ",
        |it| it.sql = expand("OPTIMIZE TABLE orders"),
    ),
    (
        "migration-ignored",
        Warning,
        "nobody reads it: line 2: danger[drop]: DROP TABLE notes: ",
        |it| it.sql = expand(IGNORED),
    ),
    (
        "migration-ignored",
        Warning,
        "at night: line 2: lock[block-writes]: OPTIMIZE TABLE orders: ",
        |it| {
            it.sql =
                expand("-- lint-migration: ignore block-writes: at night\nOPTIMIZE TABLE orders");
        },
    ),
];

const IGNORED: &str = "-- lint-migration: ignore drop: nobody reads it\nDROP TABLE notes";

fn expand(sql: &str) -> Report {
    review(sql, Dialect::Mysql, Step::Expand)
}

#[test]
fn ten_locks_are_shown_and_all_others_counted() {
    let world = world(|it: &mut World| it.sql = expand(&"OPTIMIZE TABLE a;\n".repeat(3000)));
    let findings = world.findings();
    let found = shown(&findings);
    assert_eq!((findings.len(), found.len()), (3000, 11));
    assert_eq!(found[10].found, "and 2990 more");
    let warnings = warnings(&findings);
    let [warning] = warnings.as_slice() else {
        panic!("{warnings:?}")
    };
    let named = warning.matches("OPTIMIZE TABLE a: ").count();
    assert!((1..=10).contains(&named), "{warning}");
    let others = format!("; and {} more. ", 3000 - named);
    assert!(warning.contains(&others), "{warning}");
}

#[test]
fn a_contract_step_is_refused_for_the_warnings_that_are_to_refuse() {
    let sql = review(
        "LOCK TABLES notes WRITE; DROP TABLE notes",
        Dialect::Mysql,
        Step::Contract,
    );
    let policy = |refuses: &str| PreflightPolicy {
        refuse_on_warnings: vec![refuses.to_owned()],
        ..PreflightPolicy::default()
    };
    let other = of_contract(&sql, &policy("health-path"));
    assert_eq!(may_pass(&other), Ok(()));
    assert!(
        warnings(&other)[0].starts_with("migration-locks: line 1: lock[block-all]: LOCK TABLES")
    );
    let reason = may_pass(&of_contract(&sql, &policy("migration-locks")));
    let reason = reason.expect_err("a refusal").into_reason();
    assert!(reason.starts_with("migration-locks: line 1: "), "{reason}");
}
