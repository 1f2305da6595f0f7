//! Opens a release in the record, and closes it: who may begin, on which plan, and what is written.
//!
//! `release`, `contract` and `drift` each answer a kind of request, from its beginning to its answer; `met` says what a
//! contract step waits for. `queue`, `pass_smoke`, `pass_step` and `hold` change the record, and nothing else does.
//! `admission`, `begin`, `commands`, `decide`, `migration` and `unfinished` are pure.

mod admission;
mod assess;
mod begin;
mod commands;
mod context;
mod contract;
mod decide;
mod drift;
mod gather;
mod hold;
mod holder;
mod met;
mod migration;
mod pass_smoke;
mod pass_step;
mod queue;
mod release;
mod unfinished;

pub use admission::{Admission, HolderState, Skipped, admission};
pub use commands::CommandsFrom;
pub use context::Context;
pub use decide::wants_verification;
pub use migration::MigrationPolicy;
pub use pass_smoke::passed_smoke;
pub use unfinished::to_flip_back;

pub(crate) use contract::{Contracts, contract};
pub(crate) use drift::report_drift;
pub(crate) use hold::finish;
pub(crate) use holder::holder_state;
pub(crate) use pass_smoke::pass_smoke;
pub(crate) use pass_step::pass_step;
pub(crate) use release::release;
pub(crate) use unfinished::{describe_release, explain_split};
