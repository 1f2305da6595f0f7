//! Loads a CloudFormation template into JSON, its short tags (`!Ref`, `!Sub`, ...) in their long form.

use anyhow::{Context, Result, bail};
use saphyr::{LoadableYamlNode, Scalar, Yaml};
use serde_json::{Map, Value, json};
use std::path::Path;

/// Reads a template's file.
///
/// # Errors
/// The file cannot be read, or is not one YAML document that is understood here.
pub fn load(path: &Path) -> Result<Value> {
    let text =
        std::fs::read_to_string(path).with_context(|| format!("cannot read {}", path.display()))?;
    parse(&text).with_context(|| format!("{} is not a template", path.display()))
}

/// Reads a template's text.
///
/// # Errors
/// It is not one YAML document that is understood here.
pub fn parse(text: &str) -> Result<Value> {
    let mut documents = Yaml::load_from_str(text)?;
    match (documents.pop(), documents.is_empty()) {
        (Some(document), true) => to_json(document),
        _ => bail!("expected one YAML document"),
    }
}

fn to_json(yaml: Yaml) -> Result<Value> {
    Ok(match yaml {
        Yaml::Value(scalar) => plain(&scalar),
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
        Yaml::Tagged(tag, value) => long_form(&tag.suffix, to_json(*value)?),
        other @ (Yaml::Representation(..) | Yaml::Alias(_) | Yaml::BadValue) => {
            bail!("not understood: {other:?}")
        }
    })
}

fn plain(scalar: &Scalar) -> Value {
    match scalar {
        Scalar::Null => Value::Null,
        Scalar::Boolean(truth) => json!(truth),
        Scalar::Integer(number) => json!(number),
        Scalar::FloatingPoint(number) => json!(number.into_inner()),
        Scalar::String(text) => json!(text),
    }
}

fn long_form(tag: &str, value: Value) -> Value {
    match (tag, value) {
        ("Ref" | "Condition", value) => json!({ tag: value }),
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

    #[test]
    fn anything_but_one_document_is_refused() {
        for text in ["", "a: 1\n---\nb: 2", "a: [1", "? [a]\n: 1"] {
            assert!(parse(text).is_err(), "{text}");
        }
    }
}
