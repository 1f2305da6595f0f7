//! Who asked for a release or a contract step, and how. Nothing depends on it: it is kept for people.

use serde::{Deserialize, Serialize};

/// Who asked, as far as detect knows it. Step Functions does not tell who started an execution, so `by` and `reason` are
/// claims.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Origin {
    pub request: RequestKind,
    pub source: Source,
    /// Id of the EventBridge event; none where no event asked.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub event: Option<String>,
    /// The account that sent the event.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub account: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub by: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
    /// Whose command runs; none where none does.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub commands: Option<CommandsOf>,
}

impl Origin {
    /// Of a request by the input of an execution, with nothing else known of it.
    pub fn of(request: RequestKind) -> Origin {
        Origin {
            request,
            source: Source::Execution,
            event: None,
            account: None,
            by: None,
            reason: None,
            commands: None,
        }
    }
}

/// The form of the request.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum RequestKind {
    Push,
    Replication,
    Tag,
    Image,
    TaskDefinition,
    Sync,
    Contract,
    /// A value of a later version, kept as it is.
    #[serde(untagged)]
    Other(String),
}

/// The way that the request took.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Source {
    /// EventBridge started the execution.
    Event,
    /// CI's machine started it.
    Ci,
    /// Somebody started it, or a schedule.
    Execution,
    /// As [`RequestKind::Other`].
    #[serde(untagged)]
    Other(String),
}

/// Whose command a migration or a contract step runs.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum CommandsOf {
    Stack,
    Request,
    /// As [`RequestKind::Other`].
    #[serde(untagged)]
    Other(String),
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fixtures::release;
    use crate::release::Release;
    use serde_dynamo::{AttributeValue, Item, from_item, to_item};

    fn item_with(origin: Option<Origin>) -> Item {
        let release = Release {
            origin,
            ..release("r1")
        };
        to_item(release).expect("an item")
    }

    fn text(text: &str) -> AttributeValue {
        AttributeValue::S(text.to_owned())
    }

    #[test]
    fn a_release_says_who_asked_under_these_names_and_an_older_one_says_nothing() {
        let origin = Origin {
            event: Some("e1".to_owned()),
            commands: Some(CommandsOf::Stack),
            ..Origin::of(RequestKind::TaskDefinition)
        };
        let item = item_with(Some(origin.clone()));
        let expect = [
            ("request", "task-definition"),
            ("source", "execution"),
            ("event", "e1"),
            ("commands", "stack"),
        ];
        let expect = expect.map(|(name, value)| (name.to_owned(), text(value)));
        assert_eq!(item["origin"], AttributeValue::M(expect.into()));
        let read: Release = from_item(item).expect("a release");
        assert_eq!(read.origin, Some(origin));
        let older = item_with(None);
        assert!(!older.contains_key("origin"));
        assert!(from_item::<_, Release>(older).is_ok_and(|it| it.origin.is_none()));
    }

    #[test]
    fn what_a_later_version_writes_is_read_and_written_as_it_is() {
        let later = [
            ("request", "artifact"),
            ("source", "console"),
            ("commands", "plugin"),
        ];
        let later = later.map(|(name, value)| (name.to_owned(), text(value)));
        let mut item = item_with(None).into_inner();
        let origin = AttributeValue::M(later.into());
        item.insert("origin".to_owned(), origin.clone());
        let read: Release = from_item(Item::from(item)).expect("a release");
        let origin_read = read.origin.as_ref().map(|it| it.request.clone());
        assert_eq!(origin_read, Some(RequestKind::Other("artifact".to_owned())));
        let again: Item = to_item(read).expect("an item");
        assert_eq!(again["origin"], origin);
    }
}
