//! The roles of the functions, and what they allow.

use crate::needs::{Keys, Need};
use crate::{Deployed, statement::Statement};
use anyhow::{Context, Result, ensure};
use serde_json::Value;
use std::collections::BTreeMap;

/// The key that Lambda adds to every request which a function's own code makes.
pub const SOURCE_FUNCTION: &str = "lambda:SourceFunctionArn";

/// The role of each function, by the function's name in the template.
#[derive(Clone, Debug)]
pub struct Policies(BTreeMap<String, Role>);

#[derive(Clone, Debug)]
struct Role {
    function_arn: String,
    statements: Vec<Statement>,
}

impl Policies {
    /// Reads the roles of all functions of a deployed template.
    ///
    /// # Errors
    /// A role takes policies from elsewhere, or a policy says something that is not understood.
    pub fn of(deployed: &Deployed) -> Result<Policies> {
        let resources = deployed.template["Resources"].as_object();
        let resources = resources.context("the template has no resources")?.iter();
        let functions = resources.filter(|(_, it)| it["Type"] == "AWS::Serverless::Function");
        let roles = functions.map(|(name, function)| {
            let properties = &function["Properties"];
            ensure!(
                properties.get("Policies").is_none(),
                "{name} has policies beside its role"
            );
            let role = properties["Role"]["Fn::GetAtt"][0].as_str();
            let role = role.with_context(|| format!("{name} has no role of the template"))?;
            let role = Role {
                function_arn: deployed.attribute(name, "Arn")?,
                statements: statements(deployed, role)?,
            };
            Ok((name.clone(), role))
        });
        Ok(Policies(roles.collect::<Result<_>>()?))
    }

    /// Whether the function's own code may do it on every resource.
    ///
    /// # Errors
    /// What was needed and is refused.
    pub fn allows(&self, function: &str, need: &Need) -> Result<(), String> {
        let Some(role) = self.0.get(function) else {
            return Err(format!("the template has no function {function}"));
        };
        let need = need.clone().with(SOURCE_FUNCTION, &role.function_arn);
        allows(&role.statements, &need).map_err(|refused| format!("{function} {refused}"))
    }

    pub fn functions(&self) -> impl Iterator<Item = &str> {
        self.0.keys().map(String::as_str)
    }

    /// The statements of a function's role.
    pub fn statements(&self, function: &str) -> &[Statement] {
        self.0.get(function).map_or(&[], |role| &role.statements)
    }
}

/// The statements of one role of the template.
///
/// # Errors
/// The role takes policies from elsewhere, or a policy says something that is not understood.
pub fn statements(deployed: &Deployed, role: &str) -> Result<Vec<Statement>> {
    let properties = &deployed.resource(role)?["Properties"];
    ensure!(
        properties.get("ManagedPolicyArns").is_none(),
        "{role} has policies that are not in the template"
    );
    let documents = deployed.value(&properties["Policies"])?;
    let documents = documents.as_array().into_iter().flatten();
    let mut all = Vec::new();
    for document in documents {
        let written = &document["PolicyDocument"]["Statement"];
        let written = written.as_array().context("a policy without statements")?;
        for statement in written {
            let statement = Statement::read(statement);
            all.push(statement.with_context(|| format!("in a policy of {role}"))?);
        }
    }
    Ok(all)
}

/// IAM's answer: a statement that denies wins, and without one that allows the answer is no.
///
/// # Errors
/// What was needed and is refused.
pub fn allows(statements: &[Statement], need: &Need) -> Result<(), String> {
    if need.resources.is_empty() {
        return Err(format!("asks {} of nothing", need.action));
    }
    let refused = |resource: &&String| !decide(statements, &need.action, resource, &need.context);
    match need.resources.iter().find(refused) {
        None => Ok(()),
        Some(resource) => Err(format!(
            "may not {} on {resource} {:?}",
            need.action, need.context
        )),
    }
}

fn decide(statements: &[Statement], action: &str, resource: &str, context: &Keys) -> bool {
    let fitting = |it: &&Statement| it.fits(action, resource, context);
    let mut fitting = statements.iter().filter(fitting).peekable();
    fitting.peek().is_some() && fitting.all(|it| it.allows)
}

/// The trust policy of a role, or the policy of a resource, with everything in it resolved.
///
/// # Errors
/// The resource has no policy, or something in it cannot be resolved.
pub fn document(deployed: &Deployed, resource: &str) -> Result<Value> {
    let properties = &deployed.resource(resource)?["Properties"];
    let policies = ["AssumeRolePolicyDocument", "PolicyDocument"].map(|it| &properties[it]);
    let policy = policies.into_iter().find(|it| !it.is_null());
    deployed.value(policy.with_context(|| format!("{resource} has no policy"))?)
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn check(statements: &[Value], resources: &[&str]) -> bool {
        let read = statements.iter().map(Statement::read);
        let read: Vec<_> = read.collect::<Result<_>>().expect("statements");
        let resources = resources.iter().map(|it| (*it).to_owned());
        allows(&read, &Need::new("a:Do", resources)).is_ok()
    }

    #[test]
    fn a_denial_wins_and_silence_is_a_denial() {
        let allow = json!({"Effect": "Allow", "Action": "a:Do", "Resource": ["x", "y"]});
        let deny = json!({"Effect": "Deny", "Action": "a:*", "Resource": "y"});
        let other = json!({"Effect": "Allow", "Action": "a:Done", "Resource": "*"});
        let all = [allow, deny, other];
        assert!(check(&all[..1], &["x", "y"]));
        assert!(check(&all, &["x"]));
        assert!(!check(&all, &["x", "y"]), "every resource must be allowed");
        assert!(!check(&all[1..], &["x"]));
        assert!(!check(&all, &[]), "nothing is nothing that could be judged");
    }
}
