//! A column that is added to a table which the old version writes, without knowing the column.

use crate::problem::Refusal;
use sqlparser::ast::ColumnOption::{self, NotNull, PrimaryKey, Unique};
use sqlparser::ast::{ColumnDef, Expr, Value};
use sqlparser::tokenizer::Token;

/// Types that bring a default with them.
const SERIAL: [&str; 6] = [
    "serial",
    "bigserial",
    "smallserial",
    "serial2",
    "serial4",
    "serial8",
];

/// Refuses a column that rows of the old version could not have.
pub(crate) fn check_added(column: &ColumnDef) -> Result<(), Refusal> {
    let name = &column.name;
    let has = |wanted: fn(&ColumnOption) -> bool| {
        let mut options = column.options.iter();
        options.any(|definition| wanted(&definition.option))
    };
    if has(|option| matches!(option, Unique(_) | PrimaryKey(_))) {
        return Err(Refusal(format!(
            "the added column {name} is UNIQUE or a PRIMARY KEY, so rows of the old version, which all have the same \
             value there, may be refused. Add it without, and the constraint when contracting."
        )));
    }
    let filled = SERIAL.contains(&column.data_type.to_string().to_lowercase().as_str());
    if has(|option| matches!(option, NotNull)) && !filled && !has(fills) {
        return Err(Refusal(format!(
            "the added column {name} is NOT NULL without a DEFAULT, so the old version, which does not know it, cannot \
             insert any more. Let it be NULL or give it a DEFAULT, and SET NOT NULL when contracting."
        )));
    }
    Ok(())
}

/// Whether an expression is NULL, however it is wrapped.
#[allow(
    clippy::wildcard_enum_match_arm,
    reason = "every other expression is a value"
)]
pub(crate) fn is_null(expression: &Expr) -> bool {
    match expression {
        Expr::Value(value) => value.value == Value::Null,
        Expr::Nested(inner) | Expr::Cast { expr: inner, .. } => is_null(inner),
        _ => false,
    }
}

/// Whether a row that does not name the column gets a value there.
#[allow(
    clippy::wildcard_enum_match_arm,
    reason = "no other option of a column brings a value"
)]
fn fills(option: &ColumnOption) -> bool {
    match option {
        ColumnOption::Default(value) => !is_null(value),
        ColumnOption::Generated { .. } | ColumnOption::Identity(_) => true,
        ColumnOption::DialectSpecific(tokens) => tokens.iter().any(is_auto_increment),
        _ => false,
    }
}

fn is_auto_increment(token: &Token) -> bool {
    let text = token.to_string().to_uppercase();
    text == "AUTO_INCREMENT" || text == "AUTOINCREMENT"
}
