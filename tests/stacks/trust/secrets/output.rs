//! All that comes out of the functions while a story runs: answers, errors, log lines, and what they write into the table.

use super::marked::{MARK, Marked};
use super::stories::Story;
use crate::aws::{World, expanded};
use crate::functions::{Account, call};
use fixtures::Log;
use lambda_runtime::Diagnostic;
use serde_json::{Value, json};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

pub struct Output {
    pub account: Account,
    log: Log,
    /// Each text, and where it came from.
    pub texts: Vec<(String, String)>,
    story: String,
}

impl Output {
    /// An account whose live revision is `live`; idle runs `idle`.
    pub fn new(story: &Story, [idle, live]: [&Marked; 2], log: &Log) -> Output {
        let mut world = World::base();
        for (number, marked) in [("6", idle), ("7", live)] {
            world.state["taskDefinitions"][number] = marked.definition.clone();
        }
        let green = "taskDefinitions/6/containerDefinitions/api/environment/DEPLOYMENT_SLOT/value";
        world.change(&json!({green: "green", "executions/r1": "RUNNING"}));
        world.change(&story.before);
        Output {
            account: Arc::new(Mutex::new(world)),
            log: log.clone(),
            texts: Vec::new(),
            story: story.title.clone(),
        }
    }

    pub fn world(&self) -> MutexGuard<'_, World> {
        self.account.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Gives a function a task, as the state machine does, and keeps what comes out. An error is `{"errorType", ...}`.
    pub async fn ask(&mut self, function: &str, task: Value) -> Value {
        let place = format!("{}: {function} {}", self.story, task["action"]);
        let answer = call(&self.account, function, expanded(&task)).await;
        let answer = answer.unwrap_or_else(|error| json!(Diagnostic::from(error)));
        self.keep(&place, answer.to_string());
        let written = std::mem::take(&mut self.world().written);
        written
            .into_iter()
            .for_each(|it| self.keep(&format!("{place}, table"), it));
        let lines = self.log.take();
        self.keep(&format!("{place}, log"), lines);
        answer
    }

    /// Asks detect about a request of execution `name`.
    pub async fn detect(&mut self, name: &str, request: Value) -> Value {
        let execution = json!({"id": format!("execution:shop-release:{name}"), "name": name,
            "startTime": "2026-11-20T10:00:00Z"});
        let task = json!({"action": "detect", "request": request, "execution": execution});
        self.ask("detect", task).await
    }

    fn keep(&mut self, place: &str, text: String) {
        self.texts.push((place.to_owned(), text));
    }

    /// The places at which a mark, or a part of one, was shown; each with the words before it.
    pub fn shown(&self) -> impl Iterator<Item = String> {
        self.texts.iter().filter_map(|(place, text)| {
            let (before, _) = text.split_once(MARK)?;
            let words: Vec<&str> = before.rsplitn(8, ' ').collect();
            let words: Vec<&str> = words.into_iter().take(7).rev().collect();
            Some(format!("{place}: ... {}", words.join(" ")))
        })
    }
}
