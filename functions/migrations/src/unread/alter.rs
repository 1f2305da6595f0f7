//! MySQL's `ALTER TABLE`, operation by operation: what the parser does not know is judged by its first words, and the
//! others are read as one statement.

use super::again::{Again, Reread};
use super::words::{Words, is_char_type};
use crate::names;
use crate::problem::Finding;
use crate::rule::Rule;
use crate::step::Step;
use crate::{mysql, reason};
use sqlparser::tokenizer::Token;

/// Table options that concern what is stored from now on, or how InnoDB stores it, which it changes beside others.
const OPTIONS: [&str; 14] = [
    "AUTOEXTEND_SIZE",
    "AUTO_INCREMENT",
    "AVG_ROW_LENGTH",
    "CHARSET",
    "COLLATE",
    "COMMENT",
    "DEFAULT",
    "FORCE",
    "KEY_BLOCK_SIZE",
    "MAX_ROWS",
    "ROW_FORMAT",
    "STATS_AUTO_RECALC",
    "STATS_PERSISTENT",
    "STATS_SAMPLE_PAGES",
];

/// Words with which no column of a list begins, but an index or a constraint.
const RULES: [&str; 9] = [
    "CHECK",
    "CONSTRAINT",
    "FOREIGN",
    "FULLTEXT",
    "INDEX",
    "KEY",
    "PRIMARY",
    "SPATIAL",
    "UNIQUE",
];

/// What one operation is.
enum Known {
    /// Nothing is found in it, and nothing is left to read.
    Harmless,
    Found(Vec<Finding>),
    /// Operations that the parser knows.
    Read(Vec<Vec<Token>>),
}

pub(super) fn read(again: &Again, words: Words) -> Option<Reread> {
    let name = words.name(2)?;
    let start = 2 + words.name_len(2);
    let table = names::object(&name);
    let made = again.state.made(&name);
    let mut findings = Vec::new();
    let mut kept: Vec<Vec<Token>> = Vec::new();
    for operation in words.from(start).split() {
        match known(operation, &table, again.step)? {
            Known::Harmless => {}
            // The rows of the other table come in, and it gets the others.
            Known::Found(_) if made && !operation.start(&["EXCHANGE"]) => {}
            Known::Found(found) => findings.extend(found),
            Known::Read(operations) => kept.extend(operations),
        }
    }
    if kept.is_empty() {
        return Some(Reread::found(findings));
    }
    let mut tokens = owned(words.until(start));
    tokens.extend(kept.join(&Token::Comma));
    let mut read = again.read_tokens(tokens)?;
    read.findings.extend(findings);
    Some(read)
}

fn owned(words: Words) -> Vec<Token> {
    words.0.iter().map(|token| (*token).clone()).collect()
}

/// What is known of an operation; none where it may be anything.
fn known(operation: Words, table: &str, step: Step) -> Option<Known> {
    if operation.start(&["ADD"]) {
        return Some(Known::Read(added(operation)));
    }
    if operation.start(&["RENAME", "INDEX"]) || operation.start(&["RENAME", "KEY"]) {
        return (operation.len() == 5).then_some(Known::Harmless);
    }
    // InnoDB has no such keys.
    if operation.start(&["DISABLE", "KEYS"]) || operation.start(&["ENABLE", "KEYS"]) {
        return (operation.len() == 2).then_some(Known::Harmless);
    }
    if operation.start(&["ALTER", "INDEX"]) {
        let visible = operation.is(3, "VISIBLE") || operation.is(3, "INVISIBLE");
        return (visible && operation.len() == 4).then_some(Known::Harmless);
    }
    for (word, read_as) in [("KEY", "INDEX"), ("CHECK", "CONSTRAINT")] {
        if operation.start(&["DROP", word]) && operation.len() == 3 {
            let mut tokens = owned(operation);
            tokens[1] = Token::make_keyword(read_as);
            return Some(Known::Read(vec![tokens]));
        }
    }
    if operation.start(&["CONVERT", "TO"]) {
        return Some(Known::Found(converted(table, step)));
    }
    if operation.start(&["ENGINE"]) {
        return engine(operation, table, step);
    }
    if let Some(found) = partitions(operation, table, step) {
        return Some(found);
    }
    if OPTIONS.iter().any(|option| operation.start(&[option])) && is_option(operation) {
        return Some(Known::Harmless);
    }
    Some(Known::Read(vec![owned(operation)]))
}

/// `COMMENT = 'what is sent'`, `DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin`, `FORCE`.
#[allow(
    clippy::wildcard_enum_match_arm,
    reason = "an option has no other signs"
)]
fn is_option(operation: Words) -> bool {
    let named = |place: usize| {
        let names = OPTIONS.iter().chain(&["CHARACTER", "SET"]);
        names.into_iter().any(|name| operation.is(place, name))
    };
    operation
        .0
        .iter()
        .enumerate()
        .all(|(place, token)| match token {
            // Another option may follow without a comma, and it must be one of these too.
            Token::Word(_) => {
                let is_value = place > 0 && (operation.is(place - 1, "=") || named(place - 1));
                named(place) || (is_value && !operation.is(place, "ENGINE"))
            }
            Token::Eq
            | Token::Number(..)
            | Token::SingleQuotedString(_)
            | Token::DoubleQuotedString(_) => true,
            _ => false,
        })
}

/// `ADD COLUMN (a INT, b INT)` as two operations, and `VARCHAR(9) BINARY` without its last word.
fn added(operation: Words) -> Vec<Vec<Token>> {
    let column = usize::from(operation.is(1, "COLUMN")) + 1;
    let body = operation.from(column);
    if !body.is(0, "(") || !body.ends_with_parentheses(0) {
        return vec![without_binary(operation)];
    }
    let inner = body.from(1).until(body.len() - 2);
    let definition = |words: &Words| {
        let rule = RULES.iter().any(|word| words.start(&[word]));
        let column = (!rule).then(|| Token::make_keyword("COLUMN"));
        let add = std::iter::once(Token::make_keyword("ADD")).chain(column);
        add.chain(without_binary(*words)).collect()
    };
    inner.split().iter().map(definition).collect()
}

/// `BINARY` after a type of characters only names the collation.
fn without_binary(words: Words) -> Vec<Token> {
    let kept = (0..words.len()).filter(|place| {
        let after_type = *place > 0 && (words.is(place - 1, ")") || is_char_type(words, place - 1));
        !(words.is(*place, "BINARY") && after_type)
    });
    kept.map(|place| words.0[place].clone()).collect()
}

fn converted(table: &str, step: Step) -> Vec<Finding> {
    let changes = Finding::new(
        Rule::ChangeType,
        format!(
            "it changes the character set of all columns of {table}, which the old version reads and writes as they \
             were. Add columns with the new one, and let the new version use them."
        ),
    );
    let waits = mysql::rebuild(table);
    match step {
        Step::Expand => vec![changes, waits],
        Step::Contract => vec![waits],
    }
}

/// InnoDB builds its own tables anew beside others; another engine is another table.
fn engine(operation: Words, table: &str, step: Step) -> Option<Known> {
    let place = usize::from(operation.is(1, "=")) + 1;
    if operation.len() != place + 1 {
        return None;
    }
    if operation.is(place, "InnoDB") {
        return Some(Known::Harmless);
    }
    let changes = Finding::new(
        Rule::ChangeType,
        format!(
            "it stores {table} by another engine, whose transactions and locks may be others than the old version \
             needs. Make a new table with the other engine."
        ),
    );
    let waits = mysql::rebuild(table);
    Some(Known::Found(match step {
        Step::Expand => vec![changes, waits],
        Step::Contract => vec![waits],
    }))
}

fn partitions(operation: Words, table: &str, step: Step) -> Option<Known> {
    let rows = format!("it empties or takes away a partition of {table}");
    let removes = operation.start(&["DROP", "PARTITION"])
        || operation.start(&["TRUNCATE", "PARTITION"])
        || operation.start(&["EXCHANGE", "PARTITION"]);
    if removes {
        let dropped = step == Step::Contract && operation.is(0, "DROP");
        return Some(match step {
            _ if dropped => Known::Harmless,
            Step::Expand => Known::Found(vec![reason::removed(&rows)]),
            Step::Contract => Known::Found(vec![reason::no_contraction(Rule::Delete, &rows)]),
        });
    }
    let copies = ["REORGANIZE", "COALESCE", "REBUILD", "OPTIMIZE", "REPAIR"]
        .iter()
        .any(|verb| operation.start(&[verb, "PARTITION"]))
        || operation.start(&["PARTITION", "BY"])
        || operation.start(&["REMOVE", "PARTITIONING"]);
    copies.then(|| Known::Found(vec![mysql::rebuild(table)]))
}
