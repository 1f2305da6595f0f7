//! Each look of the watch, with its verdict; the numbers stand in the page.

use super::scene::{Part, Scene, heading, moves, percent};
use crate::report::story::Look;
use crate::report::style;
use maud::html;

/// Up to so many looks a dot is large.
const FEW: usize = 40;

pub(super) fn part(scene: &Scene<'_>) -> Option<Part> {
    let looks: Vec<&Look> = scene
        .story
        .executions
        .iter()
        .flat_map(|it| &it.looks)
        .collect();
    let last = looks.last()?;
    let radius = if looks.len() > FEW { 2.5 } else { 4.5 };
    let aside = html! {
        (style::looks(looks.len())) ", the last: " tspan class=(last.verdict) { (last.verdict) }
    };
    let body = html! {
        (heading("Verdict", aside))
        @for look in &looks {
            circle class={ "look " (look.verdict) } cx=(percent(scene.axis.x(look.at))) cy="34" r=(radius) {
                title { (look.verdict) ": " (look.reason) }
            }
        }
        g transform="translate(0 24)" { (moves(scene, 20.0)) }
    };
    Some(Part { height: 54.0, body })
}
