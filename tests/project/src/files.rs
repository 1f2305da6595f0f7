//! Files of the project, by their paths from its root.

use crate::template::parse;
use serde_json::Value;
use std::fs;
use std::path::{Path, PathBuf};

/// The project's root.
pub fn root() -> PathBuf {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    root.canonicalize().unwrap_or(root)
}

/// The text of a file of the project, by its path from the root.
pub fn read(path: &str) -> String {
    let path = root().join(path);
    fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

/// `template.yaml`, its short tags in their long form.
pub fn template() -> Value {
    parse(&read("template.yaml")).expect("template.yaml is a template")
}

/// The state machine as it is written: valid JSON before anything is substituted.
pub fn machine() -> Value {
    definition("statemachine/blue_green.asl.json")
}

/// The state machine for CI, as it is written.
pub fn ci_machine() -> Value {
    definition("statemachine/ci.asl.json")
}

fn definition(path: &str) -> Value {
    serde_json::from_str(&read(path)).expect("valid JSON")
}

/// Every file below a folder of the project whose name ends so, in order. Build output is left out.
pub fn files(folder: &str, ending: &str) -> Vec<PathBuf> {
    let (mut found, mut folders) = (Vec::new(), vec![root().join(folder)]);
    while let Some(folder) = folders.pop() {
        let entries = fs::read_dir(&folder);
        let entries = entries.unwrap_or_else(|error| panic!("{}: {error}", folder.display()));
        for path in entries.map(|entry| entry.expect("an entry").path()) {
            if path.is_dir() && !path.ends_with("target") && !path.ends_with(".git") {
                folders.push(path);
            } else if path.to_string_lossy().ends_with(ending) {
                found.push(path);
            }
        }
    }
    found.sort();
    found
}
