//! E1, E2: what people say of a release in progress, and a service whose releases are held back.

use crate::case::Case;
use serde_json::{Value, json};

pub fn cases() -> Vec<Case> {
    let mut cases = at_the_gate();
    cases.extend(of_a_release());
    cases.extend(held_back());
    cases
}

/// The execution `r0` waits for an approval before its flip from blue to green.
fn waits() -> Value {
    json!({
        "executions/r0": "RUNNING",
        "record/holder": "execution:shop-release:r0",
        "record/release": {
            "id": "r0", "phase": "deploying", "claimedAt": "2026-11-19T10:00:02Z", "from": "blue", "to": "green",
            "fromDigest": "sha256:100…", "toDigest": "sha256:110…", "fromDesired": 2, "heeds": true,
            "approval": {"before": ["flip"], "seconds": 86400, "whenNotApproved": "reject", "whenNewerPushed": "keep"},
        },
        "record/gate": {
            "release": "r0", "before": "flip to 100 %",
            "openedAt": "2020-11-19T10:05:00Z", "until": "2999-11-20T10:05:00Z",
        },
    })
}

fn says(title: &'static str, word: Value) -> Case {
    Case::new("E1", title).change(waits()).asks(word)
}

fn word(action: &str) -> Value {
    json!({"action": action, "release": "r0", "by": "ada", "reason": "she has looked"})
}

fn at_the_gate() -> Vec<Case> {
    let other_gate = json!({"action": "approve", "release": "r0", "gate": "finish"});
    let other_release = json!({"action": "approve", "release": "r9"});
    let outcome = |approved: bool| json!({"record/gate/outcome/approved": approved});
    vec![
        says("an approval", word("approve"))
            .decides("decided")
            .answers(json!({"decided": "approved", "release": "r0", "before": false}))
            .has(outcome(true))
            .asks(word("approve"))
            .decides("decided")
            .answers(json!({"decided": "approved", "before": true}))
            .asks(word("reject"))
            .refuses_with(&["ada"])
            .answers(json!({"error": "DecisionRefused"}))
            .has(outcome(true)),
        says("a rejection", word("reject"))
            .decides("decided")
            .answers(json!({"decided": "rejected"}))
            .has(outcome(false)),
        says("an approval at another gate", other_gate)
            .refuses_with(&["flip to 100 %"])
            .answers(json!({"error": "DecisionRefused"})),
        says("an approval of another release", other_release)
            .refuses_with(&["r9"])
            .answers(json!({"error": "DecisionRefused"})),
        Case::new(
            "E1",
            "a word about a release that began before the stack was updated",
        )
        .change(waits())
        .change(json!({"record/release/heeds": null}))
        .asks(word("hold"))
        .refuses_with(&["runs an older definition of the machine"]),
        says("a finish before there is a watch", word("finish"))
            .refuses_with(&["only a watch can be finished"]),
        says(
            "a word that is no word",
            json!({"action": "approve", "release": "r0", "when": "now"}),
        )
        .refuses_with(&["when"]),
    ]
}

/// Seconds. The cases' executions began in 2026, and a hold is no longer than this from there.
const LONG: &str = "4000000000";

fn of_a_release() -> Vec<Case> {
    let plan = json!({"action": "plan", "request": word("approve")});
    vec![
        Case::new("E1", "a hold, and a resume")
            .change(waits())
            .change(json!({"parameters/HoldTimeoutSeconds": LONG}))
            .asks(word("hold"))
            .decides("decided")
            .answers(json!({"decided": "held", "release": "r0"}))
            .asks(word("resume"))
            .decides("decided")
            .answers(json!({"decided": "resumed"})),
        says("a stop, which ends its execution", word("stop"))
            .decides("stop")
            .answers(json!({"release": "r0"}))
            .has(json!({"executions/r0": "ABORTED", "record/release/stop/by": "ada"})),
        says("the status", json!({"action": "status"}))
            .decides("status")
            .answers(json!({"status/active": "blue", "status/inProgress/release": "r0"}))
            .untouched()
            .saying(&["flip to 100 %", "approve", "reject"]),
        says("a plan of a word", plan).refuses_with(&["approve"]),
    ]
}

/// A service that ada has frozen.
fn frozen(title: &'static str) -> Case {
    let freeze = json!({"action": "freeze", "by": "ada", "reason": "the sale"});
    Case::new("E2", title)
        .asks(freeze)
        .decides("decided")
        .answers(json!({"decided": "frozen", "release": null}))
}

fn window(title: &'static str, pattern: &'static str) -> Case {
    Case::new("E2", title).change(json!({"parameters/ReleaseWindow": pattern}))
}

/// One minute of a year.
const NEW_YEAR: &str = "0 0 1 1 *";

fn held_back() -> Vec<Case> {
    let tag = || json!({"tag": "v1.1.0"});
    let urgent = || json!({"tag": "v1.1.0", "override": "it mends the till"});
    vec![
        frozen("a push in a freeze is held back, and named at its end")
            .pushes("v1.1.0", "sha256:110…")
            .decides("held-back")
            .saying(&["the sale"])
            .has(json!({"record/heldBack/tag": "v1.1.0"}))
            .asks(json!({"action": "unfreeze"}))
            .decides("decided")
            .answers(json!({"decided": "unfrozen"}))
            .saying(&["v1.1.0"]),
        frozen("a push in a freeze waits for its end")
            .change(json!({"parameters/AfterFreeze": "release"}))
            .pushes("v1.1.0", "sha256:110…")
            .waits()
            .answers(json!({"heldBack": true})),
        frozen("a request in a freeze")
            .asks(tag())
            .refuses_with(&["the sale", "override"])
            .answers(json!({"error": "ReleaseRefused"})),
        frozen("a request that says why it cannot wait")
            .asks(urgent())
            .releases()
            .saying(&["it mends the till"]),
        window("a window that is open", "* * * * *")
            .pushes("v1.1.0", "sha256:110…")
            .releases(),
        window("a push outside of the window", NEW_YEAR)
            .pushes("v1.1.0", "sha256:110…")
            .waits()
            .answers(json!({"heldBack": true})),
        window("a request outside of the window", NEW_YEAR)
            .asks(tag())
            .refuses_with(&["window", "override"]),
        window("a request that cannot wait for the window", NEW_YEAR)
            .asks(urgent())
            .releases()
            .saying(&["it mends the till"]),
        window("a window that never opens", "0 0 30 2 *")
            .pushes("v1.1.0", "sha256:110…")
            .decides("refuse")
            .saying(&["correct the parameter ReleaseWindow"]),
        window("a window that is none", "at noon")
            .asks(tag())
            .refuses_with(&["at noon"]),
    ]
}
