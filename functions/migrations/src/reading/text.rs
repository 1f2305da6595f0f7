//! What MySQL's text says beside its statements.

use crate::dialect::Dialect;
use crate::problem::Finding;
use crate::rule::Rule;
use crate::{settings, split};

/// The newest version whose comments surely run: 8.0, as MySQL counts.
const NEWEST: u64 = 80_099;

/// The first line of MariaDB's dumps, which is only for its client.
const SANDBOX: &str = "/*M!999999\\- enable the sandbox mode */";

/// Refuses comments that one server or client reads and another does not, and a setting of all transactions.
pub(crate) fn check(text: &str, dialect: Dialect) -> Result<(), Finding> {
    if dialect != Dialect::Mysql {
        return Ok(());
    }
    let mut comments = split::comments(text, dialect).into_iter();
    comments.try_for_each(check_comment)?;
    if let Some((first, after)) = split::executed(text).next() {
        check_first(first, after)?;
    }
    if split::executed(text).any(|(sign, after)| sign == "-" && begins_a_comment_for_some(after)) {
        return Err(no_comment());
    }
    if sets_all_transactions(text) {
        return Err(settings::environment("it sets how all transactions run"));
    }
    Ok(())
}

/// The parser does not keep the scope of this setting; several statements may stand between two delimiters.
fn sets_all_transactions(text: &str) -> bool {
    let mut last = [""; 3];
    split::executed(text).any(|(part, _)| {
        last = [last[1], last[2], part];
        let mut pairs = last.iter().zip(["SET", "GLOBAL", "TRANSACTION"]);
        pairs.all(|(part, word)| part.eq_ignore_ascii_case(word))
    })
}

fn check_first(first: &str, after: &str) -> Result<(), Finding> {
    if first == "-" && after.starts_with('-') {
        return Err(no_comment());
    }
    if split::is_order(first) {
        return Err(unreadable(
            "it names a delimiter that the linter does not follow: it knows those of at most 8 signs, such as $$ or \
             //. Use one of these.",
        ));
    }
    Ok(())
}

fn no_comment() -> Finding {
    unreadable(
        "MySQL reads `--` as two minus signs here, unless a space stands behind it. Write one.",
    )
}

fn check_comment(comment: &str) -> Result<(), Finding> {
    if runs_somewhere(comment) {
        return Err(unreadable(
            "it has a comment that runs as SQL only in MariaDB, or only in versions of MySQL above 8.0. Write what it \
             says as a statement, or leave it out.",
        ));
    }
    if !split::is_executed_alike(comment) {
        return Err(unreadable(
            "it has a `/*! ... */` with another comment, an open string or a semicolon in it, or a version of other than five \
             digits, so where it ends is not the same for all. Write what it says as a statement, or leave it out.",
        ));
    }
    Ok(())
}

/// Whether a comment is run by some servers alone.
fn runs_somewhere(comment: &str) -> bool {
    if comment.starts_with("/*M!") {
        return comment != SANDBOX;
    }
    let version = comment.strip_prefix("/*!").unwrap_or_default();
    let digits = version.bytes().take_while(u8::is_ascii_digit).count();
    let version = version.get(..digits).and_then(|it| it.parse().ok());
    version.is_some_and(|version: u64| version > NEWEST)
}

/// Whether a second `-` and a blank follow that begin no comment for MySQL: the parser takes any white space for one,
/// and the client does not know controls.
fn begins_a_comment_for_some(after: &str) -> bool {
    let behind = after.strip_prefix('-').and_then(|it| it.chars().next());
    behind.is_some_and(|it| (it.is_whitespace() || it.is_control()) && !split::BLANKS.contains(&it))
}

fn unreadable(reason: &str) -> Finding {
    Finding::new(Rule::Unreadable, reason)
}
