//! Routines of MySQL that the text has made: they do nothing before they are called, and may be dropped again.

use crate::dialect::Dialect;
use crate::problem::Finding;
use crate::rule::Rule;
use crate::state::{Lifetime, State};
use sqlparser::tokenizer::{Token, TokenWithSpan};

/// Words and signs of a statement by which it is known: one more than the longest `DROP` has.
const HEAD: usize = 6;

/// Lets the text drop its own routine.
pub(super) fn excuse(tokens: &[TokenWithSpan], state: &mut State, findings: &mut Vec<Finding>) {
    let words = words(tokens);
    let words: Vec<&str> = words.iter().map(String::as_str).collect();
    let (["DROP", kind, name] | ["DROP", kind, "IF", "EXISTS", name]) = words[..] else {
        return;
    };
    if state.made_key(&key(kind, name)) {
        findings.retain(|finding| finding.rule != Rule::Drop);
        state.unmake(&key(kind, name));
    }
}

/// Knows from here on what the text has made.
pub(super) fn remember(tokens: &[TokenWithSpan], state: &mut State) {
    let words = words(tokens);
    let words: Vec<&str> = words.iter().map(String::as_str).collect();
    if let ["CREATE", kind @ ("PROCEDURE" | "FUNCTION"), name, "(", ..] = words[..]
        && state.dialect() == Dialect::Mysql
    {
        state.make(key(kind, name), Lifetime::Lasting);
    }
}

/// MySQL tells small letters from capitals in no name of a routine.
#[allow(
    clippy::wildcard_enum_match_arm,
    reason = "every other token is a sign"
)]
fn words(tokens: &[TokenWithSpan]) -> Vec<String> {
    let tokens = tokens.iter().map(|token| &token.token);
    let tokens = tokens.filter(|token| !matches!(token, Token::Whitespace(_)));
    let words = tokens.map(|token| match token {
        Token::Word(word) => word.value.to_ascii_uppercase(),
        sign => sign.to_string(),
    });
    words.take(HEAD).collect()
}

/// No table has such a name.
fn key(kind: &str, name: &str) -> String {
    format!("{kind} {name}()")
}
