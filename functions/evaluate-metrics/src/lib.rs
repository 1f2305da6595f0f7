//! evaluate-metrics: judges a release. `main` wires; `handler` and `metrics` touch AWS; `decide` thinks, with `rules`, `numbers` and `compare`.

pub mod compare;
pub mod decide;
pub mod handler;
pub mod metrics;
pub mod numbers;
pub mod policy;
pub mod probe;
mod rules;
pub mod seen;
mod series;
