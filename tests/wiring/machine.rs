//! What every state of the machine has, and what it and the template promise each other.

use project::{Names, between, ci_machine, functions, keys, list, machine, read, template, text};
use serde_json::{Value, json};
use shared::Error;

/// The resource of a task that sends release events, without a function.
pub const EVENT: &str = "arn:${Partition}:states:::events:putEvents";

/// Tried once at each poll, because the next poll is near: it only reads, so it may also be left alone half done.
const PROBE: &str = "Probe new environment";

/// What people say during the watch, once at each poll: the verdict waits for it. A call that is left alone half done may
/// still open a gate, as the next one would.
const HEED: &str = "Heed people again";

/// A migration: what may have changed the database is not tried again, and its function reads how it ended.
const MIGRATION: &str = "Run migration";

/// A function of whoever deploys the stack, which decides about images.
pub const VERIFIER: &str = "Verify image";

/// How people, or their silence, end a release. Detect gives the name with its answer to `heed`.
pub const OF_PEOPLE: [&str; 4] = [
    "ApprovalRejected",
    "ApprovalTimedOut",
    "ReleaseSuperseded",
    "StopRequested",
];

/// The tasks that a function does and that must be done.
pub fn tasks(machine: &Value) -> Vec<(&String, &Value)> {
    let states = machine["States"].as_object().expect("states");
    let is_task = |name: &str, state: &Value| {
        state["Type"] == "Task"
            && state["Resource"] != EVENT
            && ![PROBE, HEED, MIGRATION].contains(&name)
    };
    let states = states.iter();
    states.filter(|(name, it)| is_task(name, it)).collect()
}

#[test]
fn given_a_probe_that_cannot_be_made_then_the_poll_goes_on_without_it() {
    let machine = machine();
    let (probe, watch) = (&machine["States"][PROBE], &machine["States"]["Watch"]);
    assert!(probe["TimeoutSeconds"].is_u64() && probe.get("Retry").is_none());
    assert_eq!(probe["Catch"][0]["Next"], probe["Next"]);
    // What the poll before found must not count again.
    assert_eq!(watch["Assign"].get("probe"), Some(&Value::Null));
}

#[test]
fn given_what_people_say_cannot_be_read_then_the_verdict_does_not_wait_for_it() {
    let heed = &machine()["States"][HEED];
    assert_eq!(heed["TimeoutSeconds"], 10);
    assert_eq!(heed.get("Retry"), None);
    for catcher in list(&heed["Catch"]) {
        assert_eq!(catcher["Next"], heed["Next"]);
    }
}

#[test]
fn given_two_polls_in_a_row_then_the_second_knows_what_the_first_found() {
    let states = &machine()["States"];
    let judge = &states["Evaluate metrics"];
    let first = &states["Begin"]["Assign"]["failedBefore"];
    assert_eq!(first, &Value::Bool(false));
    assert_eq!(judge["Arguments"]["failedBefore"], "{% $failedBefore %}");
    // A look that is not yet conclusive after days of waiting has a grace of its own.
    let since = &judge["Arguments"]["inconclusiveSince"];
    assert_eq!(since, "{% $inconclusiveSince %}");
    let found = &judge["Assign"]["failedBefore"];
    assert_eq!(found, "{% $states.result.failed = true %}");
    // Each probe begins at other targets.
    assert_eq!(states[PROBE]["Arguments"]["poll"], "{% $polls + $holds %}");
}

#[test]
fn given_a_migration_then_it_runs_once_and_a_function_says_how_it_ended() {
    let machine = machine();
    let run = &machine["States"][MIGRATION];
    assert_eq!(
        run["Resource"],
        "arn:${Partition}:states:::ecs:runTask.sync"
    );
    assert_eq!(run["TimeoutSeconds"], "{% ${MigrationTimeoutSeconds} %}");
    assert!(run.get("Retry").is_none());
    for way in [&run["Next"], &run["Catch"][0]["Next"]] {
        assert_eq!(way, "Check migration");
    }
}

#[test]
fn given_the_machine_then_it_speaks_jsonata_throughout_and_cannot_run_for_ever() {
    for machine in [machine(), ci_machine()] {
        assert_eq!(machine["QueryLanguage"], "JSONata");
        assert!(machine["TimeoutSeconds"].is_u64());
        for (name, state) in machine["States"].as_object().expect("states") {
            assert!(state.get("QueryLanguage").is_none(), "{name}");
        }
    }
}

#[test]
fn given_any_state_then_its_comment_says_why() {
    for machine in [machine(), ci_machine()] {
        for (name, state) in machine["States"].as_object().expect("states") {
            let comment = state["Comment"].as_str();
            assert!(comment.is_some_and(|it| it.len() > 20), "{name}");
        }
    }
}

#[test]
fn given_a_task_when_its_function_runs_out_of_time_then_the_function_is_dead_before_the_task_gives_up()
 {
    let machine = machine();
    let functions = functions();
    let ours = tasks(&machine)
        .into_iter()
        .filter(|(name, _)| *name != VERIFIER);
    for (name, task) in ours {
        let resource = text(&task["Resource"]);
        let function = functions
            .iter()
            .find(|function| resource == format!("${{{}Arn}}", function.id))
            .unwrap_or_else(|| panic!("{name}: {resource} is no function"));
        let waits = task["TimeoutSeconds"].as_u64().expect("seconds");
        assert!(waits > function.timeout_seconds, "{name}: {waits} s");
    }
}

#[test]
fn given_an_aborted_deployment_then_detect_waits_until_its_function_is_dead() {
    let deploy = functions().into_iter().find(|it| it.id == "Deploy");
    let lives = deploy.expect("the function").timeout_seconds;
    assert_eq!(u64::try_from(record::DEPLOY_SECONDS), Ok(lives));
}

#[test]
fn given_the_definition_then_the_template_supplies_exactly_its_substitutions() {
    let template = template();
    for machine in ["Release", "CiRelease"] {
        let machine = &template["Resources"][machine]["Properties"];
        let definition = read(&text(&machine["DefinitionUri"]));
        let supplied = &machine["DefinitionSubstitutions"];
        assert_eq!(between(&definition, "${", "}"), keys(supplied));
        for (name, value) in supplied.as_object().expect("substitutions") {
            let expect = substitution(name);
            assert_eq!(*value, expect, "{name} must supply what it is named after");
        }
    }
}

fn substitution(name: &str) -> Value {
    match (name.strip_suffix("Arn"), name) {
        (Some(function), _) => json!({"Fn::GetAtt": [function, "Arn"]}),
        (None, "Partition" | "Region") => json!({ "Ref": format!("AWS::{name}") }),
        (None, "Service") => json!({"Ref": "AWS::StackName"}),
        (None, "RecordTable") => json!({"Ref": "Records"}),
        (None, "Console") => {
            json!({"Fn::FindInMap": ["Consoles", {"Ref": "AWS::Partition"}, "Host"]})
        }
        // A definition without it would be refused. Detect never asks for the state then.
        (None, "VerifierFunction") => {
            json!({"Fn::If": ["HasVerifier", {"Ref": "VerifierFunctionArn"}, "none"]})
        }
        (None, name) => json!({ "Ref": name }),
    }
}

#[test]
fn given_an_error_name_of_ours_then_the_enum_and_the_machine_both_know_it() {
    let machine = machine();
    let ours = errors();
    let of_aws = |name: &str| name.contains('.');
    for (state, task) in tasks(&machine) {
        let blocks = list(&task["Retry"]).into_iter().chain(list(&task["Catch"]));
        for name in blocks
            .flat_map(|block| list(&block["ErrorEquals"]))
            .map(text)
        {
            assert!(of_aws(&name) || ours.contains(&name), "{state}: {name}");
        }
    }
}

#[test]
fn given_a_failure_of_the_machine_itself_then_its_name_is_no_name_of_a_function() {
    let definition = read("statemachine/blue_green.asl.json");
    let own = between(&definition, "\"Error\": \"", "\"");
    assert!(own.contains("SmokeTestFailed"));
    assert!(own.is_disjoint(&errors()));
}

#[test]
fn given_an_end_that_speaks_against_the_build_then_the_machine_has_a_name_for_it() {
    let definition = read("statemachine/blue_green.asl.json");
    let mut own = between(&definition, "\"Error\": \"", "\"");
    own.extend(OF_PEOPLE.map(str::to_owned));
    let named: Names = record::BUILD_FAILURES.map(str::to_owned).into();
    assert_eq!(named.difference(&own).collect::<Vec<_>>(), [""; 0]);
}

/// The names of the errors of all functions.
pub fn errors() -> Names {
    Error::ALL
        .iter()
        .map(|(name, _)| (*name).to_owned())
        .collect()
}
