//! What the words of a statement say about its semicolons: those in the body of a trigger or a routine do not end it.

use crate::dialect::Dialect;

/// Words among which a `CREATE` says what it creates.
const HEAD: usize = 12;

pub(super) struct Words {
    dialect: Dialect,
    count: usize,
    creates: bool,
    /// Whether it creates what has a body.
    has_body: bool,
    /// Whether it is a rule, whose statements stand in parentheses.
    is_rule: bool,
    /// BEGINs and CASEs that have not ended.
    open: usize,
    last: Last,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Last {
    Other,
    Begin,
    End,
}

impl Words {
    pub(super) fn new(dialect: Dialect) -> Words {
        Words {
            dialect,
            count: 0,
            creates: false,
            has_body: false,
            is_rule: false,
            open: 0,
            last: Last::Other,
        }
    }

    /// Whether a semicolon at this depth of parentheses belongs to the statement.
    pub(super) fn is_inside(&mut self, depth: usize) -> bool {
        self.sign();
        self.open > 0 || (self.is_rule && depth > 0)
    }

    /// A sign follows the last word.
    pub(super) fn sign(&mut self) {
        if self.last == Last::Begin && self.dialect == Dialect::Postgresql {
            self.open = self.open.saturating_sub(1);
        }
        self.last = Last::Other;
    }

    pub(super) fn add(&mut self, word: &str) {
        let is = |name: &str| word.eq_ignore_ascii_case(name);
        self.count += 1;
        if self.count == 1 {
            self.creates = is("CREATE");
        } else if self.creates && self.count <= HEAD && !self.has_body {
            let routine = is("FUNCTION") || is("PROCEDURE");
            self.has_body = match self.dialect {
                Dialect::Postgresql => routine,
                Dialect::Mysql => routine || is("TRIGGER") || is("EVENT"),
                Dialect::Sqlite => is("TRIGGER"),
            };
            self.is_rule |= is("RULE") && self.dialect == Dialect::Postgresql;
        }
        if self.has_body {
            self.body(word);
        }
    }

    /// PostgreSQL's bodies outside of quotes begin with BEGIN ATOMIC.
    fn body(&mut self, word: &str) {
        let is = |name: &str| word.eq_ignore_ascii_case(name);
        let last = std::mem::replace(&mut self.last, Last::Other);
        if last == Last::Begin && self.dialect == Dialect::Postgresql && !is("ATOMIC") {
            self.open = self.open.saturating_sub(1);
        }
        if last == Last::End && ["IF", "LOOP", "WHILE", "REPEAT"].into_iter().any(is) {
            // It ends something that was not counted.
            self.open += 1;
        } else if is("BEGIN") {
            self.open += 1;
            self.last = Last::Begin;
        } else if is("CASE") && last != Last::End && self.open > 0 {
            self.open += 1;
        } else if is("END") && self.open > 0 {
            self.open -= 1;
            self.last = Last::End;
        }
    }
}
