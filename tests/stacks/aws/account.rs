//! Whose account it is, and where.

pub const ACCOUNT: &str = "111122223333";
pub const REGION: &str = "eu-west-1";
