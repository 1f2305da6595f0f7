//! What MySQL reads otherwise than the linter, unless it is refused.

use super::check;
use crate::Dialect::Mysql;
use crate::{Rule, Step, lint};

#[test]
fn what_a_text_is_read_by_stands_in_it() {
    for sql in [
        "SET sql_mode = 0+1048576",
        "SET sql_mode = 0x414E5349",
        "SET sql_mode = 'AN\\SI'",
        "SET sql_mode = CONCAT('NO_BACKSLASH', '_ESCAPES')",
        "SET sql_mode = REPLACE('NO_BACKxSLASH_ESCAPES', 'x', '')",
        "SET @mode = CONCAT('NO_BACKSLASH', '_ESCAPES'), sql_mode = @mode",
        "SET @old_sql_mode = CONCAT('NO_BACKSLASH', '_ESCAPES')",
        "SET @c = 'gbk', character_set_client = @c",
        "SET @old_cs_client = CONCAT(@a, 'k')",
        "SET character_set_client = utf8, character_set_client = gbk",
    ] {
        check(
            &[Mysql],
            &[(sql, "how the database reads what comes after it")],
        );
    }
    let usual = [
        "SET sql_mode = CONCAT(REPLACE(@@session.sql_mode, 'ANY,', ''), ',STRICT_ALL_TABLES')",
        "SET sql_mode = TRADITIONAL",
        "SET sql_mode = DEFAULT",
        "SET sql_mode = ''",
        "SET sql_mode = \"NO_ZERO_DATE, NO_ZERO_IN_DATE\"",
    ];
    check(&[Mysql], &usual.map(|sql| (sql, "")));
}

#[test]
fn where_a_comment_ends_is_the_same_for_all() {
    for sql in [
        "/*!50000 SELECT 1 # */ 'x\n; DROP TABLE orders; SELECT 1 # '",
        "/*!50000 SELECT 1 -- */ 'x\n; DROP TABLE orders; SELECT 1 -- '",
        "/*! SELECT 1 /* */ 'x */; DROP TABLE orders; SELECT 1 -- '",
        "/*!50000 SELECT ' */ 'x; DROP TABLE orders; SELECT ' '",
        "DELETE FROM a WHERE id = 1 /*!050000 OR 1 */",
        "DELETE FROM a WHERE id = /*!1 */",
    ] {
        check(&[Mysql], &[(sql, "where it ends is not the same")]);
    }
    for blank in ['\u{a0}', '\u{1}', '\u{2028}'] {
        let sql = format!("SELECT 1 --{blank}a FROM t; DROP TABLE orders");
        check(&[Mysql], &[(&sql, "two minus signs")]);
        let found = lint(&sql, Mysql, Step::Expand);
        assert_eq!(found.last().map(|it| it.rule), Some(Rule::Drop), "{sql:?}");
    }
    let usual = [
        "SELECT 1 --\tb",
        "SELECT 1 --\n",
        "SELECT '--\u{a0}a'",
        "SELECT 5--1",
        "/*!50000 SELECT '#', '*', \"--\" */",
    ];
    check(&[Mysql], &usual.map(|sql| (sql, "")));
}

#[test]
fn what_mariadb_alone_runs_is_refused() {
    let cases = [
        ("/*M! DROP TABLE a */", "only in MariaDB"),
        (
            "INSERT INTO a VALUES (1 /*M!100100 , 2 */)",
            "only in MariaDB",
        ),
        ("/*M!999999\\- enable the sandbox mode */ SELECT 1", ""),
        (
            "/*M! DROP TABLE a -- enable the sandbox mode */",
            "only in MariaDB",
        ),
        ("INSERT INTO a VALUES ('/*M! DROP TABLE a */')", ""),
    ];
    check(&[Mysql], &cases);
}

#[test]
fn a_semicolon_in_a_comment_that_is_run_ends_its_statement() {
    let table = "CREATE TABLE n (a INT);";
    for sql in [
        "CREATE PROCEDURE p() BEGIN SELECT 1; /*!50003 END; DROP TABLE orders; CREATE PROCEDURE q() BEGIN SELECT 2; */ END",
        "-- lint-migration: ignore drop: only n\nDROP TABLE n /*!50003 ; DROP TABLE orders */",
        &format!(
            "{table} CREATE TRIGGER t BEFORE INSERT ON n FOR EACH ROW SET NEW.a = 1 /*!50003 ; DROP TABLE orders */"
        ),
        &format!(
            "{table} /*!50003 CREATE TRIGGER t BEFORE INSERT ON n FOR EACH ROW SET @a = 1; DROP TABLE orders */"
        ),
    ] {
        assert_ne!(lint(sql, Mysql, Step::Expand), [], "{sql}");
    }
    let dumped = "CREATE TABLE n (a INT); DELIMITER ;;\n/*!50003 CREATE*/ /*!50017 DEFINER=`a`@`%`*/ /*!50003 TRIGGER t BEFORE \
                  INSERT ON n FOR EACH ROW BEGIN SET NEW.a = 1; SET NEW.a = 2; END */;;\nDELIMITER ;\nSELECT 1";
    assert_eq!(lint(dumped, Mysql, Step::Expand), []);
}
