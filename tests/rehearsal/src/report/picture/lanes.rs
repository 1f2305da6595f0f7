//! One lane for each execution, with its phases; the states behind them stand in a table of the page.

use super::scene::{Part, Scene, heading, percent};
use crate::follow::Span;
use crate::report::story::Execution;
use crate::report::style::seconds;
use maud::{Markup, html};

const LANE: f64 = 44.0;
const TOP: f64 = 24.0;

/// Pixels of a letter, and of a whole lane on a desk and on a phone: a name stands only where it fits.
const LETTER: f64 = 7.0;
const DESK: f64 = 824.0;
const PHONE: f64 = 330.0;

pub(super) fn part(scene: &Scene<'_>) -> Part {
    let executions = &scene.story.executions;
    let body = html! {
        (heading("States", ""))
        @for (number, execution) in executions.iter().enumerate() {
            g transform={ "translate(0 " (TOP + LANE * number as f64) ")" } { (lane(scene, execution)) }
        }
    };
    Part {
        height: TOP + LANE * executions.len() as f64 + 14.0,
        body,
    }
}

fn lane(scene: &Scene<'_>, execution: &Execution) -> Markup {
    let began = percent(scene.axis.x(execution.began));
    html! {
        (label(scene, execution))
        @for span in &execution.spans { (phase(scene, span)) }
        line.began x1=(began) x2=(began) y1="17" y2="39" {}
    }
}

/// What began it, and how it ended: at its beginning, or at its end where there is no room to the right. A phone may show
/// only how it ended.
fn label(scene: &Scene<'_>, execution: &Execution) -> Markup {
    let (from, to) = (scene.axis.x(execution.began), scene.axis.x(execution.ended));
    let (way, end) = (&execution.way, &execution.end);
    let width = LETTER * (way.len() + end.len() + 1) as f64;
    let fits = |room: f64, pixels: f64| room / 100.0 * pixels >= width;
    let (x, anchor, room) = match fits(100.0 - from, DESK) {
        true => (from, "start", 100.0 - from),
        false => (to, "end", to),
    };
    html! {
        text.label x=(percent(x)) y="11" text-anchor=(anchor) {
            tspan.wide[!fits(room, PHONE)] { (way) " " }
            tspan class=(if execution.succeeded { "good" } else { "bad" }) { (end) }
        }
    }
}

fn phase(scene: &Scene<'_>, span: &Span) -> Markup {
    let (from, to) = (scene.axis.x(span.from), scene.axis.x(span.to));
    let (name, width) = (span.phase.name(), to - from);
    let share = span.share.filter(|share| *share < 100);
    let text = share.map_or(name.to_owned(), |share| format!("{name} {share} %"));
    let fits = |pixels: f64| width / 100.0 * pixels > LETTER * text.len() as f64 + 6.0;
    let took = seconds(span.seconds());
    html! {
        rect class={ "phase " (name) } x=(percent(from)) width=(percent(width)) y="17" height="22" rx="2" {
            title { (text) ": " (took) }
        }
        @if fits(DESK) {
            text.inside.wide[!fits(PHONE)] x=(percent(from + width / 2.0)) y="32" text-anchor="middle" { (text) }
        }
    }
}
