//! Room for a text of any shape: what a chain such as `1 + 1 + 1` is read into is freed by a recursion as deep as the
//! chain is long, and an exhausted stack would end the whole process.

use crate::limits::{STATEMENT_MAX, TEXT_MAX};
use crate::problem::Place;
use crate::reason;
use crate::report::Report;
use std::thread;

/// Bytes for the parsers themselves: some three times what they need without optimization. Stack is only reserved; what is
/// not used costs nothing.
const FIXED: usize = 128 << 20;

/// Bytes for each byte of a statement.
const EACH: usize = 512;

/// Runs `work` on a text that is not too large; reports why it could not be done.
pub(crate) fn with_room_for(sql: &str, work: impl FnOnce() -> Report + Send) -> Report {
    if sql.len() > TEXT_MAX {
        return failed(&format!(
            "the text has {} bytes, and at most {TEXT_MAX} are read",
            sql.len()
        ));
    }
    let size = FIXED + sql.len().min(STATEMENT_MAX) * EACH;
    thread::scope(|scope| {
        let worker = thread::Builder::new()
            .stack_size(size)
            .spawn_scoped(scope, work);
        match worker.map(thread::ScopedJoinHandle::join) {
            Err(error) => failed(&format!("there is no room to read it ({error})")),
            Ok(Err(_)) => failed("the parser broke off"),
            Ok(Ok(report)) => report,
        }
    })
}

fn failed(message: &str) -> Report {
    let mut report = Report::default();
    report.add(Place::of_line(1, "").problem(&reason::unreadable(message)));
    report
}
