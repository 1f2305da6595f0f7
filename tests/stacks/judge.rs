//! Compares what came with what a case expects. Each function gives what is wrong, as sentences.

use crate::aws::{World, expanded};
use crate::case::{Expect, Finding};
use detect::preflight::CHECKS;
use serde_json::{Value, json};

/// Whether a preview shows more than the decision: what could not be looked up, warnings beside a refusal, and that
/// nothing takes its place in the order.
pub fn needs_preview(expect: &Expect) -> bool {
    let severities = expect.findings.iter().map(|it| it.severity);
    let beside =
        severities.filter(|it| *it == "unknown" || expect.decision == "refuse" && *it != "refusal");
    expect.untouched || beside.count() > 0
}

/// Whether it is a word of a person's, or asks for the status: there is no preview of those.
pub fn is_word(input: &Value) -> bool {
    let words = [
        "approve", "reject", "hold", "resume", "finish", "stop", "freeze", "unfreeze", "status",
    ];
    let action = input["action"].as_str();
    action.is_some_and(|action| words.contains(&action))
}

/// A preview says what would be done, with every finding; a request that cannot be read is refused at once.
pub fn preview(answer: &Value, expect: &Expect) -> Vec<String> {
    let would = match answer["would"].as_str() {
        Some(would) => would,
        None => answer["decision"].as_str().unwrap_or("an error"),
    };
    // A preview does not wait: it says what comes then.
    if ["wait", "held-back"].contains(&expect.decision) {
        return Vec::new();
    }
    if would != expect.decision {
        let expected = expect.decision;
        return vec![format!(
            "would {would}, expected {expected}: {}",
            shown(answer)
        )];
    }
    let mut wrong = findings(answer, expect);
    wrong.extend(shown_all_the_same(answer, expect));
    wrong.extend(unsaid(&shown(answer), &expect.words));
    wrong
}

/// Exactly the findings that are expected, each with its words; not one that could not be looked up either.
fn findings(answer: &Value, expect: &Expect) -> Vec<String> {
    let all = answer["findings"].as_array().into_iter().flatten();
    let found: Vec<&Value> = all.collect();
    let is = |it: &Value, expected: &Finding| {
        it["name"] == expected.check && it["severity"] == expected.severity
    };
    let mut wrong = Vec::new();
    for expected in &expect.findings {
        let own = found.iter().filter(|it| is(it, expected));
        let text: String = own.map(|it| it.to_string()).collect();
        if text.is_empty() {
            let Finding {
                check, severity, ..
            } = expected;
            wrong.push(format!("no {severity} {check} in {}", shown(answer)));
        } else {
            wrong.extend(unsaid(&text, expected.words));
        }
    }
    let is_expected = |it: &Value| expect.others || expect.findings.iter().any(|own| is(it, own));
    let others = found.into_iter().filter(|it| !is_expected(it));
    wrong.extend(others.map(|it| format!("unexpected {it}")));
    wrong
}

/// What an execution decides; the finding of a refusal stands in its reason, that of a warning in its plan.
pub fn decision(answer: &Value, expect: &Expect) -> Vec<String> {
    let decision = answer["decision"].as_str().unwrap_or("an error");
    let mut wrong = shown_all_the_same(answer, expect);
    if decision != expect.decision {
        wrong.push(format!(
            "decides {decision}, expected {}: {}",
            expect.decision,
            shown(answer)
        ));
        return wrong;
    }
    let warnings = answer["plan"]["warnings"].as_array();
    let warnings: Vec<&str> = warnings.into_iter().flatten().map(text).collect();
    for finding in &expect.findings {
        let text = match finding.severity {
            "refusal" => text(&answer["reason"]).to_owned(),
            "warning" if decision == "release" => warnings.join(" "),
            _ => continue,
        };
        wrong.extend(unsaid(&text, &[finding.check]));
        wrong.extend(unsaid(&text, finding.words));
    }
    if decision == "refuse" && !expect.others {
        let expected = |check: &&str| expect.findings.iter().any(|it| it.check == *check);
        let reason = text(&answer["reason"]);
        let others = CHECKS.iter().map(|check| check.name);
        let others = others.filter(|it| reason.contains(&format!("{it}: ")) && !expected(it));
        wrong.extend(others.map(|it| format!("unexpected {it}: {reason}")));
    }
    let checks = expect.findings.iter().map(|it| it.check);
    let expected: Vec<&str> = checks.chain(expect.words.iter().copied()).collect();
    let is_expected = |it: &str| expect.others || expected.iter().any(|word| it.contains(word));
    let others = warnings.into_iter().filter(|it| !is_expected(it));
    wrong.extend(others.map(|it| format!("unexpected warning {it}")));
    wrong.extend(state(answer, &expect.fields));
    wrong.extend(unsaid(&answer.to_string(), &expect.words));
    wrong
}

/// What another function answers.
pub fn answer(answer: &Value, expect: &Expect) -> Vec<String> {
    // An answer of detect's may name the error of the end that it recorded.
    let error = answer["error"]
        .as_str()
        .filter(|_| answer["decision"].is_null());
    let error = error.unwrap_or_default();
    let mut wrong = shown_all_the_same(answer, expect);
    if error != expect.decision {
        wrong.push(format!(
            "ends with {error:?}, expected {:?}: {answer}",
            expect.decision
        ));
    }
    wrong.extend(state(answer, &expect.fields));
    wrong.extend(unsaid(&answer.to_string(), &expect.words));
    wrong
}

/// What was written: nothing but the request's place in the order, unless a release began.
pub fn written(world: &World, before: &Value, decision: &str, untouched: bool) -> Vec<String> {
    let (writes, record) = (world.writes(), &world.state["record"]);
    let holds = !record["holder"].is_null();
    if decision == "release" || decision == "sync" {
        let began = holds && record["release"]["phase"] == "deploying";
        return if began {
            Vec::new()
        } else {
            vec!["the record is not held".to_owned()]
        };
    }
    // A word of a person's is written; what of it, the case says.
    if ["decided", "held-back", "stop"].contains(&decision) {
        return Vec::new();
    }
    let mut wrong = Vec::new();
    if untouched && !writes.is_empty() {
        wrong.push(format!("{decision} writes: {writes:?}"));
    }
    let without_place = |record: &Value| {
        let mut record = record.clone();
        if let Some(fields) = record.as_object_mut() {
            fields.retain(|name, _| name != "newest" && name != "version");
        }
        if record == json!({}) {
            Value::Null
        } else {
            record
        }
    };
    if without_place(record) != without_place(before) {
        wrong.push(format!("{decision} changes the record to {record}"));
    }
    if writes.iter().any(|call| *call != "TransactWriteItems") {
        wrong.push(format!("{decision} writes {writes:?}"));
    }
    wrong
}

/// What must be there: a value at each path, of `stack.json` or of an answer.
pub fn state(found: &Value, expect: &Value) -> Vec<String> {
    let expect = expanded(expect);
    let paths = expect.as_object().into_iter().flatten();
    let wrong = paths.filter_map(|(path, value)| {
        let is = path.split('/').fold(found, |at, part| match at.as_array() {
            Some(items) => items
                .iter()
                .find(|it| it["name"] == part)
                .unwrap_or(&items[0]),
            None => &at[part],
        });
        (is != value).then(|| format!("{path} is {is}, expected {value}"))
    });
    wrong.collect()
}

/// What stands in an answer and must not.
fn shown_all_the_same(answer: &Value, expect: &Expect) -> Vec<String> {
    let text = answer.to_string();
    let shown = expect.hidden.iter().filter(|it| text.contains(**it));
    shown.map(|it| format!("shows {it:?}: {text}")).collect()
}

/// The words that a text does not say.
fn unsaid(text: &str, words: &[&str]) -> Vec<String> {
    let missing = words.iter().filter(|it| !text.contains(&long(it)));
    missing
        .map(|it| format!("does not say {it}: {text}"))
        .collect()
}

/// A word as it is written out.
fn long(word: &str) -> String {
    text(&expanded(&json!(word))).to_owned()
}

fn text(value: &Value) -> &str {
    value.as_str().unwrap_or_default()
}

/// An answer without its plan, which is long.
fn shown(answer: &Value) -> String {
    let mut answer = answer.clone();
    if let Some(fields) = answer.as_object_mut() {
        fields.remove("plan");
    }
    answer.to_string()
}
