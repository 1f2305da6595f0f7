//! One statement, as a tool runs it.

use anyhow::{Result, ensure};
use postgres::Client;
use postgres::error::SqlState;

/// How a statement ended.
pub type Done = Result<(), postgres::Error>;

/// The codes with which the server ends what takes longer than its settings allow.
const TOO_LONG: [&str; 2] = ["57014", "25P04"];

/// Runs a statement as a tool does; COPY reads no rows, since there is no file.
///
/// # Errors
/// The server ended it because it took too long.
pub fn execute(client: &mut Client, statement: &str) -> Result<Done> {
    let done = if statement.contains("FROM STDIN") {
        let copy = client.copy_in(statement);
        copy.and_then(|rows| rows.finish().map(drop))
    } else {
        client.simple_query(statement).map(drop)
    };
    if let Err(error) = &done {
        let code = error.code().map_or("", SqlState::code);
        ensure!(
            !TOO_LONG.contains(&code),
            "it does not end: {}",
            said(error)
        );
    }
    Ok(done)
}

/// The error's code and message.
pub fn said(error: &postgres::Error) -> String {
    error.as_db_error().map_or_else(
        || error.to_string(),
        |it| format!("{} {}", it.code().code(), it.message()),
    )
}

/// Whether a statement begins a transaction: then the text itself says what it puts together.
pub fn begins_transaction(statement: &str) -> bool {
    let word = statement.split_whitespace().next().unwrap_or_default();
    word.eq_ignore_ascii_case("BEGIN") || word.eq_ignore_ascii_case("START")
}
