//! How the model checker searches.

use crate::protocol::Protocol;
use stateright::{CheckerBuilder, Model};

/// Threads for each search: the tests themselves run at the same time.
const THREADS: usize = 2;

/// A search through every state of a setting.
pub fn search(protocol: Protocol) -> CheckerBuilder<Protocol> {
    protocol.checker().threads(THREADS)
}
