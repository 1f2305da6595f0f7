//! What an operator does beside releasing: previews, findings, drift, syncs and migrations, on the local AWS.

mod deployed;
mod drift;
mod findings;
mod found;
mod migrations;
mod previews;
mod wire;
mod wirings;
