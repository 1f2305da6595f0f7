//! What several statements are refused for, and what to do instead; `found` says what the statement does.

use crate::problem::Finding;
use crate::rule::Rule;

pub(crate) fn unreadable(message: &str) -> Finding {
    let sure = if_sure(Rule::Unreadable);
    Finding::new(
        Rule::Unreadable,
        format!(
            "it cannot be read, so nobody knows what it does to the version that still runs: {message}. Correct it. \
             {sure}"
        ),
    )
}

pub(crate) fn no_statement() -> Finding {
    let reason = "no statement found: an empty migration is most likely a mistake. Write its SQL, or leave it out.";
    Finding::new(Rule::Unreadable, reason)
}

pub(crate) fn too_large(found: &str) -> Finding {
    let reason = format!("it is not judged: {found}. Split it.");
    Finding::new(Rule::Unreadable, reason)
}

/// How somebody says that he knows better: a file has comments, and a request may leave the text out.
pub(crate) fn if_sure(rule: Rule) -> String {
    format!(
        "If you are sure of it, write `-- lint-migration: ignore {rule}: REASON` in front, or leave `sql` out of the \
         request."
    )
}

pub(crate) fn dropped(found: &str) -> Finding {
    Finding::new(
        Rule::Drop,
        format!(
            "{found}, and the old version may still use it. Do it when contracting, after the old version is gone."
        ),
    )
}

pub(crate) fn removed(found: &str) -> Finding {
    Finding::new(
        Rule::Delete,
        format!(
            "{found}, which the old version may still read. Do it when contracting, after the old version is gone."
        ),
    )
}

pub(crate) fn constrained(found: &str, table: &str) -> Finding {
    Finding::new(
        Rule::Constrain,
        format!(
            "it adds {found} to {table}, which was not created before in the same text (IF NOT EXISTS may find an old \
             one), so writes of the old version may be refused. Let the new version keep the rule, and add it when \
             contracting."
        ),
    )
}

pub(crate) fn replaced(what: &str) -> Finding {
    Finding::new(
        Rule::Replace,
        format!(
            "it replaces {what}, which the old version may use. Create the new one under another name, and drop the \
             old one when contracting."
        ),
    )
}

pub(crate) fn overwritten(table: &str) -> Finding {
    Finding::new(
        Rule::Overwrite,
        format!(
            "it removes the rows of {table} it collides with, and with them what the old version wrote. Insert only \
             what is missing, or update the columns that change."
        ),
    )
}

pub(crate) fn every_row(table: &str) -> Finding {
    Finding::new(
        Rule::Overwrite,
        format!(
            "it updates every row of {table}, also those that the old version has just written. Name the rows that a \
             backfill is for in a WHERE, such as WHERE note IS NULL."
        ),
    )
}

pub(crate) fn no_contraction(rule: Rule, found: &str) -> Finding {
    Finding::new(
        rule,
        format!(
            "{found}, and that is not contracting: the new version works with what would be lost. Drop the columns \
             and tables that it does not use any more, one by one."
        ),
    )
}

/// A column of a contract that the version that runs does not know, and would have to write.
pub(crate) fn required(column: &str, table: &str) -> Finding {
    let reason = format!(
        "the added column {column} of {table} is NOT NULL without a DEFAULT: it fails where the table has rows, and the \
         version that runs, which does not know it, cannot insert any more. Add it with a release, with a DEFAULT or \
         without NOT NULL."
    );
    Finding::new(Rule::Require, reason)
}

pub(crate) fn unknown() -> Finding {
    let sure = if_sure(Rule::Unknown);
    Finding::new(
        Rule::Unknown,
        format!(
            "it cannot be judged: it is not known to be additive, so it may break the old version. Do it when \
             contracting. {sure}"
        ),
    )
}

/// The same in both steps: what runs there is hidden, or changes rows in a way that is not known.
pub(crate) fn unjudged() -> Finding {
    Finding::new(
        Rule::Unknown,
        format!(
            "it cannot be judged: what it changes is not known before it runs, or not read by the linter. Write what it \
             does as a plain statement of its own. {}",
            if_sure(Rule::Unknown)
        ),
    )
}
