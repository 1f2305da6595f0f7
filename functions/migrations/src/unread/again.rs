//! Reads what is left of a statement.

use super::words::Words;
use crate::parse;
use crate::problem::Finding;
use crate::state::State;
use crate::step::Step;
use sqlparser::ast::Statement;
use sqlparser::parser::Parser;
use sqlparser::tokenizer::Token;

/// What is known of a statement that was read another way.
pub(crate) struct Reread {
    pub(crate) findings: Vec<Finding>,
    /// What it does to what is known.
    pub(crate) statement: Option<Statement>,
}

impl Reread {
    pub(super) fn found(findings: Vec<Finding>) -> Reread {
        Reread {
            findings,
            statement: None,
        }
    }
}

/// Reads again, knowing what the text has done and when it runs.
pub(super) struct Again<'a> {
    pub(super) state: &'a State,
    pub(super) step: Step,
}

impl Again<'_> {
    /// Reads what is left of a statement, and judges it like any other.
    pub(super) fn read(&self, words: Words) -> Option<Reread> {
        self.read_tokens(words.0.iter().map(|token| (*token).clone()).collect())
    }

    pub(super) fn read_tokens(&self, tokens: Vec<Token>) -> Option<Reread> {
        let mut parser = Parser::new(self.state.dialect().rules()).with_tokens(tokens);
        let statement = parser.parse_statement().ok()?;
        if parser.peek_token_ref().token != Token::EOF {
            return None;
        }
        Some(Reread {
            findings: parse::judge(&statement, self.state, self.step),
            statement: Some(statement),
        })
    }
}
