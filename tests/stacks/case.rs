//! A case: a stack that is right, what is changed in it, what is asked, and what must come.
//!
//! Paths such as `services/green/schedulingStrategy` lead through `stack.json`; an item of a list goes by its number or
//! its name, and `+` is one more. `elb:`, `ecs:`, `secret:`, `registry/` and `sha256:110…` are short for what AWS writes
//! (`aws/expand.rs`).

use serde_json::{Value, json};

/// One story in an account of its own.
pub struct Case {
    /// The kind that it belongs to, as `README.md` lists them.
    pub row: &'static str,
    pub title: &'static str,
    pub steps: Vec<Step>,
}

pub enum Step {
    /// Somebody changes the account: each path gets its value, and one with null ends.
    Change(Value),
    /// An execution is started with this input.
    Detect { input: Value, expect: Expect },
    /// The execution that was started last polls once more.
    Again { expect: Expect },
    /// A function gets a task. `"$plan"` stands for what the latest answer with a `plan` called so, `"$r1.plan"`
    /// for that of the first execution.
    Call {
        function: &'static str,
        payload: Value,
        expect: Expect,
    },
    /// What the account has now.
    State(Value),
}

/// What a check must find.
pub struct Finding {
    pub check: &'static str,
    /// `refusal`, `warning` or `unknown`
    pub severity: &'static str,
    pub words: &'static [&'static str],
}

/// What must come.
#[derive(Default)]
pub struct Expect {
    /// Of detect: `release`, `skip`, `refuse`, ...; of another function the error's name, or nothing.
    pub decision: &'static str,
    /// Values in the answer, by their paths.
    pub fields: Value,
    /// Stand in the reason or in a finding.
    pub words: Vec<&'static str>,
    /// Stand nowhere in the answer.
    pub hidden: Vec<&'static str>,
    /// These findings and no other.
    pub findings: Vec<Finding>,
    /// There may be others.
    pub others: bool,
    /// Not even the request's place in the order is written.
    pub untouched: bool,
}

impl Case {
    pub fn new(row: &'static str, title: &'static str) -> Case {
        Case {
            row,
            title,
            steps: Vec::new(),
        }
    }

    pub fn change(mut self, changes: Value) -> Case {
        self.steps.push(Step::Change(changes));
        self
    }

    /// An operator or an event starts an execution with this input.
    pub fn asks(mut self, input: Value) -> Case {
        let expect = Expect::default();
        self.steps.push(Step::Detect { input, expect });
        self
    }

    /// The execution that was started last has waited, and asks once more.
    pub fn polls(mut self) -> Case {
        let expect = Expect::default();
        self.steps.push(Step::Again { expect });
        self
    }

    /// ECR reports a push, as EventBridge gives it; `$pushedAt` is a moment before the execution's start.
    pub fn pushes(self, tag: &'static str, digest: &'static str) -> Case {
        self.asks(json!({
            "version": "0", "id": "13cde686-328b-6117-af20-0e5566167482", "account": "111122223333",
            "region": "eu-west-1", "resources": [], "source": "aws.ecr", "detail-type": "ECR Image Action",
            "time": "$pushedAt",
            "detail": {
                "action-type": "PUSH", "result": "SUCCESS", "repository-name": "shop",
                "image-tag": tag, "image-digest": digest,
            },
        }))
    }

    /// The state machine gives a task to a function.
    pub fn calls(mut self, function: &'static str, payload: Value) -> Case {
        let expect = Expect::default();
        self.steps.push(Step::Call {
            function,
            payload,
            expect,
        });
        self
    }

    /// The execution that was started last ends its release, as the state machine does.
    pub fn ends(self, outcome: &'static str, error: &'static str, cause: &'static str) -> Case {
        let reason = json!({"Error": error, "Cause": cause});
        let payload = json!({"action": "finish", "execution": "$execution", "outcome": outcome, "reason": reason});
        self.calls("detect", payload)
    }

    pub fn has(mut self, state: Value) -> Case {
        self.steps.push(Step::State(state));
        self
    }

    pub fn releases(self) -> Case {
        self.decides("release")
    }

    pub fn skips(self) -> Case {
        self.decides("skip")
    }

    pub fn waits(self) -> Case {
        self.decides("wait")
    }

    /// By this check, which says these words.
    pub fn refuses(self, check: &'static str, words: &'static [&'static str]) -> Case {
        self.decides("refuse").and_refuses(check, words)
    }

    /// By one more check.
    pub fn and_refuses(self, check: &'static str, words: &'static [&'static str]) -> Case {
        self.finds("refusal", check, words)
    }

    pub fn warns(self, check: &'static str, words: &'static [&'static str]) -> Case {
        self.finds("warning", check, words)
    }

    /// This check could not look up what it needs.
    pub fn leaves_open(self, check: &'static str) -> Case {
        self.finds("unknown", check, &[])
    }

    fn finds(
        self,
        severity: &'static str,
        check: &'static str,
        words: &'static [&'static str],
    ) -> Case {
        self.expecting(|expect| {
            expect.findings.push(Finding {
                check,
                severity,
                words,
            })
        })
    }

    /// As `refuses`, where the wiring is so wrong that other findings follow from it.
    pub fn refuses_also(self, check: &'static str, words: &'static [&'static str]) -> Case {
        self.refuses(check, words)
            .expecting(|expect| expect.others = true)
    }

    /// Refused by the request itself, before it takes its place in the order.
    pub fn refuses_with(self, words: &[&'static str]) -> Case {
        self.decides("refuse").untouched().saying(words)
    }

    pub fn decides(self, decision: &'static str) -> Case {
        self.expecting(|expect| expect.decision = decision)
    }

    /// The answer has these values at these paths.
    pub fn answers(self, fields: Value) -> Case {
        self.expecting(|expect| expect.fields = fields)
    }

    /// Fails by this error.
    pub fn fails(self, name: &'static str) -> Case {
        self.decides(name)
    }

    pub fn saying(self, words: &[&'static str]) -> Case {
        self.expecting(|expect| expect.words.extend(words))
    }

    /// None of this stands anywhere in the answer.
    pub fn hiding(self, words: &[&'static str]) -> Case {
        self.expecting(|expect| expect.hidden.extend(words))
    }

    pub fn untouched(self) -> Case {
        self.expecting(|expect| expect.untouched = true)
    }

    fn expecting(mut self, change: impl FnOnce(&mut Expect)) -> Case {
        match self.steps.last_mut() {
            Some(
                Step::Detect { expect, .. } | Step::Again { expect } | Step::Call { expect, .. },
            ) => change(expect),
            Some(Step::Change(_) | Step::State(_)) | None => {
                panic!("{}: nothing was asked", self.title)
            }
        }
        self
    }
}
