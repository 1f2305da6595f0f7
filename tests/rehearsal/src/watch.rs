//! How long a release is watched: until a story has done what it does meanwhile, however slow the machine is.

use crate::stage::Stage;
use crate::tasks;
use anyhow::Result;
use serde_json::json;

/// A parameter that leaves time for anything during the watch: a bad verdict ends it at once, and [`Stage::end_watch`]
/// lets a release be kept.
pub const UNHURRIED: (&str, &str) = ("WatchSeconds", "150");

/// Parameters of a watch so long that 30 s are between two of its polls, after the first four: an alarm has flipped back by
/// then, and the poll only finds that it did.
pub const RARELY_POLLED: [(&str, &str); 2] = [
    ("WatchSeconds", "3600"),
    ("InconclusiveGraceSeconds", "400"),
];

/// A parameter that waits until there are requests enough for a verdict: a healthy one ends the grace at once.
pub const PATIENT: (&str, &str) = ("InconclusiveGraceSeconds", "120");

impl Stage {
    /// The watch of the release in progress, at every step, and of those after it is over at the next poll if nothing
    /// speaks against it.
    ///
    /// # Errors
    /// The local AWS does not answer.
    pub async fn end_watch(&self) -> Result<()> {
        self.watch_for(1).await
    }

    /// Changes how long every step of the account's releases is watched, of the one in progress as well: what the machine
    /// says of it to its tasks. How often it polls stays as it was.
    ///
    /// # Errors
    /// The local AWS does not answer.
    pub async fn watch_for(&self, seconds: u32) -> Result<()> {
        tasks::call(&self.aws, "WatchFor", &json!({"seconds": seconds})).await?;
        Ok(())
    }
}
