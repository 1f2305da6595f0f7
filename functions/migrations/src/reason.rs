//! What several statements are refused for, and what to do instead; `found` says what the statement does.

use crate::problem::Refusal;

pub(crate) fn unreadable(message: &str) -> Refusal {
    Refusal(format!(
        "it cannot be read, so nobody knows what it does to the version that still runs: {message}. Correct it; or, \
         if your database does understand it, run it without `sql`, as a command."
    ))
}

pub(crate) fn dropped(found: &str) -> Refusal {
    Refusal(format!(
        "{found}, and the old version may still use it. Do it when contracting, after the old version is gone."
    ))
}

pub(crate) fn removed(found: &str) -> Refusal {
    Refusal(format!(
        "{found}, which the old version may still read. Do it when contracting, after the old version is gone."
    ))
}

pub(crate) fn constrained(found: &str) -> Refusal {
    Refusal(format!(
        "it adds {found} to a table that was not created before in the same text (IF NOT EXISTS may find an old one), \
         so writes of the old version may be refused. Let the new version keep the rule, and add it when contracting."
    ))
}

pub(crate) fn replaced() -> Refusal {
    Refusal::from(
        "it replaces what the old version may use. Create the new one under another name, and drop the old one when \
         contracting.",
    )
}

pub(crate) fn overwritten() -> Refusal {
    Refusal::from(
        "it removes the rows it collides with, and with them what the old version wrote. Insert only what is missing, \
         or update the columns that change.",
    )
}

pub(crate) fn every_row() -> Refusal {
    Refusal::from(
        "it updates every row, also those that the old version has just written. Name the rows that a backfill is for \
         in a WHERE, such as WHERE note IS NULL.",
    )
}

pub(crate) fn unknown() -> Refusal {
    Refusal::from(
        "it cannot be judged: it is not known to be additive, so it may break the old version. Do it when contracting; \
         or, if you are sure, run it without `sql`, as a command.",
    )
}
