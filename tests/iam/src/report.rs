//! Sums the proof up: what was called and allowed, what is allowed and never called, and what reaches too far.

use crate::Need;
use crate::facts::Fact;
use crate::policies::Policies;
use crate::statement::Statement;
use anyhow::{Context, Result};
use std::collections::BTreeSet;
use std::fmt;

/// Why something may stand in a policy: function (empty: each of them), beginning of the action, reason.
pub type Reason = (&'static str, &'static str, &'static str);

/// What stands in the policies on purpose.
#[derive(Clone, Copy, Debug, Default)]
pub struct Reasons<'a> {
    /// For actions that no recorded call needs.
    pub unused: &'a [Reason],
    /// For actions on everything.
    pub wide: &'a [Reason],
}

/// The figures of the proof, and what each finding is.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Report {
    pub calls: usize,
    pub allowed: usize,
    /// What was refused, in words.
    pub refused: Vec<String>,
    /// Allowed actions that no call needed and no reason explains.
    pub unused: Vec<String>,
    /// Actions on `*`, or with `*` in their names, that AWS could have scoped.
    pub wide: Vec<String>,
    /// Reasons that explain nothing: their action is called by now, or is not allowed any more.
    pub stale: Vec<String>,
}

impl Report {
    /// Judges every need of each call by the role of its function.
    ///
    /// # Errors
    /// A policy allows an action that `facts` does not know.
    pub fn of(
        policies: &Policies,
        calls: &[(String, Vec<Need>)],
        reasons: &Reasons,
    ) -> Result<Report> {
        let judged = calls.iter().map(|(function, needs)| {
            let mut answers = needs.iter().map(|need| policies.allows(function, need));
            answers.find_map(Result::err)
        });
        let refused: Vec<String> = judged.flatten().collect();
        let called: BTreeSet<Grant> = calls
            .iter()
            .flat_map(|(function, needs)| {
                let grant = |need: &Need| (function.clone(), need.action.clone());
                needs.iter().map(grant)
            })
            .collect();
        let granted = granted(policies);
        let (used, idle): (Vec<_>, Vec<_>) =
            granted.into_iter().partition(|it| called.contains(it));
        let wide = wide(policies)?;
        let mut without_effect = stale(reasons.unused, &idle, &used);
        without_effect.extend(stale(reasons.wide, &wide, &[]));
        Ok(Report {
            calls: calls.len(),
            allowed: calls.len() - refused.len(),
            refused,
            unused: unexplained(reasons.unused, &idle),
            wide: unexplained(reasons.wide, &wide),
            stale: without_effect,
        })
    }

    /// Whether nothing was found.
    pub fn is_clean(&self) -> bool {
        let found = [&self.refused, &self.unused, &self.wide, &self.stale];
        found.iter().all(|it| it.is_empty())
    }
}

/// The figures in one line.
impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "iam: calls={} allowed={} unused_actions={} wildcards={}",
            self.calls,
            self.allowed,
            self.unused.len(),
            self.wide.len()
        )
    }
}

/// A function and an action.
type Grant = (String, String);

fn granted(policies: &Policies) -> BTreeSet<Grant> {
    let functions = policies.functions().flat_map(|function| {
        let statements = policies.statements(function).iter().filter(|it| it.allows);
        let actions = statements.flat_map(|it| &it.actions);
        actions.map(move |action| (function.to_owned(), action.clone()))
    });
    functions.collect()
}

/// What a statement allows on everything although AWS could narrow it.
fn wide(policies: &Policies) -> Result<Vec<Grant>> {
    let mut found = Vec::new();
    for function in policies.functions() {
        for statement in policies.statements(function) {
            for action in too_wide(statement)? {
                found.push((function.to_owned(), action));
            }
        }
    }
    Ok(found)
}

/// The actions of a statement that AWS could have narrowed: patterns of actions, and those on `*`.
///
/// # Errors
/// `facts` does not know an action.
pub fn too_wide(statement: &Statement) -> Result<Vec<String>> {
    let mut found = Vec::new();
    let everything = statement.resources.iter().any(|it| it == "*");
    for action in statement.actions.iter().filter(|_| statement.allows) {
        let wide = action.contains(['*', '?']) || {
            let fact = Fact::of(action);
            let fact =
                fact.with_context(|| format!("{action} is not in tests/iam/src/facts.rs"))?;
            everything && fact.could_narrow(&statement.keys())
        };
        found.extend(wide.then(|| action.clone()));
    }
    Ok(found)
}

fn explains((of, prefix, _): &Reason, (function, action): &Grant) -> bool {
    (of.is_empty() || of == function) && action.starts_with(prefix)
}

fn unexplained(reasons: &[Reason], found: &[Grant]) -> Vec<String> {
    let open = found
        .iter()
        .filter(|grant| !reasons.iter().any(|it| explains(it, grant)));
    open.map(|(function, action)| format!("{function} {action}"))
        .collect()
}

fn stale(reasons: &[Reason], found: &[Grant], used: &[Grant]) -> Vec<String> {
    let is_stale = |reason: &&Reason| {
        let any = |grants: &[Grant]| grants.iter().any(|it| explains(reason, it));
        !any(found) || any(used)
    };
    let stale = reasons.iter().filter(is_stale);
    stale.map(|reason| format!("{reason:?}")).collect()
}

#[cfg(test)]
mod tests;
