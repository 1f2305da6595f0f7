//! What a person sees: the steps, the states, and one live line about traffic; plain lines without a terminal.

use indicatif::{ProgressBar, ProgressFinish, ProgressStyle};
use std::time::{Duration, Instant};

/// The output of one rehearsal, with the time since its beginning before each line.
pub struct Show {
    began: Instant,
    line: ProgressBar,
    silent: bool,
}

impl Show {
    /// A live line where standard error is a terminal.
    pub fn new() -> Show {
        let line = ProgressBar::new_spinner().with_finish(ProgressFinish::AndClear);
        if let Ok(style) = ProgressStyle::with_template("{spinner} {wide_msg}") {
            line.set_style(style);
        }
        line.enable_steady_tick(Duration::from_millis(120));
        Show {
            began: Instant::now(),
            line,
            silent: false,
        }
    }

    /// For work that nobody watches.
    pub fn silent() -> Show {
        Show {
            began: Instant::now(),
            line: ProgressBar::hidden(),
            silent: true,
        }
    }

    /// A line that stays.
    pub fn say(&self, text: &str) {
        if !self.silent {
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
}

impl Default for Show {
    fn default() -> Show {
        Show::new()
    }
}
