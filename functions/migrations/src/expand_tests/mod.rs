//! What may run before traffic moves, in every dialect; the other files hold the kinds of statements.

mod alter;
mod bodies;
mod contract;
mod dialects;
mod hidden;
mod mysql;
mod new;
mod read;
mod rename;
mod rules;
mod sqlite;

use crate::Dialect::{self, Mysql, Postgresql};
use crate::{Step, lint};

const ALL: &[Dialect] = &Dialect::ALL;

/// Checks each text: it may run (`""`), or is refused with a reason that contains a part.
fn check(dialects: &[Dialect], cases: &[(&str, &str)]) {
    check_in(Step::Expand, dialects, cases);
}

fn check_in(step: Step, dialects: &[Dialect], cases: &[(&str, &str)]) {
    for dialect in dialects {
        for (sql, part) in cases {
            let problems = lint(sql, *dialect, step);
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
        (
            "ALTER TABLE orders DROP COLUMN note",
            "drops column `note` of `orders`",
        ),
        (
            "ALTER TABLE orders ADD COLUMN a TEXT, DROP COLUMN note",
            "drops column `note` of `orders`",
        ),
        ("DROP TABLE orders", "drops table `orders`"),
        ("DROP TABLE IF EXISTS orders", "it drops "),
        ("DROP VIEW noted", "it drops "),
        ("DROP INDEX by_note", "it drops "),
        (
            "DELETE FROM orders WHERE note IS NULL",
            "deletes rows of `orders`",
        ),
        ("UPDATE orders SET note = ''", "every row of `orders`"),
        ("EXPLAIN DELETE FROM orders", "deletes rows of `orders`"),
        ("SELECT 1; DROP TABLE orders", "it drops "),
    ];
    check(ALL, &cases);
    check(
        &[Postgresql, Mysql],
        &[("TRUNCATE TABLE orders", "empties `orders`")],
    );
}
