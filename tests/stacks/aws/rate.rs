//! The rate at which an account may ask the load balancer: whatever describes something takes from one bucket.

use std::sync::{Arc, Mutex, PoisonError};
use tokio::time::Instant;

/// Calls at once, and calls in a second after that (ELBv2 API reference, throttling).
const BUCKET: f64 = 40.0;
const PER_SECOND: f64 = 10.0;

/// The bucket of an account; its clones are the same one.
#[derive(Clone)]
pub struct Rate(Arc<Mutex<(f64, Instant)>>);

impl Rate {
    pub fn full() -> Rate {
        Rate(Arc::new(Mutex::new((BUCKET, Instant::now()))))
    }

    /// Whether a call is answered now, or turned away.
    pub fn takes(&self) -> bool {
        let mut bucket = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let (left, at) = *bucket;
        let now = Instant::now();
        let left = BUCKET.min(left + PER_SECOND * (now - at).as_secs_f64());
        let takes = left >= 1.0;
        *bucket = (if takes { left - 1.0 } else { left }, now);
        takes
    }
}
