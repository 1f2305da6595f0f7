//! One operation of an `ALTER TABLE` on a table that the old version uses.

use crate::problem::Refusal;
use crate::{column, reason, rename};
use sqlparser::ast::{AlterColumnOperation, AlterTableOperation, TableConstraint};

/// Refuses an operation that the old version may not survive.
#[allow(
    clippy::wildcard_enum_match_arm,
    reason = "an operation is refused unless it is known to be additive"
)]
pub(crate) fn check_operation(operation: &AlterTableOperation) -> Result<(), Refusal> {
    use AlterTableOperation as Alter;
    rename::check_operation(operation)?;
    match operation {
        Alter::AddColumn { column_def, .. } => column::check_added(column_def),
        Alter::AddConstraint { constraint, .. } => check_constraint(constraint),
        Alter::AlterColumn { column_name, op } => check_column(&column_name.value, op),
        // They only make more writes valid.
        Alter::DropConstraint { .. } | Alter::DropForeignKey { .. } => Ok(()),
        // They say how the others are carried out.
        Alter::Algorithm { .. } | Alter::Lock { .. } => Ok(()),
        Alter::ChangeColumn { old_name: name, .. } | Alter::ModifyColumn { col_name: name, .. } => {
            Err(other_type(&name.value))
        }
        Alter::DropColumn { .. } => Err(reason::dropped("it drops a column")),
        Alter::DropIndex { .. } => Err(reason::dropped("it drops an index")),
        Alter::DropPrimaryKey { .. } => Err(reason::dropped("it drops a primary key")),
        Alter::DropPartitions { .. } => Err(reason::dropped("it drops a partition")),
        _ => Err(reason::unknown()),
    }
}

fn check_constraint(constraint: &TableConstraint) -> Result<(), Refusal> {
    match constraint {
        TableConstraint::Index(_) | TableConstraint::FulltextOrSpatial(_) => Ok(()),
        TableConstraint::Unique(_)
        | TableConstraint::UniqueUsingIndex(_)
        | TableConstraint::PrimaryKey(_)
        | TableConstraint::PrimaryKeyUsingIndex(_)
        | TableConstraint::ForeignKey(_)
        | TableConstraint::Check(_)
        | TableConstraint::Exclude(_) => Err(reason::constrained("a constraint")),
    }
}

fn check_column(name: &str, operation: &AlterColumnOperation) -> Result<(), Refusal> {
    use AlterColumnOperation as Alter;
    match operation {
        Alter::DropNotNull => Ok(()),
        Alter::SetDefault { value } if !column::is_null(value) => Ok(()),
        Alter::SetDefault { .. } | Alter::DropDefault => Err(Refusal(format!(
            "it takes the default of {name} away, which rows of the old version may rely on. Do it when contracting."
        ))),
        Alter::SetNotNull => Err(Refusal(format!(
            "it makes {name} NOT NULL, and the old version may still write NULL there. Set a DEFAULT and fill empty \
             ones now, and SET NOT NULL when contracting."
        ))),
        Alter::SetDataType { .. } => Err(other_type(name)),
        Alter::AddGenerated { .. } | Alter::GenericOptions { .. } => Err(reason::unknown()),
    }
}

fn other_type(column: &str) -> Refusal {
    Refusal(format!(
        "it changes the type or the rules of the column {column}, and the old version reads and writes it as it was. \
         Add a column of the new type, let the new version write both, copy what is there, and contract the old one \
         in a later release."
    ))
}
