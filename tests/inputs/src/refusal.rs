//! What every refusal of an input must be.

use shared::Error;

/// More than this nobody reads, and a state machine need not carry.
const MESSAGE: usize = 1500;

/// A refusal says something, and not everything that it was given.
pub(crate) fn short(message: &str) {
    let count = message.chars().count();
    assert!((1..=MESSAGE).contains(&count), "{count} characters");
}

/// Whether a result is a value; an error has one of the names that the reader of this input may give.
pub(crate) fn accepted<T>(result: Result<T, Error>, names: &[&str]) -> Option<T> {
    match result {
        Ok(value) => Some(value),
        Err(error) => {
            short(&error.to_string());
            assert!(names.contains(&error.name()), "{}: {error}", error.name());
            None
        }
    }
}
