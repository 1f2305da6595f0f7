//! The looks of the watch with their numbers: of those with the same verdict the last one, and the others behind a click.

use crate::report::axis::Axis;
use crate::report::story::{Execution, Look, Story};
use crate::report::style::{self, seconds};
use maud::{Markup, html};

pub(super) fn section(story: &Story) -> Markup {
    let (axis, executions) = (Axis::of(story), story.executions.iter());
    let watched: Vec<&Execution> = executions.filter(|it| !it.looks.is_empty()).collect();
    html! {
        @if !watched.is_empty() {
            section.card {
                h2 { "Verdict" }
                @for execution in watched {
                    @if story.executions.len() > 1 { h3 { (execution.way) } }
                    (looks(&axis, execution))
                }
            }
        }
    }
}

fn looks(axis: &Axis, execution: &Execution) -> Markup {
    let alike = |one: &Look, next: &Look| one.verdict == next.verdict;
    html! {
        ol.looks {
            @for group in execution.looks.chunk_by(alike) {
                @if let Some((last, before)) = group.split_last() {
                    (entry(axis, last, earlier(axis, before)))
                }
            }
        }
    }
}

fn earlier(axis: &Axis, looks: &[Look]) -> Markup {
    html! {
        @if !looks.is_empty() {
            details {
                summary { (style::looks(looks.len())) " before it" }
                ol.looks { @for look in looks { (entry(axis, look, html! {})) } }
            }
        }
    }
}

fn entry(axis: &Axis, look: &Look, more: Markup) -> Markup {
    html! {
        li class=(look.verdict) {
            div.when { (seconds(axis.seconds(look.at))) }
            div.what {
                span.verdict { (look.verdict) }
                p { (look.reason) }
                dl.numbers {
                    @for (name, value) in &look.numbers { div { dt { (name) } dd { (value) } } }
                }
                (more)
            }
        }
    }
}
