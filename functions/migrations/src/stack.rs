//! Room for a text of any shape: what a chain such as `1 + 1 + 1` is read into is freed by a recursion as deep as the
//! chain is long, and an exhausted stack would end the whole process.

use crate::problem::Problem;
use crate::reason;
use std::thread;

/// Bytes for the parser itself, whose own depth is limited: some three times what it needs without optimization.
const FIXED: usize = 16 << 20;

/// Bytes for each byte of the text. They are only reserved; what is not used costs nothing.
const EACH: usize = 512;

/// Runs `work`, or says why it could not be done.
pub(crate) fn with_room_for<T: Send>(
    sql: &str,
    work: impl FnOnce() -> T + Send,
) -> Result<T, Problem> {
    let size = FIXED.saturating_add(sql.len().saturating_mul(EACH));
    thread::scope(|scope| {
        let worker = thread::Builder::new()
            .stack_size(size)
            .spawn_scoped(scope, work)
            .map_err(|error| failed(&format!("there is no room to read it ({error})")))?;
        worker.join().map_err(|_| failed("the parser broke off"))
    })
}

fn failed(message: &str) -> Problem {
    Problem::of_text(&reason::unreadable(message))
}
