//! Rules for added columns, and what they get afterwards.

use super::check;
use crate::Dialect::{Mysql, Postgresql};

#[test]
fn a_default_of_an_added_column_that_a_rule_is_for_is_refused_in_any_order() {
    let default = "ALTER TABLE u ALTER COLUMN c SET DEFAULT 1";
    for rule in [
        "ALTER TABLE u ADD COLUMN c INT UNIQUE",
        "ALTER TABLE u ADD COLUMN c INT CHECK (c > 5)",
        "ALTER TABLE shop.u ADD COLUMN c INT UNIQUE",
        "ALTER TABLE u ADD COLUMN c INT; ALTER TABLE u ADD CONSTRAINT k UNIQUE (c)",
        "ALTER TABLE u ADD COLUMN c INT; ALTER TABLE u ADD FOREIGN KEY (c) REFERENCES o (id)",
        "ALTER TABLE u ADD COLUMN c INT; CREATE UNIQUE INDEX i ON u (c)",
    ] {
        let sql = format!("{rule}; {default}");
        check(
            &[Postgresql, Mysql],
            &[(&sql, "gives column `c` of `u` a default")],
        );
    }
    let cases = [
        (
            "ALTER TABLE u ADD COLUMN c INT UNIQUE, ALTER COLUMN c SET DEFAULT 1",
            "gives column `c` of `u` a default",
        ),
        (
            "ALTER TABLE u ADD COLUMN c INT; ALTER TABLE u ALTER COLUMN c SET DEFAULT 1, ADD UNIQUE (c)",
            "gives column `c` of `u` a default",
        ),
        (
            "ALTER TABLE u ADD COLUMN c INT; ALTER TABLE u ALTER c SET DEFAULT 1; ALTER TABLE u ADD CHECK (c > 5)",
            "adds a CHECK constraint",
        ),
        (
            "ALTER TABLE u ADD COLUMN c INT, ADD COLUMN cc INT UNIQUE; ALTER TABLE u ALTER c SET DEFAULT 1",
            "",
        ),
        (
            "ALTER TABLE u ADD COLUMN c INT UNIQUE; ALTER TABLE u ALTER COLUMN c SET DEFAULT NULL",
            "",
        ),
    ];
    check(&[Postgresql, Mysql], &cases);
}

#[test]
fn a_column_that_mysql_has_anew_is_still_one_that_the_old_version_can_leave_out() {
    let cases = [
        (
            "ALTER TABLE u ADD COLUMN c INT; ALTER TABLE u MODIFY c INT NOT NULL",
            "NOT NULL without a DEFAULT",
        ),
        (
            "ALTER TABLE u ADD COLUMN c INT UNIQUE; ALTER TABLE u MODIFY c INT DEFAULT 1",
            "gives column `c` of `u` a default",
        ),
        (
            "ALTER TABLE u ADD COLUMN c INT; ALTER TABLE u MODIFY c INT DEFAULT 1; CREATE UNIQUE INDEX i ON u (c)",
            "adds a unique index",
        ),
    ];
    check(&[Mysql], &cases);
}

#[test]
fn a_statement_is_judged_by_what_its_operations_make_together() {
    let cases = [
        (
            "ALTER TABLE u DROP COLUMN c, ADD COLUMN c INT",
            "drops column `c`",
        ),
        (
            "ALTER TABLE u ADD COLUMN c INT, ALTER c SET DEFAULT 5, ALTER c SET NOT NULL",
            "",
        ),
        (
            "ALTER TABLE u ADD COLUMN c INT; ALTER TABLE u ALTER c SET DEFAULT 5, ALTER c SET NOT NULL",
            "",
        ),
        (
            "ALTER TABLE u ADD COLUMN c INT DEFAULT 1, ALTER c DROP DEFAULT, ALTER c SET NOT NULL",
            "takes the default of the added column",
        ),
        (
            "ALTER TABLE u ADD CONSTRAINT k CHECK (c > 5) NOT ENFORCED",
            "",
        ),
    ];
    check(&[Postgresql, Mysql], &cases);
}

#[test]
fn a_column_counts_as_added_only_where_that_is_sure() {
    let cases = [
        (
            "ALTER TABLE u ADD COLUMN c TEXT; ALTER TABLE u ALTER COLUMN c SET DEFAULT 'x', ALTER COLUMN c SET STATISTICS 5; \
             CREATE UNIQUE INDEX i ON u (c)",
            "adds a unique index",
        ),
        (
            "ALTER TABLE u ADD COLUMN c TEXT; ALTER TABLE public.u ALTER COLUMN c SET DEFAULT 'x'; CREATE UNIQUE INDEX i ON u (c)",
            "adds a unique index",
        ),
        (
            "ALTER TABLE u ADD COLUMN c INT, ALTER COLUMN n SET STATISTICS 5; UPDATE u SET c = 1",
            "",
        ),
        (
            "ALTER TABLE u ADD COLUMN c TEXT; UPDATE u SET n.c = ''",
            "every row",
        ),
        (
            "ALTER TABLE u ADD COLUMN IF NOT EXISTS c TEXT, ALTER COLUMN c TYPE INT",
            "changes the type",
        ),
        (
            "ALTER TABLE u ADD COLUMN IF NOT EXISTS c TEXT, ADD CONSTRAINT k UNIQUE (c)",
            "UNIQUE constraint",
        ),
        (
            "ALTER TABLE u ADD COLUMN c INT DEFAULT 1, ADD CONSTRAINT k CHECK (c > 5) NOT VALID",
            "CHECK constraint",
        ),
        (
            "ALTER TABLE u ADD COLUMN C INT; ALTER TABLE u DROP COLUMN \"C\"",
            "drops column `C`",
        ),
        (
            "ALTER TABLE u ADD COLUMN \"C\" INT; ALTER TABLE u DROP COLUMN C",
            "drops column `C`",
        ),
        (
            "ALTER TABLE u ADD COLUMN C INT; UPDATE u SET \"C\" = 1",
            "every row",
        ),
        ("ALTER TABLE u ADD COLUMN C INT; UPDATE u SET c = 1", ""),
    ];
    check(&[Postgresql], &cases);
}
