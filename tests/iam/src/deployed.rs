//! A template as it is deployed: its intrinsic functions resolved.

mod conditions;

use crate::arn::Place;
use crate::{Values, physical};
use anyhow::{Context, Result, bail};
use serde_json::{Map, Value, json};

/// A template with everything that it refers to.
#[derive(Clone, Debug)]
pub struct Deployed {
    /// The template, its short tags in their long form (`project::template`).
    pub template: Value,
    /// The stack's name.
    pub name: String,
    pub region: String,
    pub account: String,
    /// Parameters; those that are left out have their defaults.
    pub parameters: Values,
    /// Physical ids by logical ids, as DescribeStackResources gives them; a resource that is left out is called
    /// by the stack's name and its own.
    pub ids: Values,
}

impl Deployed {
    /// The value with everything in it resolved; what is `AWS::NoValue` is left out of its list or object.
    ///
    /// # Errors
    /// It refers to nothing of the template, or uses a function that is not understood here.
    pub fn value(&self, value: &Value) -> Result<Value> {
        match value {
            Value::Array(items) => {
                let items = items.iter().map(|item| self.value(item));
                let kept = items.filter(|it| !matches!(it, Ok(Value::Null)));
                Ok(Value::Array(kept.collect::<Result<_>>()?))
            }
            Value::Object(fields) => match fields.iter().next() {
                Some((name, argument)) if fields.len() == 1 && is_function(name) => self
                    .function(name, argument)
                    .with_context(|| format!("cannot resolve {value}")),
                _ => self.fields(fields),
            },
            plain @ (Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_)) => {
                Ok(plain.clone())
            }
        }
    }

    /// Resolved to one text, as a number becomes one too.
    ///
    /// # Errors
    /// It cannot be resolved, or is neither a text nor a number.
    pub fn text(&self, value: &Value) -> Result<String> {
        let value = self.value(value)?;
        let number = value.as_number().map(ToString::to_string);
        let text = value.as_str().map(str::to_owned).or(number);
        text.with_context(|| format!("expected a text, found {value}"))
    }

    pub fn place(&self) -> Place<'_> {
        Place {
            region: &self.region,
            account: &self.account,
        }
    }

    /// A resource of the template, as it is written.
    ///
    /// # Errors
    /// The template has no such resource.
    pub fn resource(&self, id: &str) -> Result<&Value> {
        let found = self.template["Resources"].get(id);
        found.with_context(|| format!("the template has no resource {id}"))
    }

    /// What `Fn::GetAtt` of a resource gives.
    pub(crate) fn attribute(&self, id: &str, attribute: &str) -> Result<String> {
        physical::attribute(self.place(), self.kind(id)?, &self.id(id)?, attribute)
    }

    fn kind(&self, logical: &str) -> Result<&str> {
        let kind = self.resource(logical)?["Type"].as_str();
        kind.with_context(|| format!("{logical} has no type"))
    }

    /// The physical id of a resource.
    fn id(&self, logical: &str) -> Result<String> {
        let resource = self.resource(logical)?;
        if let Some(id) = self.ids.get(logical) {
            return Ok(id.clone());
        }
        let named = ["Name", "LogGroupName"].map(|name| &resource["Properties"][name]);
        match named.into_iter().find(|it| !it.is_null()) {
            Some(name) => self.text(name),
            None => Ok(format!("{}-{logical}", self.name)),
        }
    }

    fn fields(&self, fields: &Map<String, Value>) -> Result<Value> {
        let resolved = fields
            .iter()
            .map(|(name, it)| Ok((name.clone(), self.value(it)?)));
        let kept = resolved.filter(|it| !matches!(it, Ok((_, Value::Null))));
        Ok(Value::Object(kept.collect::<Result<_>>()?))
    }

    fn function(&self, name: &str, argument: &Value) -> Result<Value> {
        match name {
            "Ref" => self.reference(argument.as_str().context("Ref of no name")?),
            "Fn::GetAtt" => {
                let (id, attribute) = (&argument[0], &argument[1]);
                let (id, attribute) = id.as_str().zip(attribute.as_str()).context("no names")?;
                Ok(json!(self.attribute(id, attribute)?))
            }
            "Fn::Sub" => self.substitute(argument),
            "Fn::If" => self.value(&argument[if self.holds(&argument[0])? { 1 } else { 2 }]),
            "Fn::FindInMap" => {
                let mut found = &self.template["Mappings"];
                for part in argument.as_array().context("no keys of a mapping")? {
                    let key = self.text(part)?;
                    found = found.get(&key).with_context(|| format!("no {key} there"))?;
                }
                Ok(found.clone())
            }
            "Fn::Join" => {
                let parts = self.list(&argument[1])?;
                let parts = parts
                    .iter()
                    .map(|it| self.text(it))
                    .collect::<Result<Vec<_>>>()?;
                Ok(json!(parts.join(&self.text(&argument[0])?)))
            }
            "Fn::Select" => {
                let index: usize = self.text(&argument[0])?.parse()?;
                let items = self.list(&argument[1])?;
                Ok(items.get(index).context("the list is too short")?.clone())
            }
            "Fn::Split" => {
                let (by, text) = (self.text(&argument[0])?, self.text(&argument[1])?);
                Ok(text.split(&by).collect())
            }
            other => bail!("{other} is not understood here"),
        }
    }

    fn list(&self, value: &Value) -> Result<Vec<Value>> {
        let list = self.value(value)?;
        let items = list
            .as_array()
            .with_context(|| format!("expected a list, found {list}"))?;
        Ok(items.clone())
    }

    fn reference(&self, name: &str) -> Result<Value> {
        Ok(match name {
            "AWS::NoValue" => Value::Null,
            "AWS::StackName" => json!(self.name),
            // Its last part is a UUID, which no two stacks share.
            "AWS::StackId" => {
                let stack = format!("stack/{}/{STACK_UUID}", self.name);
                json!(self.place().arn("cloudformation", &stack))
            }
            "AWS::URLSuffix" => json!(self.place().suffix()),
            "AWS::AccountId" => json!(self.account),
            "AWS::Region" => json!(self.region),
            "AWS::Partition" => json!(self.place().partition()),
            _ if self.template["Parameters"].get(name).is_some() => self.parameter(name)?,
            _ => json!(physical::reference(
                self.place(),
                self.kind(name)?,
                self.id(name)?
            )),
        })
    }

    fn parameter(&self, name: &str) -> Result<Value> {
        let parameter = &self.template["Parameters"][name];
        let default = parameter
            .get("Default")
            .map(|it| self.text(it))
            .transpose()?;
        let text = self.parameters.get(name).cloned().or(default);
        let text = text.with_context(|| format!("parameter {name} has no value"))?;
        match parameter["Type"].as_str() {
            Some("String" | "Number") => Ok(json!(text)),
            Some("CommaDelimitedList") => Ok(text.split(',').map(str::trim).collect()),
            other => bail!("parameter {name} is of type {other:?}, which is not understood here"),
        }
    }

    /// `Fn::Sub`: a text, or a text and names of its own. A dotted name is an attribute.
    fn substitute(&self, argument: &Value) -> Result<Value> {
        let text = argument.get(0).unwrap_or(argument).as_str();
        let mut rest = text.context("Fn::Sub of no text")?;
        let mut out = String::new();
        while let Some((before, after)) = rest.split_once("${") {
            let (name, after) = after.split_once('}').context("${ without }")?;
            let named = match (
                argument.get(1).and_then(|own| own.get(name)),
                name.split_once('.'),
            ) {
                (Some(own), _) => own.clone(),
                (None, Some((id, attribute))) => json!({"Fn::GetAtt": [id, attribute]}),
                (None, None) => json!({"Ref": name}),
            };
            out = out + before + &self.text(&named)?;
            rest = after;
        }
        Ok(json!(out + rest))
    }
}

/// The UUID of a stack on paper.
const STACK_UUID: &str = "5a3c1e7c-0f0b-4c52-9c5e-8f7a6b5d4c3b";

fn is_function(name: &str) -> bool {
    name == "Ref" || name.starts_with("Fn::")
}

#[cfg(test)]
mod tests;
