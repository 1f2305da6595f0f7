//! What came of it: figures, checks, and who answered how often.

use crate::report::bins::Who;
use crate::report::story::Story;
use crate::show::count;
use maud::{Markup, html};
use std::collections::BTreeMap;

/// The figures: large where they are one number, in a line of their own where they are a sentence.
pub(super) fn tiles(story: &Story) -> Markup {
    let (served, failed) = story.served();
    let figures = story
        .measured
        .iter()
        .filter(|it| !it.starts_with("served "));
    let (tiles, sentences): (Vec<_>, Vec<_>) = figures
        .map(|it| (figure(it), it))
        .partition(|(it, _)| it.is_some());
    html! {
        dl.tiles {
            (tile("requests", &count(served), ""))
            (tile("failed", &count(failed), if failed > 0 { "bad" } else { "good" }))
            @for (name, value) in tiles.into_iter().filter_map(|(it, _)| it) { (tile(name, value, "")) }
        }
        @if !sentences.is_empty() {
            ul.sentences { @for (_, sentence) in sentences { li { (sentence) } } }
        }
    }
}

fn tile(name: &str, value: &str, class: &str) -> Markup {
    html! { div { dt { (name) } dd class=(class) { (value) } } }
}

/// The name and the time of a figure such as `push to end 20.3 s`.
fn figure(text: &str) -> Option<(&str, &str)> {
    let begin = text.rmatch_indices(' ').nth(1)?.0;
    let (name, value) = (&text[..begin], &text[begin + 1..]);
    let (number, unit) = value.split_once(' ')?;
    let is_time = number.parse::<f64>().is_ok() && ["s", "ms"].contains(&unit);
    (is_time && name.len() < 32).then_some((name, value))
}

pub(super) fn checks(story: &Story) -> Markup {
    html! {
        section.card {
            h2 { "Checks" }
            ul.checks {
                @for check in &story.checks {
                    li class=(if check.fits { "good" } else { "bad" }) {
                        (check.expected)
                        @if !check.fits { p.found { "found: " (check.found) } }
                    }
                }
            }
        }
    }
}

/// Every answer of the run, once.
pub(super) fn answers(story: &Story) -> Markup {
    let mut counts = BTreeMap::<(Who, u16), u64>::new();
    for answer in &story.answers {
        *counts.entry((Who::of(answer), answer.status)).or_default() += 1;
    }
    html! {
        section.card {
            h2 { "Answers" }
            table {
                thead { tr { th { "who" } th { "status" } th.number { "answers" } } }
                tbody {
                    @for ((who, status), answers) in &counts {
                        tr.bad[failed(*status)] {
                            td { (who.name()) }
                            td { @if *status == 0 { "none" } @else { (status) } }
                            td.number data-answers=(answers) { (count(*answers)) }
                        }
                    }
                }
                tfoot { tr { td colspan="2" { "all" } td.number { (count(story.served().0)) } } }
            }
        }
    }
}

fn failed(status: u16) -> bool {
    status == 0 || status >= 500
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_time_is_a_figure_of_its_own_and_a_sentence_stays_one() {
        assert_eq!(
            figure("push to end 20.3 s"),
            Some(("push to end", "20.3 s"))
        );
        assert_eq!(figure("flip call 45 ms"), Some(("flip call", "45 ms")));
        assert_eq!(
            figure("at 10 % v1.1.0 answered 12 of 1,204 requests in 9 s").map(|it| it.0),
            None
        );
        assert_eq!(figure("served 12, failed 0"), None);
    }
}
