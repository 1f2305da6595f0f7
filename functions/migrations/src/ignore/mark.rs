//! What a comment says to the linter.

use crate::problem::{Finding, plain};
use crate::rule::Rule;

/// What a line of a comment begins with that is meant for the linter.
const MARK: &str = "lint-migration";

const FORM: &str = "Write `-- lint-migration: ignore RULE[, RULE...]: REASON` in front of the statement or inside of it.";

/// Characters of a rule that is none.
const SHOWN: usize = 40;

/// Rules that a comment lets pass.
pub(super) struct Ignore {
    pub(super) rules: Vec<Rule>,
    pub(super) why: String,
}

/// Whether a text may hold the mark, however it is spelled.
pub(super) fn may_be_in(text: &str) -> bool {
    marked(text).is_some()
}

/// The orders of a comment: each begins a line, and goes on to the next one or to the comment's end.
pub(super) fn orders(comment: &str) -> Vec<Result<Ignore, Finding>> {
    let comment = comment.strip_prefix("/*").map_or_else(
        || comment.trim_start_matches(['-', '#']),
        |block| block.strip_suffix("*/").unwrap_or(block),
    );
    let mut orders: Vec<Order> = Vec::new();
    for line in comment.lines() {
        let line = line.trim_matches(|sign: char| sign.is_whitespace() || sign == '*');
        match (order(line), orders.last_mut()) {
            (Some(order), _) => orders.push(order),
            (None, Some(Order::Read(order))) => order.extend([" ", line]),
            (None, Some(Order::Misspelt) | None) => {}
        }
    }
    orders.into_iter().map(Order::parsed).collect()
}

enum Order {
    /// What stands behind the mark.
    Read(String),
    Misspelt,
}

impl Order {
    fn parsed(self) -> Result<Ignore, Finding> {
        match self {
            Order::Read(order) => parsed(order.trim()),
            Order::Misspelt => Err(bad(
                "its comment is meant for the linter, but does not begin with `lint-migration: ignore`",
                FORM,
            )),
        }
    }
}

/// The order that a line begins, if it does.
fn order(line: &str) -> Option<Order> {
    if let Some(rest) = line.strip_prefix(MARK) {
        let order = rest.trim_start().strip_prefix(':');
        return Some(Order::Read(order.unwrap_or_default().to_owned()));
    }
    let (at, rest) = marked(line)?;
    let rest = rest.trim_start().to_ascii_lowercase();
    let is_meant = rest.starts_with(':') || (at == 0 && rest.starts_with("ignore"));
    is_meant.then_some(Order::Misspelt)
}

/// Where a text has the mark, or one that was to be it, and what stands behind it.
fn marked(text: &str) -> Option<(usize, &str)> {
    let plain = text.to_ascii_lowercase().replace(['_', ' '], "-");
    let at = plain.find(MARK)?;
    Some((at, text.get(at + MARK.len()..)?))
}

fn parsed(order: &str) -> Result<Ignore, Finding> {
    let rest = order
        .strip_prefix("ignore")
        .filter(|rest| !rest.starts_with(char::is_alphanumeric));
    let rest = rest.ok_or_else(|| bad("its comment for the linter is no `ignore`", FORM))?;
    let (names, why) = rest.split_once(':').unwrap_or((rest, ""));
    if names.trim().is_empty() {
        return Err(bad("its comment names no rule", FORM));
    }
    let rules: Result<Vec<Rule>, Finding> =
        names.split(',').map(|name| rule(name.trim())).collect();
    let rules = match rules {
        Err(_) if !rest.contains(':') => {
            return Err(bad("its comment has no colon behind its rules", FORM));
        }
        rules => rules?,
    };
    if why.trim().is_empty() {
        return Err(bad("its comment says no reason", FORM));
    }
    let why = plain(why.trim());
    Ok(Ignore { rules, why })
}

fn rule(name: &str) -> Result<Rule, Finding> {
    let known = Rule::ALL.iter().filter(|rule| **rule != Rule::BadComment);
    let mut same = known.clone().filter(|rule| rule.name() == name);
    if let Some(rule) = same.next() {
        return Ok(*rule);
    }
    if name == Rule::BadComment.name() {
        return Err(bad(
            "its comment lets bad comments pass, and nothing does",
            FORM,
        ));
    }
    let name: String = name.chars().take(SHOWN).collect();
    let known: Vec<&str> = known.map(|rule| rule.name()).collect();
    let found = format!(
        "its comment lets `{name}` pass, and the rules are {}",
        known.join(", ")
    );
    Err(bad(&found, FORM))
}

pub(super) fn bad(found: &str, remedy: &str) -> Finding {
    Finding::new(Rule::BadComment, format!("{found}. {remedy}"))
}
