//! Every state of every execution, with its time.

use crate::report::axis::Axis;
use crate::report::story::{Execution, Story};
use crate::report::style::seconds;
use maud::{Markup, html};

pub(super) fn section(story: &Story) -> Markup {
    let axis = Axis::of(story);
    html! {
        section.card {
            h2 { "States" }
            @for execution in &story.executions {
                (table(&axis, execution))
                (phases(execution))
            }
        }
    }
}

/// How long each phase took, without a click.
fn phases(execution: &Execution) -> Markup {
    html! {
        dl.numbers.phases {
            @for span in &execution.spans { div { dt { (span.phase.name()) } dd { (seconds(span.seconds())) } } }
        }
    }
}

fn table(axis: &Axis, execution: &Execution) -> Markup {
    let took = (execution.ended - execution.began).as_seconds_f64();
    let class = if execution.succeeded { "good" } else { "bad" };
    html! {
        details {
            summary { (execution.way) ": " span class=(class) { (execution.end) } " in " (seconds(took)) }
            @if !execution.cause.is_empty() { p.cause { (execution.cause) } }
            table {
                thead { tr { th { "state" } th.number { "at" } th.number { "for" } } }
                tbody {
                    @for visit in &execution.visits {
                        tr {
                            td { (visit.state) }
                            td.number { (seconds(axis.seconds(visit.from))) }
                            td.number { (seconds((visit.to - visit.from).as_seconds_f64())) }
                        }
                    }
                }
            }
        }
    }
}
