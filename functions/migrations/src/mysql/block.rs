//! The operations of MySQL's `ALTER TABLE` that writes wait for.

use crate::column::is_auto_increment;
use crate::names;
use sqlparser::ast::{
    AlterTableOperation, ColumnDef, ColumnOption, DataType, Expr, GeneratedExpressionMode,
    IndexColumn, TableConstraint,
};

/// Functions that are a default without being an expression.
const NOW: [&str; 4] = ["current_timestamp", "now", "localtime", "localtimestamp"];

/// Why writes wait, and the other way to do it.
pub(super) struct Block {
    pub(super) does: String,
    pub(super) instead: &'static str,
    /// Whether MySQL always blocks, so that it refuses where it is told not to.
    pub(super) always: bool,
    /// Whether it does so without a copy of the table, too.
    pub(super) in_place: bool,
}

/// Whether writes wait for an operation, one of `all` of its statement.
#[allow(
    clippy::wildcard_enum_match_arm,
    reason = "the other operations let others write"
)]
pub(super) fn block(operation: &AlterTableOperation, all: &[AlterTableOperation]) -> Option<Block> {
    use AlterTableOperation as Alter;
    match operation {
        Alter::AddColumn { column_def, .. } => {
            added(column_def).or_else(|| beside_others(operation, all))
        }
        Alter::AddConstraint { constraint, .. } => constrained(constraint),
        Alter::ChangeColumn { old_name: name, .. } | Alter::ModifyColumn { col_name: name, .. } => {
            Some(Block {
                does: format!(
                    "copies the table, where the type of {} changes",
                    names::column(name)
                ),
                instead: "Where it does not, ALGORITHM=INPLACE, LOCK=NONE proves it: MySQL refuses what it cannot do \
                          beside others. Else add a column of the new type, or copy the table by a tool like gh-ost.",
                always: false,
                in_place: false,
            })
        }
        Alter::DropPrimaryKey { .. } if !all.iter().any(adds_primary_key) => Some(Block {
            does: "copies the table without its primary key".to_owned(),
            instead: "Add the new primary key in the same statement.",
            always: true,
            in_place: false,
        }),
        _ => None,
    }
}

fn adds_primary_key(operation: &AlterTableOperation) -> bool {
    matches!(
        operation,
        AlterTableOperation::AddConstraint {
            constraint: TableConstraint::PrimaryKey(_),
            ..
        }
    )
}

/// A virtual column that is added by the same statement as something else.
fn beside_others(operation: &AlterTableOperation, all: &[AlterTableOperation]) -> Option<Block> {
    use AlterTableOperation::{Algorithm, Lock};
    let alone = all
        .iter()
        .all(|it| adds_virtual(it) || matches!(it, Algorithm { .. } | Lock { .. }));
    (adds_virtual(operation) && !alone).then(|| Block {
        does: "copies the table to add a VIRTUAL column together with something else".to_owned(),
        instead: "Add the VIRTUAL column by a statement of its own, which takes no time.",
        always: false,
        in_place: false,
    })
}

fn adds_virtual(operation: &AlterTableOperation) -> bool {
    let AlterTableOperation::AddColumn { column_def, .. } = operation else {
        return false;
    };
    let mut options = column_def.options.iter();
    options.any(|definition| {
        matches!(
            definition.option,
            ColumnOption::Generated {
                generation_expr: Some(_),
                generation_expr_mode: None | Some(GeneratedExpressionMode::Virtual),
                ..
            }
        )
    })
}

#[allow(
    clippy::wildcard_enum_match_arm,
    reason = "the other options of a column cost nothing"
)]
fn added(column: &ColumnDef) -> Option<Block> {
    let name = names::column(&column.name);
    let numbers = || Block {
        does: format!("numbers all rows in column {name}"),
        instead: "Run it when few write, or copy the table by a tool such as gh-ost.",
        always: true,
        in_place: true,
    };
    if column.data_type.to_string().eq_ignore_ascii_case("SERIAL") {
        return Some(numbers());
    }
    column
        .options
        .iter()
        .find_map(|definition| match &definition.option {
            ColumnOption::Generated {
                generation_expr_mode: Some(GeneratedExpressionMode::Stored),
                ..
            } => Some(Block {
                does: format!("copies the table to compute column {name}"),
                instead: "Make it VIRTUAL, which takes no time, and index it where it is searched.",
                always: true,
                in_place: false,
            }),
            ColumnOption::Default(value) if is_expression(value) => Some(Block {
                does: format!("copies the table to compute the default of column {name}"),
                instead: "Add it without a default, fill it in pieces, and SET DEFAULT after that.",
                always: false,
                in_place: false,
            }),
            ColumnOption::DialectSpecific(tokens) if tokens.iter().any(is_auto_increment) => {
                Some(numbers())
            }
            ColumnOption::Check(_) => Some(checks()),
            _ => None,
        })
}

fn checks() -> Block {
    Block {
        does: "copies the table to check its rows".to_owned(),
        instead: "Add the CHECK as NOT ENFORCED, which takes no time, or let the service check.",
        always: false,
        in_place: false,
    }
}

fn constrained(constraint: &TableConstraint) -> Option<Block> {
    match constraint {
        TableConstraint::FulltextOrSpatial(index) => Some(special_index(index.fulltext)),
        TableConstraint::ForeignKey(_) => Some(Block {
            does: "copies the table to check a foreign key".to_owned(),
            instead: "With foreign_key_checks = 0 and ALGORITHM=INPLACE, LOCK=NONE it checks no row and takes no \
                      time.",
            always: false,
            in_place: false,
        }),
        TableConstraint::Check(check) if check.enforced != Some(false) => Some(checks()),
        TableConstraint::Index(index) => multi_valued(&index.columns),
        TableConstraint::Check(_)
        | TableConstraint::Unique(_)
        | TableConstraint::UniqueUsingIndex(_)
        | TableConstraint::PrimaryKey(_)
        | TableConstraint::PrimaryKeyUsingIndex(_)
        | TableConstraint::Exclude(_) => None,
    }
}

/// An index of the values of JSON arrays.
pub(super) fn multi_valued(columns: &[IndexColumn]) -> Option<Block> {
    let mut columns = columns.iter();
    let many = columns.any(|it| {
        let mut value = &it.column.expr;
        while let Expr::Nested(inner) = value {
            value = inner;
        }
        matches!(
            value,
            Expr::Cast {
                data_type: DataType::Array(_),
                ..
            }
        )
    });
    many.then(|| Block {
        does: "copies the table to build a multi-valued index".to_owned(),
        instead: "Run it when few write, or keep the values in a table of their own.",
        always: false,
        in_place: false,
    })
}

pub(super) fn special_index(fulltext: bool) -> Block {
    let kind = if fulltext { "FULLTEXT" } else { "SPATIAL" };
    Block {
        does: format!("builds a {kind} index"),
        instead: "Run it when few write, or make a new table with the index and fill it.",
        always: true,
        in_place: true,
    }
}

/// Any expression in parentheses; MariaDB needs none around a function.
#[allow(
    clippy::wildcard_enum_match_arm,
    reason = "every other default is a literal"
)]
fn is_expression(value: &Expr) -> bool {
    match value {
        Expr::Nested(_) => true,
        Expr::Function(function) => {
            !NOW.contains(&function.name.to_string().to_lowercase().as_str())
        }
        _ => false,
    }
}
