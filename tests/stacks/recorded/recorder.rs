//! Runs one task as it is, and once more for each of its calls that the account may turn away.

use super::run::{Call, End, Recording, Run, Throttled};
use crate::aws::{Received, World};
use crate::functions::{Account, call};
use aws_smithy_types::retry::RetryConfig;
use fixtures::Limits;
use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;
use tokio::time::Instant;

/// How long each answer takes.
const ANSWER_TAKES: Duration = Duration::from_millis(20);

pub struct Recorder {
    account: Account,
    /// Operations with a documented rate.
    limits: Limits,
    /// What becomes of a task without a call, by the task, the operation, and how many such calls came before.
    known: BTreeMap<(String, String, usize), Throttled>,
    pub recording: Recording,
}

/// A task that has ended, with the calls that came.
struct Ended {
    answer: Value,
    end: End,
    began: Instant,
    calls: Vec<Received>,
}

impl Recorder {
    pub fn new() -> Recorder {
        Recorder {
            account: Arc::new(Mutex::new(late())),
            limits: Limits::documented(),
            known: BTreeMap::new(),
            recording: Recording::default(),
        }
    }

    /// Begins with a stack that is right, but for these changes.
    pub fn begin(&mut self, changes: Value) {
        *self.world() = late();
        self.change(changes);
    }

    fn world(&self) -> std::sync::MutexGuard<'_, World> {
        self.account.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub fn change(&self, changes: Value) {
        self.world().change(&changes);
    }

    /// The account as it is now, for `restore`.
    pub fn save(&self) -> World {
        self.world().clone()
    }

    pub fn restore(&self, saved: World) {
        *self.world() = saved;
    }

    /// Records a task under a name, and gives its answer.
    pub async fn run(&mut self, name: &str, function: &str, task: Value) -> Value {
        self.run_like(name, name, function, task).await
    }

    /// The same of a task that a throttle does to what it does to those that are `like` it.
    pub async fn run_like(&mut self, name: &str, like: &str, function: &str, task: Value) -> Value {
        let before = self.save();
        let ended = end(&self.account, function, &task).await;
        assert_eq!(self.world().unknown, Vec::<String>::new(), "{name}");
        let mut calls = Vec::new();
        for (number, received) in ended.calls.iter().enumerate() {
            let operation = received.operation.clone();
            let same = ended.calls[..number].iter();
            let same = same.filter(|it| it.operation == operation).count();
            let key = (like.to_owned(), operation.clone(), same);
            if self.limits.has(&operation) && !self.known.contains_key(&key) {
                let throttled = throttled(&before, function, &task, number).await;
                self.known.insert(key.clone(), throttled);
            }
            calls.push(Call {
                operation,
                round: round(received.at - ended.began),
                throttled: self.known.get(&key).cloned(),
            });
        }
        let end = ended.end;
        let run = Run { calls, end };
        self.recording.0.insert(name.to_owned(), run);
        ended.answer
    }

    /// Leaves the calls of an operation out of a task.
    pub fn leave_out(&mut self, name: &str, operation: &str) {
        if let Some(run) = self.recording.0.get_mut(name) {
            run.calls.retain(|call| call.operation != operation);
        }
    }
}

/// A stack that is right, in an account whose pages are as large as AWS's; the functions try as often as on AWS.
fn late() -> World {
    let mut world = World::base();
    world.answer_takes = ANSWER_TAKES;
    world.retries = RetryConfig::standard();
    world.page = 100;
    world
}

/// Whoever waits for nothing asks in the first round.
fn round(after: Duration) -> u32 {
    let rounds = after.as_secs_f64() / ANSWER_TAKES.as_secs_f64();
    rounds.round() as u32 + 1
}

async fn end(account: &Account, function: &str, task: &Value) -> Ended {
    let world = || account.lock().unwrap_or_else(PoisonError::into_inner);
    world().calls.clear();
    let began = Instant::now();
    let answer = Box::pin(call(account, function, task.clone())).await;
    let (answer, end) = match answer {
        Ok(answer) => (answer.clone(), answered(&answer)),
        Err(error) => (
            json!(error.to_string()),
            End::Error(error.name().to_owned()),
        ),
    };
    let calls = world().calls.clone();
    Ended {
        answer,
        end,
        began,
        calls,
    }
}

/// The word by which the state machine chooses.
fn answered(answer: &Value) -> End {
    let mut words = ["decision", "status", "phase"].map(|field| answer[field].as_str());
    let word = words.iter_mut().find_map(|word| word.take());
    End::Answer {
        word: word.unwrap_or_default().to_owned(),
        unread: answer["unread"] == true,
    }
}

/// The task in the same world, where the account turns the call with this number away whenever it comes.
async fn throttled(before: &World, function: &str, task: &Value, number: usize) -> Throttled {
    let mut world = before.clone();
    world.turned_away = Some(number);
    let ended = end(&Arc::new(Mutex::new(world)), function, task).await;
    let refused = &ended.calls[number];
    let is_same = |it: &&Received| it.operation == refused.operation && it.input == refused.input;
    let tries = ended.calls[number..].iter().filter(is_same).count();
    Throttled {
        tries: u32::try_from(tries).expect("a count"),
        end: ended.end,
    }
}
