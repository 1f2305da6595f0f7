//! One minute of the whole site.

/// Minutes before that of the flip.
pub const BEFORE: usize = 60;

/// What is usual in a minute of the whole site.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Minute {
    pub requests: f64,
    /// The part of them that fails.
    pub failing: f64,
    /// Errors that come beside those, however many requests there are.
    pub errors: f64,
}
