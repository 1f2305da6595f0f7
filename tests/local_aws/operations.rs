//! What an operator does beside releasing: previews, findings, drift, syncs and migrations; and the rules that follow a
//! flip, on the local AWS.

mod deployed;
mod drift;
mod findings;
mod found;
mod idle_rules;
mod kept;
mod migrations;
mod previews;
mod wire;
mod wirings;
