//! Bodies of routines, and what a tool or a client reads before the database does.

use super::check;
use crate::Dialect::{Mysql, Postgresql, Sqlite};

#[test]
fn the_body_of_a_routine_does_nothing_before_it_is_called() {
    let body = |inner: &str| format!("CREATE PROCEDURE p() BEGIN SELECT 1; {inner}; END");
    for (head, end) in [("", ";"), ("DELIMITER //\n", "//\nDELIMITER ;\n")] {
        let text = |inner: &str, after: &str| format!("{head}{}{end} {after}", body(inner));
        let made = text("CREATE TABLE orders (id INT)", "DROP TABLE orders");
        let added = text(
            "ALTER TABLE a ADD COLUMN b INT",
            "ALTER TABLE a DROP COLUMN b",
        );
        let cases = [
            (made.as_str(), "it drops table"),
            (&added, "it drops column"),
            (
                &text("CREATE TEMPORARY TABLE a (b INT)", "DELETE FROM a"),
                "it deletes rows",
            ),
            (
                &text("IF a THEN TRUNCATE b; END IF; ROLLBACK", "SELECT 1"),
                "",
            ),
            (&text("DELETE FROM a", "CALL p()"), "it cannot be judged"),
            (&text("SELECT 2", "DROP PROCEDURE P; SELECT 1"), ""),
            (&text("SELECT 2", "DROP PROCEDURE IF EXISTS `p`"), ""),
            (&text("SELECT 2", "DROP PROCEDURE q"), "it drops procedure"),
            (&text("SELECT 2", "DROP FUNCTION p"), "it drops function"),
            (
                &text("SELECT 2", "DROP PROCEDURE p; DROP PROCEDURE p"),
                "it drops procedure",
            ),
            (
                &text("SELECT 2", "USE b; DROP PROCEDURE p"),
                "it drops procedure",
            ),
        ];
        check(&[Mysql], &cases);
    }
}

#[test]
fn a_name_in_a_body_begins_and_ends_no_block() {
    let open = "not certain where its body ends";
    for body in [
        "SELECT begin FROM t; DROP TABLE orders; DO end()",
        "BEGIN DECLARE begin INT; SELECT 1; END; DROP TABLE orders; DO end()",
        "BEGIN DECLARE x INT DEFAULT begin; END; DROP TABLE orders; DO end()",
        "BEGIN DECLARE c CURSOR FOR SELECT begin FROM t; END; DROP TABLE orders; DO end()",
        "BEGIN SELECT CASE WHEN 1 THEN 0 ELSE begin END FROM t; END; DROP TABLE orders; DO end()",
    ] {
        check(&[Mysql], &[(&format!("CREATE PROCEDURE p() {body}"), open)]);
    }
    let number = "BEGIN SELECT CASE WHEN 1 THEN 2. END; END; DROP TABLE orders";
    check(
        &[Mysql],
        &[(&format!("CREATE PROCEDURE p() {number}"), "it drops table")],
    );
    for body in [
        "BEGIN one: LOOP LEAVE one; END LOOP; END",
        "BEGIN one: BEGIN SELECT 1; END one; END",
        "BEGIN CASE a WHEN 1 THEN BEGIN SELECT 1; END; ELSE SELECT CASE WHEN 1 THEN 0 END; END CASE; END",
        "BEGIN DECLARE EXIT HANDLER FOR SQLEXCEPTION BEGIN ROLLBACK; END; SELECT 1; END",
    ] {
        check(&[Mysql], &[(&format!("CREATE PROCEDURE p() {body}"), "")]);
    }
    for name in ["begin", "n"] {
        for body in [
            "SELECT 1;",
            "SELECT CASE WHEN 1 THEN 0 ELSE begin END FROM n;",
            "SELECT CASE WHEN 1 THEN 2. END;",
            "SELECT CASE WHEN 1 THEN function END;",
        ] {
            let sql = format!(
                "CREATE TABLE \"{name}\" (a); CREATE TRIGGER t AFTER INSERT ON {name} BEGIN {body} END; DROP TABLE orders"
            );
            check(&[Sqlite], &[(&sql, "it drops table")]);
        }
    }
}

#[test]
fn a_body_ends_where_its_begin_does() {
    let cases = [
        (
            "CREATE TABLE a (b INT); CREATE FUNCTION f() RETURNS INT BEGIN SELECT 1; RETURN 2; END; DROP TABLE a",
            "",
        ),
        (
            "DELIMITER //\nCREATE PROCEDURE p() BEGIN SELECT 1; END; DROP TABLE a //",
            "it drops table",
        ),
        (
            "CREATE PROCEDURE p() IF a THEN CREATE TABLE b (c INT); END IF; DROP TABLE b",
            "cannot be read",
        ),
        (
            "CREATE PROCEDURE p() BEGIN SELECT end; CREATE TABLE b (c INT); END",
            "END in a routine alone",
        ),
    ];
    check(&[Mysql], &cases);
}

#[test]
fn what_a_tool_or_a_client_reads_first_is_named() {
    check(
        &[Postgresql],
        &[
            ("\\restrict x\nSELECT 1", "a command of psql"),
            ("SELECT 1 \\g", "a command of psql"),
        ],
    );
    check(
        &[Mysql, Postgresql],
        &[(
            "CREATE TABLE ${schema}.a (b INT)",
            "`${schema}` is a placeholder",
        )],
    );
    let orders = "--liquibase formatted sql\n--changeset ann:1\nALTER TABLE a ADD b INT;\n--rollback DROP TABLE a;";
    let cases = [
        (orders, ""),
        (
            "--changeset ann:1\nSELECT 1",
            "unless a space stands behind it",
        ),
        (
            "--liquibase formatted sql\n--changeset ann:1 endDelimiter:/\nSELECT 1",
            "unless a space",
        ),
        (
            "--liquibase formatted sql\n--lint-migration: ignore drop: x\nSELECT 1",
            "unless a space",
        ),
        (
            "--liquibase formatted sql\nSELECT 1\n--rollback; DROP TABLE a",
            "it drops table",
        ),
    ];
    check(&[Mysql], &cases);
}
