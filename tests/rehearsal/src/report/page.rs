//! The page of a rehearsal: one file that runs and loads nothing, for a desk and a phone, by day and by night.
//!
//! It is XML too, so that any parser reads it.

mod facts;
mod people;
mod states;
mod verdicts;

use super::axis::Axis;
use super::picture;
use super::story::Story;
use super::style::{self, ended};
use crate::show::count;
use maud::{DOCTYPE, Markup, PreEscaped, html};

const FOOTER: &str = "Template, state machine and functions are the deployed ones. AWS is a local one, ECS tasks are \
                      processes, and the seconds are this machine's.";

/// Closed elements, as XML has them.
const META: &str = r#"<meta charset="utf-8"/>
<meta name="viewport" content="width=device-width, initial-scale=1"/>
<meta name="color-scheme" content="light dark"/>"#;

/// The page of one story or several.
pub(super) fn page(stories: &[Story]) -> String {
    let title = match stories {
        [story] => format!("{} - a rehearsed release", story.scenario),
        _ => format!("{} rehearsed scenarios", stories.len()),
    };
    let page = html! {
        (DOCTYPE)
        html lang="en" {
            head {
                (PreEscaped(META))
                title { (title) }
                style { (style::PICTURE) (style::PAGE) }
            }
            body {
                main {
                    @if stories.len() > 1 { (contents(&title, stories)) }
                    @for story in stories { (section(story)) }
                    footer {
                        p { (FOOTER) }
                    }
                }
            }
        }
    };
    page.into_string() + "\n"
}

fn contents(title: &str, stories: &[Story]) -> Markup {
    html! {
        header { h1 { (title) } }
        ol.contents { @for story in stories { li { (content(story)) } } }
    }
}

fn content(story: &Story) -> Markup {
    let (served, failed) = story.served();
    html! {
        a href={ "#" (story.scenario) } { (story.scenario) } " " (badge(story.passed))
        p { (story.about) ". " (count(served)) " requests, " (count(failed)) " failed." }
    }
}

fn section(story: &Story) -> Markup {
    html! {
        article id=(story.scenario) {
            header {
                p.kicker { "A rehearsed release, " (Axis::of(story).zero.format("%-d %B %Y, %H:%M UTC")) }
                h1 { (story.scenario) " " (badge(story.passed)) }
                @if !story.about.is_empty() { p.about { (story.about) } }
            }
            (facts::tiles(story))
            section.card { (picture::within_page(story)) }
            (people::section(story))
            (verdicts::section(story))
            div.columns {
                (facts::answers(story))
                (facts::checks(story))
            }
            (states::section(story))
        }
    }
}

fn badge(passed: bool) -> Markup {
    let class = if passed { "good" } else { "bad" };
    html! { span class={ "badge " (class) } { (ended(passed)) } }
}
