//! How traffic is shifted: step by step, as a request or the stack's parameter spells it. Pure.
//!
//! `spelling` reads a list of steps, `presets` the names that people know from CodeDeploy. `policy` makes the steps of a
//! release of either: long enough to be judged, and short enough for the push that waits behind it.

mod lengths;
mod policy;
mod presets;
mod shift;
mod spelling;

pub use policy::{PlannedSteps, TrafficPolicy};
pub use shift::{MOST_STEPS, Shift};

#[cfg(test)]
#[path = "traffic/property_tests.rs"]
mod property_tests;
#[cfg(test)]
#[path = "traffic_tests.rs"]
mod tests;
