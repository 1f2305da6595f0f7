//! Where a transaction begins and ends, and which settings change nothing that is known.

use sqlparser::ast::{CreateTable, Expr, ObjectName, Set, Statement};

/// What a statement does to the transaction.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Boundary {
    Begin,
    /// Whether the next transaction begins at once.
    Commit {
        chain: bool,
    },
    Rollback {
        chain: bool,
    },
    /// Back to a savepoint.
    RollbackTo,
}

impl Boundary {
    #[allow(
        clippy::wildcard_enum_match_arm,
        reason = "these are all that begin or end a transaction"
    )]
    pub(crate) fn of(statement: &Statement) -> Option<Boundary> {
        if let Some(is_on) = autocommit(statement) {
            return Some(if is_on {
                Boundary::Commit { chain: false }
            } else {
                Boundary::Begin
            });
        }
        match statement {
            Statement::StartTransaction { .. } => Some(Boundary::Begin),
            Statement::Commit { chain, .. } => Some(Boundary::Commit { chain: *chain }),
            Statement::Rollback {
                savepoint: Some(_), ..
            } => Some(Boundary::RollbackTo),
            Statement::Rollback { chain, .. } => Some(Boundary::Rollback { chain: *chain }),
            _ => None,
        }
    }
}

/// Whether a statement of MySQL switches autocommit on or off, if it does.
#[allow(clippy::wildcard_enum_match_arm, reason = "only SET sets a variable")]
pub(super) fn autocommit(statement: &Statement) -> Option<bool> {
    let assigned: Vec<(&ObjectName, &Expr)> = match statement {
        Statement::Set(Set::SingleAssignment {
            variable, values, ..
        }) => values
            .first()
            .map(|it| (variable, it))
            .into_iter()
            .collect(),
        Statement::Set(Set::MultipleAssignments { assignments }) => {
            let all = assignments.iter();
            all.map(|it| (&it.name, &it.value)).collect()
        }
        _ => return None,
    };
    let bare = |text: String| {
        text.to_lowercase()
            .replace(['`', '\'', '"', '(', ')', '@'], "")
    };
    let value = assigned.into_iter().rev().find_map(|(name, value)| {
        let name = bare(name.to_string());
        let last = name.rsplit('.').next() == Some("autocommit");
        last.then(|| bare(value.to_string()))
    })?;
    Some(!matches!(value.as_str(), "0" | "off" | "false"))
}

/// Whether MySQL commits what is open before it runs a statement, and after it.
pub(super) fn commits(statement: &Statement) -> bool {
    matches!(
        statement,
        Statement::CreateTable(CreateTable {
            temporary: false,
            ..
        }) | Statement::AlterTable(_)
            | Statement::CreateIndex(_)
            | Statement::CreateView(_)
            | Statement::Drop {
                temporary: false,
                ..
            }
            | Statement::RenameTable(_)
            | Statement::Truncate(_)
    )
}

/// Settings that change neither what a name means nor how a text is read.
const HARMLESS: [&str; 14] = [
    "client_encoding",
    "client_min_messages",
    "default_table_access_method",
    "default_tablespace",
    "foreign_key_checks",
    "idle_in_transaction_session_timeout",
    "lock_timeout",
    "lock_wait_timeout",
    "maintenance_work_mem",
    "statement_timeout",
    "time_zone",
    "timezone",
    "unique_checks",
    "work_mem",
];

/// Whether a setting changes nothing that is known about names.
pub(crate) fn is_harmless(setting: &str) -> bool {
    HARMLESS.contains(&setting.to_lowercase().as_str())
}
