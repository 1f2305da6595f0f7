//! The operations of an `ALTER TABLE`: those that the other parser can read are judged by it, so that what stands
//! beside them changes nothing, and only the rest is judged here.

use super::names::Table;
use super::tree::plain;
use super::{alter, rules};
use crate::dialect::Dialect;
use crate::problem::Finding;
use crate::ruled::mentions;
use crate::state::State;
use crate::step::Step;
use crate::{parse, reason};
use sqlparser::ast::Statement;
use squawk_syntax::ast::{AlterTable, AlterTableAction};

pub(super) fn judge(table: &AlterTable, state: &State, step: Step) -> Vec<Finding> {
    let name = Table::of(table.table_relation_name());
    let Some(name) = name.filter(|_| table.actions().next().is_some()) else {
        // What is done to all tables of a tablespace.
        return match step {
            Step::Expand => vec![reason::unknown()],
            Step::Contract => Vec::new(),
        };
    };
    if name.is_made(state) {
        let attached = |action| alter::attached(&action, state);
        return match step {
            Step::Expand => table.actions().filter_map(attached).collect(),
            Step::Contract => Vec::new(),
        };
    }
    let start = start(table).unwrap_or_default();
    let known = |action: &AlterTableAction| {
        let found = read(&start, &plain(action), state, step);
        found.is_some_and(|found| !found.iter().any(Finding::is_unknown))
    };
    let (known, others): (Vec<_>, Vec<_>) = table.actions().partition(known);
    let known: Vec<String> = known.iter().map(plain).collect();
    let known = known.join(", ");
    let found = read(&start, &known, state, step).unwrap_or_default();
    let others = others.iter().filter_map(|action| match step {
        Step::Expand => alter::in_expand(action, &name, state),
        Step::Contract => alter::in_contract(action, &name),
    });
    let defaulted = match step {
        Step::Expand => defaulted(table, &name, state),
        Step::Contract => Vec::new(),
    };
    found.into_iter().chain(others).chain(defaulted).collect()
}

/// The operations that the other parser can read, as one statement.
pub(super) fn known(table: &AlterTable, dialect: Dialect) -> Option<Statement> {
    let start = start(table)?;
    let one = |operations: &str| parse::one(&format!("{start}{operations}"), dialect).ok();
    let actions = table.actions().map(|action| plain(&action));
    let known: Vec<String> = actions.filter(|action| one(action).is_some()).collect();
    one(&known.join(", "))
}

/// The defaults that are set on columns for which the text, or this statement, has a rule.
fn defaulted(table: &AlterTable, name: &Table, state: &State) -> Vec<Finding> {
    let own = rules::of(table);
    let ruled = |column: &str| {
        let mut own = own.iter();
        own.any(|rule| mentions(rule, column)) || state.is_ruled_key(&name.key(), column)
    };
    let actions = table.actions();
    actions
        .filter_map(|action| alter::defaulted(&action, name, ruled))
        .collect()
}

/// What stands in front of the operations.
fn start(table: &AlterTable) -> Option<String> {
    let name = table.table_relation_name()?;
    Some(format!("ALTER TABLE {} ", plain(&name)))
}

/// What the other parser's rules say about operations; none where it cannot read them.
fn read(start: &str, operations: &str, state: &State, step: Step) -> Option<Vec<Finding>> {
    let statement = parse::one(&format!("{start}{operations}"), state.dialect()).ok()?;
    Some(parse::judge(&statement, state, step))
}
