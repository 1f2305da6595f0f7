//! What of a piece is judged at once: the whole, or one of its statements.

use crate::parse::{self, Parsed, Text};
use crate::problem::{Finding, Place, Problem};
use crate::reason;
use crate::split::Piece;
use crate::state::State;
use crate::step::Step;
use crate::unread::{self, Reread};
use sqlparser::ast::{Set, SetExpr, Statement};
use sqlparser::tokenizer::{Token, TokenWithSpan};

pub(super) struct Judged<'a> {
    piece: &'a Piece<'a>,
    /// None where its tokens cannot be told apart.
    tokens: Option<&'a [TokenWithSpan]>,
    statements: Vec<&'a Parsed>,
}

impl<'a> Judged<'a> {
    pub(super) fn of(piece: &'a Piece, text: Option<&'a Text>) -> Judged<'a> {
        let statements = text.iter().flat_map(|text| &text.statements);
        Judged {
            piece,
            tokens: text.map(Text::all_tokens),
            statements: statements.collect(),
        }
    }

    pub(super) fn one(piece: &'a Piece, text: &'a Text, parsed: &'a Parsed) -> Judged<'a> {
        Judged {
            piece,
            tokens: Some(text.tokens(parsed)),
            statements: vec![parsed],
        }
    }

    /// What the parser makes of it, if that is one statement.
    pub(super) fn known(&self) -> Option<&'a Statement> {
        match self.statements.as_slice() {
            [parsed] => parsed.statement.as_ref().ok(),
            _ => None,
        }
    }

    pub(super) fn dangers(&self, state: &State, step: Step) -> Vec<Finding> {
        if self.statements.is_empty() {
            return vec![reason::unreadable("it is no statement")];
        }
        let statements = self.statements.iter();
        statements
            .flat_map(|parsed| match &parsed.statement {
                Ok(statement) => parse::judge(statement, state, step),
                Err(unreadable) => vec![unreadable.clone()],
            })
            .collect()
    }

    /// What is known of it although the parser cannot read it.
    pub(super) fn reread(&self, state: &State, step: Step) -> Option<Reread> {
        let tokens = self.tokens?;
        if self.known().is_some() || parse::too_many_joins(tokens).is_some() {
            return None;
        }
        let tokens = tokens.iter().map(|token| &token.token);
        let tokens: Vec<&Token> = tokens
            .filter(|token| !matches!(token, Token::Whitespace(_)))
            .collect();
        unread::judge(&tokens, state, step)
    }

    pub(super) fn place(&self) -> Place {
        match self.tokens {
            Some(tokens) => Place::of_statement(tokens, self.piece.line),
            None => self.piece.place(),
        }
    }

    pub(super) fn problems(&self, findings: &[Finding]) -> Vec<Problem> {
        if findings.is_empty() {
            return Vec::new();
        }
        let place = self.place();
        findings
            .iter()
            .map(|finding| place.problem(finding))
            .collect()
    }
}

/// Whether all that is done is to write rows that the text has, which needs no lock that stops others, or to name an
/// encoding, which the other parser does not read.
pub(super) fn is_only_rows(text: &Text) -> bool {
    let mut statements = text.statements.iter();
    statements.all(|parsed| match &parsed.statement {
        Ok(Statement::Insert(insert)) => {
            let body = insert.source.as_ref().map(|query| query.body.as_ref());
            matches!(body, None | Some(SetExpr::Values(_)))
        }
        Ok(statement) => matches!(statement, Statement::Set(Set::SetNames { .. })),
        Err(_) => false,
    })
}
