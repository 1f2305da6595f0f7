//! What a person sees: the steps, the states, and one live line about traffic; plain lines without a terminal.

use indicatif::{ProgressBar, ProgressStyle};
use std::io::IsTerminal;
use std::time::{Duration, Instant};

/// The output of one rehearsal, with the time since its beginning before each line.
pub struct Show {
    began: Instant,
    line: Option<ProgressBar>,
    silent: bool,
}

impl Show {
    /// A live line where standard error is a terminal.
    pub fn new() -> Show {
        let line = std::io::stderr().is_terminal().then(|| {
            let line = ProgressBar::new_spinner();
            if let Ok(style) = ProgressStyle::with_template("{spinner} {wide_msg}") {
                line.set_style(style);
            }
            line.enable_steady_tick(Duration::from_millis(120));
            line
        });
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
            line: None,
            silent: true,
        }
    }

    /// A line that stays.
    pub fn say(&self, text: &str) {
        if self.silent {
            return;
        }
        let text = format!("{:>6.1} s  {text}", self.began.elapsed().as_secs_f64());
        match &self.line {
            Some(line) => line.suspend(|| println!("{text}")),
            None => println!("{text}"),
        }
    }

    /// A step of the set-up: it stays, and shows as under way.
    pub fn step(&self, text: &str) {
        self.say(text);
        self.live(text);
    }

    /// The live line; nothing without a terminal.
    pub fn live(&self, text: &str) {
        if let Some(line) = &self.line {
            line.set_message(text.to_owned());
        }
    }
}

impl Default for Show {
    fn default() -> Show {
        Show::new()
    }
}

impl Drop for Show {
    fn drop(&mut self) {
        if let Some(line) = &self.line {
            line.finish_and_clear();
        }
    }
}
