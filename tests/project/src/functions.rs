//! The functions: as the template deploys them, and what their code calls and reads.

use crate::files::template;
use crate::graph::Crates;
use crate::modules::Module;
use crate::values::{Names, text};
use serde_json::Value;

/// A function of the template.
pub struct Function {
    /// Its name in the template, such as `EvaluateMetrics`.
    pub id: String,
    /// The name of its crate and binary, such as `evaluate-metrics`.
    pub binary: String,
    pub properties: Value,
    pub timeout_seconds: u64,
}

/// Every function of the template.
pub fn functions() -> Vec<Function> {
    let template = template();
    let usual = &template["Globals"]["Function"]["Timeout"];
    let resources = template["Resources"].as_object().expect("resources");
    let of_type = |resource: &Value| resource["Type"] == "AWS::Serverless::Function";
    let functions = resources.iter().filter(|(_, resource)| of_type(resource));
    functions
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

/// The libraries that the functions share.
const LIBRARIES: [&str; 3] = ["migrations", "record", "shared"];

/// What the code of a function says, in its own files and in those files of the shared libraries that they need.
pub struct Code(Vec<Module>);

impl Code {
    /// Reads the code of a function, by the name of its crate.
    pub fn of(binary: &str) -> Code {
        let folders = LIBRARIES.into_iter().chain([binary]);
        let crates = Crates::read(folders.map(|name| format!("functions/{name}")));
        Code(crates.needed_by(binary))
    }

    /// The literals that a method is called with, such as `settings.required("SERVICE")`.
    pub fn arguments(&self, of: &[&str], method: &str) -> Names {
        let files = self.0.iter();
        files
            .flat_map(|module| module.tokens.windows(of.len() + 3))
            .filter_map(|window| {
                let (before, call) = window.split_at(of.len());
                let fits = before.iter().zip(of).all(|(token, part)| token.is(part));
                (fits && call[0].is(method) && call[1].is("(")).then(|| call[2].literal())?
            })
            .map(str::to_owned)
            .collect()
    }
}
