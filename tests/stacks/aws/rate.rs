//! The rates at which an account may ask AWS, on tokio's clock.

use fixtures::Limits;
use std::sync::{Arc, Mutex, PoisonError};
use tokio::time::Instant;

/// The buckets of an account on tokio's clock; its clones are the same ones.
#[derive(Clone, Debug)]
pub struct Rate(Arc<Mutex<Limits>>, Instant);

impl Rate {
    pub fn full() -> Rate {
        let limits = Mutex::new(Limits::documented());
        Rate(Arc::new(limits), Instant::now())
    }

    /// Whether a call is answered now, or turned away.
    pub fn takes(&self, operation: &str) -> bool {
        let mut limits = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        limits.takes(operation, self.1.elapsed().as_secs_f64())
    }
}
