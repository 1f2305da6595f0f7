//! What the text has made or added itself: no old version knows it.

use super::{ALL, check};
use crate::Dialect::{Mysql, Postgresql};

#[test]
fn what_the_text_has_made_may_be_changed_and_dropped_again() {
    let cases = [
        (
            "CREATE TABLE a (n INT); UPDATE a SET n = 1; DELETE FROM a; DROP TABLE a",
            "",
        ),
        (
            "CREATE TABLE a (n INT); DROP TABLE a; DROP TABLE a",
            "drops table `a`",
        ),
        (
            "CREATE TABLE a (n INT); DROP TABLE a, b",
            "drops table `a`, `b`",
        ),
        (
            "ALTER TABLE orders ADD COLUMN n INT; UPDATE orders SET n = 0",
            "",
        ),
        (
            "ALTER TABLE orders ADD COLUMN n INT; UPDATE orders SET n = 0, note = ''",
            "every row of `orders`",
        ),
        (
            "ALTER TABLE orders ADD COLUMN n INT; UPDATE notes SET n = 0",
            "every row of `notes`",
        ),
        (
            "ALTER TABLE orders ADD COLUMN n INT; CREATE UNIQUE INDEX one ON orders (n)",
            "",
        ),
        (
            "ALTER TABLE orders ADD COLUMN n INT DEFAULT 1; CREATE UNIQUE INDEX one ON orders (n)",
            "adds a unique index to `orders`",
        ),
        (
            "ALTER TABLE orders ADD COLUMN n INT; ALTER TABLE orders DROP COLUMN n",
            "",
        ),
    ];
    check(ALL, &cases);
}

#[test]
fn an_added_column_stays_one_that_the_old_version_can_leave_out() {
    let cases = [
        (
            "ALTER TABLE orders ADD COLUMN n INT DEFAULT 1; ALTER TABLE orders ALTER COLUMN n DROP DEFAULT",
            "",
        ),
        (
            "ALTER TABLE orders ADD COLUMN n INT NOT NULL DEFAULT 1; ALTER TABLE orders ALTER COLUMN n DROP DEFAULT",
            "takes the default of the added column `n` of `orders` away",
        ),
        (
            "ALTER TABLE orders ADD COLUMN n INT NOT NULL DEFAULT 1; ALTER TABLE orders ALTER COLUMN n SET DEFAULT 2",
            "",
        ),
        (
            "ALTER TABLE orders ADD COLUMN n INT, ADD CONSTRAINT one UNIQUE (n)",
            "",
        ),
        (
            "ALTER TABLE orders ADD COLUMN n INT, ADD CONSTRAINT f FOREIGN KEY (n) REFERENCES notes (id)",
            "",
        ),
        (
            "ALTER TABLE orders ADD COLUMN n INT DEFAULT 1 UNIQUE",
            "UNIQUE or a PRIMARY KEY",
        ),
        ("ALTER TABLE orders ADD COLUMN n INT UNIQUE", ""),
        (
            "ALTER TABLE orders ADD COLUMN n INT, ADD CONSTRAINT c CHECK (n > 0 AND n IN (1, 2))",
            "",
        ),
        (
            "ALTER TABLE orders ADD COLUMN n INT, ADD CONSTRAINT c CHECK (n > 0 OR note > 0)",
            "",
        ),
        (
            "ALTER TABLE orders ADD COLUMN n INT, ADD CONSTRAINT c CHECK (n > 0 AND note > 0)",
            "adds a CHECK constraint",
        ),
    ];
    check(&[Postgresql, Mysql], &cases);
}

#[test]
fn a_check_of_an_added_column_lets_rows_pass_that_do_not_name_it() {
    let cases = [
        ("ALTER TABLE orders ADD COLUMN n INT CHECK (n > 0)", ""),
        (
            "ALTER TABLE orders ADD COLUMN n TEXT CHECK (length(n) < 9)",
            "",
        ),
        (
            "ALTER TABLE orders ADD COLUMN n INT CHECK (n IS NULL OR n > 0)",
            "",
        ),
        (
            "ALTER TABLE orders ADD COLUMN n INT NOT NULL DEFAULT 1 CHECK (n IN (1, 2))",
            "",
        ),
        (
            "ALTER TABLE orders ADD COLUMN n INT CHECK (note > 0)",
            "adds a CHECK constraint",
        ),
        (
            "ALTER TABLE orders ADD COLUMN n INT DEFAULT 1 CHECK (n > note)",
            "adds a CHECK constraint",
        ),
        (
            "ALTER TABLE orders ADD COLUMN n INT CHECK (n IS NOT NULL)",
            "adds a CHECK constraint",
        ),
        (
            "ALTER TABLE orders ADD COLUMN n INT CHECK (coalesce(n, 0) > 0)",
            "adds a CHECK constraint",
        ),
        (
            "ALTER TABLE orders ADD COLUMN n INT DEFAULT 1 REFERENCES notes (id)",
            "adds a foreign key",
        ),
        (
            "ALTER TABLE orders ADD COLUMN n INT, ADD CONSTRAINT c CHECK (n IS NOT NULL)",
            "adds a CHECK constraint",
        ),
    ];
    check(&[Postgresql, Mysql], &cases);
}

#[test]
fn an_added_column_of_postgresql_may_be_changed_as_long_as_it_can_be_left_out() {
    let cases = [
        (
            "ALTER TABLE orders ADD COLUMN n INT; ALTER TABLE orders ALTER COLUMN n SET NOT NULL",
            "makes column `n` of `orders` NOT NULL",
        ),
        (
            "ALTER TABLE orders ADD COLUMN n INT DEFAULT 1; ALTER TABLE orders ALTER COLUMN n SET NOT NULL",
            "",
        ),
        (
            "ALTER TABLE orders ADD COLUMN n INT; ALTER TABLE orders ALTER COLUMN n TYPE bigint",
            "",
        ),
    ];
    check(&[Postgresql], &cases);
}

#[test]
fn what_reaches_beyond_the_text_is_refused() {
    let cases = [
        ("SET GLOBAL read_only = 1", "for the whole server"),
        ("SET @@global.read_only = 1", "for the whole server"),
        ("SET PERSIST max_connections = 1", "for the whole server"),
        ("SET SESSION lock_wait_timeout = 3", ""),
        (
            "UPDATE mysql.user SET host = '%' WHERE host = 'a'",
            "keeps its own schema",
        ),
        ("REVOKE INSERT ON shop.* FROM app", "takes rights"),
        (
            "UPDATE orders SET note = '' ORDER BY id LIMIT 100",
            "whichever come first",
        ),
        ("CREATE TABLE a (n INT); RENAME TABLE a TO b", ""),
        (
            "CREATE TABLE a (n INT); RENAME TABLE orders TO c, a TO orders",
            "renames table `orders`",
        ),
    ];
    check(&[Mysql], &cases);
    let cases = [
        (
            "UPDATE pg_class SET relname = 'a' WHERE relname = 'b'",
            "keeps its own schema",
        ),
        (
            "DELETE FROM pg_catalog.pg_enum WHERE enumlabel = 'b'",
            "keeps its own schema",
        ),
        (
            "INSERT INTO pg_enum VALUES (1, 2, 3, 'c')",
            "keeps its own schema",
        ),
        ("COPY orders FROM PROGRAM 'cat'", "starts a program"),
        ("ALTER ROLE app NOLOGIN", "changes the role"),
        (
            "MERGE INTO a USING b ON a.n = b.n WHEN MATCHED THEN DELETE",
            "deletes rows of `a`",
        ),
        (
            "MERGE INTO a USING b ON a.n = b.n WHEN NOT MATCHED THEN INSERT VALUES (1)",
            "",
        ),
    ];
    check(&[Postgresql], &cases);
}
