//! What SQLite does not do, locks or lets pass.

use super::check;
use crate::Dialect::Sqlite;
use crate::{Rule, Step, review};

#[test]
fn what_sqlite_cannot_add_fails() {
    for (column, fails) in [
        ("n INT UNIQUE", true),
        ("n INT PRIMARY KEY", true),
        ("n INT AS (id + 1) STORED", true),
        ("n INT AS (id + 1) VIRTUAL", false),
        ("n TEXT DEFAULT CURRENT_TIMESTAMP", true),
        ("n TEXT DEFAULT (lower('A'))", true),
        ("n INT DEFAULT (1 + 1)", true),
        ("n INT DEFAULT -1", false),
        ("n TEXT DEFAULT foo", false),
        ("n TEXT DEFAULT (foo)", true),
        ("n INT DEFAULT (1)", false),
        ("n INT DEFAULT 1 CHECK (n > 0)", false),
        ("n INT REFERENCES notes (id)", false),
        ("n INT, ADD COLUMN m INT", true),
    ] {
        for step in [Step::Expand, Step::Contract] {
            let sql = format!("ALTER TABLE orders ADD COLUMN {column}");
            let report = review(&sql, Sqlite, step);
            let found = report.problems.first().map(|problem| problem.rule);
            assert_eq!(found, fails.then_some(Rule::Fail), "{sql}: {report:?}");
        }
    }
}

#[test]
fn what_builds_a_database_anew_makes_others_wait() {
    for (sql, rule) in [
        ("VACUUM", Some(Rule::BlockAll)),
        ("VACUUM main", Some(Rule::BlockAll)),
        ("VACUUM INTO 'copy.db'", None),
        ("BEGIN; VACUUM; COMMIT", Some(Rule::Fail)),
        ("REINDEX", Some(Rule::BlockWrites)),
        ("REINDEX by_note", Some(Rule::BlockWrites)),
        ("ANALYZE", None),
    ] {
        let report = review(sql, Sqlite, Step::Expand);
        let found = report.problems.first().map(|problem| problem.rule);
        assert_eq!(found, rule, "{sql}: {report:?}");
    }
}

#[test]
fn a_savepoint_outside_of_a_transaction_begins_one() {
    let add = "ALTER TABLE a ADD COLUMN b";
    for (sql, undone) in [
        (format!("SAVEPOINT x; {add}"), true),
        (format!("SAVEPOINT x; {add}; RELEASE x"), false),
        (format!("SAVEPOINT x; {add}; RELEASE SAVEPOINT X"), false),
        (format!("SAVEPOINT x; {add}; COMMIT"), false),
        (format!("SAVEPOINT x; SAVEPOINT y; {add}; RELEASE y"), true),
        (format!("SAVEPOINT x; SAVEPOINT y; {add}; RELEASE x"), false),
        (format!("SAVEPOINT x; SAVEPOINT x; {add}; RELEASE x"), true),
        (
            format!("BEGIN; SAVEPOINT x; {add}; RELEASE x; COMMIT"),
            false,
        ),
        (format!("BEGIN; SAVEPOINT x; {add}; COMMIT"), false),
        (format!("BEGIN; SAVEPOINT x; {add}; RELEASE x"), true),
    ] {
        let report = review(&sql, Sqlite, Step::Expand);
        let found = report.problems.first().map(|problem| problem.rule);
        assert_eq!(found, undone.then_some(Rule::Fail), "{sql}: {report:?}");
    }
}

#[test]
fn settings_and_tables_in_words_of_sqlite_are_read() {
    let cases = [
        ("PRAGMA journal_mode = WAL", ""),
        ("PRAGMA journal_mode(wal)", ""),
        ("PRAGMA journal_mode = 'off'", "kept until they are safe"),
        ("PRAGMA foreign_keys = OFF", ""),
        ("PRAGMA main.writable_schema = ON", "write to the schema"),
        ("PRAGMA writable_schema(1)", "write to the schema"),
        (
            "PRAGMA locking_mode = EXCLUSIVE",
            "keeps the database locked",
        ),
        ("PRAGMA user_version = 7", ""),
        (
            "CREATE TABLE a (n INT, UNIQUE (n) ON CONFLICT IGNORE); DROP TABLE a",
            "",
        ),
        (
            "CREATE VIRTUAL TABLE words USING fts5(word, content='notes')",
            "",
        ),
        (
            "CREATE VIRTUAL TABLE words USING fts5(word) AS SELECT 1",
            "cannot be read",
        ),
        ("UPDATE orders SET n = (interval * 2) WHERE n IS NULL", ""),
        (
            "UPDATE orders SET n = (interval * 2)",
            "every row of `orders`",
        ),
        (
            "CREATE TRIGGER t BEFORE INSERT ON orders BEGIN SELECT RAISE(ABORT, 'no'); END",
            "a trigger",
        ),
        (
            "DELETE FROM sqlite_master WHERE name = 'orders'",
            "keeps its own schema",
        ),
    ];
    check(&[Sqlite], &cases);
}
