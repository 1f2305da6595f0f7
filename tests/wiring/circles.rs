//! No two files need each other: what both need stands in a third.

use project::graph::Crates;
use std::collections::BTreeSet;
use std::path::Path;

#[test]
fn given_the_files_of_a_crate_then_no_circle_of_them_needs_itself() {
    let crates = packages().into_iter().flat_map(|package| {
        let circles = Crates::read([package]).circles();
        circles
            .into_iter()
            .map(|circle| circle.iter().map(|it| name(it)).collect::<Vec<_>>())
    });
    assert_eq!(crates.collect::<Vec<_>>(), [[""; 0]; 0]);
}

/// The folders of the project's packages.
pub fn packages() -> BTreeSet<String> {
    let manifests = ["functions", "tests"].map(|folder| project::files(folder, "/Cargo.toml"));
    let folders = manifests
        .iter()
        .flatten()
        .filter_map(|manifest| manifest.parent());
    folders.map(name).collect()
}

/// A path as it is written from the root.
pub fn name(path: &Path) -> String {
    let path = path.strip_prefix(project::root()).unwrap_or(path);
    path.display().to_string()
}
