//! How people wire it: what would break a promise is refused, or warned of, before anything is touched.
//!
//! `flip_back` is about rules after the flip, `rules` about which rules are listed, `services` about services,
//! `names` about containers and colours, `targets` about what can be asked, `alarms` about alarms and secrets,
//! `cookies` about stickiness, `idle_rules` about those that follow inversely.

mod alarms;
mod cookies;
mod flip_back;
mod idle_rules;
mod names;
mod rules;
mod services;
mod targets;

use crate::case::Case;

pub fn cases() -> Vec<Case> {
    [
        flip_back::cases(),
        idle_rules::cases(),
        rules::cases(),
        services::cases(),
        names::cases(),
        targets::cases(),
        alarms::cases(),
        cookies::cases(),
    ]
    .into_iter()
    .flatten()
    .collect()
}
