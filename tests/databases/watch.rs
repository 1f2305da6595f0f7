//! What the server shows of a connection, seen from another one.

use anyhow::Result;
use postgres::Client;
use std::collections::{BTreeMap, BTreeSet};

/// A table, or what an index of it holds, in a mode that makes reads or writes wait.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub struct Held {
    pub table: String,
    pub mode: String,
}

/// What a connection waits for beside a neighbour.
#[derive(PartialEq, Eq, Debug)]
pub enum Waits {
    No,
    /// For a lock on a table that the neighbour has.
    Table,
    /// For the end of the neighbour's transaction.
    Transaction,
}

/// The locks that conflict with ROW EXCLUSIVE, which every write takes. ACCESS EXCLUSIVE conflicts with reads too.
const HELD: &str = "
    SELECT coalesce(of.indrelid, l.relation)::int8, coalesce(of.indrelid, l.relation)::regclass::text, l.mode
    FROM pg_locks l JOIN pg_class c ON c.oid = l.relation LEFT JOIN pg_index of ON of.indexrelid = c.oid
    WHERE l.pid = $1 AND l.mode IN ('ShareLock', 'ShareRowExclusiveLock', 'ExclusiveLock', 'AccessExclusiveLock')
        AND c.relnamespace NOT IN ('pg_catalog'::regnamespace, 'pg_toast'::regnamespace)";

const TABLES: &str = "
    SELECT oid::int8, oid::regclass::text, relkind::text, relfilenode::int8 FROM pg_class
    WHERE relkind IN ('r', 'p', 'm', 'i') AND relpersistence <> 't'
        AND relnamespace NOT IN ('pg_catalog'::regnamespace, 'pg_toast'::regnamespace)
        AND relnamespace <> 'information_schema'::regnamespace";

/// Counts for the transaction in which it is read.
pub const OWN: &str = "pg_stat_xact_all_tables";

/// Counts for all transactions together that have ended.
pub const ENDED: &str = "pg_stat_all_tables";

/// Rows that were read or written until now, by table. Index builds and rewrites read by scans, too.
const TOUCHED: &str = "
    SELECT relid::int8, coalesce(seq_tup_read, 0) + coalesce(idx_tup_fetch, 0)
        + coalesce(n_tup_ins, 0) + coalesce(n_tup_upd, 0) + coalesce(n_tup_del, 0) FROM ";

/// A table or an index.
pub struct Relation {
    pub name: String,
    pub kind: String,
    /// The file that has its rows: another one once it was rewritten.
    pub file: i64,
}

/// All that this connection sees, by number.
pub fn relations(client: &mut Client) -> Result<BTreeMap<i64, Relation>> {
    let rows = client.query(TABLES, &[])?;
    let relation = |row: &postgres::Row| Relation {
        name: row.get(1),
        kind: row.get(2),
        file: row.get(3),
    };
    Ok(rows.iter().map(|row| (row.get(0), relation(row))).collect())
}

/// Whether a table or an index that was there has another file now.
pub fn rewrites(now: &BTreeMap<i64, Relation>, before: &BTreeMap<i64, Relation>) -> bool {
    let is_other = |(id, was): (&i64, &Relation)| now.get(id).is_some_and(|it| it.file != was.file);
    before.iter().any(is_other)
}

/// The locks of a connection on these tables, taken or requested.
pub fn held(
    watch: &mut Client,
    pid: i32,
    tables: &BTreeMap<i64, Relation>,
) -> Result<BTreeSet<Held>> {
    let rows = watch.query(HELD, &[&pid])?;
    let existing = rows.iter().filter(|row| tables.contains_key(&row.get(0)));
    let held = existing.map(|row| Held {
        table: row.get(1),
        mode: row.get(2),
    });
    Ok(held.collect())
}

/// How many rows of these tables were read or written, by one of the two views.
pub fn touched(client: &mut Client, view: &str, tables: &BTreeMap<i64, Relation>) -> Result<i64> {
    let rows = client.query(&format!("{TOUCHED}{view}"), &[])?;
    let rows = rows.iter().map(|row| (row.get(0), row.get::<_, i64>(1)));
    let existing = rows.filter(|(table, _): &(i64, i64)| tables.contains_key(table));
    Ok(existing.map(|(_, count)| count).sum())
}

/// Whether a connection has a transaction open, by the server's word.
pub fn in_transaction(watch: &mut Client, pid: i32) -> Result<bool> {
    let row = watch.query_opt("SELECT state FROM pg_stat_activity WHERE pid = $1", &[&pid])?;
    let state: Option<String> = row.and_then(|row| row.get(0));
    Ok(state.is_some_and(|it| it.starts_with("idle in transaction")))
}

/// The names of what the statements of this connection have prepared.
pub fn prepared(client: &mut Client) -> Result<BTreeSet<String>> {
    let rows = client.query(
        "SELECT name FROM pg_prepared_statements WHERE from_sql",
        &[],
    )?;
    Ok(rows.iter().map(|row| row.get(0)).collect())
}

/// Whether the server still has a connection.
pub fn is_there(watch: &mut Client, pid: i32) -> Result<bool> {
    Ok(watch
        .query_opt("SELECT 1 FROM pg_stat_activity WHERE pid = $1", &[&pid])?
        .is_some())
}

/// What a connection waits for, if it waits for this other one.
///
/// What it waits for besides ends by itself: the connection that watches, for example, has a snapshot while it looks.
pub fn waits(watch: &mut Client, pid: i32, other: i32) -> Result<Waits> {
    let sql = "SELECT locktype FROM pg_locks WHERE pid = $1 AND NOT granted AND $2 = ANY (pg_blocking_pids($1))";
    let row = watch.query_opt(sql, &[&pid, &other])?;
    let kind: Option<String> = row.map(|row| row.get(0));
    Ok(match kind.as_deref() {
        None => Waits::No,
        Some("virtualxid" | "transactionid") => Waits::Transaction,
        Some(_) => Waits::Table,
    })
}
