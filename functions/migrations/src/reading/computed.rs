//! MySQL's settings by which a text is read, and variables that keep them: what they are set to must stand there.

use sqlparser::ast::Set;

/// What the names of the mode, of the encoding and of the variables that dumps keep them in hold.
const WATCHED: [&str; 3] = ["SQL_MODE", "CS_CLIENT", "CHARACTER_SET_CLIENT"];

/// Whether such a setting is worked out by the server, or is a number that nobody reads.
pub(super) fn changes(set: &Set) -> bool {
    assignments(set).iter().any(|(name, value)| {
        let mut watched = WATCHED.iter();
        watched.any(|watched| name.contains(watched)) && !stands_there(value)
    })
}

/// Names and values, in capital letters.
#[allow(
    clippy::wildcard_enum_match_arm,
    reason = "the other kinds set no variable"
)]
fn assignments(set: &Set) -> Vec<(String, String)> {
    let pair = |name: String, value: String| (name.to_uppercase(), value.to_uppercase());
    match set {
        Set::SingleAssignment {
            variable, values, ..
        } => {
            let values: Vec<String> = values.iter().map(ToString::to_string).collect();
            vec![pair(variable.to_string(), values.join(", "))]
        }
        Set::MultipleAssignments { assignments } => {
            let each = assignments.iter();
            each.map(|it| pair(it.name.to_string(), it.value.to_string()))
                .collect()
        }
        _ => Vec::new(),
    }
}

/// A literal, what a variable of these holds, or the present modes with more or fewer of them.
fn stands_there(value: &str) -> bool {
    let query = value.strip_prefix("(SELECT ");
    let query = query.and_then(|it| it.strip_suffix(')'));
    let value = query.unwrap_or(value);
    if let Some((old, modes)) = arguments(value, "CONCAT(", ")") {
        let added = quoted(modes).and_then(|it| it.strip_prefix(','));
        return stands_there(old) && added.is_some_and(is_plain);
    }
    let literal = quoted(value).filter(|it| is_plain(it));
    literal.is_some() || is_plain(value) || is_variable(value, "@") || leaves_out(value)
}

/// `REPLACE(@@sql_mode, 'MODE', '')`, of the present modes alone: what is left of another text may be any mode.
fn leaves_out(value: &str) -> bool {
    let Some((old, modes)) = arguments(value, "REPLACE(", ", '')") else {
        return false;
    };
    quoted(modes).is_some_and(is_plain) && (is_variable(old, "@@") || leaves_out(old))
}

/// What stands in a call in front of its end, without its last argument, and that.
fn arguments<'a>(value: &'a str, function: &str, end: &str) -> Option<(&'a str, &'a str)> {
    let arguments = value.strip_prefix(function)?.strip_suffix(end)?;
    arguments.rsplit_once(", ")
}

fn quoted(value: &str) -> Option<&str> {
    let within = |quote: char| value.strip_prefix(quote)?.strip_suffix(quote);
    within('\'').or_else(|| within('"'))
}

/// Names with commas between them, or the number of no mode.
fn is_plain(names: &str) -> bool {
    let is_name = |name: &str| is_word(name) && !name.starts_with(|it: char| it.is_ascii_digit());
    names == "0" || names.split(',').all(|name| is_name(name.trim()))
}

fn is_variable(value: &str, mark: &str) -> bool {
    let name = value.strip_prefix(mark);
    let name = name.filter(|_| WATCHED.iter().any(|watched| value.contains(watched)));
    name.is_some_and(|it| is_word(&it.replace(['@', '.'], "")))
}

fn is_word(text: &str) -> bool {
    text.bytes()
        .all(|it| it.is_ascii_alphanumeric() || it == b'_')
}
