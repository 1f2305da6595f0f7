//! The tests of `preflight.rs`.
