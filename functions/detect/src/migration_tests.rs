//! The tests of `migration.rs`.
