//! The operations of an `ALTER TABLE`, on a table that the old version uses, that the other parser cannot read.

use super::added;
use super::names::{Table, column};
use super::reasons::{self, renamed};
use super::tree::{holds, plain};
use crate::constraint;
use crate::problem::Finding;
use crate::reason;
use crate::rule::Rule;
use crate::settings;
use crate::state::State;
use squawk_syntax::SyntaxKind;
use squawk_syntax::ast::{AlterColumn, AlterColumnOption, AlterTableAction, AstNode};

/// A default that is set on a column for which the text has a rule.
pub(super) fn defaulted(
    action: &AlterTableAction,
    table: &Table,
    ruled: impl Fn(&str) -> bool,
) -> Option<Finding> {
    let AlterTableAction::AlterColumn(altered) = action else {
        return None;
    };
    let name = column(altered.column_name_ref());
    let what = format!("the column `{name}` of {table}");
    let gives = matches!(
        altered.option()?,
        AlterColumnOption::SetDefault(_) | AlterColumnOption::AddGenerated(_)
    );
    (gives && ruled(&name)).then(|| constraint::defaulted(&what))
}

#[allow(
    clippy::wildcard_enum_match_arm,
    reason = "an operation is refused unless it is known to be additive"
)]
pub(super) fn in_expand(
    action: &AlterTableAction,
    table: &Table,
    state: &State,
) -> Option<Finding> {
    use AlterTableAction as Alter;
    match action {
        Alter::AddColumn(it) => added::in_expand(it, table),
        Alter::AlterColumn(altered) => judge_column(altered, table, state),
        _ if is_harmless(action) => None,
        Alter::ReplicaIdentity(identity) => {
            holds(identity.syntax(), SyntaxKind::NOTHING_KW).then(|| {
                environment(&format!(
                    "it lets updates and deletes of {table} fail where it is published"
                ))
            })
        }
        Alter::DropColumn(it) => Some(reason::dropped(&format!(
            "it drops the column `{}` of {table}",
            column(it.column_name_ref())
        ))),
        Alter::DropConstraint(_) => Some(reason::dropped(&format!(
            "it drops a constraint of {table}"
        ))),
        Alter::DetachPartition(_) | Alter::NoInheritTable(_) => {
            Some(reason::dropped(&format!("it takes rows out of {table}")))
        }
        Alter::RenameColumn(_) | Alter::TableRenameTo(_) | Alter::SetSchema(_) => {
            Some(renamed(&format!("{table} or a column of it")))
        }
        // It may let more wait until the commit, but enforces nothing more.
        Alter::AlterConstraint(_) if may_be_deferred(action) => None,
        Alter::AddConstraint(_) | Alter::AlterConstraint(_) => {
            Some(reason::constrained("a constraint", &table.to_string()))
        }
        Alter::EnableRls(_) | Alter::ForceRls(_) | Alter::DisableRls(_) | Alter::NoForceRls(_) => {
            Some(environment(&format!(
                "it changes which rows of {table} a role may see and write"
            )))
        }
        Alter::OwnerTo(_) => Some(environment(&format!("it changes who may use {table}"))),
        Alter::DisableTrigger(_) | Alter::EnableTrigger(_) | Alter::EnableAlwaysTrigger(_) => {
            let reason = format!(
                "it changes which triggers of {table} run, for writes of the old version too. Do it when contracting."
            );
            Some(Finding::new(Rule::Constrain, reason))
        }
        _ => Some(reason::unknown()),
    }
}

/// What changes neither columns nor rules.
fn is_harmless(action: &AlterTableAction) -> bool {
    use AlterTableAction as Alter;
    matches!(
        action,
        Alter::AttachPartition(_)
            | Alter::ClusterOn(_)
            | Alter::RenameConstraint(_)
            | Alter::ResetOptions(_)
            | Alter::SetAccessMethod(_)
            | Alter::SetLogged(_)
            | Alter::SetOptions(_)
            | Alter::SetTablespace(_)
            | Alter::SetWithoutCluster(_)
            | Alter::SetWithoutOids(_)
            | Alter::ValidateConstraint(_)
    )
}

/// An old table that becomes a part of a new one: what does not fit there is refused, and what happens to the new one
/// happens to it.
pub(super) fn attached(action: &AlterTableAction, state: &State) -> Option<Finding> {
    let AlterTableAction::AttachPartition(attached) = action else {
        return None;
    };
    let old = Table::of(attached.table_name_ref()).filter(|it| !it.is_made(state))?;
    let reason = format!(
        "it makes {old} a partition, so rows of the old version that do not fit its bounds are refused. Make a new table \
         the partition, or do it when contracting."
    );
    Some(Finding::new(Rule::Constrain, reason))
}

fn may_be_deferred(action: &AlterTableAction) -> bool {
    let text = plain(action).to_lowercase();
    text.contains("deferrable") && !text.contains("not deferrable") && !text.contains("enforced")
}

fn environment(found: &str) -> Finding {
    let reason =
        format!("{found}, and the old version relies on it as it is. Change it when contracting.");
    Finding::new(Rule::Environment, reason)
}

/// What an operation is no contraction for.
#[allow(
    clippy::wildcard_enum_match_arm,
    reason = "everything else may run once the old version is gone"
)]
pub(super) fn in_contract(action: &AlterTableAction, table: &Table) -> Option<Finding> {
    use AlterTableAction as Alter;
    match action {
        Alter::AddColumn(it) => added::in_contract(it, table),
        Alter::RenameColumn(_) | Alter::TableRenameTo(_) | Alter::SetSchema(_) => {
            Some(renamed(&format!("{table} or a column of it")))
        }
        Alter::EnableRls(_) | Alter::ForceRls(_) => Some(settings::hides_rows(&table.to_string())),
        Alter::OwnerTo(_) => Some(settings::changes_owner(&table.to_string())),
        _ => reasons::cascade(action.syntax()),
    }
}

#[allow(
    clippy::wildcard_enum_match_arm,
    reason = "an operation is refused unless it is known to be additive"
)]
fn judge_column(altered: &AlterColumn, table: &Table, state: &State) -> Option<Finding> {
    use AlterColumnOption as Alter;
    let name = column(altered.column_name_ref());
    let what = format!("the column `{name}` of {table}");
    let (rule, found) = match altered.option()? {
        Alter::SetStatistics(_)
        | Alter::SetOptions(_)
        | Alter::SetOptionsList(_)
        | Alter::ResetOptions(_)
        | Alter::SetStorage(_)
        | Alter::SetCompression(_) => return None,
        Alter::SetDefault(set) if set.expr().is_some_and(|it| !added::is_null(&it)) => return None,
        _ if state.added_key(&table.key(), &name) => return Some(reason::unknown()),
        Alter::DropExpression(_)
        | Alter::DropIdentity(_)
        | Alter::DropDefault(_)
        | Alter::SetDefault(_) => (
            Rule::Require,
            format!("it takes the values away that {what} gets by itself"),
        ),
        Alter::SetNotNull(_) => (Rule::Require, format!("it makes {what} NOT NULL")),
        Alter::SetType(_) => (Rule::ChangeType, format!("it changes the type of {what}")),
        _ => return Some(reason::unknown()),
    };
    let reason =
        format!("{found}, and writes of the old version may fail. Do it when contracting.");
    Some(Finding::new(rule, reason))
}
