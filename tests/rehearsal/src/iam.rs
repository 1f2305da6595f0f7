//! What IAM would say: the policies of `template.yaml` against the calls that the functions really make.
//!
//! The local AWS enforces no permissions, so the proxy does: a call that its function's role does not allow is
//! refused as AWS would refuse it. Only what the template uses of IAM is understood; anything else is an error.

pub mod facts;
mod needs;
mod policy;
mod resolve;

pub use needs::{Need, needs};
pub use policy::{Policies, Statement, role_statements};
pub use resolve::Resolve;
