//! The database that all tasks of one service share.

use rusqlite::{Connection, Error, ErrorCode, Result};
use std::thread::sleep;
use std::time::{Duration, Instant};

/// How long a statement, and the opening, wait for another process.
const PATIENCE: Duration = Duration::from_secs(30);

/// Nothing here survives the rehearsal, so nothing has to reach the disk.
const SETTINGS: &str = "PRAGMA journal_mode = WAL; PRAGMA synchronous = OFF;";

/// The schema before the first migration.
const BASE: &str = "CREATE TABLE IF NOT EXISTS orders \
    (id INTEGER PRIMARY KEY, item TEXT NOT NULL, comment TEXT NOT NULL DEFAULT '')";

/// Opens `file`, in memory without one, and makes the table that every build begins with.
pub fn open(file: &str) -> Result<Connection> {
    let connection = match file {
        "" => Connection::open_in_memory()?,
        file => Connection::open(file)?,
    };
    connection.busy_timeout(PATIENCE)?;
    patiently(|| {
        connection.execute_batch(SETTINGS)?;
        connection.execute_batch(BASE)
    })?;
    Ok(connection)
}

/// Tries again while another process is in the way: a change to WAL does not heed SQLite's own timeout.
fn patiently(work: impl Fn() -> Result<()>) -> Result<()> {
    let began = Instant::now();
    loop {
        match work() {
            Err(error) if is_busy(&error) && began.elapsed() < PATIENCE => {
                sleep(Duration::from_millis(10));
            }
            result => return result,
        }
    }
}

fn is_busy(error: &Error) -> bool {
    let code = error.sqlite_error_code();
    // The second is a lost race for the write-ahead log's locks.
    matches!(
        code,
        Some(ErrorCode::DatabaseBusy | ErrorCode::FileLockingProtocolFailed)
    )
}

/// What the database says, without the text of the statement.
pub fn message(error: &Error) -> String {
    if let Error::SqlInputError { msg, .. } = error {
        return msg.clone();
    }
    error.to_string()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::scratch::Scratch;
    use std::thread;

    #[test]
    fn many_open_a_new_file_at_once_and_none_fails() {
        for round in 0..30 {
            let scratch = Scratch::new();
            let opened = thread::scope(|scope| {
                let all: Vec<_> = (0..12)
                    .map(|_| scope.spawn(|| open(&scratch.file).map(drop)))
                    .collect();
                let ended = all.into_iter().map(|one| one.join().expect("no panic"));
                ended.collect::<Result<Vec<()>>>()
            });
            assert_eq!(opened.map(|all| all.len()), Ok(12), "round {round}");
        }
    }

    #[test]
    fn a_file_is_written_ahead_and_what_is_in_memory_is_not_shared() {
        let scratch = Scratch::new();
        let mode = |file: &str| -> String {
            let connection = open(file).expect("open");
            let mode = connection.query_row("PRAGMA journal_mode", [], |row| row.get(0));
            mode.expect("a mode")
        };
        assert_eq!(mode(&scratch.file), "wal");
        assert_eq!(mode(""), "memory");
    }

    #[test]
    fn a_message_is_the_databases_own() {
        let connection = open("").expect("open");
        let refused = connection.execute_batch("SELECT price FROM orders");
        let message = message(&refused.expect_err("refused"));
        assert_eq!(message, "no such column: price");
    }
}
