//! The page of a scenario, as a parser reads it.

use rehearsal::report::{Report, html};
use roxmltree::Document;

/// Whatever happened: every request that was counted is in the page once, and nothing in it runs.
pub fn tells_of_every_request(report: &Report) {
    let html = html(std::slice::from_ref(report));
    let page = Document::parse(&html).expect("a well-formed page");
    let requests = page.descendants();
    let requests = requests.filter_map(|it| it.attribute("data-requests")?.parse::<u64>().ok());
    assert_eq!(requests.sum::<u64>(), report.requests());
    assert!(page.descendants().all(|it| !it.has_tag_name("script")));
}
