//! Settings by which the database reads the text behind them otherwise than the linter does: where a string ends there,
//! a statement may begin that nobody has judged.

mod computed;
mod text;

use crate::dialect::Dialect;
use crate::problem::Finding;
use crate::rule::Rule;
use crate::split::Piece;
use crate::{reason, split};
use sqlparser::ast::{Set, Statement};

/// Modes of MySQL and MariaDB in which a backslash is a letter, or `"` quotes a name.
const MODES: [&str; 9] = [
    "NO_BACKSLASH_ESCAPES",
    "ANSI_QUOTES",
    "ANSI",
    "DB2",
    "MAXDB",
    "MSSQL",
    "MYSQL323",
    "ORACLE",
    "POSTGRESQL",
];

/// Encodings in which a byte below 128 is never a part of another letter, as it is in GBK or SJIS.
const ENCODINGS: [&str; 12] = [
    "ASCII",
    "BINARY",
    "DEFAULT",
    "LATIN1",
    "SQL_ASCII",
    "UNICODE",
    "UTF",
    "UTF8",
    "UTF8MB3",
    "UTF8MB4",
    "UTF_8",
    "8",
];

/// What in a statement PostgreSQL sets its way to read strings by.
const STRINGS: &str = "STANDARD_CONFORMING_STRINGS";

pub(crate) fn check(statement: &Statement, dialect: Dialect) -> Result<(), Finding> {
    let changes = match (statement, dialect) {
        (Statement::Set(set), Dialect::Mysql) => {
            changes_mode(set) || changes_encoding(set) || computed::changes(set)
        }
        (Statement::Commit { end: true, .. }, Dialect::Mysql) => {
            return Err(reason::unreadable("MySQL knows END in a routine alone"));
        }
        (Statement::Set(set), Dialect::Postgresql) => changes_strings(set) || changes_encoding(set),
        _ => false,
    };
    if changes { Err(changed()) } else { Ok(()) }
}

/// Refuses what no parser names well: what a tool or a client reads before the database does.
pub(crate) fn check_piece(piece: &Piece, dialect: Dialect) -> Result<(), Finding> {
    let refused = |reason: &str| Err(Finding::new(Rule::Unreadable, reason));
    if let Some(name) = split::placeholder(piece.text, dialect) {
        return refused(&format!(
            "`{name}` is a placeholder, which a tool replaces before the text runs. Put its value in before \
             linting."
        ));
    }
    match dialect {
        Dialect::Postgresql if split::has_command(piece.text) => refused(
            "it has a command of psql, which no other client knows and nobody judges. Leave it out: `psql -v \
             ON_ERROR_STOP=1` sets a variable, too.",
        ),
        Dialect::Postgresql if split::continues_escapes(piece.text) => refused(
            "it has a string `E'...'` that goes on in another line, where a backslash counts too. Write it as one string.",
        ),
        Dialect::Mysql => text::check(piece.text, dialect),
        Dialect::Postgresql | Dialect::Sqlite => Ok(()),
    }
}

/// A body that may hide what stands behind it.
pub(crate) fn open_body() -> Finding {
    let reason = "it is not certain where its body ends, so what stands behind that would not be judged. End it with \
                  the END of its BEGIN, and quote columns that are called `begin` or `end`.";
    Finding::new(Rule::Unreadable, reason)
}

/// The same for PostgreSQL's function that sets a setting.
pub(crate) fn check_strings(setting: &str, value: &str) -> Result<(), Finding> {
    let strings = setting.eq_ignore_ascii_case(STRINGS) && !is_on(value);
    let encoded = setting.eq_ignore_ascii_case("client_encoding")
        && words_of(value).any(|word| !ENCODINGS.contains(&word.as_str()));
    let changes = strings || encoded;
    if changes { Err(changed()) } else { Ok(()) }
}

fn changed() -> Finding {
    let reason = "it changes how the database reads what comes after it, which the linter reads as ever. Leave it out, \
                  and write the text as the default has it.";
    Finding::new(Rule::Environment, reason)
}

fn is_on(value: &str) -> bool {
    matches!(
        value.to_uppercase().as_str(),
        "ON" | "TRUE" | "DEFAULT" | "1"
    )
}

fn changes_mode(set: &Set) -> bool {
    words(set).iter().any(|word| MODES.contains(&word.as_str()))
}

fn changes_strings(set: &Set) -> bool {
    let words = words(set);
    let stays = words.last().is_some_and(|value| is_on(value));
    words.iter().any(|word| word == STRINGS) && !stays
}

/// Whether it sets another encoding of the text; one that a variable names was set before.
fn changes_encoding(set: &Set) -> bool {
    let text = set.to_string().to_uppercase();
    let is_new = |value: &str| {
        !value.contains('@') && words_of(value).any(|it| !ENCODINGS.contains(&it.as_str()))
    };
    let given = |value: &str| {
        let value = value
            .trim_start()
            .trim_start_matches(['=', ':'])
            .trim_start();
        let value = value.strip_prefix("TO ").unwrap_or(value);
        value
            .split([',', ' '])
            .find(|it| !it.is_empty())
            .is_some_and(is_new)
    };
    let settings = [
        "SET NAMES",
        "CHARACTER_SET_CLIENT",
        "CLIENT_ENCODING",
        "CHARSET",
    ];
    let mut settings = settings.iter();
    settings.any(|setting| text.split(setting).skip(1).any(given))
}

/// The words of a setting, in capital letters.
fn words(set: &Set) -> Vec<String> {
    words_of(&set.to_string()).collect()
}

fn words_of(text: &str) -> impl Iterator<Item = String> {
    let words = text.split(|letter: char| !(letter.is_alphanumeric() || letter == '_'));
    words.filter(|word| !word.is_empty()).map(str::to_uppercase)
}
