//! The rules that statements add to tables, as texts that name their columns.

use sqlparser::ast::{
    AlterTableOperation, ColumnDef, ColumnOption, CreateIndex, IndexColumn, TableConstraint,
};

/// Whether a rule may name a column, in quotes or not.
pub(crate) fn mentions(rule: &str, column: &str) -> bool {
    let (rule, column) = (rule.to_lowercase(), column.to_lowercase());
    let within = |letter: char| letter.is_alphanumeric() || letter == '_';
    rule.match_indices(&column).any(|(start, name)| {
        let before = rule.get(..start).unwrap_or_default();
        let after = rule.get(start + name.len()..).unwrap_or_default();
        !before.ends_with(within) && !after.starts_with(within)
    })
}

/// The rule that an operation adds, as a text that names its columns.
#[allow(
    clippy::wildcard_enum_match_arm,
    reason = "the other operations add no rule"
)]
pub(crate) fn rule_of(operation: &AlterTableOperation) -> Option<String> {
    use AlterTableOperation as Alter;
    match operation {
        Alter::AddColumn { column_def, .. } => of_column(column_def),
        Alter::AddConstraint { constraint, .. } => of_constraint(constraint),
        Alter::ModifyColumn {
            col_name: name,
            options,
            ..
        }
        | Alter::ChangeColumn {
            new_name: name,
            options,
            ..
        } => of_options(&name.value, options.iter()),
        _ => None,
    }
}

fn of_column(column: &ColumnDef) -> Option<String> {
    let options = column.options.iter().map(|definition| &definition.option);
    of_options(&column.name.value, options)
}

#[allow(
    clippy::wildcard_enum_match_arm,
    reason = "the other options of a column are no such rules"
)]
fn of_options<'a>(name: &str, options: impl Iterator<Item = &'a ColumnOption>) -> Option<String> {
    let rules = options.filter_map(|option| match option {
        ColumnOption::Check(check) => Some(check.to_string()),
        ColumnOption::Unique(_) | ColumnOption::PrimaryKey(_) | ColumnOption::ForeignKey(_) => {
            Some(String::new())
        }
        _ => None,
    });
    let rules: Vec<String> = rules.collect();
    (!rules.is_empty()).then(|| format!("{name} {}", rules.join(" ")))
}

fn of_constraint(constraint: &TableConstraint) -> Option<String> {
    Some(match constraint {
        TableConstraint::Index(_) | TableConstraint::FulltextOrSpatial(_) => return None,
        TableConstraint::Unique(unique) => listed(&unique.columns),
        TableConstraint::PrimaryKey(key) => listed(&key.columns),
        TableConstraint::ForeignKey(key) => {
            let columns = key.columns.iter().map(|column| column.value.clone());
            columns.collect::<Vec<_>>().join(" ")
        }
        TableConstraint::Check(_)
        | TableConstraint::Exclude(_)
        | TableConstraint::PrimaryKeyUsingIndex(_)
        | TableConstraint::UniqueUsingIndex(_) => constraint.to_string(),
    })
}

/// The rule of a unique index.
pub(crate) fn of_index(index: &CreateIndex) -> Option<String> {
    index.unique.then(|| listed(&index.columns))
}

fn listed(columns: &[IndexColumn]) -> String {
    let columns = columns.iter().map(ToString::to_string);
    columns.collect::<Vec<_>>().join(" ")
}
