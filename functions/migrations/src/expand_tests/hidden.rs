//! What does more, or is read otherwise, than it looks.

use super::check;
use crate::Dialect::{Mysql, Postgresql};

#[test]
fn how_the_rest_of_a_text_is_read_stays_as_it_is() {
    let hidden = "INSERT INTO a VALUES ('\\'); DROP TABLE a; -- ')";
    for set in [
        "SET SESSION sql_mode = 'NO_BACKSLASH_ESCAPES'",
        "SET sql_mode = CONCAT(@@sql_mode, ',no_backslash_escapes')",
        "SET @mode = 'STRICT_TRANS_TABLES,ANSI_QUOTES'",
        "SET SQL_MODE = 'ansi'",
        "/*!40101 SET SQL_MODE='ANSI' */",
        "SET NAMES gbk",
        "SET NAMES 'sjis' COLLATE 'sjis_bin'",
        "SET character_set_client = big5",
        "SET @@character_set_client = gbk",
        "SET sql_mode = 4",
    ] {
        let sql = format!("{set}; {hidden}");
        check(
            &[Mysql],
            &[(&sql, "how the database reads what comes after it")],
        );
    }
    for set in [
        "SET standard_conforming_strings = off",
        "SET SESSION standard_conforming_strings TO 0",
        "SELECT set_config('standard_conforming_strings', 'off', false)",
        "SET client_encoding = 'SJIS'",
        "SET NAMES 'BIG5'",
        "SELECT set_config('client_encoding', 'GBK', false)",
    ] {
        check(
            &[Postgresql],
            &[(set, "how the database reads what comes after it")],
        );
    }
}

#[test]
fn usual_settings_may_be_set() {
    let usual = [
        "SET sql_mode = 'NO_AUTO_VALUE_ON_ZERO'",
        "SET @OLD_SQL_MODE=@@SQL_MODE, SQL_MODE='NO_AUTO_VALUE_ON_ZERO'",
        "SET SESSION sql_mode = (SELECT REPLACE(@@sql_mode, 'ONLY_FULL_GROUP_BY', ''))",
        "/*!40101 SET SQL_MODE=@OLD_SQL_MODE */",
        "/*!40101 SET NAMES utf8mb4 */",
        "SET NAMES utf8mb4 COLLATE utf8mb4_unicode_ci",
        "SET NAMES utf8mb4 COLLATE 'utf8mb4_unicode_ci'",
        "SET @saved_cs_client = @@character_set_client",
        "/*!40101 SET character_set_client = utf8 */",
        "/*!50503 SET character_set_client = utf8mb4 */",
        "/*!40101 SET character_set_client = @saved_cs_client */",
        "/*!40101 SET @OLD_CHARACTER_SET_CLIENT=@@CHARACTER_SET_CLIENT */",
    ];
    check(&[Mysql], &usual.map(|sql| (sql, "")));
    let usual = [
        "SET standard_conforming_strings = on",
        "SET client_encoding = 'UTF8'",
        "SET client_encoding = 'UTF-8'",
        "SET NAMES 'UTF8'",
        "SET CLIENT_ENCODING TO 'LATIN1'",
        "SELECT pg_catalog.set_config('search_path', '', false)",
    ];
    check(&[Postgresql], &usual.map(|sql| (sql, "")));
}

#[test]
fn functions_of_the_server_do_what_no_statement_says() {
    let cases = [
        (
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity",
            "ends the connection",
        ),
        (
            "DO $$ BEGIN PERFORM pg_catalog.lo_unlink(7); END $$",
            "deletes a large object",
        ),
        (
            "SELECT dblink_exec('dbname=b', 'DROP TABLE a')",
            "runs SQL on another database",
        ),
        ("SELECT setval('orders_id_seq', 7)", "numbers that exist"),
        (
            "SELECT setval('orders_id_seq', (SELECT max(id) FROM orders))",
            "",
        ),
        (
            "CREATE SEQUENCE public.s; SELECT setval('public.s', 1, false)",
            "",
        ),
        (
            "CREATE TABLE notes (id SERIAL); SELECT pg_catalog.setval('notes_id_seq', 7, true)",
            "",
        ),
        ("SELECT 'pg_reload_conf()'", ""),
    ];
    check(&[Postgresql], &cases);
}

#[test]
fn what_reaches_further_than_it_looks_is_refused() {
    let cases = [
        (
            "COPY (DELETE FROM a RETURNING id) TO STDOUT",
            "it deletes rows of `a`",
        ),
        ("COPY (SELECT id FROM a) TO STDOUT", ""),
        (
            "CREATE PUBLICATION p FOR ALL TABLES",
            "without a primary key",
        ),
        ("CREATE PUBLICATION p", ""),
        (
            "ALTER TABLE a REPLICA IDENTITY NOTHING",
            "where it is published",
        ),
        ("ALTER TABLE a REPLICA IDENTITY FULL", ""),
        (
            "ALTER TABLE a ADD COLUMN c int UNIQUE NULLS NOT DISTINCT",
            "UNIQUE",
        ),
        (
            "ALTER TABLE a ALTER CONSTRAINT x NOT DEFERRABLE",
            "constraint",
        ),
        (
            "CREATE TABLE p (id int) PARTITION BY LIST (id); ALTER TABLE p ATTACH PARTITION a FOR VALUES IN (1)",
            "it makes `a` a partition",
        ),
        (
            "CREATE TABLE p (id int) PARTITION BY LIST (id); CREATE TABLE q (id int); ALTER TABLE p ATTACH PARTITION q \
             FOR VALUES IN (1)",
            "",
        ),
    ];
    check(&[Postgresql], &cases);
}

#[test]
fn a_name_may_mean_another_table_than_it_looks() {
    let cases = [
        ("ROLLBACK PREPARED 'x'", "somebody else has prepared"),
        (
            "CREATE TABLE t (id int primary key); ALTER TABLE a ADD COLUMN t int REFERENCES t; TRUNCATE t CASCADE",
            "it empties `t`",
        ),
        (
            "BEGIN; DO $$ BEGIN SET LOCAL search_path = x; END $$; CREATE TABLE t (a int); COMMIT; DROP TABLE t",
            "drops table `t`",
        ),
        (
            "BEGIN; SET LOCAL search_path = x; CREATE TABLE t (a int); COMMIT; ALTER TABLE t DROP COLUMN a",
            "drops column",
        ),
        (
            "CREATE TABLE \u{c9} (a int); ALTER TABLE \u{e9} DROP COLUMN a",
            "drops column",
        ),
        (
            "SELECT E'a'\n-- b\n'\\'; SELECT '; DROP TABLE orders; --'",
            "goes on in another line",
        ),
        ("SELECT E'a', 'b', e'c' || 'd'", ""),
        (
            "CREATE TABLE t (a int); DROP TRIGGER IF EXISTS n ON t; DROP POLICY IF EXISTS n ON t",
            "",
        ),
        ("DROP TRIGGER IF EXISTS n ON t", "drops trigger `n`"),
        (
            "CREATE TABLE t (a int); DO $$ BEGIN SET search_path = x; DROP TABLE t; END $$",
            "it drops table",
        ),
        (
            "DO $$ BEGIN CREATE INDEX CONCURRENTLY i ON a (b); END $$",
            "fails inside of a transaction",
        ),
    ];
    check(&[Postgresql], &cases);
}

#[test]
fn what_mysql_reads_otherwise_than_it_looks_is_refused() {
    let cases = [
        (
            "SET GLOBAL TRANSACTION READ ONLY",
            "how all transactions run",
        ),
        (
            "SET /* all */ GLOBAL\nTRANSACTION READ ONLY",
            "how all transactions run",
        ),
        (
            "/*!50000 SET GLOBAL TRANSACTION READ ONLY */",
            "how all transactions run",
        ),
        (
            "SET /*!50000 GLOBAL */ TRANSACTION READ ONLY",
            "how all transactions run",
        ),
        (
            "DELIMITER $$\nSELECT 2*/* ' */1; SET GLOBAL TRANSACTION READ ONLY $$",
            "how all transactions run",
        ),
        ("SELECT 'SET GLOBAL TRANSACTION'", ""),
        ("SET SESSION TRANSACTION ISOLATION LEVEL READ COMMITTED", ""),
    ];
    check(&[Mysql], &cases);
}

#[test]
fn what_mysql_does_beside_what_it_looks_like_is_refused() {
    let cases = [
        ("RESET MASTER", "of the whole server"),
        ("SET PASSWORD = 'x'", "password of an account"),
        (
            "UPDATE a SET b = 1 /*!99999 WHERE id = 1 */",
            "only in MariaDB",
        ),
        (
            "ALTER TABLE a ADD COLUMN b INT NOT NULL /*!90000 DEFAULT 1 */",
            "only in MariaDB",
        ),
        ("CREATE TABLE t (a INT) /*!50100 COMMENT 'x' */", ""),
        ("UPDATE a SET b = 1 WHERE id = 1 || 1", "`||`"),
        ("UPDATE a SET b = 1 WHERE id <=> id", "every row"),
        ("ALTER TABLE a COMMENT='x' ENGINE=MyISAM", "cannot be read"),
        (
            "ALTER TABLE a DEFAULT CHARSET utf8 ENGINE MyISAM",
            "cannot be read",
        ),
        (
            "ALTER TABLE a DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin",
            "",
        ),
        ("ALTER TABLE a ROW_FORMAT=DYNAMIC COMMENT='x'", ""),
        (
            "ALTER TABLE a ADD COLUMN b INT AS (c + 1) VIRTUAL NOT NULL",
            "computed from others",
        ),
    ];
    check(&[Mysql], &cases);
}
