//! A template's intrinsic functions, resolved for one deployed stack.

use crate::aws::REGION;
use crate::stack::Values;
use anyhow::{Context, Result, bail};
use serde_json::{Value, json};
use std::collections::BTreeMap;

/// Everything that the functions of a template refer to.
#[derive(Clone)]
pub struct Resolve {
    /// The template, in the long form of its tags.
    pub template: Value,
    pub stack: String,
    pub account: String,
    /// Values of parameters; the others have their defaults.
    pub parameters: Values,
    /// From a resource's name in the template to its physical id.
    pub resources: BTreeMap<String, String>,
}

impl Resolve {
    /// The value with everything in it resolved; a condition that does not hold leaves null.
    pub fn value(&self, value: &Value) -> Result<Value> {
        if let Some(fields) = value.as_object() {
            return match fields.iter().next() {
                Some((name, argument)) if fields.len() == 1 => self.function(name, argument),
                _ => self.fields(fields),
            };
        }
        let items = value.as_array();
        items.map_or_else(
            || Ok(value.clone()),
            |items| items.iter().map(|item| self.value(item)).collect(),
        )
    }

    pub fn text(&self, value: &Value) -> Result<String> {
        let value = self.value(value)?;
        let number = value.as_number().map(ToString::to_string);
        let text = value.as_str().map(str::to_owned).or(number);
        text.with_context(|| format!("expected text, found {value}"))
    }

    fn fields(&self, fields: &serde_json::Map<String, Value>) -> Result<Value> {
        let resolved = fields
            .iter()
            .map(|(name, value)| Ok((name.clone(), self.value(value)?)));
        resolved.collect()
    }

    fn function(&self, name: &str, argument: &Value) -> Result<Value> {
        let part = |index: usize| self.value(&argument[index]);
        match name {
            "Ref" => self.reference(argument.as_str().context("Ref without a name")?),
            "Fn::GetAtt" => self.attribute(&argument[0], &argument[1]),
            "Fn::Sub" => self.substitute(argument),
            "Fn::If" => part(if self.holds(&argument[0])? { 1 } else { 2 }),
            "Fn::Join" => {
                let parts = part(1)?;
                let parts: Vec<_> = parts
                    .as_array()
                    .into_iter()
                    .flatten()
                    .filter_map(Value::as_str)
                    .collect();
                Ok(json!(parts.join(&self.text(&argument[0])?)))
            }
            "Fn::Select" => {
                let index = usize::try_from(argument[0].as_u64().context("no index")?)?;
                Ok(part(1)?[index].clone())
            }
            "Fn::Split" => {
                let (separator, text) = (self.text(&argument[0])?, self.text(&argument[1])?);
                Ok(text.split(&separator).collect())
            }
            other if other.starts_with("Fn::") => bail!("{other} is not understood here"),
            field => Ok(json!({ field: self.value(argument)? })),
        }
    }

    /// A parameter, a pseudo parameter, or a resource by its physical id.
    fn reference(&self, name: &str) -> Result<Value> {
        let pseudo = match name {
            "AWS::StackName" => Some(self.stack.as_str()),
            "AWS::AccountId" => Some(self.account.as_str()),
            "AWS::Region" => Some(REGION),
            "AWS::Partition" => Some("aws"),
            "AWS::NoValue" => return Ok(Value::Null),
            _ => None,
        };
        if let Some(value) = pseudo {
            return Ok(json!(value));
        }
        let parameter = &self.template["Parameters"][name];
        if parameter.is_null() {
            let id = self.resources.get(name);
            return Ok(json!(id.with_context(|| format!("no resource {name}"))?));
        }
        let default = || parameter["Default"].as_str().map(str::to_owned);
        let text = self.parameters.get(name).cloned().or_else(default);
        let text = text.unwrap_or_else(|| parameter["Default"].to_string());
        Ok(match parameter["Type"].as_str() {
            Some("CommaDelimitedList") => text.split(',').collect(),
            _ => json!(text),
        })
    }

    fn attribute(&self, resource: &Value, attribute: &Value) -> Result<Value> {
        let (name, attribute) = (resource.as_str().unwrap_or_default(), attribute.as_str());
        let id = self.text(&json!({ "Ref": name }))?;
        let (region, account) = (REGION, &self.account);
        Ok(json!(
            match (self.template["Resources"][name]["Type"].as_str(), attribute) {
                (Some("AWS::DynamoDB::Table"), Some("Arn")) =>
                    format!("arn:aws:dynamodb:{region}:{account}:table/{id}"),
                (Some("AWS::Serverless::Function"), Some("Arn")) =>
                    format!("arn:aws:lambda:{region}:{account}:function:{id}"),
                (Some("AWS::Logs::LogGroup"), Some("Arn")) =>
                    format!("arn:aws:logs:{region}:{account}:log-group:{id}:*"),
                (Some("AWS::SQS::Queue"), Some("Arn")) => {
                    let queue = id.rsplit('/').next().unwrap_or_default();
                    format!("arn:aws:sqs:{region}:{account}:{queue}")
                }
                (kind, attribute) => bail!("{attribute:?} of {kind:?} is not understood here"),
            }
        ))
    }

    /// `Fn::Sub`: a text, or a text and names of its own.
    fn substitute(&self, argument: &Value) -> Result<Value> {
        let own = argument.get(1);
        let mut rest = argument
            .get(0)
            .unwrap_or(argument)
            .as_str()
            .context("Fn::Sub without a text")?;
        let mut out = String::new();
        while let Some((before, after)) = rest.split_once("${") {
            let (name, after) = after.split_once('}').context("an open ${")?;
            let reference = json!({ "Ref": name });
            let value = own.and_then(|own| own.get(name)).unwrap_or(&reference);
            out = out + before + &self.text(value)?;
            rest = after;
        }
        Ok(json!(out + rest))
    }

    fn holds(&self, condition: &Value) -> Result<bool> {
        let name = condition.as_str().context("a condition without a name")?;
        self.is_true(&self.template["Conditions"][name])
    }

    fn is_true(&self, condition: &Value) -> Result<bool> {
        if let Some(equals) = condition.get("Fn::Equals") {
            return Ok(self.value(&equals[0])? == self.value(&equals[1])?);
        }
        let negated = condition
            .get("Fn::Not")
            .context("a condition that is not understood")?;
        Ok(!self.is_true(&negated[0])?)
    }
}
