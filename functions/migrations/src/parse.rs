//! Reads a piece of a text statement by statement, so that one that cannot be read does not hide the others.

use crate::contract;
use crate::dialect::Dialect;
use crate::expand::Expand;
use crate::problem::Finding;
use crate::reason;
use crate::split::Body;
use crate::state::State;
use crate::step::Step;
use sqlparser::ast::Statement;
use sqlparser::keywords::Keyword;
use sqlparser::parser::{Parser, ParserError};
use sqlparser::tokenizer::{Token, TokenWithSpan, Tokenizer};
use std::ops::Range;

/// Joins that a statement may have: more than MySQL and SQLite can carry out.
const JOINS: usize = 200;

/// Characters of a parser's message that are shown.
const MESSAGE: usize = 200;

const TOO_DEEP: &str = "it is nested too deeply";

/// The statements of a piece.
pub(crate) struct Text {
    tokens: Vec<TokenWithSpan>,
    pub(crate) statements: Vec<Parsed>,
}

/// A statement, or why it cannot be read, and its place among the tokens.
pub(crate) struct Parsed {
    range: Range<usize>,
    pub(crate) statement: Result<Statement, Finding>,
}

/// Why the tokens of a piece cannot be told apart, and in which of its lines, counted from 1.
pub(crate) struct Unread {
    pub(crate) finding: Finding,
    pub(crate) line: usize,
}

impl Text {
    pub(crate) fn tokens(&self, parsed: &Parsed) -> &[TokenWithSpan] {
        self.tokens.get(parsed.range.clone()).unwrap_or_default()
    }

    /// Whether a statement is nested more deeply than any that somebody wrote.
    pub(crate) fn is_too_deep(&self) -> bool {
        let mut errors = self
            .statements
            .iter()
            .filter_map(|it| it.statement.as_ref().err());
        errors.any(|error| error.reason.contains(TOO_DEEP))
    }

    /// The same, where that is one statement for certain: it cannot be read if the parser makes several of it.
    pub(crate) fn into_one(mut self, body: Body) -> Text {
        if body == Body::Whole && self.statements.len() > 1 {
            let error = self.statements.drain(..).find_map(|it| it.statement.err());
            let error = error.unwrap_or_else(|| reason::unreadable("its body has statements"));
            self.statements.push(Parsed {
                range: 0..self.tokens.len(),
                statement: Err(error),
            });
        }
        self
    }

    pub(crate) fn all_tokens(&self) -> &[TokenWithSpan] {
        &self.tokens
    }
}

/// Reads a piece.
pub(crate) fn read(sql: &str, dialect: Dialect) -> Result<Text, Unread> {
    let mut tokenizer = Tokenizer::new(dialect.rules(), sql);
    let tokens = tokenizer.tokenize_with_location().map_err(|error| Unread {
        finding: reason::unreadable(&shortened(&error.to_string())),
        line: usize::try_from(error.location.line).map_or(1, |line| line.max(1)),
    })?;
    if let Some(finding) = too_many_joins(&tokens) {
        let statement = Parsed {
            range: 0..tokens.len(),
            statement: Err(finding),
        };
        return Ok(Text {
            tokens,
            statements: vec![statement],
        });
    }
    let mut parser = Parser::new(dialect.rules()).with_tokens_with_locations(tokens);
    let mut statements = Vec::new();
    while let Some(parsed) = next(&mut parser) {
        statements.push(parsed);
    }
    Ok(Text {
        tokens: parser.into_tokens(),
        statements,
    })
}

/// Reads a text that is one statement.
pub(crate) fn one(sql: &str, dialect: Dialect) -> Result<Statement, Finding> {
    let text = read(sql, dialect).map_err(|unread| unread.finding)?;
    let mut statements = text.statements.into_iter();
    match (statements.next(), statements.next()) {
        (Some(parsed), None) => parsed.statement,
        _ => Err(reason::unreadable("expected one statement")),
    }
}

/// What is dangerous about a statement.
pub(crate) fn judge(statement: &Statement, state: &State, step: Step) -> Vec<Finding> {
    match step {
        Step::Expand => Expand { state }.judge(statement),
        Step::Contract => contract::judge(statement, state),
    }
}

/// The parser reads a chain of joins by recursion, which its own limit does not cover.
pub(crate) fn too_many_joins(tokens: &[TokenWithSpan]) -> Option<Finding> {
    let joins = tokens.iter().filter(|token| is_join(token)).count();
    (joins > JOINS).then(|| reason::unreadable(&format!("it has more than {JOINS} joins")))
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
        statement: statement.map_err(|error| reason::unreadable(&shortened(&message(error)))),
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

/// A message may show a token of any length; the place that it names is counted from where the piece begins.
pub(crate) fn shortened(message: &str) -> String {
    let message = message.split(" at Line: ").next().unwrap_or(message);
    match message.char_indices().nth(MESSAGE) {
        Some((end, _)) => format!("{} [...]", message.get(..end).unwrap_or_default()),
        None => message.to_owned(),
    }
}

fn message(error: ParserError) -> String {
    match error {
        ParserError::TokenizerError(message) | ParserError::ParserError(message) => message,
        ParserError::RecursionLimitExceeded => TOO_DEEP.to_owned(),
    }
}
