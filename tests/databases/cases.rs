//! The labelled cases, as the linter's own test has them.

use anyhow::{Context, Result};
use migrations::{Dialect, Step};

/// What the label says of a text.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Expect {
    Pass,
    Refuse,
    Lock,
    Fail,
}

/// One labelled text.
pub struct Case {
    pub id: String,
    pub dialect: Dialect,
    pub step: Step,
    pub expect: Expect,
    pub sql: String,
}

/// All cases.
pub fn cases() -> Vec<Case> {
    let table = project::read("functions/migrations/cases.tsv");
    let rows = table.lines().filter(|row| !row.starts_with('#'));
    let rows = rows.skip(1);
    rows.map(|row| case(row).unwrap_or_else(|error| panic!("{row}: {error}")))
        .collect()
}

fn case(row: &str) -> Result<Case> {
    let mut cells = row.splitn(7, '\t');
    let mut cell = || cells.next().context("seven cells");
    let (id, dialect, step) = (cell()?, cell()?, cell()?);
    let expect = match cell()? {
        "pass" => Expect::Pass,
        "refuse" => Expect::Refuse,
        "lock" => Expect::Lock,
        _ => Expect::Fail,
    };
    let (_sure, _kind, sql) = (cell()?, cell()?, cell()?);
    Ok(Case {
        id: id.to_owned(),
        dialect: dialect.parse().map_err(anyhow::Error::msg)?,
        step: step.parse().map_err(anyhow::Error::msg)?,
        expect,
        sql: unescaped(sql),
    })
}

fn unescaped(cell: &str) -> String {
    let mut text = String::new();
    let mut rest = cell;
    while let Some((before, after)) = rest.split_once('\\') {
        text.push_str(before);
        let mut following = after.chars();
        let (character, used) = match following.next() {
            Some('n') => ('\n', 1),
            Some('r') => ('\r', 1),
            Some('t') => ('\t', 1),
            Some('u') => ('\u{feff}', "ufeff".len()),
            _ => ('\\', 1),
        };
        text.push(character);
        rest = &after[used.min(after.len())..];
    }
    text + rest
}
