//! The script of `.github/actions/release` with the real AWS CLI: every exit code, by a story that ends so.

mod ends;
mod machine;
mod network;
mod people;
mod script;
mod shown;

pub use script::{Ran, Running, Script};
