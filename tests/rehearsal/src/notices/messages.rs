//! What lies in the queues: notices, and events.

use serde::Deserialize;
use serde_json::Value;

/// Characters of an event's text at most.
const MOST_CHARACTERS: usize = 1_000;

/// A message as SNS wraps it for a queue.
#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub struct Notice {
    /// Of an alarm's message; what a rule of EventBridge publishes has none.
    #[serde(default)]
    pub subject: String,
    pub message: String,
}

impl Notice {
    /// The lines of a notice by mail, without the quotes that EventBridge leaves: the title, the reason, and where to look.
    pub fn lines(&self) -> Vec<&str> {
        let lines = self.message.lines();
        lines.map(|line| line.trim_matches('"')).collect()
    }

    /// The first line.
    pub fn title(&self) -> &str {
        self.lines().first().copied().unwrap_or_default()
    }
}

/// An event as EventBridge delivers it: one of the release's machine, or what flip did by itself.
#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub struct Event {
    pub source: String,
    pub detail_type: String,
    /// RFC 3339.
    pub time: String,
    pub resources: Vec<String>,
    pub detail: Value,
}

impl Event {
    /// What happened, such as `released`; empty for what flip did.
    pub fn what(&self) -> &str {
        self.text("event")
    }

    /// Whether it is only the answer of flip to an event that concerned no release.
    pub fn is_of_no_release(&self) -> bool {
        let did = ["flipped-back", "closed"];
        self.source == "lambda" && !did.contains(&self.answer("decision"))
    }

    /// A text of flip's answer; empty where there is none.
    pub fn answer(&self, name: &str) -> &str {
        self.detail["responsePayload"][name]
            .as_str()
            .unwrap_or_default()
    }

    /// A text of the detail; empty where there is none.
    pub fn text(&self, name: &str) -> &str {
        self.detail[name].as_str().unwrap_or_default()
    }

    /// Whether it is about this execution, by its ARN.
    pub fn is_of(&self, execution: &str) -> bool {
        self.text("execution") == execution
    }
}

/// A reason as an event has it: one paragraph that may stand in quotes.
pub fn plain(reason: &str) -> String {
    let breaks = |it: char| it == '\\' || it <= ' ';
    let mut text = String::new();
    for character in reason.replace('"', "'").chars() {
        match breaks(character) {
            true if text.ends_with(' ') => {}
            true => text.push(' '),
            false => text.push(character),
        }
    }
    text.chars().take(MOST_CHARACTERS).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_reason_becomes_one_paragraph_without_what_json_cannot_take() {
        let reason = "ModifyRule is \"denied\"\n\tby \\\\policy";
        assert_eq!(plain(reason), "ModifyRule is 'denied' by policy");
        assert_eq!(plain(&"é".repeat(1_001)), "é".repeat(1_000));
    }

    #[test]
    fn the_quotes_of_eventbridge_are_no_part_of_a_line() {
        let message = "\"shop: released\"\n\"a reason\"".to_owned();
        let subject = String::new();
        let notice = Notice { subject, message };
        assert_eq!(notice.lines(), ["shop: released", "a reason"]);
        assert_eq!(notice.title(), "shop: released");
    }
}
