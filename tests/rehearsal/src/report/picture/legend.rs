//! What the colours mean; and above a picture in a file of its own, what it shows.

use super::scene::Scene;
use crate::report::style::ended;
use crate::show::count;
use maud::{Markup, html};

/// A mark's class and its name.
fn marks(scene: &Scene<'_>) -> Vec<(String, String)> {
    let (_, failed) = scene.story.served();
    let versions = scene.everybody.iter().filter(|who| who.is_version());
    let mut marks: Vec<_> = versions.map(|who| (scene.class(who), who.name())).collect();
    if failed > 0 {
        marks.push(("failed".to_owned(), "failed".to_owned()));
    }
    marks
}

pub(super) fn for_page(scene: &Scene<'_>) -> Markup {
    html! {
        p.legend {
            @for (class, name) in marks(scene) {
                span {
                    svg width="11" height="11" aria-hidden="true" { rect class=(class) width="11" height="11" rx="2" {} }
                    (name)
                }
            }
        }
    }
}

/// From `x` on.
pub(super) fn for_file(scene: &Scene<'_>, x: f64) -> Markup {
    let story = scene.story;
    let (served, failed) = story.served();
    html! {
        text.title x=(x) y="36" { (story.scenario) tspan.aside dx="12" { (ended(story.passed)) } }
        text.aside x=(x) y="57" { (story.about) }
        text.label x=(x) y="84" {
            @for (class, name) in marks(scene) {
                tspan class={ "mark " (class) } { "■" } tspan { " " (name) } tspan { "\u{2003}" }
            }
            tspan.aside { (count(failed)) " of " (count(served)) " requests failed" }
        }
    }
}
