//! Room for a text of any shape: what a chain such as `1 + 1 + 1` is read into is freed by a recursion as deep as the
//! chain is long, and an exhausted stack would end the whole process.

use crate::limits::{STATEMENT_MAX, TEXT_MAX};
use crate::parse::shortened;
use crate::problem::Place;
use crate::reason;
use crate::report::Report;
use std::any::Any;
use std::panic::{self, AssertUnwindSafe};
use std::sync::Once;
use std::thread;

/// What the thread of the parsers is called.
const NAME: &str = "migration";

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
    silence();
    let size = FIXED + sql.len().min(STATEMENT_MAX) * EACH;
    thread::scope(|scope| {
        let worker = thread::Builder::new()
            .name(NAME.to_owned())
            .stack_size(size)
            .spawn_scoped(scope, work);
        match worker.map(thread::ScopedJoinHandle::join) {
            Err(error) => failed(&format!("there is no room to read it ({error})")),
            Ok(Err(cause)) => failed(&broke_off(cause.as_ref())),
            Ok(Ok(report)) => report,
        }
    })
}

/// Runs `work` on one statement; says why it broke off, so that the other statements are read.
pub(crate) fn unharmed(work: impl FnOnce()) -> Result<(), String> {
    panic::catch_unwind(AssertUnwindSafe(work)).map_err(|cause| broke_off(cause.as_ref()))
}

/// A parser that breaks off is told as a problem, in place of the lines that a panic writes.
fn silence() {
    static DONE: Once = Once::new();
    DONE.call_once(|| {
        let hook = panic::take_hook();
        panic::set_hook(Box::new(move |panic| {
            if thread::current().name() != Some(NAME) {
                hook(panic);
            }
        }));
    });
}

fn broke_off(cause: &(dyn Any + Send)) -> String {
    let owned = cause.downcast_ref::<String>().map(String::as_str);
    let said = owned.or_else(|| cause.downcast_ref().copied());
    shortened(&format!(
        "the parser broke off: {}",
        said.unwrap_or("it does not say why")
    ))
}

fn failed(message: &str) -> Report {
    let mut report = Report::default();
    report.add(Place::of_line(1, "").problem(&reason::unreadable(message)));
    report
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_parser_that_breaks_off_says_why_and_ends_nothing_else() {
        let work = || assert_eq!(1, 2, "one is {}", "not two");
        let said = unharmed(work).expect_err("a panic");
        assert!(said.starts_with("the parser broke off: "), "{said}");
        assert!(said.contains("one is not two"), "{said}");
        assert_eq!(unharmed(|| ()), Ok(()));
        let report = with_room_for("SELECT 1", || panic!("no room"));
        let reasons: Vec<_> = report.dangers().map(|it| it.reason.as_str()).collect();
        assert!(reasons[0].contains("broke off: no room"), "{reasons:?}");
    }
}
