//! What was deployed, held against the files.

use crate::aws::Aws;
use crate::package::definitions;
use crate::stack;
use anyhow::{Context, Result};
use iam::Deployed;
use project::template;
use serde_json::{Map, Value};
use std::collections::BTreeSet;

/// Where the local AWS has something else than the files say; nothing if it has the very template, and the very
/// definitions with their substitutions.
///
/// # Errors
/// The stack or a machine of it cannot be read.
pub async fn differences(aws: &Aws, deployed: &Deployed) -> Result<Vec<String>> {
    let root = project::root();
    let file = template::load(&root.join("template.yaml"))?;
    let machines = definitions(&file);
    let mut differences = Vec::new();
    let found = stack::template(aws, &deployed.name).await?;
    compare(
        "template.yaml",
        &unpacked(file),
        &unpacked(found),
        &mut differences,
    );
    for (machine, path) in machines {
        let definition = std::fs::read_to_string(root.join(path))?;
        let expect = substituted(deployed, &machine, definition)?;
        let arn = deployed.ids.get(&machine).context("no machine")?;
        let call = aws.sfn().describe_state_machine().state_machine_arn(arn);
        let found = call.send().await?.definition;
        if found != expect {
            let mut lines = expect.lines().zip(found.lines());
            let line = lines.find(|(expect, found)| expect != found);
            differences.push(format!("the definition of {machine}, first {line:?}"));
        }
    }
    Ok(differences)
}

/// A machine's definition as CloudFormation writes it: each substitution in its place.
fn substituted(deployed: &Deployed, machine: &str, mut definition: String) -> Result<String> {
    let machine = deployed.resource(machine)?;
    let substitutions = machine["Properties"]["DefinitionSubstitutions"].as_object();
    for (name, value) in substitutions.into_iter().flatten() {
        let value = deployed.text(value)?;
        definition = definition.replace(&format!("${{{name}}}"), &value);
    }
    Ok(definition)
}

/// A template without what packaging writes: where code and definition lie, and the SAM CLI's own name of a resource.
fn unpacked(mut template: Value) -> Value {
    let resources = template["Resources"].as_object_mut();
    for resource in resources.into_iter().flat_map(Map::values_mut) {
        for (section, field) in [
            ("Properties", "CodeUri"),
            ("Properties", "DefinitionUri"),
            ("Metadata", "SamResourceId"),
        ] {
            let section = resource.get_mut(section).and_then(Value::as_object_mut);
            section.map(|fields| fields.remove(field));
        }
        if resource["Metadata"] == Value::Object(Map::new()) {
            resource
                .as_object_mut()
                .map(|fields| fields.remove("Metadata"));
        }
    }
    template
}

/// Adds every place at which two values differ.
fn compare(place: &str, expect: &Value, found: &Value, differences: &mut Vec<String>) {
    match (expect, found) {
        (Value::Object(expects), Value::Object(founds)) => {
            let names: BTreeSet<_> = expects.keys().chain(founds.keys()).collect();
            for name in names {
                let place = format!("{place}/{name}");
                let [expect, found] = [expects, founds].map(|fields| fields.get(name));
                let [expect, found] = [expect, found].map(|field| field.unwrap_or(&Value::Null));
                compare(&place, expect, found, differences);
            }
        }
        _ if expect == found => {}
        _ => differences.push(format!("{place}: expected {expect}, found {found}")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn only_what_packaging_writes_may_differ() {
        let function = |uri: &str, timeout: u8| {
            let properties = json!({"CodeUri": uri, "Timeout": timeout});
            json!({"Resources": {"Flip": {"Properties": properties}}})
        };
        let differences = |found: Value| {
            let mut differences = Vec::new();
            let expect = unpacked(function("functions/flip", 15));
            compare("", &expect, &unpacked(found), &mut differences);
            differences
        };
        let mut packed = function("s3://bucket/flip.zip", 15);
        packed["Resources"]["Flip"]["Metadata"] = json!({"SamResourceId": "Flip"});
        assert_eq!(differences(packed), [""; 0]);
        let changed = differences(function("s3://bucket/flip.zip", 16));
        let expect = "/Resources/Flip/Properties/Timeout: expected 15, found 16";
        assert_eq!(changed, [expect]);
    }
}
