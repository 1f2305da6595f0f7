//! Takes out of AWS's texts what a revision's hidden fields hold: an error or a stopped task may quote them. Pure.

use crate::fields::{Path, fields};
use crate::shown::is_shown;
use aws_sdk_ecs::types::Task;
use serde_json::Value;
use shared::ecs::RevisionContent;
use std::collections::{BTreeMap, BTreeSet};

/// Stands where something was taken out, and nothing can be said of it.
pub(crate) const MASK: &str = "[hidden]";

/// A text as long as this is taken out wherever it stands; a shorter one, such as `dev`, where it is a word of its own.
const LONG: usize = 8;

/// As much of the beginning of a value is recognised where a text is cut off.
const BEGINNING: usize = 4;

/// Bytes of the shortest text that ECS has cut off: its agent keeps 255 of a container's reason, newer agents 1,024, as
/// all do of a task's, and no agent marks the cut (amazon-ecs-agent, `ecsMaxContainerReasonLength`).
const CUT: usize = 255;

/// The hidden texts of a revision, each with its mask; longest first.
pub(crate) struct Hidden(Vec<(String, String)>);

/// A part of a text that is taken out.
struct Place<'a> {
    start: usize,
    end: usize,
    mask: &'a str,
}

impl Hidden {
    pub(crate) fn of(content: &RevisionContent) -> Hidden {
        let (mut shown, mut hidden) = (BTreeSet::new(), BTreeMap::new());
        for (path, value) in fields(content) {
            let mut texts = BTreeSet::new();
            collect(&value, &mut texts);
            if is_shown(&path, &value) {
                shown.append(&mut texts);
                continue;
            }
            for text in texts {
                hidden.entry(text).or_insert_with(|| mask_of(&path));
            }
        }
        // What stands in a harmless field as well, such as a container's name, is no secret.
        hidden.retain(|text, _| !shown.contains(text) && !is_everywhere(text));
        let mut hidden: Vec<_> = hidden.into_iter().collect();
        hidden.sort_by_key(|(text, _)| std::cmp::Reverse(text.len()));
        Hidden(hidden)
    }

    /// The text without any of them.
    pub(crate) fn mask(&self, text: &str) -> String {
        let hidden = self.0.iter();
        let mut places: Vec<_> = hidden.flat_map(|hidden| places(text, hidden)).collect();
        places.extend(self.cut_off(text));
        let (mut masked, mut rest) = (String::new(), 0);
        for place in merged(places) {
            masked += &text[rest..place.start];
            masked += place.mask;
            rest = place.end;
        }
        masked + &text[rest..]
    }

    pub(crate) fn mask_reason(&self, reason: &mut Option<String>) {
        if let Some(reason) = reason {
            *reason = self.mask(reason);
        }
    }

    /// In the reasons that ECS gives for the end of a task and of its containers.
    pub(crate) fn mask_task(&self, task: &mut Task) {
        self.mask_reason(&mut task.stopped_reason);
        for container in task.containers.iter_mut().flatten() {
            self.mask_reason(&mut container.reason);
        }
    }

    /// The beginning of a hidden text that the end of `text` cuts off.
    fn cut_off(&self, text: &str) -> Option<Place<'_>> {
        let kept = text.trim_end_matches(['.', '…', ' ', char::REPLACEMENT_CHARACTER]);
        let marked = text[kept.len()..].contains("...") || text[kept.len()..].contains('…');
        if !marked && text.len() < CUT {
            return None;
        }
        let starts = kept.char_indices().map(|(start, _)| start);
        let mut starts = starts.filter(|start| kept.len() - start >= BEGINNING);
        starts.find_map(|start| {
            let begins = |(hidden, _): &&(String, String)| hidden.starts_with(&kept[start..]);
            let (_, mask) = self.0.iter().find(begins)?;
            let end = kept.len();
            Some(Place { start, end, mask })
        })
    }
}

/// Says what was taken out, where its name tells a reader what to look at.
fn mask_of(path: &Path) -> String {
    let names: Vec<&str> = path.iter().map(String::as_str).collect();
    match names[..] {
        [_, _, "environment", name, "value"] => format!("[hidden: variable {name}]"),
        [_, _, "command" | "entryPoint"] => "[hidden: command]".to_owned(),
        _ => MASK.to_owned(),
    }
}

/// Truth values and small numbers are in every text, and none is a secret.
fn is_everywhere(text: &str) -> bool {
    let is_small = text.len() < 4 && text.bytes().all(|it| it.is_ascii_digit());
    is_small || ["true", "false"].contains(&text)
}

/// Every text in a value, also as JSON writes it.
fn collect(value: &Value, texts: &mut BTreeSet<String>) {
    match value {
        Value::String(text) if text.is_empty() => {}
        Value::String(text) => {
            let escaped = value.to_string();
            texts.insert(escaped[1..escaped.len() - 1].to_owned());
            texts.insert(text.clone());
        }
        Value::Array(items) => items.iter().for_each(|it| collect(it, texts)),
        Value::Object(members) => members.values().for_each(|it| collect(it, texts)),
        Value::Null | Value::Bool(_) | Value::Number(_) => {}
    }
}

/// Where a text has a hidden one.
fn places<'a>(text: &str, (hidden, mask): &'a (String, String)) -> impl Iterator<Item = Place<'a>> {
    let is_part_of_word = |it: Option<char>| it.is_some_and(char::is_alphanumeric);
    let starts = text.match_indices(hidden).map(|(start, _)| start);
    let places = starts.map(|start| Place {
        start,
        end: start + hidden.len(),
        mask,
    });
    places.filter(move |place| {
        let before = text[..place.start].chars().next_back();
        let in_word = is_part_of_word(before) || is_part_of_word(text[place.end..].chars().next());
        hidden.len() >= LONG || !in_word
    })
}

/// In order, and those that overlap as one, with the mask of the longest.
fn merged(mut places: Vec<Place<'_>>) -> Vec<Place<'_>> {
    places.sort_by_key(|place| (place.start, std::cmp::Reverse(place.end)));
    let mut merged: Vec<Place<'_>> = Vec::new();
    for place in places {
        match merged.last_mut() {
            Some(last) if place.start < last.end => {
                if place.end - place.start > last.end - last.start {
                    last.mask = place.mask;
                }
                last.end = last.end.max(place.end);
            }
            _ => merged.push(place),
        }
    }
    merged
}

#[cfg(test)]
#[path = "hidden_tests.rs"]
mod tests;
