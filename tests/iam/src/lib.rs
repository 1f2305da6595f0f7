//! What IAM would say: the calls that the functions make, against the policies of `template.yaml` (I9).
//!
//! `call` reads a request of any protocol, `needs` says which permissions it takes, and `facts` what AWS knows of
//! each action. `deployed` resolves the template, `statement` and `policies` decide as IAM does, `report` counts,
//! and `recorded` keeps calls in a file that fits every deployment. `reasons` explains what stands in a policy although no
//! recorded call needs it. Whatever is not understood is an error: a proof that skips something would prove too much.
//!
//! The proxy of the rehearsal asks this library about every call; `tests/policies` judges the recorded ones.

mod arn;
mod call;
mod deployed;
pub mod facts;
mod form;
mod forms;
mod needs;
mod paper;
mod physical;
pub mod policies;
pub mod reasons;
mod recorded;
pub mod report;
mod resources;
mod statement;
mod values;

pub use arn::Place;
pub use call::Call;
pub use deployed::Deployed;
pub use needs::{Need, needs};
pub use policies::Policies;
pub use recorded::Recorded;
pub use report::Report;
pub use statement::Statement;
pub use values::Values;
