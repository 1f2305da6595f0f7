//! What a target replies to a request.

/// A reply, of which the body is read up to a limit.
#[derive(Clone, Debug)]
pub struct Reply {
    pub status: u16,
    /// Names in lower case; a name may be there several times.
    pub headers: Vec<(String, String)>,
    pub body: Vec<u8>,
    /// The body was longer than what was read.
    pub truncated: bool,
    /// From the request to the end of the body, in milliseconds.
    pub latency_ms: u64,
}
