//! People decide: about one release, by its id, or about all of them.
//!
//! `word` writes down what a person says, `freeze` and `stop` where that takes more than a write. `heed` answers the
//! release's own execution, which asks before each of its steps forward. `bar` says what keeps a request from beginning
//! while nothing is in progress, and `status` shows all of it. `policy`, `window`, `patience`, `bar`, `ask`,
//! `overview`, `progress`, `taken` and `texts` are pure.

mod ask;
mod bar;
mod freeze;
mod heed;
mod observed;
mod overview;
mod patience;
mod policy;
mod progress;
mod status;
mod stop;
mod taken;
mod texts;
mod window;
mod word;

pub use bar::{Bar, bar};
pub use patience::{seconds_before_flip, seconds_behind, seconds_in_watch};
pub use policy::{AfterFreeze, DecisionPolicy};
pub use window::ReleaseWindow;

pub(crate) use bar::overridden;
pub(crate) use freeze::end_freeze;
pub(crate) use heed::{heed, waits_at_gate};
pub(crate) use overview::Overview;
pub(crate) use patience::behind;
pub(crate) use status::status;
pub(crate) use word::decide;
