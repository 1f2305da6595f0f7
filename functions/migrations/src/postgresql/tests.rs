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
    let cases: [(&str, &[Rule]); 9] = [
        (
            "ALTER TABLE a ADD COLUMN b int GENERATED ALWAYS AS (c + 1)",
            &[],
        ),
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
    let cases: [(&str, &[Rule]); 14] = [
        (
            "CREATE MATERIALIZED VIEW v AS SELECT 1 AS b; CREATE UNIQUE INDEX i ON v (b); REFRESH MATERIALIZED VIEW v",
            &[],
        ),
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
