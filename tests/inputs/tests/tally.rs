//! Counts the inputs, catches their panics, and draws inputs from a fixed seed.

use inputs::{Kind, Outcome, try_input};
use proptest::strategy::Strategy;
use proptest::test_runner::{Config, RngAlgorithm, TestCaseError, TestRng, TestRunner};
use std::cell::{Cell, RefCell};
use std::collections::BTreeMap;
use std::fmt::Debug;
use std::panic::{AssertUnwindSafe, catch_unwind};

/// What was tried so far.
#[derive(Default)]
pub struct Tally {
    pub tried: Cell<u64>,
    pub panics: Cell<u64>,
    /// Accepted and refused, by kind.
    outcomes: RefCell<BTreeMap<&'static str, [u64; 2]>>,
}

impl Tally {
    /// Tries one thing; false after a panic, which is a property that does not hold or a real one.
    pub fn check(&self, input: &dyn Debug, check: impl FnOnce()) -> bool {
        self.tried.set(self.tried.get() + 1);
        let fine = catch_unwind(AssertUnwindSafe(check)).is_ok();
        if !fine {
            self.panics.set(self.panics.get() + 1);
            let input: String = format!("{input:?}").chars().take(2000).collect();
            eprintln!("panicked with {input}");
        }
        fine
    }

    /// Tries one input of a kind.
    pub fn input(&self, kind: Kind, bytes: &[u8]) -> bool {
        self.check(&(kind, String::from_utf8_lossy(bytes)), || {
            let outcome = try_input(kind, bytes);
            let mut outcomes = self.outcomes.borrow_mut();
            let [accepted, refused] = outcomes.entry(kind.name()).or_default();
            match outcome {
                Outcome::Accepted => *accepted += 1,
                Outcome::Refused => *refused += 1,
            }
        })
    }

    /// Draws `cases` values; of a value that panics, the smallest one is printed.
    pub fn draw<S: Strategy>(&self, cases: u32, values: S, try_one: impl Fn(S::Value) -> bool) {
        let config = Config {
            cases,
            failure_persistence: None,
            ..Config::default()
        };
        let seed = TestRng::deterministic_rng(RngAlgorithm::ChaCha);
        let mut runner = TestRunner::new_with_rng(config, seed);
        let found = runner.run(&values, |value| {
            let failed = || TestCaseError::fail("it panicked");
            try_one(value).then_some(()).ok_or_else(failed)
        });
        if let Err(error) = found {
            eprintln!("{error}");
        }
    }

    /// Prints what became of each kind. A kind that never was accepted was not tried in depth.
    pub fn report(&self) {
        for kind in Kind::ALL {
            let name = kind.name();
            let outcomes = self.outcomes.borrow().get(name).copied();
            let [accepted, refused] = outcomes.unwrap_or_default();
            println!("{name}: {accepted} accepted, {refused} refused");
            self.check(&name, || {
                assert!(
                    accepted > 0 && refused > 0,
                    "{name} is accepted only, or refused only"
                );
            });
        }
    }
}
