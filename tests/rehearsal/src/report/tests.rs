//! The page of a story, as a parser reads it.

use super::fixtures::rolled_back;
use super::page::page;
use super::picture;
use super::story::Story;
use roxmltree::{Document, Node};

/// What would run, or load something.
const FOREIGN: [&str; 11] = [
    "script",
    "link",
    "img",
    "image",
    "iframe",
    "object",
    "embed",
    "base",
    "form",
    "use",
    "foreignObject",
];

fn elements<'a>(page: &'a Document<'_>) -> impl Iterator<Item = Node<'a, 'a>> {
    page.descendants().filter(Node::is_element)
}

/// The sum of an attribute in which elements say how many requests they stand for.
fn counted(page: &str, attribute: &str) -> usize {
    let page = Document::parse(page).expect("well-formed");
    let counts = elements(&page).filter_map(|it| it.attribute(attribute)?.parse::<usize>().ok());
    counts.sum()
}

#[test]
fn every_request_is_in_the_bars_once_and_in_the_table_once() {
    let story = rolled_back();
    let page = page(std::slice::from_ref(&story));
    assert_eq!(counted(&page, "data-requests"), story.answers.len());
    assert_eq!(counted(&page, "data-answers"), story.answers.len());
    assert_eq!(
        counted(&picture::alone(&story), "data-requests"),
        story.answers.len()
    );
}

#[test]
fn several_stories_stand_in_one_page() {
    let stories = [
        rolled_back(),
        Story {
            scenario: "good".to_owned(),
            ..rolled_back()
        },
    ];
    let page = page(&stories);
    assert_eq!(
        counted(&page, "data-requests"),
        2 * stories[0].answers.len()
    );
    let page = Document::parse(&page).expect("well-formed");
    for link in elements(&page).filter_map(|it| it.attribute("href")) {
        let target = link.strip_prefix('#').expect("a place in the page");
        assert!(
            elements(&page).any(|it| it.attribute("id") == Some(target)),
            "{link}"
        );
    }
}

#[test]
fn nothing_runs_and_nothing_is_loaded() {
    let story = rolled_back();
    for text in [page(std::slice::from_ref(&story)), picture::alone(&story)] {
        let page = Document::parse(&text).expect("well-formed");
        for element in elements(&page) {
            let name = element.tag_name().name();
            assert!(!FOREIGN.contains(&name), "{name}");
            for attribute in element.attributes() {
                let name = attribute.name();
                let loads = name.starts_with("on")
                    || ["src", "srcset", "data", "action", "style"].contains(&name);
                assert!(!loads, "{name}");
            }
        }
        assert!(
            !text.contains("url(") && !text.contains("@import"),
            "the style loads something"
        );
    }
}

#[test]
fn what_a_story_says_is_text_and_no_markup() {
    let page = page(&[rolled_back()]);
    assert!(page.contains("not one &lt;request&gt; failed"));
    assert!(page.contains("held by ada until 12:00: a look at &lt;orders&gt;"));
}

#[test]
fn a_story_without_requests_has_a_page_too() {
    let page = page(&[Story::default()]);
    assert_eq!(counted(&page, "data-requests"), 0);
}
