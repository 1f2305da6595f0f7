//! The project's own files, as its tests read them: the template, the state machine, the labelled migrations, and the
//! Rust sources.
//!
//! `tokens` reads a source file, `modules` the files of a crate, `paths` what each names, and `graph` which file needs
//! which. Nothing is compiled or started for it. A file that cannot be read ends the test that needs it.
//!
//! `install` is apart: with it the tests install what they need of Python's packages.

pub mod cases;
mod files;
pub mod functions;
pub mod graph;
pub mod install;
mod modules;
mod paths;
pub mod template;
pub mod tokens;
mod values;

pub use files::{ci_machine, files, machine, read, root, template};
pub use functions::{Function, functions};
pub use values::{Names, between, keys, list, text};
