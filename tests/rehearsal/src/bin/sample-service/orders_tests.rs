//! Three versions against three schemas, and two versions on one file.

use super::*;
use crate::database::{message, open};
use crate::scratch::Scratch;

const EXPAND: &str = "ALTER TABLE orders ADD COLUMN note TEXT";
const CONTRACT: &str = "ALTER TABLE orders DROP COLUMN comment";

/// Orders of `build` in a new database on which `migrations` ran.
fn orders(build: &str, migrations: &[&str]) -> Orders {
    let connection = open("").expect("open");
    for sql in migrations {
        connection.execute_batch(sql).expect("migrated");
    }
    Orders::new(connection, build)
}

/// The note of an order that is added and read back, or why that failed.
fn ordered(orders: &Orders) -> Result<String, String> {
    let latest = orders.add("tea", "hot").and_then(|()| orders.latest());
    let latest = latest.map_err(|error| message(&error))?;
    Ok(latest[0]["note"].as_str().unwrap_or("null").to_owned())
}

#[test]
fn the_first_number_of_a_build_chooses_its_columns() {
    for (columns, builds) in [
        (
            Columns::Comment,
            &["v1.1.0", "v1.9.9-crash", "v0.9", "1.1.0"][..],
        ),
        (
            Columns::Both,
            &["v2.0.0", "v2.7.1", "v2.0.0-breaks-orders", "2"],
        ),
        (Columns::Note, &["v3.0.0", "v3.1.0-crash", "v10.0"]),
        // Nothing that can be read as a version.
        (
            Columns::Comment,
            &[
                "",
                "v",
                "latest",
                "vx.1",
                "v.2.0",
                "v99999999999999999999.1",
                "é",
            ],
        ),
    ] {
        for build in builds {
            assert_eq!(Columns::of(build), columns, "{build:?}");
        }
    }
}

#[test]
fn each_build_works_on_the_schemas_that_it_was_made_for() {
    let (hot, expanded, contracted) = (Ok("hot"), &[EXPAND][..], &[EXPAND, CONTRACT][..]);
    let no_note = Err("table orders has no column named note");
    let no_comment = Err("table orders has no column named comment");
    for (build, schema, expect) in [
        ("v1.1.0", &[][..], hot),
        ("v1.1.0", expanded, hot),
        ("v1.1.0", contracted, no_comment),
        ("v2.0.0", &[], no_note),
        ("v2.0.0", expanded, hot),
        ("v2.0.0", contracted, no_comment),
        ("v3.0.0", &[], no_note),
        ("v3.0.0", expanded, hot),
        ("v3.0.0", contracted, hot),
    ] {
        let found = ordered(&orders(build, schema));
        let found = found.as_deref().map_err(String::as_str);
        assert_eq!(found, expect, "{build} on {schema:?}");
    }
}

#[test]
fn two_versions_on_one_file_read_each_others_orders() {
    let scratch = Scratch::new();
    let (old, new) = ("v1.1.0", "v2.0.0");
    let [old, new] = [old, new].map(|build| {
        let connection = open(&scratch.file).expect("open");
        Orders::new(connection, build)
    });
    assert_eq!(ordered(&old), Ok("hot".to_owned()));
    assert!(ordered(&new).is_err(), "nobody has expanded yet");
    let migrator = open(&scratch.file).expect("open");
    migrator.execute_batch(EXPAND).expect("expanded");
    old.add("tea", "cold").expect("the old version goes on");
    new.add("tea", "warm")
        .expect("the new version sees the column");
    for version in [&old, &new] {
        let notes = version.latest().expect("orders");
        let notes: Vec<_> = notes.iter().map(|order| &order["note"]).collect();
        assert_eq!(notes, ["warm", "cold", "hot"]);
    }
    migrator.execute_batch(CONTRACT).expect("contracted");
    let gone = ordered(&old).expect_err("the column is gone");
    assert_eq!(gone, "table orders has no column named comment");
}

#[test]
fn an_item_is_known_to_every_build_once_it_was_ordered() {
    let scratch = Scratch::new();
    let builds = ["v1.0.0", "v1.1.0"].map(|build| {
        let connection = open(&scratch.file).expect("open");
        Orders::new(connection, build)
    });
    let known = || {
        let known = builds.iter().map(|orders| orders.includes("coffee"));
        known.collect::<Result<Vec<_>>>()
    };
    builds[0].add("tea", "hot").expect("added");
    assert_eq!(known(), Ok(vec![false, false]));
    builds[0].add("coffee", "hot").expect("added");
    builds[0].add("tea", "cold").expect("added");
    assert_eq!(known(), Ok(vec![true, true]));
}

#[test]
fn the_last_version_has_no_note_of_an_order_that_nobody_synced() {
    let scratch = Scratch::new();
    let old = Orders::new(open(&scratch.file).expect("open"), "v1.1.0");
    old.add("tea", "hot").expect("added");
    let migrator = open(&scratch.file).expect("open");
    migrator.execute_batch(EXPAND).expect("expanded");
    let new = Orders::new(open(&scratch.file).expect("open"), "v3.0.0");
    assert_eq!(new.latest().expect("orders")[0]["note"], Value::Null);
    let sync = "UPDATE orders SET note = comment WHERE note IS NULL";
    migrator.execute_batch(sync).expect("synced");
    assert_eq!(new.latest().expect("orders")[0]["note"], "hot");
}
