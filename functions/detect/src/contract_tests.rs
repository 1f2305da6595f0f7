//! The tests of `contract.rs`.
