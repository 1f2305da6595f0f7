//! What SQLite does not do, and what it locks. An `ADD COLUMN` that cannot be done for rows that exist fails.

use crate::column;
use crate::names;
use crate::problem::Finding;
use crate::rule::Rule;
use crate::state::State;
use sqlparser::ast::{
    AlterTable, AlterTableOperation, ColumnDef, ColumnOption, Expr, GeneratedExpressionMode,
    Statement, UnaryOperator,
};

/// What a statement locks, or why it fails.
#[allow(
    clippy::wildcard_enum_match_arm,
    reason = "the other kinds write for a moment"
)]
pub(crate) fn judge(statement: &Statement, state: &State) -> Vec<Finding> {
    match statement {
        Statement::AlterTable(alter) if !state.made(&alter.name) => alter_table(alter),
        Statement::Vacuum(_) => vec![vacuum(state)],
        _ => Vec::new(),
    }
}

pub(crate) fn vacuum(state: &State) -> Finding {
    if state.in_transaction() {
        return fails("VACUUM within a transaction fails. Run it by itself.");
    }
    Finding::new(
        Rule::BlockAll,
        "reads and writes wait while it builds the whole database anew. No release needs it: run it by itself when \
         few use the database.",
    )
}

/// What a `REINDEX` locks.
pub(crate) fn reindex() -> Finding {
    Finding::new(
        Rule::BlockWrites,
        "writes to the whole database wait while it builds indexes anew. No release needs it: run it by itself when \
         few write.",
    )
}

fn alter_table(alter: &AlterTable) -> Vec<Finding> {
    let table = names::object(&alter.name);
    let many = alter.operations.len() > 1;
    let many = many.then(|| {
        fails(&format!(
            "SQLite does one thing in an ALTER TABLE of {table}, so it fails. Write a statement for each."
        ))
    });
    let columns = alter.operations.iter().filter_map(|operation| {
        if let AlterTableOperation::AddColumn { column_def, .. } = operation {
            added(column_def, &table)
        } else {
            None
        }
    });
    many.into_iter().chain(columns).collect()
}

/// Why SQLite does not add a column to a table with rows.
fn added(column: &ColumnDef, table: &str) -> Option<Finding> {
    let (why, instead) = if column::is_unique(column) {
        (
            "that is UNIQUE or a PRIMARY KEY",
            "Add it without, and CREATE UNIQUE INDEX after it",
        )
    } else if column
        .options
        .iter()
        .any(|definition| is_stored(&definition.option))
    {
        ("that is generated and STORED", "Make it VIRTUAL")
    } else if column
        .options
        .iter()
        .any(|definition| is_computed(&definition.option))
    {
        (
            "whose default is not constant",
            "Add it without a default, and fill it by an UPDATE with a WHERE",
        )
    } else {
        return None;
    };
    let name = names::column(&column.name);
    Some(fails(&format!(
        "SQLite adds no column {why} to a table with rows, so adding {name} to {table} fails. {instead}."
    )))
}

fn fails(reason: &str) -> Finding {
    Finding::new(Rule::Fail, reason)
}

fn is_stored(option: &ColumnOption) -> bool {
    matches!(
        option,
        ColumnOption::Generated {
            generation_expr_mode: Some(GeneratedExpressionMode::Stored),
            ..
        }
    )
}

fn is_computed(option: &ColumnOption) -> bool {
    // A bare name is a string here; in parentheses it is a column.
    matches!(option, ColumnOption::Default(value) if !matches!(value, Expr::Identifier(_)) && !is_constant(value))
}

/// What SQLite takes for a constant: a literal with or without a sign or a cast, however it is wrapped.
#[allow(
    clippy::wildcard_enum_match_arm,
    reason = "whatever else is computed for each row"
)]
fn is_constant(value: &Expr) -> bool {
    match value {
        Expr::Value(_) => true,
        Expr::Nested(inner)
        | Expr::UnaryOp {
            op: UnaryOperator::Plus | UnaryOperator::Minus,
            expr: inner,
        }
        | Expr::Cast { expr: inner, .. } => is_constant(inner),
        _ => false,
    }
}
