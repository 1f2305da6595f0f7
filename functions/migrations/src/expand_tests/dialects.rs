//! Statements that one database alone has.

use super::check;
use crate::Dialect::{Mysql, Postgresql, Sqlite};

#[test]
fn what_postgresql_adds_may_run() {
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
        ("ANALYZE orders", ""),
        ("GRANT SELECT ON orders TO reader", ""),
        ("ALTER TABLE orders RENAME CONSTRAINT a TO b", ""),
        (
            "CREATE FUNCTION f() RETURNS INT AS $$ SELECT 1; $$ LANGUAGE sql",
            "",
        ),
        ("COMMENT ON COLUMN orders.note IS 'what was said'", ""),
        (
            "INSERT INTO a (n) VALUES (1) ON CONFLICT (n) DO UPDATE SET n = excluded.n",
            "",
        ),
        ("INSERT INTO a (n) VALUES (1) ON CONFLICT DO NOTHING", ""),
    ];
    check(&[Postgresql], &cases);
}

#[test]
fn what_postgresql_would_change_or_drop_is_refused() {
    let cases = [
        ("CREATE OR REPLACE VIEW noted AS SELECT 1", "replaces"),
        (
            "CREATE OR REPLACE FUNCTION f() RETURNS INT AS $$ SELECT 1; $$ LANGUAGE sql",
            "replaces",
        ),
        ("REVOKE SELECT ON orders FROM reader", "takes rights"),
        (
            "ALTER TYPE state ADD VALUE 'c'",
            "adds a value to type `state`",
        ),
        (
            "ALTER TABLE orders ENABLE ROW LEVEL SECURITY",
            "hides rows of `orders`",
        ),
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
        ("DROP FUNCTION f", "it drops "),
        ("DROP SCHEMA shop CASCADE", "it drops "),
        ("DROP TYPE state", "it drops "),
        ("DROP SEQUENCE numbers", "it drops "),
        ("DROP EXTENSION pgcrypto", "it drops "),
    ];
    check(&[Postgresql], &cases);
}

#[test]
fn mysql_is_understood() {
    let cases = [
        (
            "SELECT 1 /*!40000 ; DROP TABLE orders */",
            "or a semicolon in it",
        ),
        ("SELECT 1--1; DROP TABLE orders", "it drops "),
        (
            "INSERT INTO a (n) VALUES (1) ON DUPLICATE KEY UPDATE n = 2",
            "",
        ),
        ("REPLACE INTO a (n) VALUES (1)", "collides"),
        (
            "INSERT INTO a (n) SELECT n FROM b ON DUPLICATE KEY UPDATE m = 0",
            "updates every row",
        ),
        (
            "INSERT INTO a (n) SELECT n FROM b WHERE n > 7 ON DUPLICATE KEY UPDATE m = 0",
            "",
        ),
        ("INSERT IGNORE INTO a (n) VALUES (1)", ""),
        (
            "CREATE TABLE `a` (`n` INT AUTO_INCREMENT PRIMARY KEY) ENGINE=InnoDB",
            "",
        ),
    ];
    check(&[Mysql], &cases);
}

#[test]
fn sqlite_is_understood() {
    let cases = [
        ("PRAGMA foreign_keys = 1", ""),
        ("INSERT OR IGNORE INTO a (n) VALUES (1)", ""),
        ("INSERT OR REPLACE INTO a (n) VALUES (1)", "collides"),
        (
            "INSERT INTO a (n) SELECT n FROM b WHERE true ON CONFLICT (n) DO UPDATE SET m = 0",
            "updates every row",
        ),
        (
            "INSERT INTO a (n) SELECT n FROM b WHERE n > 1 UNION SELECT n FROM b WHERE true ON CONFLICT (n) DO UPDATE SET m = 0",
            "updates every row",
        ),
        (
            "INSERT INTO a (n) SELECT n FROM b WHERE true ON CONFLICT DO NOTHING",
            "",
        ),
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

#[test]
fn without_autocommit_mysql_undoes_what_nothing_commits() {
    let cases = [
        (
            "SET autocommit = 0; INSERT INTO a VALUES (1)",
            "nothing commits",
        ),
        (
            "SET autocommit = 0; INSERT INTO a VALUES (1); COMMIT; SET autocommit = 1",
            "",
        ),
        ("SET autocommit = 0; INSERT INTO a VALUES (1); COMMIT", ""),
        (
            "SET @@session.autocommit = OFF; INSERT INTO a VALUES (1)",
            "nothing commits",
        ),
        (
            "SET @OLD_AUTOCOMMIT=@@AUTOCOMMIT, AUTOCOMMIT=0; INSERT INTO a VALUES (1)",
            "nothing commits",
        ),
        (
            "SET `autocommit` = 'OFF'; INSERT INTO a VALUES (1)",
            "nothing commits",
        ),
        ("SET @old_autocommit = 0; INSERT INTO a VALUES (1)", ""),
        (
            "CREATE TABLE a (b INT); SET @x = 1, SQL_NOTES = 0; ALTER TABLE a DROP COLUMN b",
            "",
        ),
        (
            "SET autocommit = 0; ALTER TABLE a ADD b INT; UPDATE a SET b = 1 WHERE b IS NULL",
            "nothing commits",
        ),
        ("SET autocommit = 0; ALTER TABLE a ADD b INT", ""),
    ];
    check(&[Mysql], &cases);
}
