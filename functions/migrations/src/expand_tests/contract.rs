//! What is no contraction, although the old version is gone.

use super::check_in;
use crate::Dialect::{Mysql, Postgresql};
use crate::{Dialect, Step};

fn check(dialects: &[Dialect], cases: &[(&str, &str)]) {
    check_in(Step::Contract, dialects, cases);
}

#[test]
fn a_contract_does_not_lose_what_it_does_not_name() {
    let cases = [
        ("DELETE FROM orders", "deletes every row of `orders`"),
        (
            "DELETE FROM orders WHERE 1 = 1",
            "deletes every row of `orders`",
        ),
        ("DELETE FROM orders WHERE kind = 'old'", ""),
        ("CREATE TABLE a (n INT); DELETE FROM a", ""),
        (
            "ALTER TABLE orders ADD COLUMN n INT NOT NULL",
            "column `n` of `orders` is NOT NULL",
        ),
        ("ALTER TABLE orders ADD COLUMN n INT NOT NULL DEFAULT 1", ""),
    ];
    check(&Dialect::ALL, &cases);
}

#[test]
fn a_contract_of_postgresql_does_not_cascade() {
    let cases = [
        (
            "DROP TABLE a, b CASCADE",
            "drops table `a`, `b` and, by CASCADE",
        ),
        (
            "DROP FUNCTION f CASCADE",
            "drops function `f` and, by CASCADE",
        ),
        (
            "DROP EXTENSION pgcrypto CASCADE",
            "extension `pgcrypto` and, by CASCADE",
        ),
        (
            "ALTER TABLE orders DROP COLUMN note CASCADE",
            "drops column `note` of `orders` and, by CASCADE",
        ),
        (
            "ALTER TABLE orders DROP CONSTRAINT one CASCADE",
            "drops constraint `one` of `orders` and, by CASCADE",
        ),
    ];
    check(&[Postgresql], &cases);
}

#[test]
fn a_contract_of_postgresql_loses_no_rows_and_no_rights_either() {
    let cases = [
        (
            "WITH old AS (DELETE FROM orders RETURNING *) SELECT * FROM old",
            "deletes every row of `orders`",
        ),
        ("REVOKE ALL ON orders FROM app", "takes rights"),
        ("DROP ROLE app", "drops `app`, as which"),
        ("DROP USER app", "drops `app`, as which"),
        ("DROP GROUP app", "drops `app`, as which"),
        (
            "MERGE INTO a USING b ON true WHEN MATCHED THEN DELETE",
            "deletes rows of `a`",
        ),
        (
            "COPY (DELETE FROM a RETURNING id) TO STDOUT",
            "deletes every row of `a`",
        ),
        ("PREPARE q AS DELETE FROM a", "not known"),
        ("EXECUTE q", "not known"),
        ("CALL p()", "not known"),
        (
            "DELETE FROM pg_class WHERE relname = 'a'",
            "keeps its own schema",
        ),
        (
            "ALTER TABLE orders ENABLE ROW LEVEL SECURITY",
            "hides rows of `orders`",
        ),
    ];
    check(&[Postgresql], &cases);
}

#[test]
fn a_contract_of_mysql_loses_no_more_either() {
    let cases = [
        ("SET GLOBAL read_only = 1", "for the whole server"),
        ("RESET MASTER", "the whole server"),
        ("FLUSH LOGS", "the whole server"),
        ("DROP USER app, web", "drops `app`, `web`, as which"),
        ("DROP USER 'app'@'10.0.0.%'", "drops a user"),
        ("DROP ROLE IF EXISTS app", "as which"),
        ("DROP EVENT nightly", ""),
        ("ALTER TABLE orders DROP PARTITION p0", ""),
        (
            "ALTER TABLE orders TRUNCATE PARTITION p0",
            "a partition of `orders`",
        ),
    ];
    check(&[Mysql], &cases);
}
