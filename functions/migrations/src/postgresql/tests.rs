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
fn what_grows_with_the_table_is_a_lock() {
    let all: &[Rule] = &[Rule::BlockAll];
    let writes: &[Rule] = &[Rule::BlockWrites];
    let cases: [(&str, &[Rule]); 16] = [
        ("ALTER TABLE a ADD COLUMN b int DEFAULT -1", &[]),
        (
            "ALTER TABLE a ADD COLUMN b uuid DEFAULT (gen_random_uuid())",
            all,
        ),
        ("ALTER TABLE a ADD COLUMN b int CHECK (b > 0)", all),
        ("ALTER TABLE a ADD COLUMN b int REFERENCES c (id)", writes),
        ("CREATE INDEX i ON a (b)", writes),
        ("CREATE INDEX i ON ONLY a (b)", &[]),
        ("CREATE TABLE a (b int); CREATE INDEX i ON a (b)", &[]),
        ("VACUUM (FULL false) a", &[]),
        ("VACUUM (VERBOSE, FULL) a", all),
        ("REINDEX (CONCURRENTLY) TABLE a", &[]),
        ("LOCK TABLE a IN SHARE MODE", writes),
        ("LOCK TABLE a IN ROW EXCLUSIVE MODE", &[]),
        ("LOCK a", all),
        ("REFRESH MATERIALIZED VIEW CONCURRENTLY a", &[]),
        (
            "BEGIN; ALTER TABLE a ADD b int; UPDATE c SET d = 1 WHERE d = 2; COMMIT",
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
    let cases: [(&str, &[Rule]); 5] = [
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
    ];
    check(Step::Expand, &cases);
}

#[test]
fn a_squawk_comment_hides_nothing() {
    let sql = "-- squawk-ignore-file\nALTER TABLE a ADD COLUMN b int DEFAULT /* squawk-ignore */ random()";
    check(Step::Expand, &[(sql, &[Rule::BlockAll])]);
}
