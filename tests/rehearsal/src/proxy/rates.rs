//! The rates at which an account may ask AWS. Stages that share them are the services of one account, though on the local
//! AWS each has an account of its own.

use crate::lock::lock;
use fixtures::Limits;
use std::sync::{Arc, Mutex};
use std::time::Instant;

/// Buckets that are full at first; clones are the same ones.
#[derive(Clone)]
pub(super) struct Rates {
    limits: Arc<Mutex<Limits>>,
    since: Instant,
}

impl Rates {
    pub fn full(limits: Limits) -> Rates {
        Rates {
            limits: Arc::new(Mutex::new(limits)),
            since: Instant::now(),
        }
    }

    /// Whether a call is answered now, or turned away.
    pub fn takes(&self, operation: &str) -> bool {
        lock(&self.limits).takes(operation, self.since.elapsed().as_secs_f64())
    }
}
