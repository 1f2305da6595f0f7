//! What only PostgreSQL's own grammar reads is judged as what both parsers read.

use crate::{Dialect, Rule, Step, review};

pub(super) fn dangers(step: Step, sql: &str) -> Vec<Rule> {
    let report = review(sql, Dialect::Postgresql, step);
    let mut rules: Vec<Rule> = report.dangers().map(|problem| problem.rule).collect();
    rules.sort_by_key(ToString::to_string);
    rules.dedup();
    rules
}

/// An operation that only one of the parsers reads.
const BESIDE: [&str; 2] = [
    "ALTER COLUMN other SET STATISTICS 5",
    "ALTER COLUMN other SET STORAGE EXTERNAL",
];

#[test]
fn what_stands_beside_an_operation_changes_nothing() {
    for operation in [
        "ADD COLUMN n int",
        "ADD COLUMN n int NOT NULL",
        "ADD COLUMN n int NOT NULL DEFAULT NULL",
        "ADD COLUMN n int NOT NULL DEFAULT 1",
        "ADD COLUMN n serial NOT NULL",
        "ADD COLUMN n int CHECK (a > 5)",
        "ADD COLUMN n int CHECK (n > 5)",
        "ADD COLUMN n int UNIQUE NULLS NOT DISTINCT",
        "ADD COLUMN n int UNIQUE",
        "ADD COLUMN n int DEFAULT 1 REFERENCES notes (id)",
        "ADD COLUMN n int, ADD CONSTRAINT u UNIQUE (n)",
        "ADD COLUMN n int NOT NULL GENERATED ALWAYS AS (a + 1) STORED",
        "ADD CONSTRAINT f FOREIGN KEY (a) REFERENCES notes (id) ON DELETE CASCADE NOT VALID",
        "ALTER COLUMN a SET DEFAULT NULL",
        "ALTER COLUMN a SET DEFAULT 5",
        "ALTER COLUMN a DROP DEFAULT",
        "ALTER COLUMN a SET NOT NULL",
        "ALTER COLUMN a DROP NOT NULL",
        "ALTER COLUMN a TYPE bigint",
        "DROP COLUMN a",
        "DROP COLUMN a CASCADE",
        "DROP CONSTRAINT a CASCADE",
        "RENAME CONSTRAINT a TO b",
        "ENABLE ROW LEVEL SECURITY",
        "FORCE ROW LEVEL SECURITY",
        "OWNER TO somebody",
        "DISABLE TRIGGER ALL",
        "VALIDATE CONSTRAINT a",
    ] {
        for step in [Step::Expand, Step::Contract] {
            let plain = dangers(step, &format!("ALTER TABLE orders {operation}"));
            for beside in BESIDE {
                let sql = format!("ALTER TABLE orders {operation}, {beside}");
                assert_eq!(dangers(step, &sql), plain, "{step}: {sql}");
                let sql = format!("ALTER TABLE orders {beside}, {operation}");
                assert_eq!(dangers(step, &sql), plain, "{step}: {sql}");
            }
        }
    }
}

/// A type that only one of the parsers reads.
#[test]
fn the_name_of_a_type_changes_nothing() {
    for rules in [
        "",
        "NOT NULL",
        "NOT NULL DEFAULT (NULL::character(4))",
        "NOT NULL DEFAULT 'a'",
        "DEFAULT 'a' UNIQUE",
        "UNIQUE",
        "UNIQUE NULLS NOT DISTINCT",
        "PRIMARY KEY",
        "CHECK (a > 5)",
        "REFERENCES notes (id)",
        "DEFAULT 'a' REFERENCES notes (id)",
        "NOT NULL GENERATED ALWAYS AS (lower(a)) STORED",
    ] {
        for step in [Step::Expand, Step::Contract] {
            let add = "ALTER TABLE orders ADD COLUMN n";
            let plain = dangers(step, &format!("{add} character(4) {rules}"));
            let sql = format!("{add} national character(4) {rules}");
            assert_eq!(dangers(step, &sql), plain, "{step}: {sql}");
        }
    }
    let serial = "ALTER TABLE orders ADD COLUMN n serial NOT NULL NO INHERIT";
    assert_eq!(dangers(Step::Expand, serial), []);
}

/// A table that only one of the parsers reads.
const ROWS: &str = "ROWS FROM (generate_series(1, 2)) AS t(id)";

#[test]
fn what_changes_rows_is_refused_however_it_is_read() {
    let plain = "generate_series(1, 2) AS t(id)";
    for (start, end) in [
        ("DELETE FROM orders o USING ", ""),
        ("UPDATE pg_class SET relname = 'a' FROM ", ""),
        ("INSERT INTO pg_class SELECT FROM ", ""),
        (
            "MERGE INTO orders o USING ",
            " ON o.id = t.id WHEN MATCHED THEN DELETE",
        ),
        (
            "WITH d AS (DELETE FROM orders RETURNING id) SELECT id FROM d UNION SELECT id FROM ",
            "",
        ),
        (
            "WITH d AS (DELETE FROM orders RETURNING id) SELECT id FROM d, ",
            "",
        ),
        (
            "INSERT INTO a WITH d AS (DELETE FROM orders RETURNING id) SELECT id FROM d, ",
            "",
        ),
        (
            "CREATE TABLE a AS WITH d AS (DELETE FROM orders RETURNING id) SELECT id FROM d, ",
            "",
        ),
        ("EXPLAIN ANALYZE DELETE FROM orders o USING ", ""),
    ] {
        for step in [Step::Expand, Step::Contract] {
            for from in [plain, ROWS] {
                let sql = format!("{start}{from}{end}");
                let found = dangers(step, &sql);
                assert_ne!(found, [], "{step}: {sql}");
                assert!(!found.contains(&Rule::Unreadable), "{step}: {sql}");
            }
        }
    }
}

#[test]
fn what_is_no_contraction_is_refused_in_any_statement() {
    for (sql, expected) in [
        (
            "ALTER TYPE place DROP ATTRIBUTE lat CASCADE",
            &[Rule::Drop][..],
        ),
        (
            "ALTER FOREIGN TABLE far DROP COLUMN a CASCADE",
            &[Rule::Drop],
        ),
        ("DROP MATERIALIZED VIEW a CASCADE", &[Rule::Drop]),
        ("ALTER VIEW a OWNER TO somebody", &[Rule::Environment]),
        ("ALTER SCHEMA a OWNER TO somebody", &[Rule::Environment]),
        ("ALTER FUNCTION a() OWNER TO somebody", &[Rule::Environment]),
        ("ALTER COLLATION a RENAME TO b", &[Rule::Rename]),
        ("ALTER COLLATION a OWNER TO b", &[Rule::Environment]),
        (
            "ALTER DEFAULT PRIVILEGES GRANT SELECT ON TABLES TO a",
            &[Rule::Environment],
        ),
        ("DROP OPERATOR FAMILY a USING btree CASCADE", &[Rule::Drop]),
        ("ALTER SCHEMA a RENAME TO b", &[Rule::Rename]),
        ("ALTER FUNCTION a() IMMUTABLE", &[]),
        ("ALTER VIEW a ALTER COLUMN b SET DEFAULT 1", &[]),
        ("COPY pg_class FROM STDIN", &[Rule::Environment]),
        ("TRUNCATE orders *", &[Rule::Delete]),
        (
            "UPDATE pg_language SET lanpltrusted = true WHERE lanname = 'c'",
            &[Rule::Environment],
        ),
        (
            "BEGIN; DROP TABLE orders; PREPARE TRANSACTION 'x'",
            &[Rule::Environment],
        ),
        (
            "CREATE RULE r AS ON INSERT TO orders DO ALSO DELETE FROM notes",
            &[],
        ),
        (
            "CREATE TRIGGER t BEFORE DELETE ON orders FOR EACH ROW EXECUTE FUNCTION f()",
            &[],
        ),
        ("SELECT id FROM orders FOR UPDATE", &[]),
        ("GRANT DELETE, UPDATE ON orders TO somebody", &[]),
    ] {
        assert_eq!(dangers(Step::Contract, sql), expected, "{sql}");
    }
}

#[test]
fn a_reason_names_what_it_is_about() {
    let first = |step, sql| {
        let report = review(sql, Dialect::Postgresql, step);
        report
            .dangers()
            .next()
            .map(|it| it.reason.clone())
            .unwrap_or_default()
    };
    for (step, sql, part) in [
        (
            Step::Expand,
            "DROP AGGREGATE total(int)",
            "it drops aggregate `total`",
        ),
        (
            Step::Contract,
            "ALTER DOMAIN total RENAME TO sum",
            "it renames domain `total`",
        ),
        (
            Step::Expand,
            "CREATE OR REPLACE AGGREGATE total(int) (SFUNC = f, STYPE = int)",
            "replaces aggregate `total`",
        ),
    ] {
        assert!(first(step, sql).contains(part), "{}", first(step, sql));
    }
    for sql in ["CALL f()", "EXECUTE p", "COPY a FROM PROGRAM 'x'"] {
        assert!(
            !first(Step::Contract, sql).contains("when contracting"),
            "{sql}"
        );
    }
}
