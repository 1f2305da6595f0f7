//! An account in which many functions ask AWS at the same time.

use super::clock::{Clock, all_of};
use crate::functions::FLIP_SECONDS;
use crate::recorded::{Call, End, Run};
use fixtures::Limits;
use futures::FutureExt;
use std::cell::RefCell;
use std::collections::BTreeMap;

/// Seconds that an answer takes, and that the state machine and the function take around a task.
const ANSWER: f64 = 0.02;
const AROUND_TASK: f64 = 0.05;

/// The longest wait before the second try, and the longest of all, in seconds: of the SDK itself, and of flip's clients.
/// It doubles with each try, and chance shortens it.
const USUAL_WAITS: (f64, f64) = (1.0, 20.0);
const FLIPS_WAITS: (f64, f64) = (0.1, 0.5);

/// Tries that the SDK has by itself.
const USUAL_TRIES: u32 = 3;

/// Seconds before its timeout in which flip gives up.
const LAST_MOMENT: f64 = 0.5;

pub struct Account {
    pub clock: Clock,
    limits: RefCell<Limits>,
    /// Calls so far, tries of one counted once, by the bucket that they take from.
    calls: RefCell<BTreeMap<String, u32>>,
    chance: RefCell<fastrand::Rng>,
}

impl Account {
    /// `seed` sets chance.
    pub fn new(limits: Limits, seed: u64) -> Account {
        Account {
            clock: Clock::default(),
            limits: RefCell::new(limits),
            calls: RefCell::default(),
            chance: RefCell::new(fastrand::Rng::with_seed(seed)),
        }
    }

    /// A number between 0 and 1.
    pub fn chance(&self) -> f64 {
        self.chance.borrow_mut().f64()
    }

    pub fn calls(self) -> BTreeMap<String, u32> {
        self.calls.into_inner()
    }

    /// A function does a task: as it was recorded, but that the account may turn its calls away.
    pub async fn invoke(&self, run: &Run) -> End {
        self.clock.sleep(AROUND_TASK).await;
        let mut end = run.end.clone();
        for round in 1..=run.rounds() {
            let calls = run.calls.iter().filter(|call| call.round == round);
            let calls = calls.map(|call| self.ask(call).boxed_local()).collect();
            for throttled in all_of(calls).await.into_iter().flatten() {
                if matches!(throttled, End::Error(_)) {
                    return throttled;
                }
                end = throttled;
            }
        }
        end
    }

    /// The same of flip, which gives up before Lambda ends it.
    pub async fn invoke_flip(&self, run: &Run) -> End {
        let seconds = FLIP_SECONDS as f64 - LAST_MOMENT;
        let end = self.clock.within(seconds, self.invoke(run)).await;
        end.unwrap_or_else(|| End::Error("AwsUnavailable".to_owned()))
    }

    /// One call with its tries: how the task ends because of it, if none of them is answered.
    async fn ask(&self, call: &Call) -> Option<End> {
        let bucket = Limits::bucket_of(&call.operation).to_owned();
        *self.calls.borrow_mut().entry(bucket).or_default() += 1;
        let Some(throttled) = &call.throttled else {
            self.clock.sleep(ANSWER).await;
            return None;
        };
        let (first, longest) = match throttled.tries {
            ..=USUAL_TRIES => USUAL_WAITS,
            _ => FLIPS_WAITS,
        };
        let mut wait = first;
        for number in 1..=throttled.tries {
            self.clock.sleep(ANSWER).await;
            let now = self.clock.now();
            if self.limits.borrow_mut().takes(&call.operation, now) {
                return None;
            }
            if number < throttled.tries {
                self.clock.sleep(wait * self.chance()).await;
                wait = longest.min(wait * 2.0);
            }
        }
        Some(throttled.end.clone())
    }
}
