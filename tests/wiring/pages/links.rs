//! Where the pages lead: every link of theirs, and every file that they name.

use std::fs;
use std::path::Path;

/// Folders of the project; what begins with one of them and stands in backticks is a file or a folder of it.
const FOLDERS: [&str; 6] = [
    ".cargo/",
    ".ci/",
    "functions/",
    "statemachine/",
    "tests/",
    "template.yaml",
];

#[test]
fn given_a_page_then_what_it_links_to_and_what_it_names_exists() {
    let pages = project::files("", ".md");
    assert!(pages.len() > 1, "{pages:?}");
    for page in pages {
        let text = fs::read_to_string(&page).expect("a page");
        let beside = page.parent().unwrap_or(Path::new(""));
        for link in links(&text) {
            let (file, heading) = link.split_once('#').unwrap_or((&link, ""));
            let target = if file.is_empty() {
                page.clone()
            } else {
                beside.join(file)
            };
            assert!(target.exists(), "{}: {link}", page.display());
            let target = fs::read_to_string(&target).unwrap_or_default();
            let found = heading.is_empty() || headings(&target).any(|it| it == heading);
            assert!(found, "{}: {link}", page.display());
        }
        for name in files(&text) {
            let found = project::root().join(&name).exists() || beside.join(&name).exists();
            assert!(found, "{}: {name}", page.display());
        }
    }
}

/// The targets of `[text](target)` within the project.
fn links(page: &str) -> Vec<String> {
    let targets = page.split("](").skip(1);
    let targets = targets.filter_map(|rest| rest.split(')').next());
    let own = targets.filter(|it| !it.contains("://") && !it.starts_with("mailto:"));
    own.map(str::to_owned).collect()
}

/// Files that stand in backticks; patterns such as `functions/*/README.md` are no file.
fn files(page: &str) -> Vec<String> {
    let names = page.lines().flat_map(super::names);
    let file = |name: &String| FOLDERS.iter().any(|it| name.starts_with(it));
    let placeholder = |part: &str| part.chars().all(|it| it.is_uppercase());
    let pattern =
        |name: &String| name.contains(['*', ' ', '<', '{']) || name.split('/').any(placeholder);
    names.filter(|it| file(it) && !pattern(it)).collect()
}

/// The names under which the headings of a page can be linked to.
fn headings(page: &str) -> impl Iterator<Item = String> {
    let headings = page.lines().filter(|line| line.starts_with('#'));
    headings.map(|line| {
        let words = line.trim_start_matches('#').trim().to_lowercase();
        let kept = words
            .chars()
            .filter(|it| it.is_alphanumeric() || " -_".contains(*it));
        kept.map(|it| if it == ' ' { '-' } else { it }).collect()
    })
}

#[test]
fn links_headings_and_files_are_found() {
    let page = "# What is it, then?\n[a](b.md#c) [d](https://e) `functions/x` `functions/*/y` `z`";
    assert_eq!(links(page), ["b.md#c"]);
    assert_eq!(headings(page).collect::<Vec<_>>(), ["what-is-it-then"]);
    assert_eq!(files(page), ["functions/x"]);
}
