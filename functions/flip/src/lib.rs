//! flip: moves every rule to a named environment, or back. `main` wires; `handler`, `traffic` and `rules` touch AWS; the
//! rest thinks.

pub mod alarm;
pub mod answer;
pub mod decide;
pub mod event;
pub mod handler;
#[cfg(test)]
mod handler_tests;
pub mod plan;
pub mod rules;
pub mod traffic;
#[cfg(test)]
mod traffic_tests;
