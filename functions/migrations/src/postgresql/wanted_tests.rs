//! What waits for a lock for as long as it takes.

use crate::{Dialect, Rule, Step, review};

#[test]
fn what_waits_for_a_lock_without_a_limit_is_said_once() {
    let waits = |sql: &str| {
        let report = review(sql, Dialect::Postgresql, Step::Contract);
        let problems = report.problems.iter();
        problems.filter(|it| it.rule == Rule::NoLockTimeout).count()
    };
    let add = "ALTER TABLE a ADD COLUMN b int";
    for sql in [
        "CREATE TABLE b (id int REFERENCES a (id))",
        "CREATE TABLE b (id int, FOREIGN KEY (id) REFERENCES a)",
        "CREATE TABLE b (id int); ALTER TABLE b ADD FOREIGN KEY (id) REFERENCES a",
        "CREATE TABLE b PARTITION OF a FOR VALUES IN (1)",
        "CREATE TABLE b (id int); DROP TABLE b, a",
        "CREATE TABLE b (id int); LOCK b, a",
        "DROP VIEW v",
        "DROP MATERIALIZED VIEW v",
        "DROP RULE r ON a",
        "DROP TRIGGER t ON a",
        "DO $$ BEGIN ALTER TABLE a ADD COLUMN b int; END $$",
        &format!("SET LOCAL lock_timeout = '1s'; {add}"),
        &format!("BEGIN; SET LOCAL lock_timeout = '1s'; COMMIT; {add}"),
        &format!("BEGIN; SELECT set_config('lock_timeout', '1s', true); COMMIT; {add}"),
        &format!("SET lock_timeout = '1s'; RESET ALL; {add}"),
        &format!("SET lock_timeout = '1s'; DISCARD ALL; {add}"),
        &format!("BEGIN; SET LOCAL lock_timeout = '1s'; SET lock_timeout = 0; COMMIT; {add}"),
        &format!("SET lock_timeout = '1s'; RESET lock_timeout; {add}"),
    ] {
        assert_eq!(waits(sql), 1, "{sql}");
    }
    for sql in [
        "CREATE TABLE b (id int PRIMARY KEY, parent int REFERENCES b (id))",
        "CREATE TABLE b (id int); CREATE TABLE c (b int REFERENCES b)",
        "ALTER TABLE a VALIDATE CONSTRAINT c",
        "ALTER TABLE a SET (fillfactor = 70)",
        &format!("SET statement_timeout = '5s'; {add}"),
        &format!("BEGIN; SET LOCAL lock_timeout = '1s'; {add}; COMMIT"),
        &format!("SET lock_timeout TO '2s'; {add}"),
    ] {
        assert_eq!(waits(sql), 0, "{sql}");
    }
}
