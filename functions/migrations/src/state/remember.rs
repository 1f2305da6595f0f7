//! What a statement changes of what is known.

use super::boundary::{Boundary, is_harmless};
use super::{Lifetime, State, names};
use crate::column::{self, Added};
use crate::dialect::Dialect;
use crate::ruled;
use sqlparser::ast::{
    AlterTable, AlterTableOperation, CreateTable, Ident, ObjectType, OnCommit, Set, Statement,
};

impl State {
    pub(crate) fn boundary(&mut self, boundary: Boundary) {
        match boundary {
            Boundary::Begin => self.in_transaction = true,
            Boundary::Commit { chain } => self.in_transaction = chain,
            Boundary::Rollback { chain } => {
                self.forget();
                self.in_transaction = chain;
            }
            Boundary::RollbackTo => self.forget(),
        }
        if !matches!(boundary, Boundary::RollbackTo) {
            if std::mem::take(&mut self.renames_in_transaction) {
                self.forget();
            }
            for table in std::mem::take(&mut self.passing) {
                if self.made.get(&table) == Some(&Lifetime::Transaction) {
                    self.made.remove(&table);
                }
            }
            self.locked = None;
            if let Some(before) = self.timeout_before.take() {
                self.lock_timeout = before;
            }
        }
    }

    #[allow(
        clippy::wildcard_enum_match_arm,
        reason = "a few of more than a hundred kinds change what is known"
    )]
    pub(crate) fn remember(&mut self, statement: &Statement) {
        match statement {
            Statement::CreateTable(table) => self.create(table),
            Statement::AlterTable(table) => self.alter(table),
            Statement::CreateIndex(index) => {
                let table = names::key(&index.table_name, self.dialect);
                self.rule(&table, ruled::of_index(index));
            }
            Statement::RenameTable(_) | Statement::Use(_) => self.forget(),
            Statement::Drop {
                object_type: ObjectType::Table,
                names,
                ..
            } => {
                for name in names {
                    self.unmake(&names::key(name, self.dialect));
                }
            }
            Statement::Drop {
                object_type: ObjectType::Schema | ObjectType::Database,
                ..
            } => self.forget(),
            // No variable of MySQL changes what a name means.
            Statement::Set(set) if self.dialect != Dialect::Mysql => self.set(set),
            _ => {}
        }
    }

    fn create(&mut self, table: &CreateTable) {
        let key = names::key(&table.name, self.dialect);
        if table.if_not_exists {
            // It may be an old one.
            self.made_if_missing.insert(key, ());
        } else if table.on_commit == Some(OnCommit::Drop) {
            self.make(key, Lifetime::Transaction);
        } else {
            self.make(key, Lifetime::Lasting);
        }
    }

    #[allow(
        clippy::wildcard_enum_match_arm,
        reason = "the other operations change nothing that is known"
    )]
    fn alter(&mut self, table: &AlterTable) {
        let key = names::key(&table.name, self.dialect);
        self.rule(&key, table.operations.iter().filter_map(ruled::rule_of));
        for operation in &table.operations {
            match operation {
                AlterTableOperation::AddColumn {
                    column_def,
                    if_not_exists: false,
                    ..
                } => {
                    let column = names::column(&column_def.name, self.dialect);
                    self.added.entry(&key).insert(column, Added::of(column_def));
                }
                AlterTableOperation::AlterColumn { column_name, op } => {
                    self.alter_column(&key, column_name, |added| added.after(op));
                }
                AlterTableOperation::ModifyColumn { col_name: name, .. }
                | AlterTableOperation::ChangeColumn { old_name: name, .. } => {
                    if let Some(column) = column::redefined(operation) {
                        self.alter_column(&key, name, |_| Added::of(&column));
                    }
                }
                AlterTableOperation::DropColumn { .. } => {
                    self.added.remove(&key);
                }
                AlterTableOperation::RenameTable { .. }
                | AlterTableOperation::SwapWith { .. }
                | AlterTableOperation::RenameColumn { .. } => self.forget(),
                _ => {}
            }
        }
    }

    fn alter_column(&mut self, table: &str, column: &Ident, change: impl Fn(Added) -> Added) {
        let column = names::column(column, self.dialect);
        // The table may have been named with its schema before, or without.
        for columns in self.added.alike_mut(table) {
            if let Some(added) = columns.get_mut(&column) {
                *added = change(*added);
            }
        }
    }

    fn set(&mut self, set: &Set) {
        let Set::SingleAssignment { variable, .. } = set else {
            return self.set_other(set);
        };
        let name = variable.to_string();
        if !is_harmless(&name) {
            self.mean_others();
        }
    }

    fn set_other(&mut self, set: &Set) {
        let harmless = matches!(
            set,
            Set::SetNames { .. } | Set::SetTimeZone { .. } | Set::SetTransaction { .. }
        );
        if !harmless {
            self.mean_others();
        }
    }
}
