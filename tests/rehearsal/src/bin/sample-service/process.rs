//! What a process of any command needs: its variables, and the request to stop.

use tokio::io::AsyncReadExt;
use tokio::signal::unix::{SignalKind, signal};

/// The engine closes our standard input to stop us; so does its end, however it comes. SIGTERM is what a real
/// engine sends.
pub async fn stop_requested() {
    let terminated = async {
        match signal(SignalKind::terminate()) {
            Ok(mut signal) => _ = signal.recv().await,
            Err(_) => std::future::pending().await,
        }
    };
    let (mut stdin, mut input) = (tokio::io::stdin(), Vec::new());
    tokio::select! {
        _ = stdin.read_to_end(&mut input) => {}
        () = terminated => {}
    }
}

/// A variable, empty where it is not set.
pub fn read(name: &str) -> String {
    std::env::var(name).unwrap_or_default()
}
