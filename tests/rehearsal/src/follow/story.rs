//! The story of an execution in lines: its parts with their times, its states as they are entered, what it waits for, and
//! what the watch finds, a line for each look.

use super::end::End;
use super::entry::{AFTER_PEOPLE, Entry, Kind};
use super::looks::{Looks, without_time};
use super::phase::Phase;
use crate::show::{Canvas, Ink, short_digests, shorten, took, wrap};
use aws_sdk_sfn::types::ExecutionStatus;
use chrono::{DateTime, Utc};
use std::collections::BTreeSet;

/// What the names of the parts take, and the frame beside them.
const MARGIN: usize = 10;

/// What was told so far.
pub(super) struct Story {
    canvas: Canvas,
    part: Option<Part>,
    states: BTreeSet<String>,
    looks: Looks,
    /// What people said at the last look.
    people: Option<String>,
}

/// The part that is under way.
struct Part {
    phase: Phase,
    from: DateTime<Utc>,
    /// Whether a line has its name.
    is_named: bool,
}

impl Story {
    pub fn new(canvas: Canvas) -> Story {
        Story {
            canvas,
            part: None,
            states: BTreeSet::new(),
            looks: Looks::default(),
            people: None,
        }
    }

    /// The lines for a state that was entered; none where there is nothing new to tell.
    pub fn tell(&mut self, entry: &Entry) -> Vec<String> {
        let begun = Phase::begun_by(&entry.state);
        let last = self.part.as_ref().map(|part| part.phase);
        let mut lines = Vec::new();
        if let Some(phase) = begun.filter(|_| begun != last) {
            lines.extend(self.close(entry.at));
            self.looks = Looks::default();
            self.part = Some(Part {
                phase,
                from: entry.at,
                is_named: false,
            });
        }
        let text = self.text(entry);
        lines.extend(text.map(|text| self.line(&text)));
        lines
    }

    /// The lines for the end: how long the last part took, and what came of it.
    pub fn end(&mut self, end: &End) -> Vec<String> {
        let room = self.canvas.columns.saturating_sub(MARGIN);
        let ink = match end.status == ExecutionStatus::Succeeded {
            true => Ink::Good,
            false => Ink::Bad,
        };
        let (what, why) = end.summary();
        let why = why.map_or_else(String::new, |why| format!(": {}", short_digests(&why)));
        let lines = wrap(&format!("{what}{why}"), room, 0).into_iter();
        let lines = lines.map(|line| {
            let line = self.canvas.paint.ink(ink, &line);
            format!("{:MARGIN$}{line}", "")
        });
        let lines: Vec<_> = lines.collect();
        self.close(end.ended).into_iter().chain(lines).collect()
    }

    /// What happens beside the execution, in the part that is under way.
    pub fn aside(&mut self, text: &str) -> String {
        let room = self.canvas.columns.saturating_sub(MARGIN);
        let text = self.canvas.paint.words(&shorten(text, room));
        match self.part {
            Some(_) => self.line(&text),
            None => text,
        }
    }

    /// The part that is under way, and for how long it has been.
    pub fn under_way(&self, now: DateTime<Utc>) -> Option<String> {
        let part = self.part.as_ref()?;
        let seconds = (now - part.from).num_seconds().max(0);
        Some(format!("{} {seconds} s", part.phase.name()))
    }

    /// The line that ends a part: how long it took.
    fn close(&mut self, at: DateTime<Utc>) -> Option<String> {
        let part = self.part.take()?;
        let took = took((at - part.from).as_seconds_f64());
        let text = self.canvas.paint.ink(Ink::Faint, &format!("╰ {took}"));
        Some(format!("{:8}{text}", ""))
    }

    /// A text in the part that is under way, whose first line has its name.
    fn line(&mut self, text: &str) -> String {
        let paint = self.canvas.paint;
        let unnamed = self.part.as_mut().filter(|part| !part.is_named);
        let (name, frame) = match unnamed {
            Some(part) => {
                part.is_named = true;
                (part.phase.name(), "╭")
            }
            None => ("", "│"),
        };
        let name = paint.ink(Ink::Phase, &format!("{name:8}"));
        format!("{name}{} {text}", paint.ink(Ink::Faint, frame))
    }

    /// What there is to tell of an entry: the states of a loop once, where traffic goes, the verdicts of the watch, and what
    /// people say.
    fn text(&mut self, entry: &Entry) -> Option<String> {
        let room = self.canvas.columns.saturating_sub(MARGIN);
        let paint = self.canvas.paint;
        if let Some(verdict) = &entry.verdict {
            let is_news = self.looks.is_news(entry, verdict);
            return is_news.then(|| paint.words(&shorten(&without_time(verdict), room)));
        }
        if AFTER_PEOPLE.contains(&entry.state.as_str()) {
            let before = std::mem::replace(&mut self.people, entry.people.clone());
            let news = entry.people.as_ref();
            let news = news.filter(|news| before.as_ref() != Some(news));
            return news.map(|news| paint.ink(Ink::Open, &shorten(news, room)));
        }
        if let Some(moved) = &entry.moved {
            return Some(paint.words(&shorten(moved, room)));
        }
        let begins = self.part.as_ref().is_some_and(|part| !part.is_named);
        let is_new = self.states.insert(entry.state.clone()) || begins;
        let text = shorten(&entry.state, room);
        match entry.kind {
            Kind::Between => None,
            Kind::Succeed => Some(paint.ink(Ink::Good, &text)),
            Kind::Fail => Some(paint.ink(Ink::Bad, &text)),
            Kind::Other if !is_new => None,
            Kind::Other if text.starts_with("Tell of ") => Some(paint.ink(Ink::Faint, &text)),
            Kind::Other => Some(text),
        }
    }
}

#[cfg(test)]
#[path = "story_tests.rs"]
mod tests;
