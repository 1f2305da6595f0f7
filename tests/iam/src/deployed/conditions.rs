//! Which conditions of the template hold, and what the stack has because of them.

use super::Deployed;
use anyhow::{Context, Result, bail, ensure};
use serde_json::Value;

impl Deployed {
    /// The resources of a type that the stack has, each as it is written, by their names.
    ///
    /// # Errors
    /// A condition cannot be decided.
    pub fn made(&self, kind: &str) -> Result<Vec<(&str, &Value)>> {
        let resources = self.template["Resources"].as_object();
        let mut made = Vec::new();
        for (name, resource) in resources.context("the template has no resources")? {
            let condition = resource.get("Condition");
            let is_made = condition.map_or(Ok(true), |it| self.holds(it))?;
            if is_made && resource["Type"] == kind {
                made.push((name.as_str(), resource));
            }
        }
        Ok(made)
    }

    pub(super) fn holds(&self, name: &Value) -> Result<bool> {
        let name = name.as_str().context("a condition without a name")?;
        let condition = self.template["Conditions"].get(name);
        self.is_true(condition.with_context(|| format!("no condition {name}"))?)
    }

    fn is_true(&self, condition: &Value) -> Result<bool> {
        let (name, argument) = condition
            .as_object()
            .and_then(|it| it.iter().next())
            .with_context(|| format!("{condition} is no condition"))?;
        match name.as_str() {
            "Fn::Equals" => Ok(self.value(&argument[0])? == self.value(&argument[1])?),
            "Fn::Not" => {
                ensure!(
                    argument.as_array().is_some_and(|it| it.len() == 1),
                    "Not takes one"
                );
                Ok(!self.is_true(&argument[0])?)
            }
            "Fn::And" => Ok(self.held(argument)?.into_iter().all(|it| it)),
            "Fn::Or" => Ok(self.held(argument)?.into_iter().any(|it| it)),
            "Condition" => self.holds(argument),
            other => bail!("{other} is not understood in a condition"),
        }
    }

    /// Which of several conditions hold.
    fn held(&self, conditions: &Value) -> Result<Vec<bool>> {
        let all = conditions.as_array().context("expected conditions")?;
        all.iter().map(|it| self.is_true(it)).collect()
    }
}
