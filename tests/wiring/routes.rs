//! Where the state machine can go: a small graph of its states, and what must hold of its ways.

use crate::unfolded::{in_time, unfolded};
use project::{Names, ci_machine, keys, list, machine, text};
use serde_json::Value;

/// The ways out of a state: a choice's rules come with what they are, every other way stands alone.
pub fn ways(state: &Value) -> Vec<(&Value, &Value)> {
    let lists = [&state["Choices"], &state["Catch"]];
    let inner = lists
        .into_iter()
        .filter_map(Value::as_array)
        .flatten()
        .map(|rule| (&rule["Next"], rule));
    let plain = [&state["Next"], &state["Default"]]
        .into_iter()
        .filter(|target| !target.is_null())
        .map(|target| (target, &Value::Null));
    inner.chain(plain).collect()
}

/// The states that can be reached from `start` without entering a wall.
pub fn reached(states: &Value, start: &str, walls: &[&str]) -> Names {
    let (mut found, mut todo) = (Names::new(), vec![start.to_owned()]);
    while let Some(name) = todo.pop() {
        if !walls.contains(&name.as_str()) && found.insert(name.clone()) {
            todo.extend(ways(&states[&name]).iter().map(|(target, _)| text(target)));
        }
    }
    found
}

/// Whether what a state assigns to a counter is one more. A flag counts up to one.
pub fn counts(counter: &str, assigned: &Value) -> bool {
    *assigned == true || *assigned == format!("{{% ${counter} + 1 %}}")
}

/// All conditions of the machine.
pub fn conditions(machine: &Value) -> Vec<String> {
    let states = machine["States"].as_object().expect("states").values();
    let rules = states.flat_map(|it| list(&it["Choices"]));
    let conditions = rules.filter_map(|it| it["Condition"].as_str().map(str::to_owned));
    conditions.collect()
}

/// The number below which a condition keeps a counter. A flag that must be false is a count below one.
pub fn limit(condition: &str, counter: &str) -> Option<u64> {
    if condition.contains(&format!("${counter} = false")) {
        return Some(1);
    }
    let (_, limit) = condition.split_once(&format!("${counter} < "))?;
    limit.split([' ', ')']).next()?.parse().ok()
}

/// A rule that leads on only while a counter is small, to the very state that counts it up.
fn is_bounded(states: &Value, target: &Value, rule: &Value) -> bool {
    let Some(condition) = rule["Condition"].as_str() else {
        return false;
    };
    let mut assigned = states[text(target)]["Assign"]
        .as_object()
        .into_iter()
        .flatten();
    !condition.contains(" or ")
        && assigned.any(|(name, to)| counts(name, to) && limit(condition, name).is_some())
}

/// The states that may lie on a loop of which no way is bounded.
fn on_unbounded_loops(states: &Value) -> Names {
    let mut left = keys(states);
    loop {
        // A state whose every unbounded way leads to states taken out already can lie on no such loop.
        let stays = |name: &&String| {
            ways(&states[name.as_str()])
                .iter()
                .any(|(to, rule)| left.contains(&text(to)) && !is_bounded(states, to, rule))
        };
        let fewer: Names = left.iter().filter(stays).cloned().collect();
        if fewer == left {
            return left;
        }
        left = fewer;
    }
}

#[test]
fn given_any_state_then_its_ways_lead_to_states_that_exist_and_something_leads_to_it() {
    for machine in [machine(), ci_machine()] {
        let states = &machine["States"];
        for (name, state) in states.as_object().expect("states") {
            for (target, _) in ways(state) {
                assert!(states.get(text(target)).is_some(), "{name} -> {target}");
            }
            let ends = ["Succeed", "Fail"].contains(&text(&state["Type"]).as_str());
            assert_ne!(ends, !ways(state).is_empty(), "{name} must end or go on");
        }
        let start = text(&machine["StartAt"]);
        assert_eq!(reached(states, &start, &[]), keys(states));
    }
}

#[test]
fn given_any_loop_when_the_machine_runs_then_a_counter_ends_it() {
    for machine in [machine(), ci_machine()] {
        let states = unfolded(&machine["States"]);
        assert_eq!(on_unbounded_loops(&states), Names::new());
    }
}

#[test]
fn given_what_a_flip_needs_is_missing_then_no_way_leads_to_the_flip() {
    let machine = machine();
    let (start, states) = (text(&machine["StartAt"]), unfolded(&machine["States"]));
    for needed in [
        "Smoke test passed?",
        "Smoke test recorded?",
        "What do people say? (flip)",
        "Alarms quiet?",
    ] {
        let before = reached(&states, &start, &[needed]);
        assert!(!before.contains("Flip traffic"), "{needed}: {before:?}");
    }
}

#[test]
fn given_commands_that_wait_for_people_then_no_way_leads_to_the_migration_past_them() {
    let machine = machine();
    let (start, states) = (text(&machine["StartAt"]), unfolded(&machine["States"]));
    // A contract's own gate is in front of the claim of its step.
    let walls = ["What do people say? (commands)", "What to do?"];
    assert!(!reached(&states, &start, &walls).contains("Run migration"));
    let release = reached(&states, "Tell of opening", &walls[..1]);
    assert!(!release.contains("Run migration"), "{release:?}");
}

/// I10: a share never grows without a healthy verdict on the step before it.
#[test]
fn given_a_share_then_every_way_to_a_larger_one_leads_through_the_record() {
    let machine = machine();
    let watched = reached(&machine["States"], "Watch", &["Step recorded?"]);
    assert!(!watched.contains("Flip traffic"), "{watched:?}");
    let states = &in_time(&machine["States"]);
    let passed = list(&states["Step recorded?"]["Choices"]);
    assert_eq!(passed[0]["Condition"], "{% $recorded = true %}");
    let others = passed.iter().filter(|it| it["Next"] != "Flip back");
    assert_eq!(others.count(), 1, "{passed:?}");
}

/// What a refusal here would change in the record would cost the live release its way back.
#[test]
fn given_steps_that_the_traffic_cannot_judge_then_the_record_is_not_claimed_for_them() {
    let machine = machine();
    let states = &machine["States"];
    // Detect claims only if it is told that the traffic was checked, and nothing else tells it so.
    let told = &states["Detect environments"]["Arguments"]["trafficChecked"];
    assert_eq!(told, "{% $trafficChecked %}");
    let sets = |name: &&String| states[*name]["Assign"].get("trafficChecked").is_some();
    let names = keys(states);
    let setting: Vec<_> = names.iter().filter(sets).collect();
    assert_eq!(setting, ["Begin", "Check traffic"]);
    assert_eq!(states["Begin"]["Assign"]["trafficChecked"], false);
    // A check that fails, or finds too little traffic, leads to no other task than the end.
    let after = reached(states, "Check traffic", &["Detect environments"]);
    let changing = |name: &&String| states[*name]["Type"] == "Task";
    let tasks: Vec<_> = after.iter().filter(changing).collect();
    let expect = ["Check traffic", "Record failure", "Tell of failure"];
    assert_eq!(tasks, expect);
}

#[test]
fn given_the_flip_has_begun_then_no_way_leads_to_a_failure_past_the_flip_back() {
    let machine = machine();
    let states = &unfolded(&machine["States"]);
    let mut after = reached(states, "Flip traffic", &["Flip back"]);
    // An alarm has flipped back already.
    after.remove("Release rolled back");
    for name in after {
        assert_ne!(states[&name]["Type"], "Fail", "{name}");
    }
}

/// An earlier try of the flip may still be at work, and give the environment traffic.
#[test]
fn given_a_flip_was_tried_then_nothing_is_deployed_any_more() {
    let machine = machine();
    let after = reached(&unfolded(&machine["States"]), "Flip traffic", &[]);
    for deploys in ["Deploy to idle environment", "Run migration"] {
        assert!(!after.contains(deploys), "{deploys}: {after:?}");
    }
}

#[test]
fn given_a_failure_is_recorded_then_every_way_ends_in_a_failure() {
    let machine = machine();
    let states = &machine["States"];
    for name in reached(states, "Record failure", &[]) {
        assert_ne!(states[&name]["Type"], "Succeed", "{name}");
    }
    // An event that is not accepted changes no end.
    let states = states.as_object().expect("states");
    for state in states.values().filter(|it| it["Type"] == "Task") {
        for catcher in list(&state["Catch"]) {
            let next = &catcher["Next"];
            let succeeds = states[&text(next)]["Type"] == "Succeed";
            assert!(!succeeds || *next == state["Next"], "{state}");
        }
    }
}
