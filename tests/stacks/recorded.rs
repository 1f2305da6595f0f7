//! What each task of a release asks of AWS: recorded from the functions themselves, whose calls an account answers late.
//!
//! Nothing of it is stored, so that it cannot go stale. `recorder` runs one task, `release` all of them in their order,
//! `looks` those of a watch.

mod looks;
mod recorder;
mod release;
mod run;
mod tasks;

pub use run::{Call, End, Recording, Run};

use recorder::Recorder;
use std::sync::LazyLock;

/// The steps of the releases that are recorded, as the parameter `TrafficSteps` spells them.
pub const ALL_AT_ONCE: &str = "100:120";
pub const TEN_PERCENT_FIRST: &str = "10:300,100:120";

/// No steps: a release up to its check, of a stack that asks for scans and signatures.
pub const LET_IN: &str = "let in";

/// The recordings, each made once.
static RECORDINGS: LazyLock<[Recording; 3]> = LazyLock::new(|| {
    // What is recorded waits for answers on the clock of a runtime of its own, which runs ahead. A thread of its own has
    // the stack that the functions need without optimization.
    let thread = std::thread::Builder::new().stack_size(16 << 20);
    let recordings = thread.spawn(|| {
        let runtime = tokio::runtime::Builder::new_current_thread()
            .enable_all()
            .start_paused(true)
            .build();
        runtime.expect("a runtime").block_on(async {
            let mut recorder = Recorder::new();
            let all_at_once = release::record(&mut recorder, ALL_AT_ONCE).await;
            let ten_first = release::record(&mut recorder, TEN_PERCENT_FIRST).await;
            let let_in = release::record_let_in(&mut recorder).await;
            [all_at_once, ten_first, let_in]
        })
    });
    recordings.expect("a thread").join().expect("no panic")
});

/// The look at a share whose watch lasts `end` seconds, so many seconds `after` its flip.
pub fn look(recording: &Recording, share: u32, end: f64, after: f64) -> &Run {
    recording.of(&looks::name(share, looks::moment(end as i64, after)))
}

/// The tasks of a release in these steps.
pub fn recording(steps: &str) -> &'static Recording {
    let known = [ALL_AT_ONCE, TEN_PERCENT_FIRST, LET_IN];
    let number = known.iter().position(|known| *known == steps);
    &RECORDINGS[number.unwrap_or_else(|| panic!("{steps} is not recorded"))]
}
