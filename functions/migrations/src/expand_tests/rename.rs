//! Renames.

use super::{ALL, check};
use crate::Dialect::{Mysql, Postgresql};

#[test]
fn a_rename_is_refused_whatever_it_renames() {
    let cases = [
        ("ALTER TABLE orders RENAME TO sales", "renames a table"),
        (
            "ALTER TABLE orders RENAME COLUMN note TO remark",
            "renames a column",
        ),
    ];
    check(ALL, &cases);
    let cases = [
        ("RENAME TABLE orders TO sales", "renames a table"),
        (
            "ALTER TABLE orders CHANGE COLUMN note remark TEXT",
            "renames a column",
        ),
        (
            "ALTER TABLE orders CHANGE note remark TEXT",
            "renames a column",
        ),
    ];
    check(&[Mysql], &cases);
    let cases = [
        ("ALTER TYPE state RENAME TO status", "renames a type"),
        (
            "ALTER TYPE state RENAME VALUE 'a' TO 'b'",
            "renames a value",
        ),
        ("ALTER SCHEMA shop RENAME TO store", "renames a schema"),
        ("ALTER VIEW noted RENAME TO remarked", "renames a view"),
        ("ALTER VIEW noted RENAME COLUMN a TO b", "renames a column"),
        ("ALTER FUNCTION f() RENAME TO g", "renames a function"),
    ];
    check(&[Postgresql], &cases);
}
