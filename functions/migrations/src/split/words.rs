//! What the words of a statement say about its semicolons: those in the body of a trigger or a routine do not end it.

use super::body::{Blocks, Body};
use crate::dialect::Dialect;

/// Words among which a `CREATE` says what it creates.
const HEAD: usize = 12;

/// What has no body, whatever its columns are called.
const BODILESS: [&str; 3] = ["TABLE", "VIEW", "INDEX"];

pub(super) struct Words {
    dialect: Dialect,
    count: usize,
    creates: bool,
    /// Whether it creates what has a body.
    has_body: bool,
    /// Whether it is a rule, whose statements stand in parentheses.
    is_rule: bool,
    blocks: Blocks,
}

impl Words {
    pub(super) fn new(dialect: Dialect) -> Words {
        Words {
            dialect,
            count: 0,
            creates: false,
            has_body: false,
            is_rule: false,
            blocks: Blocks::new(dialect),
        }
    }

    /// Whether a semicolon at this depth of parentheses belongs to the statement.
    pub(super) fn is_inside(&mut self, depth: usize) -> bool {
        self.sign(';');
        self.blocks.is_inside() || (self.is_rule && depth > 0)
    }

    pub(super) fn shape(&self) -> Body {
        self.blocks.shape()
    }

    /// A sign follows the last word, or something in quotes.
    pub(super) fn sign(&mut self, sign: char) {
        self.blocks.sign(sign);
    }

    /// A word at this depth of parentheses, in which no block begins or ends.
    pub(super) fn add(&mut self, word: &str, depth: usize) {
        let is = |name: &str| word.eq_ignore_ascii_case(name);
        self.count += 1;
        if self.count == 1 {
            self.creates = is("CREATE");
        } else if !self.has_body && BODILESS.into_iter().any(is) {
            self.creates = false;
        } else if self.creates && self.count <= HEAD && !self.has_body {
            let routine = is("FUNCTION") || is("PROCEDURE");
            self.has_body = match self.dialect {
                Dialect::Postgresql => routine,
                Dialect::Mysql => routine || is("TRIGGER") || is("EVENT"),
                Dialect::Sqlite => is("TRIGGER"),
            };
            self.is_rule |= is("RULE") && self.dialect == Dialect::Postgresql;
        }
        if self.has_body && depth == 0 {
            self.blocks.add(word);
        }
    }
}
