//! `ALTER TABLE` on a table that the old version uses.

use crate::altered::Table;
use crate::column::{self, Added};
use crate::problem::Finding;
use crate::rule::Rule;
use crate::state::State;
use crate::{constraint, names, reason, rename, settings};
use sqlparser::ast::{
    AlterColumnOperation, AlterTable, AlterTableOperation, Ident, ReplicaIdentity,
};

/// The refusals of an `ALTER TABLE` in an expand.
pub(crate) fn judge(alter: &AlterTable, state: &State) -> Vec<Finding> {
    if state.made(&alter.name) {
        let operations = alter.operations.iter();
        let attached = operations.filter(|it| attaches_old(it, state));
        return attached.map(|_| reason::unknown()).collect();
    }
    if alter.operations.is_empty() {
        return vec![reason::unknown()];
    }
    let table = Table::new(alter, state);
    let operations = alter.operations.iter();
    operations
        .filter_map(|operation| table.check(operation).err())
        .collect()
}

impl Table<'_> {
    /// Refuses an operation that the old version may not survive.
    #[allow(
        clippy::wildcard_enum_match_arm,
        reason = "an operation is refused unless it is known to be additive"
    )]
    fn check(&self, operation: &AlterTableOperation) -> Result<(), Finding> {
        use AlterTableOperation as Alter;
        rename::check_operation(operation, self.name)?;
        match operation {
            Alter::AddColumn { column_def, .. } => {
                column::check_added(column_def, self.name, self.state.dialect())?;
                constraint::check_column(column_def, self)
            }
            Alter::AddConstraint {
                constraint,
                not_valid,
            } => constraint::check(constraint, *not_valid, self),
            Alter::AlterColumn { column_name, op } => self.check_column(column_name, op),
            Alter::ChangeColumn { old_name: name, .. }
            | Alter::ModifyColumn { col_name: name, .. } => {
                self.check_type(name)?;
                self.check_redefined(operation)
            }
            Alter::DropColumn { column_names, .. } => self.check_dropped(column_names),
            _ if is_harmless(operation) => Ok(()),
            _ => Err(self.refusal(operation)),
        }
    }

    fn check_dropped(&self, columns: &[Ident]) -> Result<(), Finding> {
        let known = |column: &&Ident| self.added_before(column).is_none();
        let old: Vec<String> = columns.iter().filter(known).map(names::column).collect();
        if old.is_empty() {
            return Ok(());
        }
        let what = if old.len() == 1 { "column" } else { "columns" };
        Err(self.dropped(&format!("{what} {}", names::list(old.into_iter()))))
    }

    fn check_type(&self, column: &Ident) -> Result<(), Finding> {
        if self.added_before(column).is_some() {
            return Ok(());
        }
        Err(Finding::new(
            Rule::ChangeType,
            format!(
                "it changes the type or the rules of column {}, and the old version reads and writes it as it was. \
                 Add a column of the new type, let the new version write both, copy what is there, and contract the \
                 old one in a later release.",
                self.column(column)
            ),
        ))
    }

    /// Refuses what an added column is now, if rows of the old version could not have it.
    fn check_redefined(&self, operation: &AlterTableOperation) -> Result<(), Finding> {
        let Some(column) = column::redefined(operation) else {
            return Ok(());
        };
        column::check_added(&column, self.name, self.state.dialect())?;
        if Added::of(&column).filled {
            self.check_default(&column.name)?;
        }
        constraint::check_column(&column, self)
    }

    /// Refuses a default, unless no rule of the text is about the column.
    fn check_default(&self, name: &Ident) -> Result<(), Finding> {
        if !self.is_ruled(&name.value) {
            return Ok(());
        }
        let what = format!("column {}", self.column(name));
        Err(constraint::defaulted(&what))
    }

    fn check_column(&self, name: &Ident, operation: &AlterColumnOperation) -> Result<(), Finding> {
        use AlterColumnOperation as Alter;
        if column::gives_value(operation) {
            self.check_default(name)?;
        }
        if let Some(added) = self.added(name) {
            if !added.refuses() {
                return Ok(());
            }
            let empties = matches!(operation, Alter::DropDefault | Alter::SetDefault { .. });
            return Err(if empties {
                self.emptied(name)
            } else {
                self.required(name)
            });
        }
        match operation {
            Alter::SetDefault { value } if !column::is_null(value) => Ok(()),
            Alter::SetDefault { .. } | Alter::DropDefault => Err(Finding::new(
                Rule::Require,
                format!(
                    "it takes the default of column {} away, which rows of the old version may rely on. Do it when \
                     contracting.",
                    self.column(name)
                ),
            )),
            Alter::SetNotNull => Err(self.required(name)),
            Alter::DropNotNull => Err(Finding::new(
                Rule::ChangeType,
                format!(
                    "it lets column {} be NULL, which the old version never reads there and may not survive. Let the \
                     new version go on writing a value, and drop NOT NULL when contracting.",
                    self.column(name)
                ),
            )),
            Alter::SetDataType { .. } => self.check_type(name),
            Alter::AddGenerated { .. } | Alter::GenericOptions { .. } => Err(reason::unknown()),
        }
    }

    fn emptied(&self, column: &Ident) -> Finding {
        Finding::new(
            Rule::Require,
            format!(
                "it takes the default of the added column {} away, which is NOT NULL, so inserts of the old version, \
                 which does not know it, fail. Keep the default (Django: `db_default`), and drop it when contracting.",
                self.column(column)
            ),
        )
    }

    fn required(&self, column: &Ident) -> Finding {
        Finding::new(
            Rule::Require,
            format!(
                "it makes column {} NOT NULL, and the old version may still write NULL there. Set a DEFAULT and fill \
                 empty ones now, and SET NOT NULL when contracting.",
                self.column(column)
            ),
        )
    }

    /// Why an operation is refused that is none of the others.
    #[allow(
        clippy::wildcard_enum_match_arm,
        reason = "an operation is refused unless it is known to be additive"
    )]
    fn refusal(&self, operation: &AlterTableOperation) -> Finding {
        use AlterTableOperation as Alter;
        match operation {
            Alter::DropIndex { name } => self.dropped(&format!("index {}", names::column(name))),
            Alter::DropConstraint { name, .. } | Alter::DropForeignKey { name, .. } => {
                self.dropped(&format!("constraint {}", names::column(name)))
            }
            Alter::DropPrimaryKey { .. } => self.dropped("the primary key"),
            Alter::DropPartitions { .. } => self.dropped("a partition"),
            Alter::DetachPartitionOf { partition, .. } => {
                self.dropped(&format!("partition {}", names::object(partition)))
            }
            Alter::EnableRowLevelSecurity | Alter::ForceRowLevelSecurity => {
                settings::hides_rows(&names::object(self.name))
            }
            Alter::DisableTrigger { .. } | Alter::DisableRule { .. } => {
                self.dropped("what a trigger or rule does")
            }
            Alter::EnableTrigger { .. }
            | Alter::EnableAlwaysTrigger { .. }
            | Alter::EnableRule { .. }
            | Alter::EnableAlwaysRule { .. } => {
                reason::constrained("a trigger or rule", &names::object(self.name))
            }
            _ => reason::unknown(),
        }
    }

    fn dropped(&self, what: &str) -> Finding {
        reason::dropped(&format!("it drops {what} of {}", names::object(self.name)))
    }

    fn column(&self, column: &Ident) -> String {
        format!("{} of {}", names::column(column), names::object(self.name))
    }
}

/// What else is done to a table that the text has made changes nothing that is old.
fn attaches_old(operation: &AlterTableOperation, state: &State) -> bool {
    matches!(operation, AlterTableOperation::AttachPartitionOf { partition, .. } if !state.made(partition))
}

/// What changes neither columns nor rules, or says how the others are carried out.
fn is_harmless(operation: &AlterTableOperation) -> bool {
    use AlterTableOperation as Alter;
    matches!(
        operation,
        Alter::Algorithm { .. }
            | Alter::Lock { .. }
            | Alter::AutoIncrement { .. }
            | Alter::RenameConstraint { .. }
            | Alter::ReplicaIdentity {
                identity: ReplicaIdentity::Full
                    | ReplicaIdentity::Default
                    | ReplicaIdentity::Index(_),
            }
            | Alter::SetOptionsParens { .. }
            | Alter::ResetOptions { .. }
            | Alter::SetLogged
            | Alter::ValidateConstraint { .. }
            | Alter::AttachPartitionOf { .. }
            | Alter::NoForceRowLevelSecurity
    )
}
