//! One operation of an `ALTER TABLE` on a table that the old version uses.

use crate::{column, reason, rename};
use sqlparser::ast::{AlterColumnOperation, AlterTableOperation, TableConstraint};

/// The reason against an operation before the old version is gone, if there is one.
#[allow(
    clippy::wildcard_enum_match_arm,
    reason = "an operation is refused unless it is known to be additive"
)]
pub fn judge(operation: &AlterTableOperation) -> Option<String> {
    use AlterTableOperation as Alter;
    if let Some(reason) = rename::of_operation(operation) {
        return Some(reason);
    }
    match operation {
        Alter::AddColumn { column_def, .. } => column::judge(column_def),
        Alter::AddConstraint { constraint, .. } => add(constraint),
        Alter::AlterColumn { column_name, op } => alter_column(&column_name.value, op),
        // They only make more writes valid.
        Alter::DropConstraint { .. } | Alter::DropForeignKey { .. } => None,
        // They say how the others are carried out.
        Alter::Algorithm { .. } | Alter::Lock { .. } => None,
        Alter::ChangeColumn { old_name: name, .. } | Alter::ModifyColumn { col_name: name, .. } => {
            Some(other_type(&name.value))
        }
        Alter::DropColumn { .. } => Some(reason::dropped("it drops a column")),
        Alter::DropIndex { .. } => Some(reason::dropped("it drops an index")),
        Alter::DropPrimaryKey { .. } => Some(reason::dropped("it drops a primary key")),
        Alter::DropPartitions { .. } => Some(reason::dropped("it drops a partition")),
        _ => Some(reason::unknown()),
    }
}

fn add(constraint: &TableConstraint) -> Option<String> {
    match constraint {
        TableConstraint::Index(_) | TableConstraint::FulltextOrSpatial(_) => None,
        TableConstraint::Unique(_)
        | TableConstraint::UniqueUsingIndex(_)
        | TableConstraint::PrimaryKey(_)
        | TableConstraint::PrimaryKeyUsingIndex(_)
        | TableConstraint::ForeignKey(_)
        | TableConstraint::Check(_)
        | TableConstraint::Exclude(_) => Some(reason::constrained("a constraint")),
    }
}

fn alter_column(name: &str, operation: &AlterColumnOperation) -> Option<String> {
    use AlterColumnOperation as Alter;
    match operation {
        Alter::DropNotNull => None,
        Alter::SetDefault { value } if !column::is_null(value) => None,
        Alter::SetDefault { .. } | Alter::DropDefault => Some(format!(
            "it takes the default of {name} away, which rows of the old version may rely on. Do it when contracting."
        )),
        Alter::SetNotNull => Some(format!(
            "it makes {name} NOT NULL, and the old version may still write NULL there. Set a DEFAULT and fill empty \
             ones now, and SET NOT NULL when contracting."
        )),
        Alter::SetDataType { .. } => Some(other_type(name)),
        Alter::AddGenerated { .. } | Alter::GenericOptions { .. } => Some(reason::unknown()),
    }
}

fn other_type(column: &str) -> String {
    format!(
        "it changes the type or the rules of the column {column}, and the old version reads and writes it as it was. \
         Add a column of the new type, let the new version write both, copy what is there, and contract the old one \
         in a later release."
    )
}
