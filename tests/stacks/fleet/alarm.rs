//! An alarm of another service in the account, which flips back.

use super::account::Account;
use crate::recorded::{End, Recording};

/// Seconds until Lambda delivers an event: at once, and twice more after an error.
const DELIVERIES: [f64; 3] = [0.0, 60.0, 120.0];

/// After how many seconds it has flipped back. None where every delivery ended with an error.
pub async fn flip_back(account: &Account, recording: &Recording) -> Option<f64> {
    let began = account.clock.now();
    for after in DELIVERIES {
        account.clock.sleep(after).await;
        let run = recording.of("flip-back-by-alarm");
        if let End::Answer { .. } = account.invoke_flip(run).await {
            return Some(account.clock.now() - began);
        }
    }
    None
}
