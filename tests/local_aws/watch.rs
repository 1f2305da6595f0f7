//! The watch on the local AWS: what shows that a release is bad, and how one ends that nothing can prove.
//!
//! The stories here need little traffic: most of them publish by themselves what a load balancer would.

mod alarms;
mod baseline;
mod silence;

use rehearsal::follow::End;

/// Seconds from the flip to the last poll of a release that was kept.
fn watched(end: &End) -> u64 {
    let seconds = &end.output["verdict"]["numbers"]["watchedSeconds"];
    seconds.as_u64().unwrap_or_default()
}

/// The verdict of a release that was kept.
fn verdict(end: &End) -> &str {
    end.output["verdict"]["verdict"]
        .as_str()
        .unwrap_or_default()
}

/// What a person is warned of.
fn warnings(end: &End) -> String {
    end.output["warnings"].to_string()
}
