//! The labelled texts of `functions/migrations/cases.tsv`: one a row, and what is right to say of it.
//!
//! A row that is not as it should be ends the test, or a slip in the table would pass for a label.

use crate::files::read;
use anyhow::{Context, Result, bail, ensure};
use std::collections::BTreeSet;

const COLUMNS: &str = "id\tdialect\tstep\texpect\tsure\tkind\tsql";

/// What the label says of a text.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Expect {
    Pass,
    /// It breaks the version that still runs.
    Refuse,
    /// Reads or writes wait.
    Lock,
    /// It fails or undoes itself.
    Fail,
}

impl Expect {
    /// As the table has it.
    pub fn word(self) -> &'static str {
        match self {
            Expect::Pass => "pass",
            Expect::Refuse => "refuse",
            Expect::Lock => "lock",
            Expect::Fail => "fail",
        }
    }

    fn of(word: &str) -> Result<Expect> {
        let all = [Expect::Pass, Expect::Refuse, Expect::Lock, Expect::Fail];
        let mut all = all.into_iter();
        all.find(|it| it.word() == word)
            .with_context(|| format!("no judgement: {word:?}"))
    }
}

/// One labelled text.
pub struct Case {
    pub id: String,
    /// Whose SQL it is, and the step in which it would run: in the linter's own words.
    pub dialect: String,
    pub step: String,
    pub expect: Expect,
    /// `firm`, or `debatable` where one may think otherwise.
    pub sure: String,
    pub sql: String,
}

/// All cases.
pub fn cases() -> Vec<Case> {
    let table = read("functions/migrations/cases.tsv");
    let mut rows = table.lines();
    assert_eq!(rows.next(), Some(COLUMNS));
    let mut ids = BTreeSet::new();
    let read = |row: &str| {
        let case = case(row).unwrap_or_else(|error| panic!("{row}: {error}"));
        assert!(ids.insert(case.id.clone()), "{row}: this id is twice there");
        case
    };
    rows.map(read).collect()
}

fn case(row: &str) -> Result<Case> {
    let cells: Vec<&str> = row.split('\t').collect();
    let [id, dialect, step, expect, sure, _kind, sql] = cells[..] else {
        bail!("{} cells, not 7", cells.len());
    };
    ensure!(
        ["firm", "debatable"].contains(&sure),
        "how sure is {sure:?}?"
    );
    Ok(Case {
        id: id.to_owned(),
        dialect: dialect.to_owned(),
        step: step.to_owned(),
        expect: Expect::of(expect)?,
        sure: sure.to_owned(),
        sql: unescaped(sql)?,
    })
}

/// What `\n`, `\r`, `\t`, `\\` and `\ufeff` stand for.
fn unescaped(cell: &str) -> Result<String> {
    const ESCAPES: [(&str, char); 5] = [
        ("n", '\n'),
        ("r", '\r'),
        ("t", '\t'),
        ("\\", '\\'),
        ("ufeff", '\u{feff}'),
    ];
    let (mut text, mut rest) = (String::new(), cell);
    while let Some((before, after)) = rest.split_once('\\') {
        let mut escapes = ESCAPES.iter();
        let read = escapes.find_map(|(name, it)| Some((it, after.strip_prefix(name)?)));
        let (character, after) = read.with_context(|| format!("no escape: \\{after}"))?;
        text.push_str(before);
        text.push(*character);
        rest = after;
    }
    Ok(text + rest)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_row_is_read_as_it_is_written_or_not_at_all() {
        let row = "001\tsqlite\texpand\tfail\tfirm\tform\t\\ufeffa\\\\nb\\r\\n\\tc";
        let read = case(row).expect("a case");
        assert_eq!(
            (read.expect, read.sql.as_str()),
            (Expect::Fail, "\u{feff}a\\nb\r\n\tc")
        );
        for (right, wrong) in [
            ("\\t", "\\x"),
            ("\\tc", "\\"),
            ("\\ufeff", "\\u00e9"),
            ("\tfail", "\tfails"),
            ("\tfirm", "\tsure"),
            ("\tform", ""),
            ("\tform", "\tform\tform"),
        ] {
            assert!(case(&row.replacen(right, wrong, 1)).is_err(), "{wrong}");
        }
    }
}
