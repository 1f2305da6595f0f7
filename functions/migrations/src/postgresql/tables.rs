//! What waits while an `ALTER TABLE` runs.

use super::blocks::{blocks_all, blocks_writes};
use super::columns;
use super::names::{Table, column};
use super::tree::{has, holds, plain};
use crate::problem::Finding;
use crate::state::State;
use squawk_syntax::SyntaxKind as Kind;
use squawk_syntax::ast::{
    AddConstraint, AlterColumn, AlterColumnOption, AlterTable, AlterTableAction, AstNode,
    Constraint, CreateTable, Stmt, ValidateConstraint,
};

pub(super) fn altered(table: &AlterTable, state: &State) -> Vec<Finding> {
    let name = Table::of(table.table_relation_name());
    let Some(name) = name.filter(|name| !name.is_made(state)) else {
        return Vec::new();
    };
    let actions = table.actions();
    actions
        .filter_map(|action| judge(&action, &name, state))
        .collect()
}

#[allow(
    clippy::wildcard_enum_match_arm,
    reason = "the other operations hold their lock for a moment, however large the table is"
)]
fn judge(action: &AlterTableAction, table: &Table, state: &State) -> Option<Finding> {
    use AlterTableAction as Alter;
    match action {
        Alter::AddColumn(added) => columns::added(added, table),
        Alter::AddConstraint(added) => constrained(added, table),
        Alter::AlterColumn(altered) => altered_column(altered, table, state),
        Alter::ValidateConstraint(it) => validated(it, table, state),
        Alter::SetLogged(_)
        | Alter::SetUnlogged(_)
        | Alter::SetTablespace(_)
        | Alter::SetAccessMethod(_)
        | Alter::MergePartitions(_)
        | Alter::SplitPartition(_) => Some(blocks_all(&format!(
            "it writes {table} anew, and reads and writes wait until that is done. Make a new table so, and copy the rows \
             in batches"
        ))),
        Alter::AttachPartition(attached) => {
            let partition = Table::of(attached.table_name_ref()).filter(|it| !it.is_made(state))?;
            Some(blocks_all(&format!(
                "it checks every row of {partition} before that becomes a partition of {table}, and reads and writes of \
                 it wait. Add a CHECK of the same bounds NOT VALID and validate it before: then no row is checked"
            )))
        }
        _ => None,
    }
}

/// A constraint that every row is checked against, unless it is NOT VALID or has its index already.
fn constrained(added: &AddConstraint, table: &Table) -> Option<Finding> {
    let constraint = added.constraint()?;
    let node = constraint.syntax();
    if holds(node, Kind::NOT_VALID) || holds(node, Kind::USING_INDEX_NAME) {
        return None;
    }
    match constraint {
        Constraint::CheckConstraint(_) | Constraint::NotNullConstraint(_) => {
            Some(blocks_all(&format!(
                "it checks every row of {table}, and reads and writes wait until that is done. Add the constraint NOT VALID, \
             and VALIDATE it in another file"
            )))
        }
        Constraint::ForeignKeyConstraint(_) | Constraint::ReferencesConstraint(_) => {
            Some(blocks_writes(&format!(
                "it checks every row of {table}, and writes of both tables wait until that is done. Add the foreign key NOT \
             VALID, and VALIDATE it in another file"
            )))
        }
        Constraint::UniqueConstraint(_) | Constraint::PrimaryKeyConstraint(_) => {
            Some(blocks_all(&format!(
                "it builds an index of {table}, and reads and writes wait until it is built. Use CREATE UNIQUE INDEX \
             CONCURRENTLY, and then ADD CONSTRAINT ... USING INDEX"
            )))
        }
        Constraint::ExcludeConstraint(_) => Some(blocks_all(&format!(
            "it builds an index of {table}, and reads and writes wait until it is built. Put it on a new table"
        ))),
        Constraint::DefaultConstraint(_)
        | Constraint::GeneratedConstraint(_)
        | Constraint::NullConstraint(_) => None,
    }
}

#[allow(
    clippy::wildcard_enum_match_arm,
    reason = "the other operations change the catalogue alone"
)]
fn altered_column(altered: &AlterColumn, table: &Table, state: &State) -> Option<Finding> {
    let name = column(altered.column_name_ref());
    match altered.option()? {
        AlterColumnOption::SetNotNull(_) if !state.is_validated(&table.key(), &name) => {
            Some(blocks_all(&format!(
                "it looks for NULL in every row of {table}, and reads and writes wait until that is done. Add CHECK (`{name}` \
             IS NOT NULL) NOT VALID, VALIDATE it in another file, and then no row is looked at"
            )))
        }
        AlterColumnOption::SetType(_) if may_only_widen(altered) => Some(blocks_all(&format!(
            "it writes {table} anew for the new type of `{name}`, and reads and writes wait until that is done, \
             unless the old type is a shorter varchar: then let it pass by a comment with that reason. Otherwise add \
             a column of the new type, copy the rows in batches, and drop the old one"
        ))),
        AlterColumnOption::SetType(_) | AlterColumnOption::SetExpression(_) => {
            Some(blocks_all(&format!(
                "it writes {table} anew for the new type of `{name}`, and reads and writes wait until that is done. Add a \
             column of the new type, copy the rows in batches, and drop the old one"
            )))
        }
        _ => None,
    }
}

/// Whether the new type holds what a shorter varchar does, without a conversion that may change it.
fn may_only_widen(altered: &AlterColumn) -> bool {
    let text = plain(altered).to_lowercase();
    let (_, ty) = text.rsplit_once(" type ").unwrap_or_default();
    let wide = ["varchar", "character varying", "text"];
    wide.iter().any(|wide| ty.trim_start().starts_with(wide)) && !ty.contains("using")
}

/// A check of all rows hinders nobody, unless the transaction still holds the lock under which it was added.
fn validated(validated: &ValidateConstraint, table: &Table, state: &State) -> Option<Finding> {
    let name = column(validated.constraint_name_ref());
    state.is_unchecked(&constraint(table, &name)).then(|| {
        blocks_all(&format!(
            "it checks every row of {table}, and if one transaction both adds `{name}` and validates it, reads and writes \
             wait until that is done. Validate it in another file"
        ))
    })
}

/// By what a state knows a constraint.
pub(super) fn constraint(table: &Table, name: &str) -> String {
    format!("{} {name}", table.key())
}

/// A partition of a table that is there already.
pub(super) fn partition(table: &CreateTable, state: &State) -> Option<Finding> {
    let parent = Table::of(table.partition_of()?.table_name_ref())?;
    (!parent.is_made(state)).then(|| {
        blocks_all(&format!(
            "it locks {parent} and, if there is a default partition, checks every row of that, while reads and writes \
             wait. Create the table by itself, and ATTACH it with a CHECK of the same bounds"
        ))
    })
}

/// A rule that is added to a domain is checked in every table that uses it.
pub(super) fn domain(statement: &Stmt) -> Option<Finding> {
    let node = statement.syntax();
    let adds = holds(node, Kind::CHECK_CONSTRAINT) || holds(node, Kind::NOT_NULL_CONSTRAINT);
    let checks = adds && !holds(node, Kind::NOT_VALID) || holds(node, Kind::VALIDATE_CONSTRAINT);
    (checks || node.children().any(|it| has(&it, Kind::SET_KW) && has(&it, Kind::NOT_KW))).then(|| {
        blocks_writes(
            "it checks every table that uses the domain, and their writes wait until that is done. Add the constraint NOT \
             VALID, and VALIDATE it in another file",
        )
    })
}

/// Whether it stops neither reads nor writes, and so nothing waits behind it (SHARE UPDATE EXCLUSIVE).
#[allow(
    clippy::wildcard_enum_match_arm,
    reason = "the other operations stop writes at least"
)]
pub(super) fn is_gentle(table: &AlterTable) -> bool {
    use AlterTableAction as Alter;
    let mut actions = table.actions();
    actions.all(|action| match action {
        Alter::ValidateConstraint(_)
        | Alter::ClusterOn(_)
        | Alter::SetWithoutCluster(_)
        | Alter::SetOptions(_)
        | Alter::ResetOptions(_) => true,
        Alter::AlterColumn(altered) => matches!(
            altered.option(),
            Some(
                AlterColumnOption::SetStatistics(_)
                    | AlterColumnOption::SetOptions(_)
                    | AlterColumnOption::SetOptionsList(_)
                    | AlterColumnOption::ResetOptions(_)
            )
        ),
        Alter::DetachPartition(detached) => holds(detached.syntax(), Kind::CONCURRENTLY_KW),
        _ => false,
    })
}
