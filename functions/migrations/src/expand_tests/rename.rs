//! Renames.

use super::{ALL, check};
use crate::Dialect::{Mysql, Postgresql};

#[test]
fn a_rename_is_refused_whatever_it_renames() {
    let cases = [
        (
            "ALTER TABLE orders RENAME TO sales",
            "renames table `orders`",
        ),
        (
            "ALTER TABLE orders RENAME COLUMN note TO remark",
            "renames column `note` of `orders`",
        ),
    ];
    check(ALL, &cases);
    let cases = [
        ("RENAME TABLE orders TO sales", "renames table `orders`"),
        (
            "ALTER TABLE orders CHANGE COLUMN note remark TEXT",
            "renames column `note` of `orders`",
        ),
        (
            "ALTER TABLE orders CHANGE note remark TEXT",
            "renames column `note` of `orders`",
        ),
    ];
    check(&[Mysql], &cases);
    let cases = [
        ("ALTER TYPE state RENAME TO status", "renames type `state`"),
        (
            "ALTER TYPE state RENAME VALUE 'a' TO 'b'",
            "renames a value of type `state`",
        ),
        ("ALTER SCHEMA shop RENAME TO store", "renames schema `shop`"),
        (
            "ALTER VIEW noted RENAME TO remarked",
            "renames view `noted`",
        ),
        (
            "ALTER VIEW noted RENAME COLUMN a TO b",
            "renames a column of view `noted`",
        ),
        ("ALTER FUNCTION f() RENAME TO g", "renames a function"),
    ];
    check(&[Postgresql], &cases);
}
