//! A constraint that is added to a table which the old version writes.

use crate::altered::Table;
use crate::column::Added;
use crate::problem::Finding;
use crate::rule::Rule;
use crate::{check, names, reason};
use sqlparser::ast::{
    ColumnDef, ColumnOption, ConstraintReferenceMatchKind, CreateIndex, Expr, Ident, IndexColumn,
    NullsDistinctOption, TableConstraint,
};

/// Refuses a constraint, unless rows that do not name its columns always fit.
pub(crate) fn check(
    constraint: &TableConstraint,
    not_valid: bool,
    table: &Table,
) -> Result<(), Finding> {
    let (what, fits) = match constraint {
        TableConstraint::Index(_) | TableConstraint::FulltextOrSpatial(_) => return Ok(()),
        TableConstraint::Check(check) if check.enforced == Some(false) => return Ok(()),
        TableConstraint::Unique(unique) => {
            let nulls_differ = unique.nulls_distinct != NullsDistinctOption::NotDistinct;
            (
                "a UNIQUE constraint",
                nulls_differ && some_empty(&unique.columns, |name| table.added(name)),
            )
        }
        TableConstraint::ForeignKey(key) => {
            let any = key.columns.iter().any(|column| is_empty(column, table));
            let full = key.match_kind == Some(ConstraintReferenceMatchKind::Full);
            ("a foreign key", any && !full)
        }
        TableConstraint::PrimaryKey(_) | TableConstraint::PrimaryKeyUsingIndex(_) => {
            ("a primary key", false)
        }
        TableConstraint::UniqueUsingIndex(_) => ("a UNIQUE constraint", false),
        TableConstraint::Check(check) => {
            let fits = check::fits(&check.expr, table, not_valid);
            ("a CHECK constraint", fits)
        }
        TableConstraint::Exclude(_) => ("an EXCLUDE constraint", false),
    };
    if fits {
        Ok(())
    } else {
        Err(reason::constrained(what, &names::object(table.name)))
    }
}

/// Refuses a column with a rule of its own that rows of the old version may break.
#[allow(
    clippy::wildcard_enum_match_arm,
    reason = "the other options of a column are no such rules"
)]
pub(crate) fn check_column(column: &ColumnDef, table: &Table) -> Result<(), Finding> {
    let filled = Added::of(column).filled;
    for definition in &column.options {
        let (what, fits) = match &definition.option {
            ColumnOption::Check(check) => {
                let fits = check::fits(&check.expr, table, false);
                ("a CHECK constraint", fits || check.enforced == Some(false))
            }
            ColumnOption::ForeignKey(_) => ("a foreign key of a column with a default", !filled),
            ColumnOption::Unique(unique) => {
                let nulls_differ = unique.nulls_distinct != NullsDistinctOption::NotDistinct;
                ("a UNIQUE constraint", nulls_differ)
            }
            _ => continue,
        };
        if !fits {
            return Err(reason::constrained(what, &names::object(table.name)));
        }
    }
    Ok(())
}

/// A default of a column, `what`, that a rule of the same text is about.
pub(crate) fn defaulted(what: &str) -> Finding {
    Finding::new(
        Rule::Constrain,
        format!(
            "it gives {what} a default, and the same text has a UNIQUE, a CHECK or a foreign key for it, so rows of the \
             old version, which all get that value, may be refused. Set the default or add the rule when contracting."
        ),
    )
}

/// Refuses a unique index that rows of the old version may not fit; `added` knows the columns of the same text.
pub(crate) fn check_index(
    index: &CreateIndex,
    added: impl Fn(&Ident) -> Option<Added>,
) -> Result<(), Finding> {
    let nulls_differ = index.nulls_distinct != Some(false);
    if !index.unique || (nulls_differ && some_empty(&index.columns, added)) {
        return Ok(());
    }
    let table = names::object(&index.table_name);
    Err(reason::constrained("a unique index", &table))
}

/// Whether rows of the old version have NULL in one of the columns: two of them never collide then.
fn some_empty(columns: &[IndexColumn], added: impl Fn(&Ident) -> Option<Added>) -> bool {
    let mut columns = columns.iter();
    columns.any(|column| {
        matches!(&column.column.expr, Expr::Identifier(name) if added(name).is_some_and(Added::is_empty))
    })
}

fn is_empty(column: &Ident, table: &Table) -> bool {
    table.added(column).is_some_and(Added::is_empty)
}
