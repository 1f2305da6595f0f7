//! The policies of the functions' roles, and whether they allow what a call needs.

use super::{Need, Resolve};
use anyhow::{Context, Result, ensure};
use serde_json::Value;
use std::collections::BTreeMap;

/// One statement of a role's policy, with everything in it resolved.
#[derive(Clone, Debug)]
pub struct Statement {
    pub allows: bool,
    pub actions: Vec<String>,
    pub resources: Vec<String>,
    condition: Value,
}

/// The statements of each function's role, by the function's name in the template.
#[derive(Clone, Debug)]
pub struct Policies(pub BTreeMap<String, Vec<Statement>>);

impl Policies {
    /// Reads the roles of all functions of the template.
    pub fn of(resolve: &Resolve) -> Result<Policies> {
        let resources = resolve.template["Resources"].as_object();
        let resources = resources.context("no resources")?.iter();
        let functions = resources.filter(|(_, it)| it["Type"] == "AWS::Serverless::Function");
        let read = functions.map(|(name, function)| {
            let role = function["Properties"]["Role"]["Fn::GetAtt"][0].as_str();
            let role = role.with_context(|| format!("{name} has no role"))?;
            Ok((name.clone(), role_statements(resolve, role)?))
        });
        Ok(Policies(read.collect::<Result<_>>()?))
    }

    /// Whether the function's role allows it; otherwise what is missing, as a person would look for it.
    pub fn allow(&self, need: &Need) -> Result<(), String> {
        let statements = self.0.get(&need.function).map_or(&[][..], Vec::as_slice);
        let mut fitting = statements.iter().filter(|it| it.fits(need)).peekable();
        if fitting.peek().is_some() && fitting.all(|it| it.allows) {
            return Ok(());
        }
        Err(format!(
            "{} may not {} on {} {:?}",
            need.function, need.action, need.resource, need.context
        ))
    }
}

/// The statements of one role of the template, without those whose condition does not hold.
pub fn role_statements(resolve: &Resolve, role: &str) -> Result<Vec<Statement>> {
    let policies = &resolve.template["Resources"][role]["Properties"]["Policies"];
    let policies = policies.as_array().into_iter().flatten();
    let written = policies.flat_map(|it| it["PolicyDocument"]["Statement"].as_array());
    let resolved = written.flatten().map(|it| resolve.value(it));
    let kept = resolved.filter(|it| !matches!(it, Ok(Value::Null)));
    kept.map(|it| Statement::read(&it?)).collect()
}

impl Statement {
    fn read(statement: &Value) -> Result<Statement> {
        let known = ["Effect", "Action", "Resource", "Condition"];
        let fields = statement.as_object().context("a statement has fields")?;
        let strange = fields.keys().find(|name| !known.contains(&name.as_str()));
        ensure!(
            strange.is_none(),
            "{strange:?} is not understood in {statement}"
        );
        for operator in fields
            .get("Condition")
            .and_then(Value::as_object)
            .into_iter()
            .flatten()
        {
            ensure!(
                ["StringEquals", "ArnEquals", "Null"].contains(&operator.0.as_str()),
                "{operator:?}"
            );
        }
        Ok(Statement {
            allows: statement["Effect"] == "Allow",
            actions: texts(&statement["Action"]),
            resources: texts(&statement["Resource"]),
            condition: statement["Condition"].clone(),
        })
    }

    fn fits(&self, need: &Need) -> bool {
        self.actions.iter().any(|it| like(it, &need.action))
            && self.resources.iter().any(|it| like(it, &need.resource))
            && self.condition_holds(need)
    }

    fn condition_holds(&self, need: &Need) -> bool {
        let operators = self.condition.as_object().into_iter().flatten();
        let mut keys = operators.flat_map(|(operator, keys)| {
            keys.as_object()
                .into_iter()
                .flatten()
                .map(move |(key, values)| (operator, key, values))
        });
        keys.all(
            |(operator, key, values)| match (operator.as_str(), need.context.get(key)) {
                ("Null", value) => texts(values).contains(&value.is_none().to_string()),
                (_, Some(value)) => texts(values).iter().any(|it| like(it, value)),
                (_, None) => false,
            },
        )
    }
}

fn texts(value: &Value) -> Vec<String> {
    let items = value.as_array().map(|items| items.iter().flat_map(texts));
    let one = value.as_str().map(str::to_owned);
    one.into_iter().chain(items.into_iter().flatten()).collect()
}

/// Whether a text fits a pattern of IAM: `*` stands for any text, `?` for any one character.
fn like(pattern: &str, text: &str) -> bool {
    match pattern.chars().next() {
        None => text.is_empty(),
        Some('*') => (0..=text.len())
            .filter(|at| text.is_char_boundary(*at))
            .any(|at| like(&pattern[1..], &text[at..])),
        Some(first) => {
            let mut rest = text.chars();
            rest.next().is_some_and(|it| first == '?' || first == it)
                && like(&pattern[first.len_utf8()..], rest.as_str())
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_pattern_fits_as_iam_says() {
        for (pattern, text, fits) in [
            ("*", "", true),
            ("arn:a:*", "arn:a:b:c", true),
            ("task/?/*", "task/c/1", true),
            ("task/?/*", "task/cc/1", false),
            ("rule", "rule1", false),
            ("a*c", "abcb", false),
        ] {
            assert_eq!(like(pattern, text), fits, "{pattern} {text}");
        }
    }
}
