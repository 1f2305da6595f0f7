//! Comments that let findings pass: `lint-migration: ignore RULE[, RULE...]: REASON`.

use crate::dialect::Dialect;
use crate::problem::{Finding, Place, Problem};
use crate::report::Report;
use crate::rule::Rule;
use crate::split::comments;

/// What a comment begins with that is meant for the linter.
const MARK: &str = "lint-migration";

const FORM: &str = "Write `-- lint-migration: ignore RULE[, RULE...]: REASON` in front of the statement or inside of it.";

/// Rules that a comment lets pass.
struct Ignore {
    rules: Vec<Rule>,
    why: String,
}

/// The comments of one statement that are meant for the linter.
#[derive(Default)]
pub(crate) struct Ignores {
    ignores: Vec<Ignore>,
    bad: Vec<Finding>,
}

impl Ignores {
    /// Those of a statement.
    pub(crate) fn of(text: &str, dialect: Dialect) -> Ignores {
        let mut ignores = Ignores::default();
        // Most texts have none.
        if !text.contains(MARK) {
            return ignores;
        }
        for comment in comments(text, dialect) {
            match read(comment) {
                None => {}
                Some(Ok(ignore)) => ignores.ignores.push(ignore),
                Some(Err(finding)) => ignores.bad.push(finding),
            }
        }
        ignores
    }

    /// Reports what was found in the statement, and what is wrong with its comments.
    pub(crate) fn report(
        self,
        found: Vec<Problem>,
        place: impl Fn() -> Place,
        report: &mut Report,
    ) {
        let unused: Vec<Finding> = self.unused(&found).collect();
        for problem in found {
            let mut ignores = self.ignores.iter();
            let ignore = ignores.find(|ignore| ignore.rules.contains(&problem.rule));
            match ignore {
                Some(ignore) => report.ignore(problem, ignore.why.clone()),
                None => report.add(problem),
            }
        }
        for finding in self.bad.iter().chain(&unused) {
            report.add(place().problem(finding));
        }
    }

    /// Rules that found nothing.
    fn unused(&self, found: &[Problem]) -> impl Iterator<Item = Finding> {
        let rules = self.ignores.iter().flat_map(|ignore| &ignore.rules);
        let unused = rules.filter(|rule| !found.iter().any(|problem| problem.rule == **rule));
        unused.map(|rule| {
            bad(
                &format!("its comment lets {rule} pass, which finds nothing here"),
                "Delete the comment.",
            )
        })
    }
}

fn bad(found: &str, remedy: &str) -> Finding {
    Finding::new(Rule::BadComment, format!("{found}. {remedy}"))
}

/// What a comment says to the linter, if it does.
fn read(comment: &str) -> Option<Result<Ignore, Finding>> {
    let text = comment.trim_start_matches(['-', '#', '/', '*']).trim();
    let text = text.strip_suffix("*/").unwrap_or(text);
    let order = text.strip_prefix(MARK)?.trim_start().strip_prefix(':');
    Some(parsed(order.unwrap_or_default().trim()))
}

fn parsed(order: &str) -> Result<Ignore, Finding> {
    let rest = order.strip_prefix("ignore ");
    let rest = rest.ok_or_else(|| bad("its comment for the linter is no `ignore`", FORM))?;
    let (rules, why) = rest.split_once(':').unwrap_or((rest, ""));
    let rules = rules.split(',').map(|rule| rule.trim().parse());
    let rules: Result<Vec<Rule>, String> = rules.collect();
    let rules = rules.map_err(|error| bad(&format!("its comment names no rule: {error}"), FORM))?;
    if rules.contains(&Rule::BadComment) {
        return Err(bad(
            "its comment lets bad comments pass, and nothing does",
            FORM,
        ));
    }
    if why.trim().is_empty() {
        return Err(bad("its comment says no reason", FORM));
    }
    let why = why.trim().replace(char::is_control, " ");
    Ok(Ignore { rules, why })
}

#[cfg(test)]
#[path = "ignore_tests.rs"]
mod tests;
