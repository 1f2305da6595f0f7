//! How long a release is watched: until a story has done what it does meanwhile, however slow the machine is.

use crate::aws::lambda::set_variable;
use crate::stage::Stage;
use anyhow::{Context, Result};

/// A parameter that leaves time for anything during the watch: a bad verdict ends it at once, and [`Stage::end_watch`]
/// lets a release be kept.
pub const UNHURRIED: (&str, &str) = ("WatchSeconds", "150");

/// Parameters of a watch so long that 20 s are between two of its polls: an alarm has flipped back by then, and the poll
/// only finds that it did.
pub const RARELY_POLLED: [(&str, &str); 2] = [
    ("WatchSeconds", "3600"),
    ("InconclusiveGraceSeconds", "400"),
];

/// A parameter that waits until there are requests enough for a verdict: a healthy one ends the grace at once.
pub const PATIENT: (&str, &str) = ("InconclusiveGraceSeconds", "120");

impl Stage {
    /// The watch of the release in progress, and of those after it, is over at the next poll if nothing speaks against
    /// it.
    ///
    /// # Errors
    /// Lambda does not answer.
    pub async fn end_watch(&self) -> Result<()> {
        self.watch_for(1).await
    }

    /// Changes how long releases are watched, as an update of the stack would.
    ///
    /// # Errors
    /// Lambda does not answer.
    pub async fn watch_for(&self, seconds: u32) -> Result<()> {
        let function = self.deployed.ids.get("EvaluateMetrics");
        let function = function.context("the stack has no EvaluateMetrics")?;
        let seconds = seconds.to_string();
        set_variable(&self.aws, function, "WATCH_SECONDS", &seconds).await?;
        Ok(())
    }
}
