//! How a setting of the model is made.

use crate::execution::Kind;
use crate::model::Protocol;
use crate::world::Budget;
use shared::Environment;

/// A setting, and what must be possible in it.
pub struct Scenario {
    pub name: &'static str,
    pub protocol: Protocol,
    pub possible: &'static [&'static str],
}

/// Pushes by their place in order, `r` for an operator's rollback.
pub fn protocol(kinds: &str, budget: Budget) -> Protocol {
    let kind = |letter: char| {
        letter.to_digit(10).map_or(Kind::Rollback, |order| {
            Kind::Push(u8::try_from(order).expect("a digit"))
        })
    };
    Protocol {
        kinds: kinds.chars().map(kind).collect(),
        rules: 1,
        budget,
        watched: vec![Some(Environment::Green)],
        overlap: false,
        outlives: 0,
        mutation: None,
    }
}
