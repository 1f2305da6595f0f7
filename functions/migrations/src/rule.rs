//! The rules of the linter, by the names that messages, reports and comments use.

use std::fmt;
use std::str::FromStr;

/// What a finding means for a release.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Severity {
    /// It breaks the version that still runs, loses what it needs, undoes itself, or nobody knows: it is refused.
    Danger,
    /// Both versions fit, but reads or writes wait while it runs, longer the larger the table.
    Lock,
}

impl fmt::Display for Severity {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        f.write_str(match self {
            Severity::Danger => "danger",
            Severity::Lock => "lock",
        })
    }
}

/// What is wrong with a statement.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Rule {
    /// Something is removed that the old version may use.
    Drop,
    /// Something is renamed, or moved to where its name is another.
    Rename,
    /// A column gets another type, or other rules.
    ChangeType,
    /// A column must have a value that the old version does not write, or loses its default.
    Require,
    /// Writes of the old version may be refused by a constraint, a unique index, a trigger or a rule.
    Constrain,
    /// Rows are deleted, or a table is emptied.
    Delete,
    /// Rows are overwritten that the old version wrote.
    Overwrite,
    /// A view or a routine that the old version uses gets another content.
    Replace,
    /// Rights are taken, or a setting is changed by which others work or the rest of the text is read.
    Environment,
    /// It is not known to be additive.
    Unknown,
    /// It cannot be read.
    Unreadable,
    /// It fails or undoes itself when it runs.
    Fail,
    /// Writes wait while an index is built or a table is checked.
    BlockWrites,
    /// Reads and writes wait while a table is rewritten, checked or locked.
    BlockAll,
    /// Nothing limits how long it waits for its lock, and everything behind it waits too.
    NoLockTimeout,
    /// A comment that should let something pass, and does not say what or why.
    BadComment,
}

impl Rule {
    /// Every rule there is.
    pub const ALL: [Rule; 16] = [
        Rule::Drop,
        Rule::Rename,
        Rule::ChangeType,
        Rule::Require,
        Rule::Constrain,
        Rule::Delete,
        Rule::Overwrite,
        Rule::Replace,
        Rule::Environment,
        Rule::Unknown,
        Rule::Unreadable,
        Rule::Fail,
        Rule::BlockWrites,
        Rule::BlockAll,
        Rule::NoLockTimeout,
        Rule::BadComment,
    ];

    /// What a finding of this rule means.
    pub fn severity(self) -> Severity {
        match self {
            Rule::BlockWrites | Rule::BlockAll | Rule::NoLockTimeout => Severity::Lock,
            Rule::Drop
            | Rule::Rename
            | Rule::ChangeType
            | Rule::Require
            | Rule::Constrain
            | Rule::Delete
            | Rule::Overwrite
            | Rule::Replace
            | Rule::Environment
            | Rule::Unknown
            | Rule::Unreadable
            | Rule::Fail
            | Rule::BadComment => Severity::Danger,
        }
    }

    /// Its name, such as `change-type`.
    pub fn name(self) -> &'static str {
        match self {
            Rule::Drop => "drop",
            Rule::Rename => "rename",
            Rule::ChangeType => "change-type",
            Rule::Require => "require",
            Rule::Constrain => "constrain",
            Rule::Delete => "delete",
            Rule::Overwrite => "overwrite",
            Rule::Replace => "replace",
            Rule::Environment => "environment",
            Rule::Unknown => "unknown",
            Rule::Unreadable => "unreadable",
            Rule::Fail => "fail",
            Rule::BlockWrites => "block-writes",
            Rule::BlockAll => "block-all",
            Rule::NoLockTimeout => "no-lock-timeout",
            Rule::BadComment => "bad-comment",
        }
    }
}

impl fmt::Display for Rule {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        f.write_str(self.name())
    }
}

impl FromStr for Rule {
    type Err = String;

    fn from_str(text: &str) -> Result<Rule, String> {
        let mut rules = Rule::ALL.into_iter();
        rules.find(|rule| rule.name() == text).ok_or_else(|| {
            let names = Rule::ALL.map(Rule::name).join(", ");
            format!("expected one of {names}, found {text:?}")
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_rule_is_read_as_it_is_shown_and_nothing_else_is() {
        for rule in Rule::ALL {
            assert_eq!(rule.to_string().parse(), Ok(rule));
        }
        let error = Rule::from_str("drops").expect_err("no rule");
        assert!(error.ends_with("bad-comment, found \"drops\""), "{error}");
    }
}
