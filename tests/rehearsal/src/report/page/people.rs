//! What people said of an execution while it went on: what it waited for, and why.

use crate::report::axis::Axis;
use crate::report::story::{Execution, Story};
use crate::report::style::seconds;
use maud::{Markup, html};

pub(super) fn section(story: &Story) -> Markup {
    let (axis, executions) = (Axis::of(story), story.executions.iter());
    let heeding: Vec<&Execution> = executions.filter(|it| !it.people.is_empty()).collect();
    html! {
        @if !heeding.is_empty() {
            section.card {
                h2 { "People" }
                @for execution in heeding {
                    @if story.executions.len() > 1 { h3 { (execution.way) } }
                    (said(&axis, execution))
                }
            }
        }
    }
}

fn said(axis: &Axis, execution: &Execution) -> Markup {
    html! {
        ol.looks {
            @for said in &execution.people {
                li {
                    div.when { (seconds(axis.seconds(said.at))) }
                    div.what { p { (said.text) } }
                }
            }
        }
    }
}
