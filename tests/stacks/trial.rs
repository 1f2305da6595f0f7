//! Tries a case: what it finds wrong, step by step.

use crate::aws::{World, expanded};
use crate::case::{Case, Expect, Step};
use crate::functions::{Account, call};
use crate::judge;
use serde_json::{Value, json};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

/// A case while it is tried.
struct Trial {
    account: Account,
    /// What the state machine would remember: the answers' fields, by their names.
    memory: Value,
    /// Executions started so far, and the input of the last one.
    started: u32,
    input: Value,
    /// Every execution is previewed first.
    is_first: bool,
    wrong: Vec<String>,
}

/// What is wrong, as sentences. The first case of a kind is previewed even where its preview shows nothing more.
pub async fn try_case(case: &Case, is_first: bool) -> Vec<String> {
    let mut trial = Trial {
        account: Arc::new(Mutex::new(World::base())),
        memory: json!({}),
        started: 0,
        input: Value::Null,
        is_first,
        wrong: Vec::new(),
    };
    for step in &case.steps {
        // What comes after a step that went wrong says nothing more.
        if !trial.wrong.is_empty() {
            break;
        }
        match step {
            Step::Change(changes) => trial.world().change(changes),
            Step::Detect { input, expect } => trial.detect(input, expect).await,
            Step::Again { expect } => trial.decide(expect).await,
            Step::Call {
                function,
                payload,
                expect,
            } => trial.task(function, payload, expect).await,
            Step::State(state) => {
                let wrong = judge::state(&trial.world().state, state);
                trial.wrong.extend(wrong);
            }
        }
    }
    let unknown = std::mem::take(&mut trial.world().unknown);
    trial.wrong.extend(unknown);
    trial.wrong
}

impl Trial {
    fn world(&self) -> MutexGuard<'_, World> {
        self.account.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// A preview writes nothing, so that the decision afterwards is made in the same world.
    async fn detect(&mut self, input: &Value, expect: &Expect) {
        self.started += 1;
        self.memory["pushedAt"] = json!(format!("2026-11-20T10:{:02}:00Z", self.started));
        self.input = filled(&expanded(input), &self.memory);
        if !judge::is_word(&self.input) && (self.is_first || judge::needs_preview(expect)) {
            self.preview(expect).await;
        }
        self.decide(expect).await;
    }

    async fn preview(&mut self, expect: &Expect) {
        let before = self.world().state["record"].clone();
        let mut preview = json!({"action": "plan", "request": self.input});
        if self.input["action"] == "from-ci" {
            // CI's machine wraps the whole of what CI asks for.
            preview["request"] = self.input["request"].clone();
            preview = json!({"action": "from-ci", "request": preview});
        }
        let answer = self.ask('p', &preview, &json!({})).await;
        let mut wrong = judge::preview(&answer, expect);
        if wrong.is_empty() {
            wrong = judge::written(&self.world(), &before, "preview", true);
        }
        self.complain("preview", wrong);
    }

    async fn decide(&mut self, expect: &Expect) {
        let name = format!("r{}", self.started);
        self.world().state["executions"][&name] = json!("RUNNING");
        let before = self.world().state["record"].clone();
        let input = self.input.clone();
        let mut answers = json!({});
        let mut answer = self.ask('r', &input, &answers).await;
        // A release of several steps whose image is to be verified asks twice.
        for _ in 0..2 {
            match answer["decision"].as_str() {
                Some("check-traffic") => answers["trafficChecked"] = json!(true),
                Some("verify-image") => {
                    answers["verified"] = answer["plan"]["image"]["digest"].clone();
                }
                _ => break,
            }
            let asks = answer["decision"].as_str().unwrap_or_default();
            let wrong = judge::written(&self.world(), &before, asks, false);
            self.complain(&name, wrong);
            answer = self.ask('r', &input, &answers).await;
        }
        let mut wrong = judge::decision(&answer, expect);
        if wrong.is_empty() {
            wrong = judge::written(&self.world(), &before, expect.decision, expect.untouched);
        }
        self.remember(&answer);
        self.memory[&name] = answer;
        self.complain(&name, wrong);
    }

    /// Asks detect for an execution whose name is the letter and the count of executions so far.
    /// The state machine says what became of the answers before.
    async fn ask(&mut self, letter: char, input: &Value, answers: &Value) -> Value {
        self.world().calls.clear();
        let name = format!("{letter}{}", self.started);
        let execution = expanded(&json!({
            "id": format!("execution:shop-release:{name}"), "name": name,
            "startTime": format!("2026-11-20T10:{:02}:05Z", self.started),
        }));
        self.memory["execution"] = execution.clone();
        let mut task = json!({"action": "detect", "request": input, "execution": execution});
        for (name, answer) in answers.as_object().into_iter().flatten() {
            task[name] = answer.clone();
        }
        answered(call(&self.account, "detect", task).await)
    }

    async fn task(&mut self, function: &str, payload: &Value, expect: &Expect) {
        let task = filled(&expanded(payload), &self.memory);
        if task["action"] == "finish" {
            let name = format!("r{}", self.started);
            self.world().state["executions"][&name] = json!("SUCCEEDED");
        }
        self.world().calls.clear();
        let answer = answered(call(&self.account, function, task).await);
        self.remember(&answer);
        let wrong = judge::answer(&answer, expect);
        self.complain(&format!("{function} {}", payload["action"]), wrong);
    }

    fn complain(&mut self, step: &str, wrong: Vec<String>) {
        let sentences = wrong.into_iter().map(|it| format!("{step}: {it}"));
        self.wrong.extend(sentences);
    }

    fn remember(&mut self, answer: &Value) {
        for (name, value) in answer.as_object().into_iter().flatten() {
            self.memory[name] = value.clone();
        }
    }
}

fn answered(answer: Result<Value, shared::Error>) -> Value {
    answer.unwrap_or_else(|error| json!({"error": error.name(), "reason": error.to_string()}))
}

/// The payload, its `$names` replaced by what is remembered.
fn filled(payload: &Value, memory: &Value) -> Value {
    match payload {
        Value::String(text) => match text.strip_prefix('$') {
            Some(path) => {
                let pointer = format!("/{}", path.replace('.', "/"));
                memory.pointer(&pointer).cloned().unwrap_or_default()
            }
            None => payload.clone(),
        },
        Value::Array(items) => items.iter().map(|it| filled(it, memory)).collect(),
        Value::Object(fields) => {
            let fields = fields.iter();
            fields
                .map(|(name, it)| (name.clone(), filled(it, memory)))
                .collect()
        }
        Value::Null | Value::Bool(_) | Value::Number(_) => payload.clone(),
    }
}
