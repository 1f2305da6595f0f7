//! Cuts a text of PostgreSQL into its statements, as PostgreSQL's own client does: it does not ask the linter.

/// The statements, without what stands between them.
pub fn statements(sql: &str) -> Vec<&str> {
    let sql = sql.trim_start_matches('\u{feff}');
    let (mut found, mut begin, mut at) = (Vec::new(), 0, 0);
    while at < sql.len() {
        if sql[at..].starts_with(';') {
            found.push(&sql[begin..at]);
            begin = at + 1;
        }
        at += token(&sql[..at], &sql[at..]);
    }
    found.push(&sql[begin..]);
    found.retain(|statement| has_words(statement));
    found
}

/// How long what stands first in `rest` is: a string, a name, a comment, or else one character.
fn token(before: &str, rest: &str) -> usize {
    let first = rest.chars().next().map_or(1, char::len_utf8);
    if rest.starts_with("--") {
        return rest.find(['\n', '\r']).unwrap_or(rest.len());
    }
    if rest.starts_with("/*") {
        return comment(rest);
    }
    let escaped = before.ends_with(['e', 'E']) && !ends_in_word(&before[..before.len() - 1]);
    match rest.as_bytes()[0] {
        b'\'' => quoted(rest, escaped),
        b'"' => quoted(rest, false),
        b'$' if !ends_in_word(before) => dollar_quoted(rest).unwrap_or(first),
        _ => first,
    }
}

/// Comments stand in comments.
fn comment(rest: &str) -> usize {
    let (mut depth, mut at) = (0, 0);
    while at < rest.len() {
        match rest.as_bytes()[at..] {
            [b'/', b'*', ..] => (depth, at) = (depth + 1, at + 2),
            [b'*', b'/', ..] => (depth, at) = (depth - 1, at + 2),
            _ => at += 1,
        }
        if depth == 0 {
            break;
        }
    }
    at
}

/// A doubled quote ends one string and begins the next: together they are one as long.
fn quoted(rest: &str, escaped: bool) -> usize {
    let quote = rest.as_bytes()[0];
    let mut at = 1;
    while at < rest.len() && rest.as_bytes()[at] != quote {
        at += if escaped && rest.as_bytes()[at] == b'\\' {
            2
        } else {
            1
        };
    }
    (at + 1).min(rest.len())
}

fn dollar_quoted(rest: &str) -> Option<usize> {
    let tag = &rest[..=rest[1..].find('$')? + 1];
    let name = &tag[1..tag.len() - 1];
    let named = !name.starts_with(|it: char| it.is_ascii_digit()) && name.chars().all(in_word);
    named.then(|| {
        rest[tag.len()..]
            .find(tag)
            .map_or(rest.len(), |end| end + 2 * tag.len())
    })
}

fn ends_in_word(text: &str) -> bool {
    text.ends_with(in_word)
}

fn in_word(it: char) -> bool {
    it.is_alphanumeric() || it == '_'
}

/// Whether anything but spaces and comments is in it.
fn has_words(statement: &str) -> bool {
    let mut at = 0;
    while at < statement.len() {
        let rest = &statement[at..];
        if !rest.starts_with(char::is_whitespace)
            && !rest.starts_with("--")
            && !rest.starts_with("/*")
        {
            return true;
        }
        at += token(&statement[..at], rest);
    }
    false
}

#[test]
fn a_text_is_cut_where_the_client_cuts_it() {
    let text = "SELECT 'a;''b'; /* ; /* ; */ ; */ SELECT E'it\\'s;' ;; DO $x$ BEGIN; $$ END $x$; -- no; more\n";
    let found = statements(text);
    assert_eq!(found.len(), 3, "{found:?}");
    assert_eq!(found[2].trim(), "DO $x$ BEGIN; $$ END $x$");
    assert_eq!(statements("-- note\rDROP TABLE parcels;").len(), 1);
}
