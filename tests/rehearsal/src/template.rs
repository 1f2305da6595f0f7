//! Loads a CloudFormation template into JSON, its short tags (`!Ref`, `!Sub`, ...) in their long form.

use anyhow::{Context, Result, bail};
use serde_json::{Map, Value, json};
use serde_yaml_ng::Value as Yaml;
use std::path::Path;

/// Reads a template's file.
pub fn load(path: &Path) -> Result<Value> {
    let text =
        std::fs::read_to_string(path).with_context(|| format!("cannot read {}", path.display()))?;
    parse(&text).with_context(|| format!("{} is not a template", path.display()))
}

/// Reads a template's text.
pub fn parse(text: &str) -> Result<Value> {
    to_json(serde_yaml_ng::from_str(text)?)
}

fn to_json(yaml: Yaml) -> Result<Value> {
    Ok(match yaml {
        Yaml::Sequence(items) => items
            .into_iter()
            .map(to_json)
            .collect::<Result<Vec<_>>>()?
            .into(),
        Yaml::Mapping(fields) => {
            let mut object = Map::new();
            for (name, value) in fields {
                let Some(name) = name.as_str() else {
                    bail!("expected a field's name, found {name:?}")
                };
                object.insert(name.to_owned(), to_json(value)?);
            }
            Value::Object(object)
        }
        Yaml::Tagged(tagged) => long_form(&tagged.tag.to_string(), to_json(tagged.value)?),
        other @ (Yaml::Null | Yaml::Bool(_) | Yaml::Number(_) | Yaml::String(_)) => {
            serde_json::to_value(other)?
        }
    })
}

fn long_form(tag: &str, value: Value) -> Value {
    match (tag.trim_start_matches('!'), value) {
        (name @ ("Ref" | "Condition"), value) => json!({ name: value }),
        // `!GetAtt Thing.Arn` stands for a list of two.
        ("GetAtt", Value::String(path)) => {
            let (resource, attribute) = path.split_once('.').unwrap_or((&path, ""));
            json!({ "Fn::GetAtt": [resource, attribute] })
        }
        (name, value) => {
            let name = format!("Fn::{name}");
            json!({ name: value })
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn short_tags_become_their_long_form() {
        let text =
            "a: !Ref X\nb: !GetAtt Y.Arn\nc: !Join [',', [!Sub '${Z}', 1]]\nd: &d {e: true}\nf: *d";
        let expect = json!({"a": {"Ref": "X"}, "b": {"Fn::GetAtt": ["Y", "Arn"]},
            "c": {"Fn::Join": [",", [{"Fn::Sub": "${Z}"}, 1]]}, "d": {"e": true}, "f": {"e": true}});
        assert_eq!(parse(text).expect("a template"), expect);
    }
}
