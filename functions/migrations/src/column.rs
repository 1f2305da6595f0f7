//! A column that is added to a table which the old version writes, without knowing the column.

use crate::dialect::Dialect;
use crate::names;
use crate::problem::Finding;
use crate::rule::Rule;
use sqlparser::ast::ColumnOption::{self, NotNull, PrimaryKey, Unique};
use sqlparser::ast::{
    AlterColumnOperation, AlterTableOperation, ColumnDef, ColumnOptionDef, Expr, ObjectName, Value,
};
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

/// Whether a type brings a sequence with it, and so another value in each row.
pub(crate) fn is_serial(ty: &str) -> bool {
    SERIAL.contains(&ty.trim().to_lowercase().as_str())
}

/// What a column is like that the text has added.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Added {
    /// It is NOT NULL.
    pub(crate) required: bool,
    /// A row that does not name it gets a value there.
    pub(crate) filled: bool,
    /// That value is the same in each row, also in those that were there before.
    pub(crate) constant: bool,
}

impl Added {
    pub(crate) fn of(column: &ColumnDef) -> Added {
        let has = |wanted: fn(&ColumnOption) -> bool| {
            let mut options = column.options.iter();
            options.any(|definition| wanted(&definition.option))
        };
        let serial = is_serial(&column.data_type.to_string());
        Added {
            required: has(|option| matches!(option, NotNull | PrimaryKey(_))) || serial,
            filled: serial || has(fills),
            constant: has(
                |option| matches!(option, ColumnOption::Default(value) if is_constant(value)),
            ),
        }
    }

    /// What it is like after an `ALTER COLUMN`.
    pub(crate) fn after(self, operation: &AlterColumnOperation) -> Added {
        use AlterColumnOperation as Alter;
        match operation {
            Alter::SetNotNull => Added {
                required: true,
                ..self
            },
            Alter::DropNotNull => Added {
                required: false,
                ..self
            },
            Alter::SetDefault { value } => Added {
                filled: !is_null(value),
                // The rows that are there do not get it, so no rule is checked against it.
                constant: false,
                ..self
            },
            Alter::DropDefault => Added {
                filled: false,
                constant: false,
                ..self
            },
            Alter::AddGenerated { .. } => Added {
                filled: true,
                constant: false,
                ..self
            },
            Alter::SetDataType { .. } | Alter::GenericOptions { .. } => self,
        }
    }

    /// Whether a row of the old version is refused.
    pub(crate) fn refuses(self) -> bool {
        self.required && !self.filled
    }

    /// Whether rows of the old version have NULL there, which no constraint but NOT NULL minds.
    pub(crate) fn is_empty(self) -> bool {
        !self.filled
    }
}

/// Whether a row that does not name the column gets a value by it.
pub(crate) fn gives_value(operation: &AlterColumnOperation) -> bool {
    use AlterColumnOperation as Alter;
    matches!(operation, Alter::SetDefault { value } if !is_null(value))
        || matches!(operation, Alter::AddGenerated { .. })
}

/// What MySQL makes of a column by `MODIFY` or `CHANGE`, which say all of it anew.
#[allow(
    clippy::wildcard_enum_match_arm,
    reason = "the other operations say no column anew"
)]
pub(crate) fn redefined(operation: &AlterTableOperation) -> Option<ColumnDef> {
    use AlterTableOperation as Alter;
    let (name, data_type, options) = match operation {
        Alter::ModifyColumn {
            col_name: name,
            data_type,
            options,
            ..
        }
        | Alter::ChangeColumn {
            new_name: name,
            data_type,
            options,
            ..
        } => (name, data_type, options),
        _ => return None,
    };
    let options = options.iter().cloned();
    Some(ColumnDef {
        name: name.clone(),
        data_type: data_type.clone(),
        options: options
            .map(|option| ColumnOptionDef { name: None, option })
            .collect(),
    })
}

/// Refuses a column that rows of the old version could not have.
pub(crate) fn check_added(
    column: &ColumnDef,
    table: &ObjectName,
    dialect: Dialect,
) -> Result<(), Finding> {
    let name = format!(
        "{} of {}",
        names::column(&column.name),
        names::object(table)
    );
    let added = Added::of(column);
    if is_unique(column) && dialect == Dialect::Sqlite {
        // It fails, which is said with what else SQLite does not do.
        return Ok(());
    }
    if is_unique(column) && (added.filled || added.required) {
        return Err(Finding::new(
            Rule::Constrain,
            format!(
                "the added column {name} is UNIQUE or a PRIMARY KEY, and rows of the old version all get the same \
                 value there or none, so they may be refused. Add it without a default, and the constraint when \
                 contracting."
            ),
        ));
    }
    if added.required && is_computed(column) {
        return Err(Finding::new(
            Rule::Require,
            format!(
                "the added column {name} is computed from others and NOT NULL, so a row of the old version for which it \
                 would be NULL is refused. Leave NOT NULL out."
            ),
        ));
    }
    if added.refuses() {
        return Err(Finding::new(
            Rule::Require,
            format!(
                "the added column {name} is NOT NULL without a DEFAULT, so the old version, which does not know it, \
                 cannot insert any more. Let it be NULL or give it a DEFAULT, and make it NOT NULL when contracting."
            ),
        ));
    }
    Ok(())
}

pub(crate) fn is_unique(column: &ColumnDef) -> bool {
    let mut options = column.options.iter();
    options.any(|definition| matches!(definition.option, Unique(_) | PrimaryKey(_)))
}

/// Whether its value comes from other columns.
fn is_computed(column: &ColumnDef) -> bool {
    let mut options = column.options.iter();
    options.any(|definition| {
        matches!(
            &definition.option,
            ColumnOption::Generated {
                generation_expr: Some(_),
                ..
            }
        )
    })
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

/// Whether an expression is a value as it is written.
#[allow(
    clippy::wildcard_enum_match_arm,
    reason = "every other expression may have several values"
)]
fn is_constant(expression: &Expr) -> bool {
    match expression {
        Expr::Value(value) => value.value != Value::Null,
        Expr::Nested(inner)
        | Expr::Cast { expr: inner, .. }
        | Expr::UnaryOp { expr: inner, .. } => is_constant(inner),
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

pub(crate) fn is_auto_increment(token: &Token) -> bool {
    let text = token.to_string().to_uppercase();
    text == "AUTO_INCREMENT" || text == "AUTOINCREMENT"
}
