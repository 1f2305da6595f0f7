//! What counts as made by the text, and for how long.

use crate::{Dialect, Step, review};

fn is_refused(dialect: Dialect, sql: &str) -> bool {
    review(sql, dialect, Step::Expand)
        .dangers()
        .next()
        .is_some()
}

fn check(dialects: &[Dialect], cases: &[(&str, bool)]) {
    for dialect in dialects {
        for (sql, refused) in cases {
            assert_eq!(is_refused(*dialect, sql), *refused, "{dialect}: {sql}");
        }
    }
}

#[test]
fn what_the_text_has_made_may_change_until_its_name_may_mean_another_table() {
    let cases = [
        ("CREATE TABLE a (n INT); ALTER TABLE a DROP COLUMN n", false),
        (
            "CREATE TABLE a (n INT); ALTER TABLE shop.a DROP COLUMN n",
            true,
        ),
        (
            "CREATE TABLE IF NOT EXISTS a (n INT); ALTER TABLE a DROP COLUMN n",
            true,
        ),
        (
            "CREATE TABLE a (n INT); DROP TABLE a; ALTER TABLE a DROP COLUMN n",
            true,
        ),
        ("CREATE TABLE a (n INT); DROP TABLE a; DROP TABLE a", true),
    ];
    check(&Dialect::ALL, &cases);
}

#[test]
fn postgresql_folds_names_and_loses_temporary_tables() {
    let cases = [
        ("CREATE TABLE A (n INT); ALTER TABLE a DROP COLUMN n", false),
        (
            "CREATE TABLE \"A\" (n INT); ALTER TABLE a DROP COLUMN n",
            true,
        ),
        (
            "CREATE TABLE a (n INT); SET lock_timeout = '1s'; ALTER TABLE a DROP COLUMN n",
            false,
        ),
        (
            "CREATE TABLE a (n INT); SET ROLE b; ALTER TABLE a DROP COLUMN n",
            true,
        ),
        (
            "CREATE TABLE a (n INT); RESET ALL; ALTER TABLE a DROP COLUMN n",
            true,
        ),
        (
            "CREATE TABLE a (n INT); SELECT pg_catalog.set_config('search_path', '', false); ALTER TABLE a DROP COLUMN n",
            true,
        ),
        (
            "CREATE TEMP TABLE a (n INT) ON COMMIT DROP; ALTER TABLE a DROP COLUMN n",
            true,
        ),
        (
            "BEGIN; CREATE TEMP TABLE a (n INT) ON COMMIT DROP; ALTER TABLE a DROP COLUMN n; COMMIT",
            false,
        ),
    ];
    check(&[Dialect::Postgresql], &cases);
}
