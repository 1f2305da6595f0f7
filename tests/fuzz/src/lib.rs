//! Searches for inputs that break a property of `tests/inputs/tried`, one target for each kind of input.
//!
//! With the stable toolchain and a C++ compiler, from the project's root:
//!
//! ```text
//! cargo install cargo-fuzz
//! cargo fuzz run --fuzz-dir tests/fuzz --sanitizer none alarm -- -max_total_time=90
//! ```
//!
//! The targets are `request`, `alarm`, `task`, `spec`, `reply`, `url` and `answer`. No sanitizer is needed: the
//! project forbids unsafe code. What breaks is kept below `tests/fuzz/artifacts/TARGET`; mend it, give it a unit test
//! beside the code, and move the input to `tests/fuzz/corpus/TARGET`, where `cargo test --test inputs` tries it for
//! ever. The corpus that a run grows is large: keep it outside (`cargo fuzz run ... TARGET /tmp/corpus/TARGET`), let
//! `cargo fuzz cmin` make it small, and commit the few files that reach furthest.

#[path = "../../inputs/tried/mod.rs"]
pub mod tried;
