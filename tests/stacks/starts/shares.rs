//! D1: how traffic is shifted.

use crate::case::Case;
use serde_json::{Value, json};

pub fn cases() -> Vec<Case> {
    let mut cases = steps();
    cases.extend(unusable());
    cases.extend(slips());
    cases.extend(unshifted());
    cases
}

fn release(title: &'static str, traffic: &str) -> Case {
    Case::new("D1", title).asks(json!({"tag": "v1.1.0", "traffic": traffic}))
}

fn parameter(title: &'static str, text: &str) -> Case {
    Case::new("D1", title)
        .change(json!({"parameters/TrafficSteps": text}))
        .asks(json!({"tag": "v1.1.0"}))
}

fn planned(steps: &[(u8, u32)]) -> Value {
    let steps = steps.iter();
    let steps = steps.map(|(share, seconds)| json!({"share": share, "seconds": seconds}));
    json!({"plan/steps": steps.collect::<Vec<_>>()})
}

fn steps() -> Vec<Case> {
    vec![
        Case::new("D1", "all at once, as the parameters are")
            .asks(json!({"tag": "v1.1.0"}))
            .releases()
            .answers(planned(&[(100, 120)])),
        parameter("steps for every release", "10:300, 50:300, 100:60")
            .releases()
            .answers(planned(&[(10, 300), (50, 300), (100, 60)])),
        release("steps for one release", "25:300,100:120")
            .releases()
            .answers(planned(&[(25, 300), (100, 120)])),
        Case::new("D1", "a request that wants no steps")
            .change(json!({"parameters/TrafficSteps": "Canary10Percent5Minutes"}))
            .asks(json!({"tag": "v1.1.0", "traffic": "AllAtOnce"}))
            .releases()
            .answers(planned(&[(100, 120)])),
        parameter(
            "a preset under its name at CodeDeploy",
            "CodeDeployDefault.ECSCanary10Percent15Minutes",
        )
        .releases()
        .answers(planned(&[(10, 900), (100, 120)])),
        parameter(
            "a preset whose steps nobody could judge",
            "Linear50PercentEvery1Minutes",
        )
        .releases()
        .answers(planned(&[(50, 300), (100, 120)]))
        .warns(
            "short-steps",
            &["the first step lasts 300 s, instead of 60"],
        ),
        Case::new("D1", "short steps while nothing depends on the verdict")
            .change(json!({"parameters/VerdictMode": "shadow"}))
            .asks(json!({"tag": "v1.1.0", "traffic": "10:20,100:20"}))
            .releases()
            .answers(planned(&[(10, 20), (100, 20)]))
            .warns("short-steps", &["10:300,100:20 would do"]),
        Case::new("D1", "it refuses where that is wanted")
            .change(json!({"parameters/RefuseOnWarnings": ["short-steps"]}))
            .asks(json!({"tag": "v1.1.0", "traffic": "Canary10Percent1Minutes"}))
            .refuses("short-steps", &["instead of 60"]),
    ]
}

fn unusable() -> Vec<Case> {
    let refused =
        |title, traffic: &str, says: &[&'static str]| release(title, traffic).refuses_with(says);
    vec![
        refused(
            "a step that nobody could judge",
            "10:60,100:120",
            &[
                "the request's traffic cannot be used",
                "10:300,100:120 would do",
            ],
        ),
        refused(
            "minutes",
            "10:5m,100:2m",
            &["10:5m", "10:300,50:300,100:120"],
        ),
        refused(
            "no end",
            "10:300,50:300",
            &["the last share is 50 %, not 100 %"],
        ),
        refused(
            "shares that fall",
            "50:300,10:300,100:120",
            &["10 % is not more than 50 %"],
        ),
        refused(
            "a preset of Lambda's",
            "CodeDeployDefault.LambdaAllAtOnce",
            &["none of these"],
        ),
        refused(
            "a hundred steps",
            "Linear1PercentEvery5Minutes",
            &["100 steps are more than 20"],
        ),
        refused(
            "steps of hours, behind which a push would wait too long",
            "50:7200,100:3600",
            &[
                "at most 8100 s",
                "11160 s",
                "InconclusiveGraceSeconds (180 s)",
            ],
        ),
    ]
}

/// A slip in the parameter stops the releases that need it, and nothing else.
fn slips() -> Vec<Case> {
    vec![
        parameter("a parameter with a slip", "canary")
            .refuses_with(&["the parameter TrafficSteps cannot be used", "found canary"]),
        Case::new("D1", "a request beats a parameter with a slip")
            .change(json!({"parameters/TrafficSteps": "canary"}))
            .asks(json!({"tag": "v1.1.0", "traffic": "AllAtOnce"}))
            .releases(),
        Case::new(
            "D1",
            "a sync has no traffic to shift, so a slip is none of its business",
        )
        .change(json!({"parameters/TrafficSteps": "canary"}))
        .asks(json!({"action": "sync"}))
        .decides("sync")
        .warns("ends-flip-back", &[]),
    ]
}

/// Requests that move no traffic, or all of it.
fn unshifted() -> Vec<Case> {
    let refused = |title, mut request: Value, says: &[&'static str]| {
        request["traffic"] = json!("10:300,100:120");
        Case::new("D1", title).asks(request).refuses_with(says)
    };
    vec![
        refused(
            "a rollback by steps",
            json!({"action": "rollback"}),
            &["a rollback flips all of the traffic back at once"],
        ),
        refused(
            "a sync by steps",
            json!({"action": "sync"}),
            &["a sync never moves traffic"],
        ),
        refused(
            "a contract by steps",
            json!({"action": "contract", "command": ["m"]}),
            &["a contract step never moves traffic"],
        ),
    ]
}
