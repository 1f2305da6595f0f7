//! Migrations of a file, as one process after the other makes them, and as several make them at once.

use super::*;
use crate::scratch::Scratch;
use std::thread;

const EXPAND: &str = "ALTER TABLE orders ADD COLUMN note TEXT";

fn migrated(scratch: &Scratch, sql: &str) -> Result<Outcome, String> {
    let outcome = open(&scratch.file).and_then(|connection| migrate(connection, sql));
    outcome.map_err(|error| message(&error))
}

fn schema_of(scratch: &Scratch) -> String {
    schema(&open(&scratch.file).expect("open")).expect("a schema")
}

#[test]
fn a_text_runs_once() {
    let scratch = Scratch::new();
    let Ok(Outcome::Migrated(schema)) = migrated(&scratch, EXPAND) else {
        panic!("not migrated");
    };
    assert!(schema.ends_with(", note TEXT)"), "{schema}");
    assert_eq!(migrated(&scratch, EXPAND), Ok(Outcome::AlreadyMigrated));
    let other = migrated(&scratch, &format!("{EXPAND};"));
    assert_eq!(other, Err("duplicate column name: note".to_owned()));
}

#[test]
fn nothing_stays_of_a_text_that_fails() {
    for sql in [
        format!("{EXPAND}; UPDATE orders SET price = 1"),
        format!("BEGIN; {EXPAND}; UPDATE orders SET price = 1; COMMIT"),
    ] {
        let scratch = Scratch::new();
        for _ in 0..2 {
            let refused = migrated(&scratch, &sql);
            assert_eq!(refused, Err("no such column: price".to_owned()), "{sql}");
        }
        assert!(!schema_of(&scratch).contains("note"), "{sql}");
    }
}

#[test]
fn a_text_may_bring_its_own_transaction_and_may_forget_its_end() {
    for sql in [
        format!("BEGIN; {EXPAND}; COMMIT"),
        format!("\n begin immediate; {EXPAND};"),
    ] {
        let scratch = Scratch::new();
        assert!(
            matches!(migrated(&scratch, &sql), Ok(Outcome::Migrated(_))),
            "{sql}"
        );
        assert!(schema_of(&scratch).contains("note"), "{sql}");
        assert_eq!(migrated(&scratch, &sql), Ok(Outcome::AlreadyMigrated));
    }
}

#[test]
fn of_many_at_once_one_migrates() {
    let scratch = Scratch::new();
    let outcomes: Vec<_> = thread::scope(|scope| {
        let all: Vec<_> = (0..8)
            .map(|_| scope.spawn(|| migrated(&scratch, EXPAND)))
            .collect();
        all.into_iter()
            .map(|one| one.join().expect("no panic"))
            .collect()
    });
    let migrated = |outcome: &&Result<Outcome, String>| matches!(outcome, Ok(Outcome::Migrated(_)));
    assert_eq!(outcomes.iter().filter(migrated).count(), 1, "{outcomes:?}");
    assert!(outcomes.iter().all(Result::is_ok), "{outcomes:?}");
}
