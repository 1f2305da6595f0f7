//! What people's decisions may do to a release, and how somebody learns that one is awaited.

use crate::machine::EVENT;
use project::{list, machine, template, text};
use serde_json::{Value, json};

/// The rules of a Choice, as condition and target.
fn rules(states: &Value, choice: &str) -> Vec<(String, String)> {
    let rules = states[choice]["Choices"].as_array().into_iter().flatten();
    rules
        .map(|it| (text(&it["Condition"]), text(&it["Next"])))
        .collect()
}

#[test]
fn given_an_unhealthy_release_then_it_is_flipped_back_whatever_people_say() {
    let states = &machine()["States"];
    let (condition, next) = rules(states, "Release healthy?").remove(0);
    let expect = "{% $decision = 'flip-back' and $verdict = 'unhealthy' %}";
    assert_eq!((condition.as_str(), next.as_str()), (expect, "Flip back"));
}

#[test]
fn given_a_release_in_its_watch_then_nothing_but_a_word_that_was_read_now_lets_it_go_on() {
    let states = &machine()["States"];
    let onward = rules(states, "Release healthy?").into_iter();
    let onward: Vec<_> = onward
        .filter(|(_, next)| next.starts_with("Record "))
        .collect();
    assert_eq!(onward.len(), 2);
    for (condition, next) in onward {
        let needs = "$forward = true and $people = 'go-on' and ";
        assert!(condition.contains(needs), "{next}: {condition}");
    }
    // A look that fails has read nothing.
    for wait in ["Watch", "Watch while people decide"] {
        let forgotten = &states[wait]["Assign"];
        assert_eq!(forgotten["people"], "unknown", "{wait}");
        assert_eq!(forgotten["held"], false, "{wait}");
        assert_eq!(forgotten["finish"], false, "{wait}");
        assert_eq!(forgotten.get("gate"), Some(&Value::Null), "{wait}");
        assert_eq!(states[wait]["Next"], "Heed people again", "{wait}");
    }
    for catcher in list(&states["Heed people again"]["Catch"]) {
        assert_eq!(catcher.get("Assign"), None);
    }
}

/// A person ends a step early. What is not yet judged is no reason against that, and what is unhealthy was flipped back.
#[test]
fn given_a_watch_that_a_person_has_ended_then_only_the_missing_verdict_is_passed_over() {
    let states = &machine()["States"];
    let rules = rules(states, "Release healthy?").into_iter();
    let flip_back = rules.filter(|(it, _)| it.contains("$decision = 'flip-back'"));
    let onward = flip_back.filter(|(_, next)| next == "Flip back");
    let conditions: Vec<_> = onward.map(|(condition, _)| condition).collect();
    let passed_over = "{% $decision = 'flip-back' and $finish = false %}";
    assert_eq!(conditions[1..], [passed_over]);
    let forward = &states["Evaluate metrics"]["Assign"]["forward"];
    let expect = "{% $states.result.decision in ['advance', 'keep'] or $finish %}";
    assert_eq!(forward, expect);
}

/// People may hold the release, and one look that fails does not read it. It looks again before it flips back.
#[test]
fn given_a_look_that_has_read_nothing_then_a_missing_verdict_waits_for_the_next_and_a_bad_one_for_none()
 {
    let states = &machine()["States"];
    let rules = rules(states, "Release healthy?");
    let place = |expect: &str| rules.iter().position(|(it, _)| it == expect);
    let unhealthy = place("{% $decision = 'flip-back' and $verdict = 'unhealthy' %}");
    let unread =
        "{% $decision = 'flip-back' and $people = 'unknown' and $holds < 185 and $tries < 700 %}";
    let unread = place(unread).expect("a rule");
    let inconclusive = place("{% $decision = 'flip-back' and $finish = false %}");
    assert!(unhealthy < Some(unread) && Some(unread) < inconclusive);
    assert_eq!(rules[unread].1, "Watch while people decide");
    assert_eq!(
        states["Heed people again"]["Assign"]["people"],
        "{% $states.result.decision %}"
    );
}

/// An execution runs the definition that it began with. What the record keeps waiting, an older one flips back.
#[test]
fn given_the_machine_then_its_tasks_say_that_it_heeds_people() {
    let machine = machine();
    let states = machine["States"].as_object().expect("states");
    assert_eq!(states["Begin"]["Assign"]["execution"]["heeds"], true);
    let to_detect = states
        .values()
        .filter(|it| it["Resource"] == "${DetectArn}");
    let executions: Vec<_> = to_detect.map(|it| &it["Arguments"]["execution"]).collect();
    assert!(executions.len() > 5);
    assert!(executions.iter().all(|it| **it == "{% $execution %}"));
}

/// A freeze may have held it back, or the window: then no release is in its way.
#[test]
fn given_a_request_that_waited_too_long_then_its_cause_is_what_it_waited_for() {
    let states = &machine()["States"];
    let last = list(&states["What to do?"]["Choices"]).last().cloned();
    let cause = text(&last.expect("a rule")["Assign"]["failure"]["Cause"]);
    assert!(cause.ends_with(" retries): ' & $reason %}"), "{cause}");
    assert!(!cause.contains("release"), "{cause}");
}

#[test]
fn given_a_release_that_waited_before_its_flip_then_everything_is_looked_at_anew() {
    let states = &machine()["States"];
    let rules = rules(states, "What do people say?").into_iter();
    let anew = rules.filter(|(condition, _)| condition.contains("$waited = true"));
    let next: Vec<_> = anew.map(|(_, next)| next).collect();
    assert_eq!(next, ["Deploy to idle environment"]);
    let waits = &states["Wait for approval"]["Assign"];
    assert_eq!(waits["waited"], true);
}

/// The tasks that ask for an approval, with what they send.
fn gates() -> Vec<(String, String)> {
    let machine = machine();
    let states = machine["States"].as_object().expect("states").iter();
    let events = states.filter(|(_, it)| it["Resource"] == EVENT);
    let sent = events.map(|(name, it)| {
        let detail = &it["Arguments"]["Entries"][0]["Detail"];
        (name.clone(), detail.as_str().unwrap_or_default().to_owned())
    });
    sent.filter(|(_, it)| it.contains("'severity': 'decision'"))
        .collect()
}

#[test]
fn given_a_gate_then_its_event_is_the_same_wherever_it_stands_and_comes_once() {
    let gates = gates();
    assert_eq!(gates.len(), 3, "{gates:?}");
    let who = |it: &str| it.replace("'a contract'", "$version");
    for (name, sent) in &gates {
        assert_eq!(who(sent), who(&gates[0].1), "{name}");
    }
    let machine = machine();
    let states = machine["States"].as_object().expect("states");
    let rules = states.keys().flat_map(|it| rules(&machine["States"], it));
    let telling: Vec<_> = rules
        .filter(|(_, next)| gates.iter().any(|(name, _)| name == next))
        .collect();
    assert_eq!(telling.len(), 3);
    for (condition, next) in telling {
        let once = "$gate != null and $told != $gate and ";
        assert!(condition.contains(once), "{next}: {condition}");
        assert_eq!(states[&next]["Assign"]["told"], "{% $gate %}");
    }
}

/// It may wait for days, or never begin.
#[test]
fn given_a_push_that_is_held_back_then_its_author_gets_a_mail_by_default() {
    let states = &machine()["States"];
    let sent = &states["Tell of held-back request"]["Arguments"]["Entries"][0]["Detail"];
    assert!(text(sent).contains("{ 'event': 'held-back', 'severity': 'end', "));
    let template = template();
    let about = text(&template["Parameters"]["NoticesAbout"]["Default"]);
    let chosen = &template["Mappings"]["About"][about];
    assert!(list(&chosen["Severities"]).iter().any(|it| **it == "end"));
    assert!(!list(&chosen["Except"]).iter().any(|it| **it == "held-back"));
}

#[test]
fn given_a_gate_then_every_setting_of_the_notices_delivers_it_and_none_does_so_twice() {
    let template = template();
    let rule = &template["Resources"]["GateByEvent"]["Properties"];
    let severity = &rule["EventPattern"]["detail"]["severity"];
    assert_eq!(*severity, json!(["decision"]));
    for (about, chosen) in template["Mappings"]["About"].as_object().expect("choices") {
        let severities = list(&chosen["Severities"]);
        assert!(!severities.iter().any(|it| **it == "decision"), "{about}");
    }
    let targets = list(&rule["Targets"]);
    let conditions = targets.iter().map(|it| it["Fn::If"][0].clone());
    let expect = json!([null, "HasChat", "TellsWebhookOfGates"]);
    assert_eq!(conditions.collect::<Value>(), expect);
}

/// EventBridge escapes nothing, and takes the quotes out of an object that stands in a text (its user guide, "Input
/// transformation").
#[test]
fn given_a_gate_then_each_template_shows_both_inputs_as_they_are_to_be_typed() {
    let template = template();
    let targets = list(&template["Resources"]["GateByEvent"]["Properties"]["Targets"]);
    let transformer = &targets[0]["InputTransformer"];
    let paths = &transformer["InputPathsMap"];
    assert_eq!(paths["approve"], "$.detail.ask.approve");
    assert_eq!(paths["rejecting"], "$.detail.ask.typed.reject");
    let mail = text(&transformer["InputTemplate"]["Fn::Sub"][0]);
    assert!(mail.contains(": <approve>,") && mail.contains(": <reject>,"));
    let chat = text(&targets[1]["Fn::If"][1]["InputTransformer"]["InputTemplate"]);
    let bodies = template["Mappings"]["WebhookBodies"]
        .as_object()
        .expect("forms");
    let gate = |form: &str| text(&bodies[form]["Gate"]);
    for shown in [chat, gate("slack"), gate("teams")] {
        assert!(
            shown.contains("<approving>") && shown.contains("<rejecting>"),
            "{shown}"
        );
        assert!(!shown.contains("<approve>"), "{shown}");
    }
    for whole in ["event", "github"] {
        assert_eq!(bodies[whole]["Gate"], bodies[whole]["Body"], "{whole}");
    }
}
