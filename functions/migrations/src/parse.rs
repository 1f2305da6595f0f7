//! Reads a text statement by statement, so that one that cannot be read does not hide the others.

use crate::{Dialect, Problem};
use sqlparser::ast::Statement;
use sqlparser::keywords::Keyword;
use sqlparser::parser::{Parser, ParserError};
use sqlparser::tokenizer::{Token, TokenWithSpan, Tokenizer};
use std::ops::Range;

/// Characters of a statement that are shown.
const SHOWN: usize = 200;

/// Joins that a statement may have: more than MySQL and SQLite can carry out.
const JOINS: usize = 200;

/// A statement of a text, or why it cannot be read.
pub struct Parsed {
    line: usize,
    text: String,
    pub statement: Result<Statement, String>,
}

impl Parsed {
    pub fn problem(&self, reason: String) -> Problem {
        Problem {
            line: self.line,
            statement: self.text.clone(),
            reason,
        }
    }
}

/// The statements of a text, at least one.
pub fn parse(sql: &str, dialect: Dialect) -> Result<Vec<Parsed>, Problem> {
    let tokens = Tokenizer::new(dialect.rules(), sql)
        .tokenize_with_location()
        .map_err(|error| {
            let line = usize::try_from(error.location.line).map_or(1, |line| line.max(1));
            let text = sql.lines().nth(line - 1).unwrap_or_default();
            let reason = unreadable(&error.to_string());
            problem(line, text.trim().chars().take(SHOWN).collect(), reason)
        })?;
    limit_joins(&tokens)?;
    let mut parser = Parser::new(dialect.rules()).with_tokens_with_locations(tokens);
    let mut found = Vec::new();
    while let Some(statement) = next(&mut parser) {
        found.push(statement);
    }
    if found.is_empty() {
        let reason = "no statement found: an empty migration is most likely a mistake. Write its SQL, or leave it out.";
        return Err(problem(1, String::new(), reason.to_owned()));
    }
    let tokens = parser.into_tokens();
    Ok(found
        .into_iter()
        .map(|(range, statement)| locate(tokens.get(range).unwrap_or_default(), statement))
        .collect())
}

/// The parser reads a chain of joins by recursion, which its own limit does not cover.
fn limit_joins(tokens: &[TokenWithSpan]) -> Result<(), Problem> {
    let mut statements = tokens.split(|it| it.token == Token::SemiColon);
    let Some(statement) = statements.find(|it| it.iter().filter(is_join).count() > JOINS) else {
        return Ok(());
    };
    let reason = unreadable(&format!("it has more than {JOINS} joins"));
    Err(locate(statement, Err(String::new())).problem(reason))
}

fn is_join(it: &&TokenWithSpan) -> bool {
    matches!(&it.token, Token::Word(word) if matches!(word.keyword, Keyword::JOIN | Keyword::STRAIGHT_JOIN))
}

/// The reason of a text that cannot be read.
pub fn unreadable(message: &str) -> String {
    format!(
        "it cannot be read, so nobody knows what it does to the version that still runs: {message}. Correct it; or, \
         if your database does understand it, run it without `sql`, as a command."
    )
}

type Found = (Range<usize>, Result<Statement, String>);

fn next(parser: &mut Parser) -> Option<Found> {
    while parser.consume_token(&Token::SemiColon) {}
    if parser.peek_token_ref().token == Token::EOF {
        return None;
    }
    let start = parser.index();
    let statement = parser.parse_statement().and_then(|statement| {
        let next = parser.peek_token();
        if is_end(&next.token) {
            Ok(statement)
        } else {
            parser.expected("end of statement", next)
        }
    });
    if statement.is_err() {
        while !is_end(&parser.peek_token_ref().token) {
            parser.advance_token();
        }
    }
    Some((start..parser.index(), statement.map_err(message)))
}

fn is_end(token: &Token) -> bool {
    matches!(token, Token::SemiColon | Token::EOF)
}

fn message(error: ParserError) -> String {
    match error {
        ParserError::TokenizerError(message) | ParserError::ParserError(message) => message,
        ParserError::RecursionLimitExceeded => "it is nested too deeply".to_owned(),
    }
}

fn locate(tokens: &[TokenWithSpan], statement: Result<Statement, String>) -> Parsed {
    let first = tokens
        .iter()
        .find(|it| !matches!(it.token, Token::Whitespace(_)));
    let line = first.map_or(1, |it| it.span.start.line);
    Parsed {
        line: usize::try_from(line).unwrap_or(usize::MAX),
        text: shown(tokens),
        statement,
    }
}

/// The statement on one line, without its comments.
fn shown(tokens: &[TokenWithSpan]) -> String {
    let mut text = String::new();
    let mut kept = 0;
    for it in tokens {
        let blank = matches!(it.token, Token::Whitespace(_));
        if blank && (text.is_empty() || text.ends_with(' ')) {
            continue;
        }
        let piece = if blank {
            " ".to_owned()
        } else {
            it.token.to_string().replace(['\n', '\r'], " ")
        };
        kept += piece.chars().count();
        text.push_str(&piece);
        if kept > SHOWN {
            let head: String = text.chars().take(SHOWN).collect();
            return format!("{head} [...]");
        }
    }
    text.trim_end().to_owned()
}

/// A problem of the text rather than of one of its statements.
pub fn problem(line: usize, statement: String, reason: String) -> Problem {
    Problem {
        line,
        statement,
        reason,
    }
}
