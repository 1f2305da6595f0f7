//! What is said against a statement while the old version still runs, and what to do instead.

pub fn dropped(found: &str) -> String {
    format!(
        "{found}, and the old version may still use it. Do it when contracting, after the old version is gone."
    )
}

pub fn removed(found: &str) -> String {
    format!(
        "{found}, which the old version may still read. Do it when contracting, after the old version is gone."
    )
}

pub fn constrained(found: &str) -> String {
    format!(
        "it adds {found} to a table that was not created before in the same text (IF NOT EXISTS may find an old one), \
         so writes of the old version may be refused. Let the new version keep the rule, and add it when contracting."
    )
}

pub fn replaced() -> String {
    "it replaces what the old version may use. Create the new one under another name, and drop the old one when \
     contracting."
        .to_owned()
}

pub fn overwritten() -> String {
    "it removes the rows it collides with, and with them what the old version wrote. Insert only what is missing, or \
     update the columns that change."
        .to_owned()
}

pub fn everywhere() -> String {
    "it updates every row, also those that the old version has just written. Name the rows that a backfill is for in a \
     WHERE, such as WHERE note IS NULL."
        .to_owned()
}

pub fn unknown() -> String {
    "it cannot be judged: it is not known to be additive, so the old version may not bear it. Do it when contracting; \
     or, if you are sure, run it without `sql`, as a command."
        .to_owned()
}
