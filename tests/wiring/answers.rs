//! What detect answers about people's decisions is what the machine reads.

use detect::task::{Answer, DecidedAs, Failure, HeedDecision, Heeded, RefusedAs};
use project::{Names, between, keys, list, machine, text};
use record::Before;
use serde_json::{Value, json};

fn heeded() -> Heeded {
    Heeded {
        decision: HeedDecision::End,
        finish: false,
        held: false,
        reason: String::new(),
        gate: Some(Before::Finish),
        ask: None,
        until: None,
        seconds: 15,
        failure: Some(Failure {
            error: "StopRequested".to_owned(),
            cause: String::new(),
        }),
    }
}

/// The fields of a task's answer that a state reads.
fn read_by(state: &str) -> Names {
    let assigned = machine()["States"][state]["Assign"].to_string();
    let parts = assigned.split("$states.result.").skip(1);
    let name = |part: &str| {
        part.split(|it: char| !it.is_alphanumeric())
            .next()
            .map(str::to_owned)
    };
    parts.filter_map(name).collect()
}

#[test]
fn given_what_people_say_then_the_answer_has_every_field_that_the_machine_reads() {
    let answer = serde_json::to_value(Answer::Heed(heeded())).expect("an answer");
    for state in ["Heed people", "Heed people again"] {
        let read = read_by(state);
        let missing: Names = read.difference(&keys(&answer)).cloned().collect();
        assert_eq!(missing, Names::new(), "{state}: {answer}");
    }
    // A failure of the machine has these names, too.
    assert_eq!(
        keys(&answer["failure"]),
        ["Cause", "Error"].map(str::to_owned).into()
    );
    assert_eq!(answer["gate"], "finish");
    // Nothing is left out where there is none.
    let (gate, failure) = (None, None);
    let none = Heeded {
        gate,
        failure,
        ..heeded()
    };
    let none = serde_json::to_value(Answer::Heed(none)).expect("an answer");
    assert_eq!(keys(&none), keys(&answer));
}

#[test]
fn given_what_people_say_then_the_machine_knows_each_decision_by_its_name() {
    let machine = machine().to_string();
    for decision in [HeedDecision::GoOn, HeedDecision::Wait, HeedDecision::End] {
        let name = text(&json!(decision));
        assert!(machine.contains(&format!("$people = '{name}'")), "{name}");
    }
}

/// The decisions by which the machine goes on after an answer to a request.
fn routed() -> Names {
    let machine = machine();
    let choices = list(&machine["States"]["What to do?"]["Choices"]);
    let conditions: Value = choices.iter().map(|it| it["Condition"].clone()).collect();
    let conditions = conditions.to_string();
    let listed = between(&conditions, "$decision in [", "]").into_iter();
    let quoted = |list: String| list.split('\'').map(str::to_owned).collect::<Vec<_>>();
    let listed = listed.flat_map(quoted);
    let named = between(&conditions, "$decision = '", "'");
    named.into_iter().chain(listed).collect()
}

#[test]
fn given_a_decision_of_a_person_then_the_machine_has_a_rule_for_what_detect_answers() {
    let decided = Answer::Decided {
        decided: DecidedAs::Frozen,
        release: None,
        reason: String::new(),
        before: false,
        held_back: None,
        until: None,
    };
    let held_back = Answer::HeldBack {
        reason: String::new(),
    };
    let stop = Answer::Stop {
        release: "r1".into(),
        reason: String::new(),
        seconds: 1,
    };
    for (answer, fields) in [
        (
            decided,
            vec!["decided", "release", "before", "heldBack", "until"],
        ),
        (held_back, vec!["reason"]),
        (stop, vec!["seconds"]),
    ] {
        let answer = serde_json::to_value(answer).expect("an answer");
        assert!(routed().contains(&text(&answer["decision"])), "{answer}");
        let missing: Vec<_> = fields
            .iter()
            .filter(|it| answer.get(**it).is_none())
            .collect();
        assert_eq!(missing, [&""; 0], "{answer}");
    }
    assert!(routed().contains("status"));
}

#[test]
fn given_a_refusal_then_the_machine_ends_with_the_name_that_detect_gives_it() {
    let machine = machine().to_string();
    for refused in [RefusedAs::ReleaseRefused, RefusedAs::DecisionRefused] {
        let name = text(&json!(refused));
        assert!(machine.contains(&format!("\"Error\":\"{name}\"")), "{name}");
    }
}

/// Between the look that said go on and the act, a person may have held the release.
#[test]
fn given_a_step_or_an_end_that_has_to_wait_then_the_answer_says_so() {
    let (recorded, waits, reason) = (false, true, String::new());
    let step = Answer::Step {
        recorded,
        waits,
        reason: reason.clone(),
    };
    let (phase, error) = (None, None);
    let end = Answer::Finished {
        phase,
        error,
        waits,
        reason,
    };
    for (state, answer) in [("Record step", step), ("Record release", end)] {
        let answer = serde_json::to_value(answer).expect("an answer");
        assert_eq!(answer["waits"], true);
        let postponed = &machine()["States"][state]["Assign"]["postponed"];
        assert_eq!(postponed, "{% $states.result.waits = true %}", "{state}");
    }
}
