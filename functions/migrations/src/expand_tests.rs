//! The tests of `expand.rs`, `alter.rs`, `column.rs` and `rename.rs`.

use crate::Dialect::{self, Mysql, Postgresql, Sqlite};
use crate::{Step, lint};

const ALL: &[Dialect] = &Dialect::ALL;

/// Checks each text: it may run (`""`), or is refused with a reason that contains a part.
fn check(dialects: &[Dialect], cases: &[(&str, &str)]) {
    for dialect in dialects {
        for (sql, part) in cases {
            let problems = lint(sql, *dialect, Step::Expand);
            let right = match problems.as_slice() {
                [] => part.is_empty(),
                [problem, ..] => !part.is_empty() && problem.reason.contains(part),
            };
            assert!(
                right,
                "{dialect}: {sql}: expected {part:?}, found {problems:?}"
            );
        }
    }
}

#[test]
fn what_only_adds_may_run_before_the_flip() {
    let cases = [
        ("ALTER TABLE orders ADD COLUMN note TEXT", ""),
        ("ALTER TABLE orders ADD note TEXT NULL", ""),
        (
            "CREATE TABLE notes (id INT PRIMARY KEY, note TEXT UNIQUE)",
            "",
        ),
        ("CREATE TABLE IF NOT EXISTS notes (id INT)", ""),
        ("CREATE TABLE notes AS SELECT id, note FROM orders", ""),
        ("CREATE INDEX by_note ON orders (note)", ""),
        (
            "CREATE VIEW noted AS SELECT * FROM orders WHERE note IS NOT NULL",
            "",
        ),
        ("INSERT INTO orders (note) VALUES ('a;b'), (NULL)", ""),
        ("INSERT INTO notes SELECT id, note FROM orders", ""),
        ("UPDATE orders SET note = '' WHERE note IS NULL", ""),
        ("SELECT 1; SELECT 2;;", ""),
        ("BEGIN; SELECT 1; COMMIT", ""),
        ("EXPLAIN SELECT 1", ""),
        ("SELECT 1 -- ; DROP TABLE orders", ""),
        ("/* DROP TABLE orders; */ SELECT 1", ""),
    ];
    check(ALL, &cases);
}

#[test]
fn what_the_old_version_would_miss_is_refused() {
    let cases = [
        ("ALTER TABLE orders DROP COLUMN note", "drops a column"),
        (
            "ALTER TABLE orders ADD COLUMN a TEXT, DROP COLUMN note",
            "drops a column",
        ),
        ("DROP TABLE orders", "drops something"),
        ("DROP TABLE IF EXISTS orders", "drops something"),
        ("DROP VIEW noted", "drops something"),
        ("DROP INDEX by_note", "drops something"),
        ("DELETE FROM orders WHERE note IS NULL", "deletes rows"),
        ("UPDATE orders SET note = ''", "every row"),
        ("EXPLAIN DELETE FROM orders", "deletes rows"),
        ("SELECT 1; DROP TABLE orders", "drops something"),
    ];
    check(ALL, &cases);
    check(
        &[Postgresql, Mysql],
        &[("TRUNCATE TABLE orders", "empties")],
    );
}

#[test]
fn a_rename_is_refused_whatever_it_renames() {
    let cases = [
        ("ALTER TABLE orders RENAME TO sales", "renames a table"),
        (
            "ALTER TABLE orders RENAME COLUMN note TO remark",
            "renames a column",
        ),
    ];
    check(ALL, &cases);
    let cases = [
        ("RENAME TABLE orders TO sales", "renames a table"),
        (
            "ALTER TABLE orders CHANGE COLUMN note remark TEXT",
            "renames a column",
        ),
        (
            "ALTER TABLE orders CHANGE note remark TEXT",
            "renames a column",
        ),
    ];
    check(&[Mysql], &cases);
    let cases = [
        ("ALTER TYPE state RENAME TO status", "renames a type"),
        (
            "ALTER TYPE state RENAME VALUE 'a' TO 'b'",
            "renames a value",
        ),
        ("ALTER SCHEMA shop RENAME TO store", "renames a schema"),
        ("ALTER VIEW noted RENAME TO remarked", "renames a view"),
        ("ALTER VIEW noted RENAME COLUMN a TO b", "renames a column"),
        ("ALTER FUNCTION f() RENAME TO g", "renames a function"),
    ];
    check(&[Postgresql], &cases);
}

#[test]
fn an_added_column_has_a_value_in_rows_that_do_not_name_it() {
    let cases = [
        ("ALTER TABLE orders ADD COLUMN n INT NOT NULL DEFAULT 0", ""),
        (
            "ALTER TABLE orders ADD COLUMN n INT NOT NULL DEFAULT -1 CHECK (n < 9)",
            "",
        ),
        (
            "ALTER TABLE orders ADD COLUMN n INT REFERENCES notes (id)",
            "",
        ),
        (
            "ALTER TABLE orders ADD COLUMN n INT NOT NULL",
            "NOT NULL without",
        ),
        (
            "ALTER TABLE orders ADD COLUMN n INT NOT NULL DEFAULT NULL",
            "NOT NULL without",
        ),
        (
            "ALTER TABLE orders ADD COLUMN n INT NOT NULL DEFAULT (NULL)",
            "NOT NULL without",
        ),
        (
            "ALTER TABLE orders ADD COLUMN n INT UNIQUE",
            "is UNIQUE or a PRIMARY KEY",
        ),
        (
            "ALTER TABLE orders ADD COLUMN n INT DEFAULT 1 PRIMARY KEY",
            "is UNIQUE or a PRIMARY KEY",
        ),
        (
            "ALTER TABLE orders ADD COLUMN n INT GENERATED ALWAYS AS (id + 1) STORED NOT NULL",
            "",
        ),
    ];
    check(ALL, &cases);
    let cases = [
        ("ALTER TABLE orders ADD COLUMN n BIGSERIAL NOT NULL", ""),
        ("ALTER TABLE orders ADD COLUMN n serial", ""),
        (
            "ALTER TABLE orders ADD COLUMN n INT NOT NULL GENERATED ALWAYS AS IDENTITY",
            "",
        ),
        (
            "ALTER TABLE orders ADD COLUMN n TEXT NOT NULL DEFAULT NULL::text",
            "NOT NULL without",
        ),
        (
            "ALTER TABLE orders ADD COLUMN IF NOT EXISTS at TIMESTAMPTZ NOT NULL DEFAULT now()",
            "",
        ),
    ];
    check(&[Postgresql], &cases);
    let cases = [
        (
            "ALTER TABLE orders ADD COLUMN n INT NOT NULL AUTO_INCREMENT",
            "",
        ),
        (
            "ALTER TABLE orders ADD COLUMN n INT AFTER note, ALGORITHM=INSTANT, LOCK=NONE",
            "",
        ),
    ];
    check(&[Mysql], &cases);
}

#[test]
fn a_column_that_is_there_may_become_laxer_but_not_stricter() {
    let cases = [
        ("ALTER TABLE orders ALTER COLUMN note SET DEFAULT ''", ""),
        (
            "ALTER TABLE orders ALTER COLUMN note SET DEFAULT NULL",
            "takes the default",
        ),
        (
            "ALTER TABLE orders ALTER COLUMN note DROP DEFAULT",
            "takes the default",
        ),
    ];
    check(&[Postgresql, Mysql], &cases);
    let cases = [
        ("ALTER TABLE orders ALTER COLUMN note DROP NOT NULL", ""),
        (
            "ALTER TABLE orders ALTER COLUMN note SET NOT NULL",
            "SET NOT NULL when",
        ),
        (
            "ALTER TABLE orders ALTER COLUMN note TYPE VARCHAR(9)",
            "changes the type",
        ),
        (
            "ALTER TABLE orders ALTER COLUMN note SET DATA TYPE JSONB USING note::jsonb",
            "changes the type",
        ),
    ];
    check(&[Postgresql], &cases);
    let cases = [
        (
            "ALTER TABLE orders MODIFY COLUMN note VARCHAR(9)",
            "changes the type",
        ),
        (
            "ALTER TABLE orders CHANGE COLUMN note Note VARCHAR(9)",
            "changes the type",
        ),
    ];
    check(&[Mysql], &cases);
}

#[test]
fn a_constraint_is_for_new_tables() {
    let cases = [
        (
            "CREATE UNIQUE INDEX one ON orders (note)",
            "adds a unique index",
        ),
        (
            "CREATE TABLE a (n INT); CREATE UNIQUE INDEX one ON a (n)",
            "",
        ),
        (
            "CREATE TABLE IF NOT EXISTS a (n INT); CREATE UNIQUE INDEX one ON a (n)",
            "IF NOT EXISTS",
        ),
        (
            "CREATE UNIQUE INDEX one ON a (n); CREATE TABLE a (n INT)",
            "adds a unique index",
        ),
        (
            "CREATE TABLE a (n INT); ALTER TABLE a ADD CONSTRAINT one UNIQUE (n)",
            "",
        ),
        ("CREATE TABLE a (n INT); ALTER TABLE a DROP COLUMN n", ""),
        (
            "EXPLAIN CREATE TABLE a AS SELECT 1; ALTER TABLE a DROP COLUMN n",
            "drops a column",
        ),
        (
            "ALTER TABLE orders ADD CONSTRAINT one UNIQUE (note)",
            "adds a constraint",
        ),
        (
            "ALTER TABLE orders ADD CONSTRAINT c CHECK (n > 0)",
            "adds a constraint",
        ),
        (
            "ALTER TABLE orders ADD PRIMARY KEY (id)",
            "adds a constraint",
        ),
        (
            "ALTER TABLE orders ADD FOREIGN KEY (n) REFERENCES notes (id)",
            "adds a constraint",
        ),
        ("ALTER TABLE orders DROP CONSTRAINT one", ""),
    ];
    check(ALL, &cases);
    let cases = [
        (
            "ALTER TABLE orders ADD CONSTRAINT c CHECK (n > 0) NOT VALID",
            "adds a constraint",
        ),
        (
            "CREATE TABLE a (n INT); SET search_path = b; ALTER TABLE a DROP COLUMN n",
            "drops a column",
        ),
    ];
    check(&[Postgresql], &cases);
    let cases = [
        ("ALTER TABLE orders ADD INDEX by_note (note)", ""),
        (
            "ALTER TABLE orders ADD UNIQUE KEY one (note)",
            "adds a constraint",
        ),
        ("ALTER TABLE orders DROP INDEX by_note", "drops an index"),
        ("ALTER TABLE orders DROP PRIMARY KEY", "drops a primary key"),
        ("ALTER TABLE orders DROP FOREIGN KEY one", ""),
    ];
    check(&[Mysql], &cases);
}

#[test]
fn postgresql_is_understood() {
    let cases = [
        (
            "CREATE INDEX CONCURRENTLY IF NOT EXISTS by_note ON orders (note)",
            "",
        ),
        ("CREATE SEQUENCE numbers", ""),
        ("CREATE TYPE state AS ENUM ('a', 'b')", ""),
        ("CREATE EXTENSION IF NOT EXISTS pgcrypto", ""),
        ("CREATE SCHEMA IF NOT EXISTS shop", ""),
        ("CREATE MATERIALIZED VIEW noted AS SELECT 1", ""),
        ("SET lock_timeout = '2s'", ""),
        ("START TRANSACTION", ""),
        ("ANALYZE orders", ""),
        ("COMMENT ON COLUMN orders.note IS 'what was said'", ""),
        (
            "INSERT INTO a (n) VALUES (1) ON CONFLICT (n) DO UPDATE SET n = excluded.n",
            "",
        ),
        ("INSERT INTO a (n) VALUES (1) ON CONFLICT DO NOTHING", ""),
        ("CREATE OR REPLACE VIEW noted AS SELECT 1", "replaces"),
        (
            "CREATE OR REPLACE FUNCTION f() RETURNS INT AS $$ SELECT 1; $$ LANGUAGE sql",
            "replaces",
        ),
        (
            "CREATE FUNCTION f() RETURNS INT AS $$ SELECT 1; $$ LANGUAGE sql",
            "cannot be judged",
        ),
        ("GRANT SELECT ON orders TO reader", "cannot be judged"),
        ("REVOKE SELECT ON orders FROM reader", "cannot be judged"),
        ("ALTER TYPE state ADD VALUE 'c'", "cannot be judged"),
        (
            "ALTER TABLE orders ENABLE ROW LEVEL SECURITY",
            "cannot be judged",
        ),
        (
            "ALTER TABLE orders RENAME CONSTRAINT a TO b",
            "cannot be judged",
        ),
        ("ROLLBACK", "cannot be judged"),
        (
            "WITH old AS (DELETE FROM orders RETURNING *) SELECT * FROM old",
            "deletes rows",
        ),
        (
            "INSERT INTO a WITH old AS (DELETE FROM orders RETURNING *) SELECT * FROM old",
            "deletes rows",
        ),
        (
            "WITH few AS (SELECT 1) UPDATE orders SET note = ''",
            "every row",
        ),
        ("DROP FUNCTION f", "drops something"),
        ("DROP SCHEMA shop CASCADE", "drops something"),
        ("DROP TYPE state", "drops something"),
        ("DROP SEQUENCE numbers", "drops something"),
        ("DROP EXTENSION pgcrypto", "drops something"),
    ];
    check(&[Postgresql], &cases);
}

#[test]
fn mysql_and_sqlite_are_understood() {
    let cases = [
        (
            "SELECT 1 /*!40000 ; DROP TABLE orders */",
            "drops something",
        ),
        ("SELECT 1--1; DROP TABLE orders", "drops something"),
        (
            "INSERT INTO a (n) VALUES (1) ON DUPLICATE KEY UPDATE n = 2",
            "",
        ),
        ("REPLACE INTO a (n) VALUES (1)", "collides"),
        ("INSERT IGNORE INTO a (n) VALUES (1)", ""),
        (
            "CREATE TABLE `a` (`n` INT AUTO_INCREMENT PRIMARY KEY) ENGINE=InnoDB",
            "",
        ),
    ];
    check(&[Mysql], &cases);
    let cases = [
        ("PRAGMA foreign_keys = 1", ""),
        ("INSERT OR IGNORE INTO a (n) VALUES (1)", ""),
        ("INSERT OR REPLACE INTO a (n) VALUES (1)", "collides"),
        ("REPLACE INTO a (n) VALUES (1)", "collides"),
        ("UPDATE OR REPLACE a SET n = 1 WHERE n = 2", "collides"),
        (
            "CREATE TABLE a (n INTEGER PRIMARY KEY AUTOINCREMENT) STRICT",
            "",
        ),
        ("CREATE VIRTUAL TABLE words USING fts5(word)", ""),
    ];
    check(&[Sqlite], &cases);
}
