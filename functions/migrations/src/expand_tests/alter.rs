//! `ALTER TABLE`: columns that are added or changed, and constraints.

use super::{ALL, check};
use crate::Dialect::{Mysql, Postgresql};

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
            "ALTER TABLE orders ADD COLUMN n INT DEFAULT 1 PRIMARY KEY",
            "UNIQUE or a PRIMARY KEY",
        ),
        (
            "ALTER TABLE orders ADD COLUMN n INT GENERATED ALWAYS AS (id + 1) VIRTUAL",
            "",
        ),
    ];
    check(ALL, &cases);
}

#[test]
fn a_default_of_one_database_counts_as_a_value() {
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
        (
            "ALTER TABLE orders ALTER COLUMN note DROP NOT NULL",
            "lets column `note` of `orders` be NULL",
        ),
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
            "drops column `n` of `a`",
        ),
        (
            "ALTER TABLE orders ADD CONSTRAINT one UNIQUE (note)",
            "adds a UNIQUE constraint to `orders`",
        ),
        (
            "ALTER TABLE orders ADD CONSTRAINT c CHECK (n > 0)",
            "adds a CHECK constraint to `orders`",
        ),
        (
            "ALTER TABLE orders ADD PRIMARY KEY (id)",
            "adds a primary key to `orders`",
        ),
        (
            "ALTER TABLE orders ADD FOREIGN KEY (n) REFERENCES notes (id)",
            "adds a foreign key to `orders`",
        ),
        (
            "ALTER TABLE orders DROP CONSTRAINT one",
            "drops constraint `one` of `orders`",
        ),
    ];
    check(ALL, &cases);
}

#[test]
fn a_constraint_in_words_of_one_database_is_for_new_tables() {
    let cases = [
        (
            "ALTER TABLE orders ADD CONSTRAINT c CHECK (n > 0) NOT VALID",
            "adds a CHECK constraint to `orders`",
        ),
        (
            "CREATE TABLE a (n INT); SET search_path = b; ALTER TABLE a DROP COLUMN n",
            "drops column `n` of `a`",
        ),
    ];
    check(&[Postgresql], &cases);
    let cases = [
        ("ALTER TABLE orders ADD INDEX by_note (note)", ""),
        (
            "ALTER TABLE orders ADD UNIQUE KEY one (note)",
            "adds a UNIQUE constraint to `orders`",
        ),
        (
            "ALTER TABLE orders DROP INDEX by_note",
            "drops index `by_note` of `orders`",
        ),
        (
            "ALTER TABLE orders DROP PRIMARY KEY",
            "drops the primary key of `orders`",
        ),
        (
            "ALTER TABLE orders DROP FOREIGN KEY one",
            "drops constraint `one` of `orders`",
        ),
    ];
    check(&[Mysql], &cases);
}
