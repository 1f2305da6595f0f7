//! The tasks of a release, in the order in which the state machine gives them, and those of its flip back.

use super::looks::Watched;
use super::recorder::Recorder;
use super::run::Recording;
use super::tasks::{self, alarm, execution, revision};
use crate::aws::World;
use serde_json::{Value, json};

/// A release while it is recorded.
struct Release<'a> {
    recorder: &'a mut Recorder,
    plan: Value,
}

/// Records a release of a push, whose traffic is shifted in these steps.
pub(super) async fn record(recorder: &mut Recorder, steps: &str) -> Recording {
    recorder.begin(json!({
        "parameters/TrafficSteps": steps, "executions/r1": "RUNNING", "requestsPerMinute": 6000.0,
    }));
    let plan = detect(recorder, steps.contains(',')).await;
    let mut release = Release { recorder, plan };
    release.deploy().await;
    let smoke = tasks::pass_smoke(&release.plan);
    release.detect("record-smoke", smoke).await;
    release.steps().await;
    release.flip_back().await;
    let finish = json!({
        "action": "finish", "execution": execution(), "outcome": "stable", "reason": "6000 requests, 0 errors",
    });
    release.detect("record-release", finish).await;
    std::mem::take(&mut recorder.recording)
}

/// Records what is asked of ECR beside that where a stack asks for scans and signatures: of a release whose scan is still
/// going until it has been deployed.
pub(super) async fn record_let_in(recorder: &mut Recorder) -> Recording {
    let profile = "arn:aws:signer:eu-west-1:111122223333:/signing-profiles/shop";
    let scan = |status: &str| {
        let findings = json!({"imageScanCompletedAt": 1, "findingSeverityCounts": {}});
        let status = json!({"status": status});
        json!({"images/v1.1.0 for amd64/scan": {"imageScanStatus": status, "imageScanFindings": findings}})
    };
    recorder.begin(json!({
        "parameters/ScanSeverity": "HIGH", "parameters/SigningProfileArn": profile, "executions/r1": "RUNNING",
        "images/v1.1.0/signing": [{"signingProfileArn": profile, "status": "COMPLETE"}],
    }));
    recorder.change(scan("IN_PROGRESS"));
    let plan = detect(recorder, false).await;
    recorder.change(scan("COMPLETE"));
    Release { recorder, plan }.deploy().await;
    std::mem::take(&mut recorder.recording)
}

/// A release with a smaller share first is detected once more after the question whether its steps can be judged.
async fn detect(recorder: &mut Recorder, has_steps: bool) -> Value {
    let mut task = tasks::detect();
    if has_steps {
        let name = "detect-before-steps";
        let answer = recorder.run(name, "detect", task.clone()).await;
        assert_eq!(answer["decision"], "check-traffic", "{answer}");
        let check = json!({"action": "check-traffic", "plan": answer["plan"]});
        let name = "check-traffic";
        recorder.run(name, "evaluate-metrics", check).await;
        task["trafficChecked"] = json!(true);
    }
    let answer = recorder.run("detect", "detect", task).await;
    assert_eq!(answer["decision"], "release", "{answer}");
    answer["plan"].clone()
}

impl Release<'_> {
    async fn detect(&mut self, name: &str, task: Value) -> Value {
        self.recorder.run(name, "detect", task).await
    }

    async fn flip(&mut self, name: &str, task: Value) -> Value {
        self.recorder.run(name, "flip", task).await
    }

    async fn deploy(&mut self) {
        let register = json!({"action": "register", "plan": self.plan});
        self.recorder.run("register", "deploy", register).await;
        let mut task = json!({"action": "update", "plan": self.plan, "taskDefinition": revision()});
        let updated = self.recorder.run("update", "deploy", task.clone()).await;
        task["action"] = json!("check");
        task["deployment"] = updated["deployment"].clone();
        task["desired"] = updated["desired"].clone();
        let rollout = |state: Value, running: u32| {
            json!({
                "services/green/rolloutState": state, "services/green/runningCount": running,
                "services/green/pendingCount": 2 - running,
            })
        };
        self.recorder.change(rollout(json!("IN_PROGRESS"), 1));
        let waits = self.recorder.run("check-pending", "deploy", task.clone());
        assert_eq!(waits.await["status"], "waiting");
        self.recorder.change(rollout(Value::Null, 2));
        let checked = self.recorder.run("check-last", "deploy", task.clone());
        let checked = checked.await;
        assert_eq!(checked["status"], "steady", "{checked}");
        let scale = json!({
            "action": "scale", "plan": self.plan, "deployment": task["deployment"], "desired": task["desired"],
        });
        self.recorder.run("scale", "deploy", scale).await;
    }

    /// Flips at each of the plan's steps, and watches it.
    async fn steps(&mut self) {
        let steps = self.plan["steps"].as_array().cloned().unwrap_or_default();
        for (step, it) in steps.iter().enumerate() {
            let share = it["share"].as_u64().and_then(|it| u32::try_from(it).ok());
            let share = share.expect("a share");
            self.flip_to(share, steps.len()).await;
            let mut watched = Watched {
                recorder: self.recorder,
                plan: &self.plan,
                step,
                share,
            };
            watched
                .record(it["seconds"].as_i64().expect("seconds"))
                .await;
            if step + 1 < steps.len() {
                let pass = json!({
                    "action": "pass-step", "execution": execution(), "release": self.plan["release"], "share": share,
                });
                self.detect(&format!("record-step-at-{share}%"), pass).await;
            }
        }
    }

    async fn flip_to(&mut self, share: u32, steps: usize) {
        let name = |task: &str| format!("{task}-at-{share}%");
        let mut heed = tasks::heed(&self.plan, share, steps);
        self.detect(&name("heed"), heed.clone()).await;
        let check = json!({"action": "check-alarms", "plan": self.plan});
        let alarms = name("check-alarms");
        self.recorder.run(&alarms, "evaluate-metrics", check).await;
        let before = self.recorder.save();
        let task = tasks::flip(&self.plan, share);
        let flipped = self.flip(&name("flip"), task.clone()).await;
        assert_eq!(flipped["decision"], "flipped", "{flipped}");
        if steps == 1 {
            self.flip_many_rules(before, &name("flip"), task).await;
        }
        heed["ready"] = json!(false);
        self.detect("heed-again", heed).await;
    }

    /// The same flip of a stack with as many rules as it may have.
    async fn flip_many_rules(&mut self, before: World, like: &str, task: Value) {
        let after = self.recorder.save();
        self.recorder.restore(before);
        self.recorder.change(many_rules());
        let flip = self
            .recorder
            .run_like("flip-of-25-rules", like, "flip", task);
        assert_eq!(flip.await["decision"], "flipped");
        self.recorder.restore(after);
    }

    /// The way back from all of the traffic: the machine's own, and what an alarm does. The release goes on after that.
    async fn flip_back(&mut self) {
        let saved = self.recorder.save();
        let reason = json!({"Error": "ReleaseUnhealthy", "Cause": "target 5xx 14 > 10 in 60 s"});
        let task = json!({
            "action": "flip-back", "release": self.plan["release"], "execution": execution()["id"], "reason": reason,
        });
        let back = self.flip("flip-back", task).await;
        assert_eq!(back["decision"], "flipped-back", "{back}");
        let finish = json!({
            "action": "finish", "execution": execution(), "outcome": "rolled-back", "reason": reason,
        });
        self.detect("record-rollback", finish).await;
        self.recorder.restore(saved.clone());
        let back = self.flip("flip-back-by-alarm", alarm("green")).await;
        assert_eq!(back["decision"], "flipped-back", "{back}");
        self.flip("alarm-after-flip-back", alarm("green")).await;
        self.recorder.restore(saved);
        self.flip("alarm-of-previous", alarm("blue")).await;
    }
}

/// As many rules as a stack may have; `stack.json` has the first.
fn many_rules() -> Value {
    let arn = |number: u32| format!("elb:listener-rule/app/shop/1/80/{number}");
    let arns: Vec<String> = (1..=25).map(arn).collect();
    let mut changes = json!({ "parameters/ListenerRuleArns": arns });
    for arn in &arns[1..] {
        let rule = json!({
            "RuleArn": arn, "Priority": "20", "IsDefault": false, "Conditions": [],
            "Actions": [{"Type": "forward", "Order": 1, "TargetGroupArn": "elb:targetgroup/blue/1"}],
        });
        let name = arn.rsplit('/').next().unwrap_or_default();
        changes[format!("rules/{name}")] = rule;
    }
    changes
}
