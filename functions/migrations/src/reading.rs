//! Settings by which the database reads the text behind them otherwise than the linter does: where a string ends there,
//! a statement may begin that nobody has judged.

use crate::dialect::Dialect;
use crate::problem::Finding;
use crate::rule::Rule;
use crate::split::Piece;
use crate::{reason, settings, split};
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

/// The newest version whose comments surely run: 8.0, as MySQL counts.
const NEWEST: u64 = 80_099;

/// What in a statement PostgreSQL sets its way to read strings by.
const STRINGS: &str = "STANDARD_CONFORMING_STRINGS";

pub(crate) fn check(statement: &Statement, dialect: Dialect) -> Result<(), Finding> {
    let changes = match (statement, dialect) {
        (Statement::Set(set), Dialect::Mysql) => {
            changes_mode(set) || has_number(set) || changes_encoding(set)
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
        Dialect::Mysql => check_text(piece.text, dialect),
        Dialect::Postgresql | Dialect::Sqlite => Ok(()),
    }
}

/// A body that may hide what stands behind it.
pub(crate) fn open_body() -> Finding {
    let reason = "it is not certain where its body ends, so what stands behind that would not be judged. End it with \
                  the END of its BEGIN, and quote columns that are called `begin` or `end`.";
    Finding::new(Rule::Unreadable, reason)
}

/// Refuses what MySQL's text says beside its statement: a comment that one server runs and another does not, and a setting
/// of all transactions, whose scope the parser does not keep.
fn check_text(text: &str, dialect: Dialect) -> Result<(), Finding> {
    let comments = split::comments(text, dialect);
    if comments.iter().any(|comment| runs_somewhere(comment)) {
        let reason = "it has a comment that runs as SQL only in MariaDB, or only in versions of MySQL above 8.0. Write \
                      what it says as a statement, or leave it out.";
        return Err(Finding::new(Rule::Unreadable, reason));
    }
    let plain = comments
        .iter()
        .fold(text.to_owned(), |text, it| text.replace(it, " "));
    let mut words = plain.split_whitespace().map(str::to_uppercase);
    let starts = [words.next(), words.next(), words.next()];
    let starts = starts.map(Option::unwrap_or_default);
    if matches!(
        starts.each_ref().map(String::as_str),
        ["SET", "GLOBAL", "TRANSACTION"]
    ) {
        return Err(settings::environment("it sets how all transactions run"));
    }
    if starts[0].starts_with("--") {
        let reason =
            "MySQL reads `--` as two minus signs here, unless a space stands behind it. Write one.";
        return Err(Finding::new(Rule::Unreadable, reason));
    }
    if split::is_order(&starts[0]) {
        let reason = "it names a delimiter that the linter does not follow: it knows those of at most 8 signs, such as $$ \
                      or //. Use one of these.";
        return Err(Finding::new(Rule::Unreadable, reason));
    }
    Ok(())
}

/// Whether a comment is run by some servers alone. The first line of MariaDB's dumps is only for its client.
fn runs_somewhere(comment: &str) -> bool {
    if comment.starts_with("/*M!") {
        return !comment.contains("enable the sandbox mode");
    }
    let version = comment.strip_prefix("/*!").unwrap_or_default();
    let digits = version.bytes().take_while(u8::is_ascii_digit).count();
    let version = version.get(..digits).and_then(|it| it.parse().ok());
    version.is_some_and(|version: u64| version > NEWEST)
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
    let after = |setting: &str| {
        let (_, value) = text.split_once(setting)?;
        let value = value
            .trim_start()
            .trim_start_matches(['=', ':'])
            .trim_start();
        let value = value.strip_prefix("TO ").unwrap_or(value);
        value
            .split([',', ' '])
            .find(|it| !it.is_empty())
            .map(str::to_owned)
    };
    let settings = [
        "SET NAMES",
        "CHARACTER_SET_CLIENT",
        "CLIENT_ENCODING",
        "CHARSET",
    ];
    settings
        .iter()
        .filter_map(|setting| after(setting))
        .any(|value| is_new(&value))
}

/// Whether a mode of MySQL is given by its number, which nobody reads.
fn has_number(set: &Set) -> bool {
    let words = words(set);
    let mode = words.iter().position(|word| word == "SQL_MODE");
    let value = mode.and_then(|at| words.get(at + 1));
    value.is_some_and(|value| value.bytes().all(|it| it.is_ascii_digit()) && value != "0")
}

/// The words of a setting, in capital letters.
fn words(set: &Set) -> Vec<String> {
    words_of(&set.to_string()).collect()
}

fn words_of(text: &str) -> impl Iterator<Item = String> {
    let words = text.split(|letter: char| !(letter.is_alphanumeric() || letter == '_'));
    words.filter(|word| !word.is_empty()).map(str::to_uppercase)
}
