//! The machine's states as people's words lead through them. What a graph of states does not show are the values of its
//! variables: for which gate `Heed people` is entered, and whether a word came late.

use project::{list, text};
use serde_json::{Value, json};

/// Counts words of people that came between the look that said go on and the act: nothing was done, and the release waits.
pub const LATE: &str = "heldLate";

/// The states that are entered for each gate before the first flip.
const GATED: [&str; 4] = [
    "Heed people",
    "What do people say?",
    "Tell of gate",
    "Wait for approval",
];

/// What a release may wait for before its first flip, as the variable `before` has it, or whether that flip was tried
/// already; with what no rule asks for then.
const BEFORE: [(&str, &[&str]); 3] = [
    ("commands", &["$before = 'flip'"]),
    ("flip", &["$before = 'commands'"]),
    (TRIED, &["$before = 'commands'", "$heldLate = 0"]),
];

/// A person held the release just before its first flip. An earlier try of that flip may still be at work.
const TRIED: &str = "tried flip";

/// The states without the ways that only a late word opens.
pub fn in_time(states: &Value) -> Value {
    let mut states = states.clone();
    for state in states.as_object_mut().expect("states").values_mut() {
        let late = |rule: &Value| text(&rule["Condition"]).contains(&format!("${LATE} < "));
        if let Some(rules) = state["Choices"].as_array_mut() {
            rules.retain(|rule| !late(rule));
        }
    }
    states
}

/// The states with each gated one for each of what it may wait for, without the rules for the others.
pub fn unfolded(states: &Value) -> Value {
    let mut unfolded = serde_json::Map::new();
    for (name, state) in states.as_object().expect("states") {
        if !GATED.contains(&name.as_str()) {
            unfolded.insert(name.clone(), led(state, TRIED));
            continue;
        }
        for (before, impossible) in BEFORE {
            let mut state = state.clone();
            if let Some(rules) = state["Choices"].as_array_mut() {
                let holds = |rule: &Value| {
                    let condition = text(&rule["Condition"]);
                    !impossible.iter().any(|it| condition.contains(it))
                };
                rules.retain(holds);
            }
            unfolded.insert(format!("{name} ({before})"), led(&state, before));
        }
    }
    Value::Object(unfolded)
}

/// A state whose ways to gated states lead to those for the gate that they set, or else for this one.
fn led(state: &Value, before: &str) -> Value {
    let mut state = state.clone();
    for key in ["Choices", "Catch"] {
        let ways = state[key].as_array_mut().into_iter().flatten();
        for way in ways {
            let set = way["Assign"]["before"].as_str().map(str::to_owned);
            lead(way, "Next", set.as_deref().unwrap_or(before));
        }
    }
    lead(&mut state, "Next", before);
    lead(&mut state, "Default", before);
    state
}

fn lead(way: &mut Value, key: &str, before: &str) {
    let target = way[key].as_str().filter(|it| GATED.contains(it));
    if let Some(target) = target {
        way[key] = json!(format!("{target} ({before})"));
    }
}

#[test]
fn given_a_gate_then_what_it_stands_before_is_set_on_each_way_to_it_and_nowhere_else() {
    let states = &project::machine()["States"];
    let mut set = Vec::new();
    for (name, state) in states.as_object().expect("states") {
        for rule in list(&state["Choices"]) {
            let before = rule["Assign"]["before"].as_str().map(str::to_owned);
            set.extend(before.map(|it| (name.as_str(), it, text(&rule["Next"]))));
        }
    }
    let expect = [
        ("Migration to run?", "commands"),
        ("Smoke test recorded?", "flip"),
    ];
    let expect = expect.map(|(name, before)| (name, before.to_owned(), GATED[0].to_owned()));
    assert_eq!(set, expect);
}
