//! Reads a text statement by statement, so that one that cannot be read does not hide the others.

use crate::dialect::Dialect;
use crate::problem::{Problem, Refusal};
use crate::reason;
use sqlparser::ast::Statement;
use sqlparser::keywords::Keyword;
use sqlparser::parser::{Parser, ParserError};
use sqlparser::tokenizer::{Token, TokenWithSpan, Tokenizer, TokenizerError};
use std::ops::Range;

/// Joins that a statement may have: more than MySQL and SQLite can carry out.
const JOINS: usize = 200;

/// The statements of a text.
pub(crate) struct Text {
    tokens: Vec<TokenWithSpan>,
    /// At least one.
    pub(crate) statements: Vec<Parsed>,
}

/// A statement, or why it cannot be read, and its place among the tokens of the text.
pub(crate) struct Parsed {
    range: Range<usize>,
    pub(crate) statement: Result<Statement, Refusal>,
}

impl Text {
    pub(crate) fn problem(&self, parsed: &Parsed, refusal: &Refusal) -> Problem {
        let tokens = self.tokens.get(parsed.range.clone());
        Problem::of_statement(tokens.unwrap_or_default(), refusal)
    }
}

/// Reads a text. Fails where its tokens cannot be told apart, or where it has no statement.
pub(crate) fn parse(sql: &str, dialect: Dialect) -> Result<Text, Problem> {
    let mut tokenizer = Tokenizer::new(dialect.rules(), sql);
    let tokens = tokenizer
        .tokenize_with_location()
        .map_err(|error| not_tokenized(sql, &error))?;
    limit_joins(&tokens)?;
    let mut parser = Parser::new(dialect.rules()).with_tokens_with_locations(tokens);
    let mut statements = Vec::new();
    while let Some(parsed) = next(&mut parser) {
        statements.push(parsed);
    }
    if statements.is_empty() {
        let empty = "no statement found: an empty migration is most likely a mistake. Write its SQL, or leave it out.";
        return Err(Problem::of_text(&Refusal::from(empty)));
    }
    Ok(Text {
        tokens: parser.into_tokens(),
        statements,
    })
}

fn not_tokenized(sql: &str, error: &TokenizerError) -> Problem {
    let line = usize::try_from(error.location.line).map_or(1, |line| line.max(1));
    let text = sql.lines().nth(line - 1).unwrap_or_default();
    Problem::of_line(line, text.trim(), &reason::unreadable(&error.to_string()))
}

/// The parser reads a chain of joins by recursion, which its own limit does not cover.
fn limit_joins(tokens: &[TokenWithSpan]) -> Result<(), Problem> {
    let joins =
        |statement: &[TokenWithSpan]| statement.iter().filter(|token| is_join(token)).count();
    let mut statements = tokens.split(|token| token.token == Token::SemiColon);
    match statements.find(|statement| joins(statement) > JOINS) {
        None => Ok(()),
        Some(statement) => {
            let refusal = reason::unreadable(&format!("it has more than {JOINS} joins"));
            Err(Problem::of_statement(statement, &refusal))
        }
    }
}

fn is_join(token: &TokenWithSpan) -> bool {
    matches!(&token.token, Token::Word(word) if matches!(word.keyword, Keyword::JOIN | Keyword::STRAIGHT_JOIN))
}

/// The next statement; none at the end of the text.
fn next(parser: &mut Parser) -> Option<Parsed> {
    while parser.consume_token(&Token::SemiColon) {}
    if parser.peek_token_ref().token == Token::EOF {
        return None;
    }
    let start = parser.index();
    let statement = whole_statement(parser);
    while statement.is_err() && !is_end(&parser.peek_token_ref().token) {
        parser.advance_token();
    }
    Some(Parsed {
        range: start..parser.index(),
        statement: statement.map_err(|error| reason::unreadable(&message(error))),
    })
}

fn whole_statement(parser: &mut Parser) -> Result<Statement, ParserError> {
    let statement = parser.parse_statement()?;
    let next = parser.peek_token();
    if is_end(&next.token) {
        Ok(statement)
    } else {
        parser.expected("end of statement", next)
    }
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
