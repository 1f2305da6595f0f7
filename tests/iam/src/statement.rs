//! One statement of a role's policy, and whether it is about a request.

use crate::arn::{arn_like, like};
use crate::needs::Keys;
use anyhow::{Context, Result, bail, ensure};
use serde_json::Value;

/// A statement with everything in it resolved. Its `Sid` is a name for people.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Statement {
    /// False: it denies, whatever others allow.
    pub allows: bool,
    pub actions: Vec<String>,
    pub resources: Vec<String>,
    conditions: Vec<Condition>,
}

/// Holds if any of the values does.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Condition {
    operator: Operator,
    key: String,
    values: Vec<String>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Operator {
    StringEquals,
    /// `ArnEquals` and `ArnLike`, which IAM treats alike.
    ArnLike,
    Null,
}

impl Statement {
    /// Reads a resolved statement.
    ///
    /// # Errors
    /// It uses something of IAM's language that the template does not use.
    pub fn read(statement: &Value) -> Result<Statement> {
        let fields = statement.as_object().context("a statement has fields")?;
        let known = ["Sid", "Effect", "Action", "Resource", "Condition"];
        if let Some(name) = fields.keys().find(|name| !known.contains(&name.as_str())) {
            bail!("{name} is not understood in {statement}");
        }
        let allows = match statement["Effect"].as_str() {
            Some("Allow") => true,
            Some("Deny") => false,
            other => bail!("an effect is Allow or Deny, found {other:?}"),
        };
        Ok(Statement {
            allows,
            actions: texts(&statement["Action"])?,
            resources: texts(&statement["Resource"])?,
            conditions: conditions(&statement["Condition"])?,
        })
    }

    /// Whether it is about this action on this resource under these condition keys.
    pub fn fits(&self, action: &str, resource: &str, context: &Keys) -> bool {
        // IAM compares actions without regard to case, resources with it.
        let action = action.to_ascii_lowercase();
        let mut actions = self.actions.iter().map(|it| it.to_ascii_lowercase());
        actions.any(|it| like(&it, &action))
            && self.resources.iter().any(|it| like(it, resource))
            && self.conditions.iter().all(|it| it.holds(context))
    }

    /// The keys of its conditions.
    pub fn keys(&self) -> Vec<&str> {
        self.conditions.iter().map(|it| it.key.as_str()).collect()
    }

    /// Its conditions as text, all of which have to hold: ` if OPERATOR KEY VALUE or VALUE`, one after the other.
    pub fn conditions(&self) -> String {
        self.conditions.iter().map(Condition::text).collect()
    }
}

impl Condition {
    fn text(&self) -> String {
        let (operator, values) = (self.operator, self.values.join(" or "));
        format!(" if {operator:?} {} {values}", self.key)
    }

    /// A key that the request does not carry fails every operator but `Null`.
    fn holds(&self, context: &Keys) -> bool {
        let value = context.get(&self.key);
        let mut values = self.values.iter();
        match (self.operator, value) {
            (Operator::Null, value) => values.any(|it| *it == value.is_none().to_string()),
            (_, None) => false,
            (Operator::StringEquals, Some(value)) => values.any(|it| it == value),
            (Operator::ArnLike, Some(value)) => values.any(|it| arn_like(it, value)),
        }
    }
}

fn conditions(written: &Value) -> Result<Vec<Condition>> {
    let mut conditions = Vec::new();
    for (operator, keys) in written.as_object().into_iter().flatten() {
        let operator = match operator.as_str() {
            "StringEquals" => Operator::StringEquals,
            "ArnEquals" | "ArnLike" => Operator::ArnLike,
            "Null" => Operator::Null,
            other => bail!("the condition operator {other} is not understood here"),
        };
        for (key, values) in keys.as_object().context("an operator has keys")? {
            conditions.push(Condition {
                operator,
                key: key.clone(),
                values: texts(values)?,
            });
        }
    }
    Ok(conditions)
}

/// One text or several; a policy of none would be refused by IAM.
fn texts(value: &Value) -> Result<Vec<String>> {
    let items = value
        .as_array()
        .cloned()
        .unwrap_or_else(|| vec![value.clone()]);
    ensure!(!items.is_empty(), "an empty list in a policy");
    let text = |it: &Value| match it {
        Value::String(text) => Ok(text.clone()),
        Value::Bool(truth) => Ok(truth.to_string()),
        other @ (Value::Null | Value::Number(_) | Value::Array(_) | Value::Object(_)) => {
            bail!("expected a text in a policy, found {other}")
        }
    };
    items.iter().map(text).collect()
}

#[cfg(test)]
mod tests;
