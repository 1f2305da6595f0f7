//! The type of every moment.

/// A moment, in UTC.
pub type Time = chrono::DateTime<chrono::Utc>;
