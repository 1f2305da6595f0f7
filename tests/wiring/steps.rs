//! How the machine goes through the steps of a release: what each state gives its function, and what is kept between.

use crate::routes::reached;
use detect::task::{Answer, Task as Detect};
use project::{list, machine, text};
use serde_json::{Value, json};
use shared::runtime::read_task;
use shared::{Share, Step};

/// What stands in the machine's variables during the second step of a release.
fn value(expression: &str) -> Value {
    let plan = fixtures::release_plan();
    match expression {
        "$plan" | "$answer.plan" => serde_json::to_value(&plan).expect("a plan"),
        "$execution" => {
            json!({"id": plan.execution, "name": plan.release, "startTime": "2025-11-24T16:00:00Z", "heeds": true})
        }
        "$execution.id" => json!(plan.execution),
        "$release" => json!(plan.release),
        "$steps[$step].share" => json!(50),
        "$step" => json!(1),
        "$desired" => json!(3),
        "$taskDefinition" => json!("arn:aws:ecs:eu-west-1:111122223333:task-definition/api:8"),
        "$flip.flippedAt" | "$flip.shareSince" => json!("2025-11-24T16:01:00.250Z"),
        "$alarms.ignored" => json!([]),
        "$failedBefore" => json!(false),
        "$measured" => json!(1),
        "$finish ? null : $lastRead" => json!({"rules": "2025-11-24T16:01:15Z", "alarms": null}),
        "$verified" => json!(plan.image.digest),
        "$trafficChecked" | "$told != null" => json!(true),
        "$states.context.Execution.Input" => json!({"tag": "v7"}),
        "$stepCount" => json!(3),
        "$step + 1 < $stepCount ? 'flip' : 'finish'" => json!("flip"),
        "$step + 1 < $stepCount ? $steps[$step + 1].share : null" => json!(100),
        "$before" => json!("flip"),
        "$before = 'flip' ? $steps[$step].share : null" => json!(50),
        "$ready" => json!(true),
        "$probe" | "$wouldFlipBack" | "$inconclusiveSince" | "$since" => Value::Null,
        other => panic!("no value for {other}"),
    }
}

/// What a state gives its function.
fn given(state: &str) -> Value {
    let arguments = machine()["States"][state]["Arguments"].clone();
    let arguments = arguments.as_object().expect("arguments").iter();
    let given = arguments.map(|(name, it)| {
        let expression = it.as_str().and_then(|it| it.strip_prefix("{% "));
        let expression = expression.and_then(|it| it.strip_suffix(" %}"));
        (name.clone(), expression.map_or_else(|| it.clone(), value))
    });
    given.collect()
}

#[test]
fn given_a_step_then_the_functions_understand_what_the_machine_gives_them() {
    use evaluate_metrics::task::Task as Evaluate;
    match read_task(given("Detect environments")) {
        Ok(Detect::Detect {
            traffic_checked,
            gate_opened,
            verified,
            ..
        }) => assert!(traffic_checked && gate_opened && verified.is_some()),
        other => panic!("{other:?}"),
    }
    match read_task(given("Flip traffic")) {
        Ok(flip::task::Task::Flip(task)) => assert_eq!(task.share, Some(share(50))),
        other => panic!("{other:?}"),
    }
    match read_task(given("Record step")) {
        Ok(Detect::PassStep { share: passed, .. }) => assert_eq!(passed, share(50)),
        other => panic!("{other:?}"),
    }
    match read_task(given("Evaluate metrics")) {
        Ok(Evaluate::Judge(poll)) => {
            assert_eq!((poll.step, poll.share_since), (1, Some(poll.flipped_at)));
        }
        other => panic!("{other:?}"),
    }
    for state in ["Check traffic", "Preview traffic"] {
        let task = read_task(given(state));
        assert!(
            matches!(task, Ok(Evaluate::CheckTraffic { .. })),
            "{task:?}"
        );
    }
    for state in ["Heed people", "Heed people again"] {
        let task = read_task(given(state));
        assert!(matches!(task, Ok(Detect::Heed { .. })), "{task:?}");
    }
    let task = read_task(given("End freeze"));
    assert!(matches!(task, Ok(Detect::EndFreeze { .. })), "{task:?}");
    let task = read_task(given("Look at previous environment"));
    assert!(matches!(task, Ok(Evaluate::LookBack { .. })), "{task:?}");
}

fn share(percent: u8) -> Share {
    Share::new(percent).expect("a share")
}

#[test]
fn given_a_plan_then_its_steps_have_the_fields_that_the_machine_reads() {
    let step = Step {
        share: share(10),
        seconds: 300,
    };
    let step = serde_json::to_value(step).expect("a step");
    assert_eq!(step, json!({"share": 10, "seconds": 300}));
    let mut plan = fixtures::release_plan();
    plan.steps.clear();
    let plan = serde_json::to_value(plan).expect("a plan");
    assert_eq!(plan["steps"], json!([]));
}

#[test]
fn given_a_step_that_has_passed_then_the_next_one_begins_with_what_is_its_own() {
    let states = &machine()["States"];
    let assigned = |state: &str, name: &str| text(&states[state]["Assign"][name]);
    assert_eq!(states["Begin"]["Assign"]["step"], 0);
    assert_eq!(assigned("Record step", "step"), "{% $step + 1 %}");
    // It has all of DeployTimeoutSeconds for its targets again.
    assert_eq!(assigned("Record step", "deployedAt"), "{% $millis() %}");
    // An alarm that was in ALARM before the first step judges no step; any other one judges each.
    let alarms = "{% $step = 0 ? $states.result : $alarms %}";
    assert_eq!(assigned("Check alarms", "alarms"), alarms);
    // A flip that was not made says nothing of when the share that the rules have began.
    let flip =
        "{% $states.result.decision in ['flipped', 'already-there'] ? $states.result : $flip %}";
    assert_eq!(assigned("Flip traffic", "flip"), flip);
    // In shadow, what the verdict would have done is reported at the end.
    let said = "{% $states.result.wouldFlipBack %}";
    assert_eq!(assigned("Evaluate metrics", "wouldFlipBack"), said);
}

#[test]
fn given_an_answer_that_comes_before_the_claim_then_the_machine_goes_where_it_says() {
    let (plan, reason) = (Box::new(fixtures::release_plan()), String::new());
    let check = Answer::CheckTraffic { plan, reason };
    let (plan, reason) = (Box::new(fixtures::release_plan()), String::new());
    let verify = Answer::VerifyImage { plan, reason };
    let (seconds, reason) = (1, String::new());
    let end = Answer::EndStopped { seconds, reason };
    let reads = [
        ("Check traffic", check, "plan"),
        ("Verify image", verify, "plan"),
        ("End stopped release", end, "seconds"),
    ];
    let machine = machine();
    for (state, answer, field) in reads {
        let answer = serde_json::to_value(answer).expect("an answer");
        assert!(answer.get(field).is_some(), "{answer}");
        let decision = format!("'{}'", text(&answer["decision"]));
        let choices = list(&machine["States"]["What to do?"]["Choices"]);
        let mut rules = choices.iter().filter(|it| it["Next"] == state);
        assert!(rules.all(|it| text(&it["Condition"]).contains(&decision)));
    }
}

/// Step Functions may report the end of an execution to detect and flip at different times.
#[test]
fn given_a_stopped_release_that_only_detect_knows_of_then_the_request_waits_before_it_asks_again() {
    let machine = machine();
    let again = reached(
        &machine["States"],
        "End stopped release",
        &["Wait for the release in progress"],
    );
    assert!(!again.contains("Detect environments"), "{again:?}");
}

#[test]
fn given_the_warnings_of_a_sync_or_a_contract_step_then_they_are_in_its_end() {
    let states = &machine()["States"];
    let end = &states["Record sync or contract"]["Assign"]["result"]["warnings"];
    assert_eq!(end, "{% [$plan.warnings, $answer.warnings] %}");
}

#[test]
fn given_a_check_of_the_traffic_then_its_warnings_are_in_the_end_of_the_release() {
    let states = &machine()["States"];
    let found = &states["Check traffic"]["Assign"]["trafficWarnings"];
    assert_eq!(found, "{% [$states.result.traffic.warnings] %}");
    let released = text(&states["Evaluate metrics"]["Assign"]["result"]["warnings"]);
    assert!(released.contains("$trafficWarnings"), "{released}");
    // Detect is asked again in between.
    let detect = &states["Detect environments"]["Assign"];
    assert_eq!(detect.get("trafficWarnings"), None);
}
