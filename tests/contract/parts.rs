//! The parts that the contract holds together, read from the project's own files.

use serde_json::Value;
use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

/// Names of any kind; sorted, so that a failed comparison is easy to read.
pub type Names = BTreeSet<String>;

/// The text of a file of the project.
pub fn read(path: &str) -> String {
    let path = root().join(path);
    fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

pub fn template() -> Value {
    rehearsal::template::parse(&read("template.yaml")).expect("template.yaml is a template")
}

/// The state machine as it is written: valid JSON before anything is substituted.
pub fn machine() -> Value {
    serde_json::from_str(&read("statemachine/blue_green.asl.json")).expect("valid JSON")
}

/// The keys of an object.
pub fn keys(object: &Value) -> Names {
    let object = object.as_object().expect("an object");
    object.keys().cloned().collect()
}

/// One thing or a list of things, as IAM and `ErrorEquals` write them.
pub fn list(value: &Value) -> Vec<&Value> {
    match value.as_array() {
        Some(items) => items.iter().collect(),
        None => vec![value],
    }
}

/// Every piece of `text` between `before` and the next `after`.
pub fn between(text: &str, before: &str, after: &str) -> Names {
    let pieces = text.split(before).skip(1);
    pieces
        .filter_map(|piece| Some(piece.split_once(after)?.0.to_owned()))
        .collect()
}

/// A function of the template.
pub struct Function {
    /// Its name in the template, such as `EvaluateMetrics`.
    pub id: String,
    /// The name of its crate and binary, such as `evaluate-metrics`.
    pub binary: String,
    pub properties: Value,
    pub timeout_seconds: u64,
}

pub fn functions() -> Vec<Function> {
    let template = template();
    let usual = &template["Globals"]["Function"]["Timeout"];
    let resources = template["Resources"].as_object().expect("resources");
    let of_type = |resource: &Value| resource["Type"] == "AWS::Serverless::Function";
    let found = resources.iter().filter(|(_, resource)| of_type(resource));
    found
        .map(|(id, resource)| Function {
            id: id.clone(),
            binary: text(&resource["Metadata"]["BuildProperties"]["Binary"]),
            properties: resource["Properties"].clone(),
            timeout_seconds: resource["Properties"]["Timeout"]
                .as_u64()
                .or(usual.as_u64())
                .expect("a timeout"),
        })
        .collect()
}

pub fn text(value: &Value) -> String {
    value.as_str().expect("text").to_owned()
}

/// The sources of a function without its tests, and with every module of `shared` that they use.
pub fn sources(binary: &str) -> String {
    let mut sources: String = rust_files(&format!("functions/{binary}/src"))
        .iter()
        .map(|path| without_tests(path))
        .collect();
    for path in rust_files("functions/shared/src") {
        let module = path.file_stem().and_then(|stem| stem.to_str());
        if module.is_some_and(|module| sources.contains(&format!("shared::{module}"))) {
            sources += &without_tests(&path);
        }
    }
    sources
}

fn rust_files(folder: &str) -> Vec<PathBuf> {
    let entries = fs::read_dir(root().join(folder)).expect("a folder");
    let paths = entries.map(|entry| entry.expect("an entry").path());
    let is_source = |path: &PathBuf| {
        let name = path.to_string_lossy();
        name.ends_with(".rs") && !name.ends_with("_tests.rs")
    };
    paths.filter(is_source).collect()
}

fn without_tests(path: &Path) -> String {
    let text = fs::read_to_string(path).expect("a source");
    let code = text.split("#[cfg(test)]\nmod tests {").next();
    code.unwrap_or_default().to_owned()
}

/// The names of the crates below `functions/` that are functions.
pub fn crates() -> Names {
    let entries = fs::read_dir(root().join("functions")).expect("a folder");
    let names = entries.map(|entry| entry.expect("an entry").file_name());
    let names = names.map(|name| name.to_string_lossy().into_owned());
    names
        .filter(|name| !["shared", "migrations"].contains(&name.as_str()))
        .collect()
}

fn root() -> PathBuf {
    rehearsal::install::workspace()
}
