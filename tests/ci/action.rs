//! The composite action and the workflows: what GitHub would only say once they run.

use crate::FOLDER;
use project::{Names, between, keys, read, template, text};
use serde_json::Value;

/// Options of the script for its tests and for impatient people.
const NO_INPUTS: [&str; 2] = ["poll", "tries"];

fn yaml(path: &str) -> Value {
    template::parse(&read(path)).expect("one document of YAML")
}

fn options() -> Names {
    let found = between(&read(&format!("{FOLDER}/options.sh")), "      --", ") ");
    assert!(found.contains("state-machine"), "{found:?}");
    found
}

#[test]
fn given_the_action_then_each_input_is_an_option_and_reaches_the_script_as_a_variable() {
    let action = yaml(&format!("{FOLDER}/action.yml"));
    let inputs = keys(&action["inputs"]);
    let mut wanted = options();
    wanted.retain(|it| !NO_INPUTS.contains(&it.as_str()));
    assert_eq!(inputs, wanted);
    let step = &action["runs"]["steps"][0];
    let run = text(&step["run"]);
    assert!(
        run.starts_with("exec bash \"$GITHUB_ACTION_PATH/release.sh\" ") && !run.contains("${{"),
        "{run}"
    );
    for input in inputs {
        let variable = input.replace('-', "_").to_uppercase();
        assert_eq!(step["env"][&variable], format!("${{{{ inputs.{input} }}}}"));
        assert!(
            run.contains(&format!("--{input} \"${variable}\"")),
            "{input}: {run}"
        );
    }
}

#[test]
fn given_an_output_of_the_action_then_the_script_writes_it() {
    let action = yaml(&format!("{FOLDER}/action.yml"));
    let script = read(&format!("{FOLDER}/report.sh"));
    for name in keys(&action["outputs"]) {
        let value = format!("${{{{ steps.release.outputs.{name} }}}}");
        assert_eq!(action["outputs"][&name]["value"], value);
        assert!(script.contains(&format!("\"{name}=")), "{name}");
    }
}

#[test]
fn given_an_option_then_the_page_explains_it() {
    let page = read(&format!("{FOLDER}/README.md"));
    for option in options() {
        assert!(page.contains(&format!("`--{option}`")), "{option}");
    }
    let files = [
        "ci-policy.json",
        "ci-trust.json",
        "operator-policy.json",
        "example-workflow.yml",
    ];
    assert!(
        files
            .iter()
            .all(|it| page.contains(&format!("[`{it}`]({it})")))
    );
    let template = read("template.yaml");
    for name in ["PushTrigger", "StateMachineArn", "CiStateMachineArn"] {
        assert!(page.contains(&format!("`{name}`")), "{name}");
        assert!(template.contains(&format!("\n  {name}:\n")), "{name}");
    }
}

#[test]
fn given_a_workflow_then_its_actions_have_versions_and_it_may_do_little() {
    for path in [
        ".github/workflows/ci.yml",
        ".github/actions/release/example-workflow.yml",
    ] {
        let workflow = yaml(path);
        let permissions = workflow["permissions"].as_object().expect("permissions");
        let written: Vec<_> = permissions.iter().filter(|(_, it)| *it != "read").collect();
        assert!(
            written.iter().all(|(name, _)| *name == "id-token"),
            "{path}: {written:?}"
        );
        let jobs = workflow["jobs"].as_object().expect("jobs").values();
        let steps = jobs.flat_map(|job| job["steps"].as_array().expect("steps"));
        for used in steps.filter_map(|step| step["uses"].as_str()) {
            let version = used
                .split_once('@')
                .is_some_and(|(_, it)| !it.is_empty() && it != "main");
            assert!(version || used.starts_with("./"), "{path}: {used}");
        }
    }
}

#[test]
fn given_the_workflow_of_this_project_then_it_runs_the_gate() {
    let workflow = yaml(".github/workflows/ci.yml");
    let steps = workflow["jobs"]["run"]["steps"].as_array().expect("steps");
    let runs: Vec<_> = steps
        .iter()
        .filter_map(|step| step["run"].as_str())
        .collect();
    assert!(runs.contains(&"bash .ci/run"), "{runs:?}");
}

#[test]
fn given_the_example_then_it_uses_the_action_with_inputs_that_it_has() {
    let workflow = yaml(&format!("{FOLDER}/example-workflow.yml"));
    let steps = workflow["jobs"]["release"]["steps"]
        .as_array()
        .expect("steps");
    let step = steps
        .iter()
        .find(|step| step["uses"] == format!("./{FOLDER}"));
    let given = keys(&step.expect("the action")["with"]);
    let known = keys(&yaml(&format!("{FOLDER}/action.yml"))["inputs"]);
    assert!(given.is_subset(&known), "{given:?}");
    assert_eq!(workflow["permissions"]["id-token"], "write");
    assert_eq!(workflow["concurrency"]["cancel-in-progress"], false);
}
