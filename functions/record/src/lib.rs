#![doc = include_str!("../README.md")]

mod claim;
mod contract;
mod ending;
mod ends;
mod expand;
mod finish;
#[cfg(test)]
mod fixtures;
mod flip;
mod flip_back;
mod history;
mod measured;
mod order;
mod record;
mod release;
mod schema;
mod share;
mod smoke;
mod stopped;
mod store;

pub use claim::{Claim, Claimant};
pub use contract::{BeginContract, ContractTerms};
pub use ends::BUILD_FAILURES;
pub use finish::{Finish, Outcome};
pub use flip::{BeginFlip, EndFlip, Flip};
pub use flip_back::FlipBackCause;
pub use history::EXPIRES_AT;
pub use order::Enqueued;
pub use record::{End, Lease, QueuedRequest, Record};
pub use release::{PassedSmoke, Phase, Release};
pub use schema::{Contract, Expand};
pub use share::PassStep;
pub use shared::Time;
pub use smoke::PassSmoke;
pub use stopped::{CloseStopped, DEPLOY_SECONDS};
pub use store::Store;
