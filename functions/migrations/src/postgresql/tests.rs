//! What waits while a statement runs, and what is known although the other parser cannot read it.

use crate::{Dialect, Rule, Step, review};

fn rules(step: Step, sql: &str) -> Vec<Rule> {
    let report = review(sql, Dialect::Postgresql, step);
    let problems = report.problems.iter().map(|problem| problem.rule);
    problems
        .filter(|rule| *rule != Rule::NoLockTimeout)
        .collect()
}

fn check(step: Step, cases: &[(&str, &[Rule])]) {
    for (sql, expected) in cases {
        assert_eq!(rules(step, sql), *expected, "{sql}");
    }
}

#[test]
fn an_added_column_is_a_lock_where_each_row_gets_a_value_of_its_own() {
    let all: &[Rule] = &[Rule::BlockAll];
    let cases: [(&str, &[Rule]); 8] = [
        ("ALTER TABLE a ADD COLUMN b int DEFAULT -1", &[]),
        (
            "ALTER TABLE a ADD COLUMN b uuid DEFAULT (gen_random_uuid())",
            all,
        ),
        ("ALTER TABLE a ADD COLUMN b int CHECK (b > 0)", all),
        ("ALTER TABLE a ADD COLUMN b int REFERENCES c (id)", &[]),
        (
            "ALTER TABLE a ADD COLUMN b timestamp DEFAULT timezone('utc', now())",
            &[],
        ),
        (
            "ALTER TABLE a ADD COLUMN b date DEFAULT current_date + 30",
            &[],
        ),
        ("ALTER TABLE a ADD COLUMN b text DEFAULT mine()", all),
        (
            "ALTER TABLE a ADD COLUMN b float[] DEFAULT ARRAY[random()]",
            all,
        ),
    ];
    check(Step::Expand, &cases);
}

#[test]
fn what_grows_with_the_table_is_a_lock() {
    let all: &[Rule] = &[Rule::BlockAll];
    let writes: &[Rule] = &[Rule::BlockWrites];
    let cases: [(&str, &[Rule]); 13] = [
        ("ALTER INDEX i SET TABLESPACE x", all),
        ("CREATE INDEX i ON a (b)", writes),
        ("CREATE INDEX i ON ONLY a (b)", &[]),
        (
            "BEGIN; ALTER TABLE a ADD b int; CREATE INDEX i ON a (b); COMMIT",
            all,
        ),
        ("ALTER TABLE a ADD b int; CREATE INDEX i ON a (b)", writes),
        ("CREATE TABLE a (b int); CREATE INDEX i ON a (b)", &[]),
        ("VACUUM (FULL false) a", &[]),
        ("VACUUM (VERBOSE, FULL) a", all),
        ("REINDEX (CONCURRENTLY) TABLE a", &[]),
        ("LOCK TABLE a IN SHARE MODE", writes),
        ("LOCK TABLE a IN ROW EXCLUSIVE MODE", &[]),
        ("LOCK a", all),
        ("REFRESH MATERIALIZED VIEW CONCURRENTLY a", &[]),
    ];
    check(Step::Expand, &cases);
}

#[test]
fn rows_that_change_behind_an_alter_table_hold_its_lock() {
    let all: &[Rule] = &[Rule::BlockAll];
    let cases: [(&str, &[Rule]); 7] = [
        (
            "BEGIN; ALTER TABLE a ADD b int; UPDATE alembic_version SET v = 'b' WHERE v = 'a'; COMMIT",
            &[],
        ),
        (
            "BEGIN; ALTER TABLE a ALTER b SET STATISTICS 1; UPDATE c SET d = 1 WHERE d = 2; COMMIT",
            &[],
        ),
        (
            "BEGIN; ALTER TABLE a ADD b int; UPDATE c SET d = 1 WHERE d = 2; COMMIT",
            all,
        ),
        (
            "BEGIN; ALTER TABLE a ADD b int; DO $$ BEGIN UPDATE a SET c = 1 WHERE c = 2; END $$; COMMIT",
            all,
        ),
        (
            "BEGIN; DO $$ BEGIN ALTER TABLE a ADD b int; END $$; UPDATE c SET d = 1 WHERE d = 2; COMMIT",
            all,
        ),
        (
            "BEGIN; ALTER TABLE a ADD b int; WITH u AS (UPDATE c SET d = 1 WHERE d = 2 RETURNING 1) SELECT 1 FROM u; COMMIT",
            all,
        ),
        (
            "ALTER TABLE a ADD b int; UPDATE c SET d = 1 WHERE d = 2",
            &[],
        ),
    ];
    check(Step::Expand, &cases);
}

#[test]
fn a_block_is_judged_by_what_it_does() {
    let cases: [(&str, &[Rule]); 9] = [
        (
            "CREATE TABLE a (b int); DO $$ BEGIN ALTER TABLE a ADD FOREIGN KEY (b) REFERENCES c (d); END $$",
            &[],
        ),
        (
            "CREATE TABLE a (b int); DO $$ BEGIN SET search_path = x; ALTER TABLE a DROP COLUMN b; END $$",
            &[Rule::Drop],
        ),
        (
            "DO $$ BEGIN ALTER TABLE a ADD b int UNIQUE; ALTER TABLE a ALTER b SET DEFAULT 1; END $$",
            &[Rule::Constrain, Rule::BlockAll],
        ),
        (
            "DO $$ BEGIN CREATE TYPE s AS ENUM ('a'); EXCEPTION WHEN duplicate_object THEN NULL; END $$",
            &[],
        ),
        (
            "DO $$ BEGIN IF true THEN DROP TABLE a; END IF; END $$",
            &[Rule::Drop],
        ),
        (
            "DO $$ BEGIN EXECUTE 'DROP TABLE a'; END $$",
            &[Rule::Unknown],
        ),
        ("DO LANGUAGE plpython3u $$ pass $$", &[Rule::Unknown]),
        (
            "DO $$ BEGIN CREATE INDEX i ON a (b); END $$",
            &[Rule::BlockWrites],
        ),
        (
            "DO $$ BEGIN ALTER TABLE a ADD b int; UPDATE a SET b = 1 WHERE b IS NULL; END $$",
            &[Rule::BlockAll],
        ),
    ];
    check(Step::Expand, &cases);
}

#[test]
fn a_squawk_comment_hides_nothing() {
    let sql = "-- squawk-ignore-file\nALTER TABLE a ADD COLUMN b int DEFAULT /* squawk-ignore */ random()";
    check(Step::Expand, &[(sql, &[Rule::BlockAll])]);
}

#[test]
fn null_is_looked_for_unless_a_check_of_that_column_is_validated() {
    let check_of = |check: &str| {
        let sql = format!(
            "ALTER TABLE a ADD CONSTRAINT k CHECK ({check}) NOT VALID; COMMIT; ALTER TABLE a VALIDATE CONSTRAINT k; \
             ALTER TABLE a ALTER b SET NOT NULL"
        );
        let found = rules(Step::Contract, &sql);
        found.iter().filter(|rule| **rule == Rule::BlockAll).count()
    };
    // The VALIDATE of a constraint of the same text is one.
    assert_eq!(check_of("b IS NOT NULL"), 1);
    assert_eq!(check_of("c IS NOT NULL"), 2);
    assert_eq!(check_of("NOT (b IS NOT NULL)"), 2);
    let other = "ALTER TABLE a VALIDATE CONSTRAINT k; ALTER TABLE a ALTER b SET NOT NULL";
    check(Step::Contract, &[(other, &[])]);
}

#[test]
fn a_reason_says_what_there_is_and_what_to_do() {
    let cases = [
        ("DROP INDEX CONCURRENTLY IF EXISTS i", "drops the index `i`"),
        (
            "CREATE UNIQUE INDEX i ON a (b)",
            "CREATE UNIQUE INDEX CONCURRENTLY",
        ),
        (
            "CREATE TABLE IF NOT EXISTS a (b int); CREATE INDEX IF NOT EXISTS i ON a (b)",
            "IF NOT EXISTS",
        ),
        (
            "ALTER TABLE a ALTER b TYPE varchar(300)",
            "a shorter varchar",
        ),
        (
            "SET LOCAL lock_timeout = '5s'; ALTER TABLE a ADD b int",
            "only behind a BEGIN",
        ),
        (
            "BEGIN; ALTER TABLE a ADD b int; UPDATE c SET d = 1 WHERE d = 2; COMMIT",
            "reads and writes of `a`",
        ),
    ];
    for (sql, part) in cases {
        let report = review(sql, Dialect::Postgresql, Step::Expand);
        let mut problems = report.problems.iter();
        assert!(problems.any(|it| it.reason.contains(part)), "{sql}");
    }
}

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
