//! The notice of what flip does without an execution: for an alarm, or for a release whose execution has ended. Lambda
//! sends the answer to EventBridge, and rules of the stack make messages of it.

use crate::answer::{Answer, Decision, Notice};
use shared::listed;

/// Characters of a title, and of a text: statemachine/events.schema.json has the same.
const TITLE: usize = 200;
const TEXT: usize = 1000;

/// The answer with its notice; none where nothing has changed.
pub(crate) fn with_notice(answer: Answer, service: &str) -> Answer {
    let notice = notice(service, &answer);
    Answer { notice, ..answer }
}

fn notice(service: &str, answer: &Answer) -> Option<Notice> {
    let release = answer.release.as_ref();
    let release = release.map_or_else(String::new, |id| format!(", release {id}"));
    let done = match answer.decision {
        Decision::FlippedBack => match answer.from {
            Some(from) => format!("traffic was flipped back to {from}"),
            None => "traffic was flipped back".to_owned(),
        },
        Decision::Closed => "the record of a stopped release was closed".to_owned(),
        Decision::Flipped
        | Decision::AlreadyThere
        | Decision::NotReady
        | Decision::Held
        | Decision::AlreadyFlippedBack
        | Decision::NothingToFlipBack
        | Decision::Ignored
        | Decision::Refused
        | Decision::Previewed => return None,
    };
    let text = [&answer.reason].into_iter().chain(&answer.warnings);
    Some(Notice {
        service: service.to_owned(),
        title: plain(&format!("{service}: {done}{release}"), TITLE),
        text: plain(&listed(text, "; "), TEXT),
    })
}

/// The beginning of a text, with nothing that would end a JSON string: as the state machine words its events.
fn plain(text: &str, most: usize) -> String {
    let text = text.replace('"', "'");
    let words = text.split(|it: char| it == '\\' || it.is_whitespace() || it.is_control());
    let words: Vec<_> = words.filter(|it| !it.is_empty()).collect();
    words.join(" ").chars().take(most).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;
    use shared::Environment;

    fn answer(decision: Decision) -> Answer {
        Answer {
            release: Some("r1".into()),
            from: Some(Environment::Blue),
            ..Answer::new(decision, "alarm \"shop-green-5xx\":\n\u{1b}14 > 10 \\ 60 s")
        }
    }

    #[test]
    fn what_was_flipped_back_is_said_on_lines_that_json_can_hold() {
        let notice = notice("shop", &answer(Decision::FlippedBack));
        let expect = json!({
            "service": "shop",
            "title": "shop: traffic was flipped back to blue, release r1",
            "text": "alarm 'shop-green-5xx': 14 > 10 60 s",
        });
        assert_eq!(serde_json::to_value(notice).expect("JSON"), expect);
    }

    #[test]
    fn an_alarm_that_changed_nothing_gives_no_notice() {
        let notice = notice("shop", &answer(Decision::Ignored));
        assert_eq!(notice, None);
        let written = serde_json::to_value(answer(Decision::Ignored)).expect("JSON");
        assert_eq!(written.get("title"), None);
    }

    #[test]
    fn a_long_text_is_cut() {
        assert_eq!(plain(&"ä".repeat(9000), TEXT).chars().count(), TEXT);
    }
}
