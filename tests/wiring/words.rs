//! One word for one thing: what the project had other words for before is named by one word now.
//!
//! No name in the code, no message, no state, parameter, output or error holds an old word; the tables say what to write
//! instead. Unit tests beside the code are not read.

use project::graph::Crates;
use project::tokens::Kind;
use project::{ci_machine, machine, read, template};
use serde_json::Value;

/// Old words of names and messages alike, and what to say instead. A phrase is several whole words.
const OLD: [(&str, &str); 21] = [
    ("side", "environment"),
    ("sides", "environments"),
    ("a say", "judges the release"),
    ("way back", "flip back"),
    ("put back", "flip back"),
    ("go back", "flip back"),
    ("goes back", "is flipped back"),
    ("going back", "flipping back"),
    ("went back", "was flipped back"),
    ("come back", "be flipped back to"),
    ("move back", "flip back"),
    ("moved back", "flipped back"),
    ("give back", "release"),
    ("gives back", "releases"),
    ("gave back", "released"),
    ("given back", "released"),
    ("mine", "already claimed"),
    ("take place", "enqueue"),
    ("writer", "lease owner"),
    ("rightful", "expected active"),
    ("todo", "remedy"),
];

/// Words that are plain English in a sentence, and no name.
const NO_NAMES: [(&str, &str); 9] = [
    ("arrival", "admission"),
    ("arrive", "enqueue"),
    ("arrived", "enqueued"),
    ("arrives", "is enqueued"),
    ("asked", "request"),
    ("gone", "dead holder, or what is missing"),
    ("looked", "snapshot, observation"),
    ("seen", "snapshot, observation"),
    ("turn", "admission"),
];

/// What may stand all the same.
struct Exception {
    /// The name or the whole message.
    written: &'static str,
    /// Where it may stand: how the place begins.
    below: &'static [&'static str],
    #[expect(dead_code, reason = "for the reader")]
    why: &'static str,
}

const EXCEPTIONS: [Exception; 7] = [
    Exception {
        written: "asked",
        below: &[
            "functions/shared/src/check.rs",
            "functions/smoke/",
            "functions/evaluate-metrics/src/",
            "tests/verdict/",
        ],
        why: "a field of the answers of smoke and evaluate-metrics",
    },
    Exception {
        written: "way-back-shut",
        below: &["functions/detect/", "tests/"],
        why: "the name of a check, in the words of those whom it refuses",
    },
    Exception {
        written: "writer",
        below: &["functions/record/src/record.rs"],
        why: "a field of the stored record, which stays as it is",
    },
    Exception {
        written: "MakeWriter",
        below: &["functions/shared/src/runtime.rs"],
        why: "a name of another crate",
    },
    Exception {
        written: "with_writer",
        below: &["functions/shared/src/runtime.rs"],
        why: "a name of another crate",
    },
    Exception {
        written: "ZipWriter",
        below: &["tests/bench/", "tests/rehearsal/"],
        why: "a name of another crate",
    },
    Exception {
        written: "into_writer",
        below: &["tests/rehearsal/", "tests/stacks/"],
        why: "a name of another crate",
    },
];

/// A place in the project, and a name or a message that stands there.
struct Text {
    place: String,
    written: String,
    is_name: bool,
}

#[test]
fn given_a_name_or_a_message_then_it_holds_no_old_word() {
    let mut found = Vec::new();
    for text in texts() {
        let words = words(&text.written);
        let names = NO_NAMES.iter().filter(|_| text.is_name);
        let excused = EXCEPTIONS.iter().any(|it| it.excuses(&text));
        for (old, now) in OLD.iter().chain(names).filter(|_| !excused) {
            if words.contains(&format!(" {old} ")) {
                let Text { place, written, .. } = &text;
                found.push(format!("{place}: {written}: instead of `{old}`: {now}"));
            }
        }
    }
    assert!(found.is_empty(), "old words:\n{}", found.join("\n"));
}

#[test]
fn given_an_exception_then_something_needs_it() {
    let texts = texts();
    for exception in EXCEPTIONS {
        let needed = texts.iter().any(|text| exception.excuses(text));
        assert!(
            needed,
            "nothing is written so any more: {}",
            exception.written
        );
    }
}

impl Exception {
    fn excuses(&self, text: &Text) -> bool {
        let stands = self.below.iter().any(|it| text.place.starts_with(it));
        stands && text.written == self.written
    }
}

/// Every name and message of the project.
fn texts() -> Vec<Text> {
    sources().into_iter().chain(definitions()).collect()
}

/// The names and the messages of all crates; the lists above are no part of them.
fn sources() -> Vec<Text> {
    let packages = crate::circles::packages().into_iter();
    let crates = Crates::read(packages.filter(|it| it != "tests/wiring"));
    let mut texts = Vec::new();
    for module in crates.modules() {
        let file = crate::circles::name(&module.file);
        for token in &module.tokens {
            let (written, is_name) = match &token.kind {
                Kind::Name(name) => (name, true),
                Kind::Literal(text) => (text, false),
                Kind::Mark(_) => continue,
            };
            texts.push(Text {
                place: format!("{file}:{}", token.line),
                written: written.clone(),
                is_name,
            });
        }
    }
    texts
}

/// Keys are names, and texts are messages; the comments of the template are messages too.
fn definitions() -> Vec<Text> {
    let mut texts = Vec::new();
    collect("statemachine/blue_green.asl.json", &machine(), &mut texts);
    collect("statemachine/ci.asl.json", &ci_machine(), &mut texts);
    collect("template.yaml", &template(), &mut texts);
    let template = read("template.yaml");
    let comments = template.lines().filter(|line| line.trim().starts_with('#'));
    texts.extend(comments.map(|line| message("template.yaml", line)));
    texts
}

fn collect(place: &str, value: &Value, texts: &mut Vec<Text>) {
    match value {
        Value::Object(fields) => {
            for (name, value) in fields {
                let name = message(place, name);
                texts.push(Text {
                    is_name: true,
                    ..name
                });
                collect(place, value, texts);
            }
        }
        Value::Array(items) => items.iter().for_each(|item| collect(place, item, texts)),
        Value::String(text) => texts.push(message(place, text)),
        Value::Null | Value::Bool(_) | Value::Number(_) => {}
    }
}

fn message(place: &str, written: &str) -> Text {
    Text {
        place: place.to_owned(),
        written: written.to_owned(),
        is_name: false,
    }
}

/// The words of a name or a message in lower case, a space around each. `camelCase` is two words, `snake_case` too.
fn words(written: &str) -> String {
    let mut words = String::from(" ");
    let mut before = ' ';
    for letter in written.chars() {
        let is_word = letter.is_alphanumeric();
        if !is_word || letter.is_uppercase() && before.is_lowercase() {
            words.push(' ');
        }
        words.extend(letter.to_lowercase().filter(|_| is_word));
        before = letter;
    }
    let words: Vec<&str> = words.split_whitespace().collect();
    format!(" {} ", words.join(" "))
}

#[test]
fn words_are_found_in_names_and_messages() {
    for (written, expect) in [
        ("way_back", " way back "),
        ("OnAlarmBeforeFlip", " on alarm before flip "),
        ("nothing-to-flip-back", " nothing to flip back "),
        ("{to} has no target.", " to has no target "),
    ] {
        assert_eq!(words(written), expect, "{written}");
    }
}
