//! Names as messages show them.

use sqlparser::ast::{Ident, ObjectName, ObjectNamePart};

/// Characters of a name that are shown, and names of a list.
const SHOWN: usize = 80;
const LISTED: usize = 5;

/// `` `orders` ``
pub(crate) fn quoted(name: &str) -> String {
    let short: String = name.chars().take(SHOWN).collect();
    let rest = if short.len() < name.len() {
        "[...]"
    } else {
        ""
    };
    format!("`{short}{rest}`")
}

pub(crate) fn column(name: &Ident) -> String {
    quoted(&name.value)
}

/// With its schema where it has one: `` `shop.orders` ``.
pub(crate) fn object(name: &ObjectName) -> String {
    let parts = name.0.iter().filter_map(ObjectNamePart::as_ident);
    let parts: Vec<&str> = parts.map(|part| part.value.as_str()).collect();
    quoted(&parts.join("."))
}

/// The last part of a name, such as the table without its schema.
pub(crate) fn last(name: &ObjectName) -> &str {
    last_ident(name).map_or("", |part| part.value.as_str())
}

pub(crate) fn last_ident(name: &ObjectName) -> Option<&Ident> {
    name.0.last().and_then(ObjectNamePart::as_ident)
}

/// `` `a`, `b` and 3 more ``
pub(crate) fn list(names: impl ExactSizeIterator<Item = String>) -> String {
    let more = names.len().saturating_sub(LISTED);
    let shown = names.take(LISTED).collect::<Vec<_>>().join(", ");
    if more == 0 {
        shown
    } else {
        format!("{shown} and {more} more")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn long_names_and_long_lists_are_cut() {
        assert_eq!(quoted("note"), "`note`");
        assert_eq!(
            quoted(&"x".repeat(81)),
            format!("`{}[...]`", "x".repeat(80))
        );
        let names = |count: usize| (0..count).map(|number| number.to_string());
        assert_eq!(list(names(2)), "0, 1");
        assert_eq!(list(names(7)), "0, 1, 2, 3, 4 and 2 more");
    }
}
