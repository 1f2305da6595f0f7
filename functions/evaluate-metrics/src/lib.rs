//! evaluate-metrics: judges a release. `main` wires; `handler` and `metrics` touch AWS; `decide` thinks.

pub mod decide;
pub mod handler;
pub mod metrics;
pub mod policy;
