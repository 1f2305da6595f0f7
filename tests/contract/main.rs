//! Contract tests: they hold `template.yaml`, the state machine and the Rust sources together.
//!
//! Each part is right on its own and checked where it is made; what only fails in an account, because two parts
//! disagree, fails here. Nothing is built or started for it: the files themselves are read.

mod configuration;
mod machine;
mod parts;
mod permissions;
mod routes;
