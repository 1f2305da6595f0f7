//! What a person sees: the steps, the states, and one live line about traffic; plain lines without a terminal.

use crate::lock::lock;
use indicatif::{ProgressBar, ProgressFinish, ProgressStyle};
use std::io::{Write, stderr};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

/// From one line of progress to the next, where no terminal shows a live line.
const EVERY: Duration = Duration::from_secs(15);

/// The output of one rehearsal, with the time since its beginning before each line. Clones share it.
#[derive(Clone)]
pub struct Show {
    began: Instant,
    line: ProgressBar,
    to: To,
    /// When the latest line of progress was written.
    latest: Arc<Mutex<Option<Instant>>>,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum To {
    Person,
    /// Somebody who waits for a test to begin.
    Waiting,
    Nobody,
}

impl Show {
    /// A live line where standard error is a terminal.
    pub fn new() -> Show {
        let line = ProgressBar::new_spinner().with_finish(ProgressFinish::AndClear);
        if let Ok(style) = ProgressStyle::with_template("{spinner} {wide_msg}") {
            line.set_style(style);
        }
        line.enable_steady_tick(Duration::from_millis(120));
        Show::to(To::Person, line)
    }

    /// For work that nobody watches.
    pub fn silent() -> Show {
        Show::to(To::Nobody, ProgressBar::hidden())
    }

    /// Progress alone, as far as there is any: for a test, which shows nothing while there is nothing to wait for.
    pub fn waiting() -> Show {
        Show::to(To::Waiting, ProgressBar::hidden())
    }

    fn to(to: To, line: ProgressBar) -> Show {
        Show {
            began: Instant::now(),
            line,
            to,
            latest: Arc::default(),
        }
    }

    /// A line that stays.
    pub fn say(&self, text: &str) {
        if self.to == To::Person {
            let seconds = self.began.elapsed().as_secs_f64();
            self.line.suspend(|| println!("{seconds:>6.1} s  {text}"));
        }
    }

    /// A step of the set-up: it stays, and shows as under way.
    pub fn step(&self, text: &str) {
        self.say(text);
        self.live(text);
    }

    /// The live line; nothing without a terminal.
    pub fn live(&self, text: &str) {
        self.line.set_message(text.to_owned());
    }

    /// How far something is that takes minutes: the live line, or without a terminal a line now and then.
    pub fn progress(&self, text: &str) {
        self.live(text);
        let mut latest = lock(&self.latest);
        let due = latest.is_none_or(|latest| latest.elapsed() >= EVERY);
        if due && self.line.is_hidden() && self.to != To::Nobody {
            *latest = Some(Instant::now());
            let seconds = self.began.elapsed().as_secs();
            // A test harness keeps what is printed until a test fails; what is written to the stream it lets pass.
            writeln!(stderr(), "{seconds:>4} s    {text}").ok();
        }
    }
}

impl Default for Show {
    fn default() -> Show {
        Show::new()
    }
}
