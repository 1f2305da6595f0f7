//! What MySQL's statements lock, and for how long. What is said of InnoDB comes from the tables of "Online DDL
//! Operations" in MySQL's manual: where "Permits Concurrent DML" is no, writes wait.

mod block;

use crate::names;
use crate::problem::Finding;
use crate::rule::Rule;
use crate::settings::environment;
use crate::state::State;
use block::{Block, block, multi_valued, special_index};
use sqlparser::ast::{
    AlterTableAlgorithm, AlterTableLock, AlterTableOperation, FlushType, Ident, LockTableType,
    Statement,
};

/// What a statement locks, and what it changes of the whole server.
#[allow(
    clippy::wildcard_enum_match_arm,
    reason = "the other kinds lock rows, or a table for a moment"
)]
pub(crate) fn judge(statement: &Statement, state: &State) -> Vec<Finding> {
    match statement {
        Statement::AlterTable(alter) if !state.made(&alter.name) => {
            alter_table(&alter.operations, &names::object(&alter.name))
        }
        Statement::CreateIndex(index) if !state.made(&index.table_name) => {
            let table = names::object(&index.table_name);
            judge_blocks(multi_valued(&index.columns), &index.alter_options, &table)
        }
        Statement::OptimizeTable { name, .. } if !state.made(name) => {
            vec![rebuild(&names::object(name))]
        }
        Statement::LockTables { tables } => tables
            .iter()
            .map(|locked| lock_table(&locked.table, &locked.lock_type))
            .collect(),
        Statement::Flush {
            read_lock, export, ..
        } if *read_lock || *export => vec![Finding::new(
            Rule::BlockWrites,
            "all writes wait until UNLOCK TABLES or the end of the session. No change of the schema needs it: leave \
             it out.",
        )],
        Statement::Reset(_) => vec![environment("it resets something of the whole server")],
        Statement::Flush { object_type, .. }
            if !matches!(
                object_type,
                FlushType::Tables | FlushType::Privileges | FlushType::Status
            ) =>
        {
            vec![environment("it flushes something of the whole server")]
        }
        _ => Vec::new(),
    }
}

/// What the operations of an `ALTER TABLE` lock.
pub(crate) fn alter_table(operations: &[AlterTableOperation], table: &str) -> Vec<Finding> {
    let blocks = operations.iter();
    let blocks = blocks.filter_map(|one| block(one, operations));
    judge_blocks(blocks, operations, table)
}

/// Which of these block, done as the statement wants it.
fn judge_blocks(
    blocks: impl IntoIterator<Item = Block>,
    operations: &[AlterTableOperation],
    table: &str,
) -> Vec<Finding> {
    let how = How::of(operations);
    if let Some(finding) = how.finding(table) {
        return vec![finding];
    }
    let mut blocks: Vec<Block> = blocks.into_iter().collect();
    blocks.retain(|block| !how.in_place || block.in_place || block.always);
    let finding = |block: &Block| {
        let fails = how.online || (how.in_place && !block.in_place);
        match (fails, block.always) {
            (true, false) => None,
            (true, true) => Some(cannot(block, table)),
            (false, _) => Some(waits(block, table)),
        }
    };
    blocks.iter().filter_map(finding).collect()
}

/// How the statement wants it done.
struct How {
    copy: bool,
    exclusive: bool,
    shared: bool,
    /// It fails rather than let writes wait.
    online: bool,
    /// It fails rather than copy the table.
    in_place: bool,
}

impl How {
    fn of(operations: &[AlterTableOperation]) -> How {
        use AlterTableOperation::{Algorithm, Lock};
        let algorithm = |wanted: &AlterTableAlgorithm| {
            let mut all = operations.iter();
            all.any(|one| matches!(one, Algorithm { algorithm, .. } if algorithm == wanted))
        };
        let lock = |wanted: &AlterTableLock| {
            let mut all = operations.iter();
            all.any(|one| matches!(one, Lock { lock, .. } if lock == wanted))
        };
        let instant = algorithm(&AlterTableAlgorithm::Instant);
        How {
            copy: algorithm(&AlterTableAlgorithm::Copy),
            exclusive: lock(&AlterTableLock::Exclusive),
            shared: lock(&AlterTableLock::Shared),
            online: instant || lock(&AlterTableLock::None),
            in_place: instant || algorithm(&AlterTableAlgorithm::Inplace),
        }
    }

    /// What is asked for in so many words.
    fn finding(&self, table: &str) -> Option<Finding> {
        let (rule, what, word) = if self.exclusive {
            (Rule::BlockAll, "reads and writes", "LOCK=EXCLUSIVE")
        } else if self.copy {
            (Rule::BlockWrites, "writes", "ALGORITHM=COPY")
        } else if self.shared {
            (Rule::BlockWrites, "writes", "LOCK=SHARED")
        } else {
            return None;
        };
        Some(Finding::new(
            rule,
            format!(
                "{what} of {table} wait while it runs, longer the larger the table, since it says {word}. Say \
                 ALGORITHM=INPLACE, LOCK=NONE: MySQL then refuses what it cannot do beside others."
            ),
        ))
    }
}

fn waits(block: &Block, table: &str) -> Finding {
    let (does, instead) = (&block.does, block.instead);
    Finding::new(
        Rule::BlockWrites,
        format!("writes to {table} wait while it {does}, longer the larger the table. {instead}"),
    )
}

fn cannot(block: &Block, table: &str) -> Finding {
    let (does, instead) = (&block.does, block.instead);
    Finding::new(
        Rule::Fail,
        format!(
            "MySQL refuses it: it {does}, and {table} cannot be written meanwhile, which its ALGORITHM or LOCK asks \
             for. {instead}"
        ),
    )
}

/// The lock of a `CREATE FULLTEXT INDEX` or `CREATE SPATIAL INDEX`.
pub(crate) fn special(fulltext: bool, table: &str) -> Finding {
    waits(&special_index(fulltext), table)
}

/// The lock of a statement that makes a table anew.
pub(crate) fn rebuild(table: &str) -> Finding {
    let block = Block {
        does: "builds the table anew".to_owned(),
        instead: "Run it by itself when few write: no release needs it.",
        always: true,
        in_place: true,
    };
    waits(&block, table)
}

fn lock_table(table: &Ident, kind: &LockTableType) -> Finding {
    let (rule, what) = match kind {
        LockTableType::Read { .. } => (Rule::BlockWrites, "writes"),
        LockTableType::Write { .. } => (Rule::BlockAll, "reads and writes"),
    };
    Finding::new(
        rule,
        format!(
            "{what} of {} wait until UNLOCK TABLES or the end of the session. Leave it out: each statement locks what \
             it needs by itself.",
            names::column(table)
        ),
    )
}
