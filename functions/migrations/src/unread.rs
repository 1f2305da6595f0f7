//! Statements of MySQL and SQLite that the parser cannot read. What it does not know is judged by its words or left
//! out, and the rest is read again; no text is made anew, so no string can be read in another way.

mod again;
mod alter;
mod words;

use crate::dialect::Dialect;
use crate::names;
use crate::state::State;
use crate::step::Step;
use crate::{mysql, reason, settings, sqlite};
use again::Again;
pub(crate) use again::Reread;
use sqlparser::ast::{ObjectName, Statement};
use sqlparser::tokenizer::Token;
use words::Words;

/// Reads a statement, whose tokens have no white space and no comment; none where it is not known.
pub(crate) fn judge(tokens: &[&Token], state: &State, step: Step) -> Option<Reread> {
    let words = Words(tokens);
    let again = Again { state, step };
    match state.dialect() {
        Dialect::Postgresql => None,
        Dialect::Mysql => again.mysql(words),
        Dialect::Sqlite => again.sqlite(words),
    }
}

impl Again<'_> {
    fn mysql(&self, words: Words) -> Option<Reread> {
        if words.start(&["ALTER", "TABLE"]) {
            return alter::read(self, words);
        }
        if words.start(&["CREATE", "FULLTEXT"]) || words.start(&["CREATE", "SPATIAL"]) {
            return self.special_index(words);
        }
        if words.start(&["CREATE", "TABLE"]) {
            let end = words.find(&["PARTITION", "BY"])?;
            return self.read(words.until(end));
        }
        if words.start(&["SET", "PERSIST"]) || words.start(&["SET", "PERSIST_ONLY"]) {
            let found = "it sets a variable for the whole server";
            return Some(Reread::found(vec![settings::environment(found)]));
        }
        if words.start(&["CREATE", "USER"]) {
            return Some(Reread::found(Vec::new()));
        }
        for verb in ["OPTIMIZE", "REPAIR", "CHECK"] {
            if words.start(&[verb]) {
                return self.maintain(words);
            }
        }
        self.routine_or_drop(words)
    }

    fn sqlite(&self, words: Words) -> Option<Reread> {
        if words.start(&["PRAGMA"]) {
            return pragma(words);
        }
        if words.start(&["VACUUM"]) {
            let copies = words.find(&["INTO"]).is_some();
            let findings = if copies {
                Vec::new()
            } else {
                vec![sqlite::vacuum(self.state)]
            };
            return Some(Reread::found(findings));
        }
        if words.start(&["REINDEX"]) && words.len() <= 4 {
            return Some(Reread::found(vec![sqlite::reindex()]));
        }
        if words.start(&["CREATE", "VIRTUAL", "TABLE"]) {
            let using = words.find(&["USING"])?;
            return words
                .ends_with_parentheses(using + 2)
                .then(|| Reread::found(Vec::new()));
        }
        if words.start(&["CREATE", "TRIGGER"]) || words.start(&["CREATE", "TEMP", "TRIGGER"]) {
            return self.trigger(words);
        }
        let tokens = words.without_conflict_clauses().map(words::quote_interval);
        self.read_tokens(tokens.collect())
    }

    /// `CREATE FULLTEXT INDEX`, as an index without the word.
    fn special_index(&self, words: Words) -> Option<Reread> {
        let tokens = words.0.iter().enumerate();
        let tokens = tokens.filter(|(place, _)| *place != 1);
        let mut read = self.read_tokens(tokens.map(|(_, token)| (*token).clone()).collect())?;
        let Some(Statement::CreateIndex(index)) = &read.statement else {
            return None;
        };
        if !self.state.made(&index.table_name) {
            let table = names::object(&index.table_name);
            read.findings
                .push(mysql::special(words.is(1, "FULLTEXT"), &table));
        }
        Some(read)
    }

    /// `OPTIMIZE TABLE a, b`, and others that keep a table from being written.
    fn maintain(&self, words: Words) -> Option<Reread> {
        let start = words.find(&["TABLE"]).or_else(|| words.find(&["TABLES"]))? + 1;
        let mut findings = Vec::new();
        for table in words.from(start).split() {
            let name = table.name(0)?;
            if !self.state.made(&name) {
                findings.push(mysql::rebuild(&names::object(&name)));
            }
        }
        Some(Reread::found(findings))
    }

    /// Routines, which do nothing before they are called, and what is dropped.
    fn routine_or_drop(&self, words: Words) -> Option<Reread> {
        if words.start(&["CREATE"]) && words.find(&["TRIGGER"]).is_some_and(|place| place < 9) {
            return self.trigger(words);
        }
        if words.start(&["CREATE"]) {
            let kinds = ["AGGREGATE", "DEFINER", "FUNCTION", "PROCEDURE"];
            let routine = |kind| words.find(&[kind]).is_some_and(|place| place < 9);
            let new = kinds.iter().any(|kind| words.is(1, kind))
                && !routine("EVENT")
                && (routine("PROCEDURE") || routine("FUNCTION"));
            return new.then(|| Reread::found(Vec::new()));
        }
        if words.start(&["DROP", "USER"]) {
            let found = "it drops a user, as whom the service may be connected";
            return Some(Reread::found(vec![settings::environment(found)]));
        }
        let kinds = ["EVENT", "FUNCTION", "PROCEDURE", "TRIGGER", "VIEW"];
        let kind = kinds
            .into_iter()
            .find(|kind| words.start(&["DROP", kind]))?;
        let place = if words.is(2, "IF") { 4 } else { 2 };
        let name = words.name(place)?;
        Some(Reread::found(match self.step {
            Step::Contract => Vec::new(),
            Step::Expand => vec![reason::dropped(&format!(
                "it drops {} {}",
                kind.to_lowercase(),
                names::object(&name)
            ))],
        }))
    }

    fn trigger(&self, words: Words) -> Option<Reread> {
        let table: ObjectName = words.name(words.find(&["ON"])? + 1)?;
        let harmless = self.step == Step::Contract || self.state.made(&table);
        let found = || reason::constrained("a trigger", &names::object(&table));
        Some(Reread::found((!harmless).then(found).into_iter().collect()))
    }
}

/// `PRAGMA journal_mode = WAL`
fn pragma(words: Words) -> Option<Reread> {
    let name = words.name(1)?;
    let last = words.len().checked_sub(1)?;
    let value = if words.is(last, ")") { last - 1 } else { last };
    let value = words.0.get(value)?.to_string();
    let value = value.trim_matches(['\'', '"']);
    let found = settings::check_pragma_word(names::last(&name), Some(value)).err();
    Some(Reread::found(found.into_iter().collect()))
}
