//! What all parts of a picture are drawn from, and what they draw alike.

use crate::report::axis::Axis;
use crate::report::bins::{Who, everybody};
use crate::report::moves::{Forward, forwards};
use crate::report::story::Story;
use maud::{Markup, Render, html};
use std::fmt::Write;

/// A part of a picture, from its top at 0.
pub(super) struct Part {
    pub height: f64,
    pub body: Markup,
}

/// What all parts of a picture are drawn from.
pub(super) struct Scene<'a> {
    pub story: &'a Story,
    pub axis: Axis,
    pub everybody: Vec<Who>,
    pub forwards: Vec<Forward>,
}

impl Scene<'_> {
    pub fn of(story: &Story) -> Scene<'_> {
        Scene {
            story,
            axis: Axis::of(story),
            everybody: everybody(&story.answers),
            forwards: forwards(story),
        }
    }

    /// The class of a version's colour: that of its environment, paler for an earlier one there.
    pub fn class(&self, who: &Who) -> String {
        let same = self.everybody.iter();
        let same = same.filter(|it| it.environment == who.environment);
        let number = same.take_while(|it| *it != who).count();
        match who.environment.as_str() {
            environment @ ("blue" | "green") => format!("{environment}-{}", number % 3),
            _ => "nobody".to_owned(),
        }
    }
}

/// The moves of the traffic, as lines through a plot.
pub(super) fn moves(scene: &Scene<'_>, height: f64) -> Markup {
    html! {
        @for forward in scene.forwards.iter().skip(1) {
            @let x = percent(scene.axis.x(forward.at));
            line.move x1=(x) x2=(x) y1="0" y2=(height) {}
        }
    }
}

/// The heading of a part, and what it says at the right end.
pub(super) fn heading(text: &str, right: impl Render) -> Markup {
    html! {
        text.heading x="0" y="15" { (text) }
        text.aside x="100%" y="15" text-anchor="end" { (right) }
    }
}

/// A length along the axis as SVG has it.
pub(super) fn percent(x: f64) -> String {
    let mut text = String::new();
    write!(text, "{x:.3}").ok();
    text.truncate(text.trim_end_matches('0').trim_end_matches('.').len());
    text + "%"
}

/// A text at the edge does not leave the picture.
pub(super) fn anchor(x: f64) -> &'static str {
    match x {
        ..4.0 => "start",
        96.0.. => "end",
        _ => "middle",
    }
}
