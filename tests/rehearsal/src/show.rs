//! What a person sees: the steps, the story of each release, and one live line about traffic; plain lines without a
//! terminal.

mod canvas;
mod fit;
mod paint;

pub use canvas::Canvas;
pub use fit::{columns, count, short_digests, shorten, took, wrap};
pub use paint::{Ink, Paint};

use crate::lock::lock;
use indicatif::{ProgressBar, ProgressDrawTarget, ProgressFinish, ProgressStyle};
use std::io::{Write, stderr};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

/// From one line of progress to the next, where no terminal shows a live line.
const EVERY: Duration = Duration::from_secs(15);

/// The columns of the time before each line.
const TIME: usize = 10;

/// How far the further lines of a long text are indented.
const INDENT: usize = 4;

/// The output of one rehearsal, with the time since its beginning before each line. Clones share it.
#[derive(Clone)]
pub struct Show {
    began: Instant,
    canvas: Canvas,
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
    /// A live line where standard error is a terminal, and no job of a CI.
    pub fn new() -> Show {
        let line = ProgressBar::new_spinner().with_finish(ProgressFinish::AndClear);
        if paint::in_ci() || console::is_dumb() {
            line.set_draw_target(ProgressDrawTarget::hidden());
        }
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
            canvas: Canvas::of_stdout(),
            line,
            to,
            latest: Arc::default(),
        }
    }

    /// What lines are written on.
    pub fn canvas(&self) -> Canvas {
        self.canvas
    }

    /// What a line beside its time is written on.
    pub(crate) fn beside_time(&self) -> Canvas {
        let columns = self.canvas.columns - TIME;
        Canvas {
            columns,
            ..self.canvas
        }
    }

    /// A text that stays: environments, versions and verdicts have their colours, and a long one takes several lines.
    pub fn say(&self, text: &str) {
        let Canvas { paint, columns } = self.beside_time();
        let lines = wrap(text, columns, INDENT);
        let lines: Vec<_> = lines.iter().map(|line| paint.words(line)).collect();
        self.timed(&lines);
    }

    /// Lines that stay, as they are: they fit. The first has the time.
    pub fn timed(&self, lines: &[String]) {
        let seconds = self.began.elapsed().as_secs_f64();
        let time = format!("{seconds:>6.1} s  ");
        let time = self.canvas.paint.ink(Ink::Faint, &time);
        let times = std::iter::once(time).chain(std::iter::repeat(" ".repeat(TIME)));
        for (time, line) in times.zip(lines) {
            self.print(&format!("{time}{line}"));
        }
    }

    /// Lines that stay, as they are and without the time, after an empty one.
    pub fn block(&self, lines: &[String]) {
        self.print("");
        lines.iter().for_each(|line| self.print(line));
    }

    /// Texts that stay, without the time: with their colours, and in several lines if they are long.
    pub fn texts(&self, texts: &[String]) {
        let Canvas { paint, columns } = self.canvas;
        let lines = texts.iter().flat_map(|text| wrap(text, columns, INDENT));
        lines.for_each(|line| self.print(&paint.words(&line)));
    }

    /// A line that stays, as it is and in one piece: a path.
    pub fn line(&self, line: &str) {
        self.print(line);
    }

    fn print(&self, line: &str) {
        if self.to == To::Person {
            self.line.suspend(|| println!("{}", line.trim_end()));
        }
    }

    /// A step of the set-up: it stays, and shows as under way.
    pub fn step(&self, text: &str) {
        self.say(text);
        self.live(text);
    }

    /// The live line; nothing without a terminal.
    pub fn live(&self, text: &str) {
        self.line.set_message(self.canvas.paint.words(text));
    }

    /// How far something is that takes minutes: the live line, or without a terminal a line now and then.
    pub fn progress(&self, text: &str) {
        self.live(text);
        let mut latest = lock(&self.latest);
        let due = latest.is_none_or(|latest| latest.elapsed() >= EVERY);
        if due && self.line.is_hidden() && self.to != To::Nobody {
            *latest = Some(Instant::now());
            let seconds = self.began.elapsed().as_secs_f64();
            // A test harness keeps what is printed until a test fails; what is written to the stream it lets pass.
            writeln!(stderr(), "{seconds:>6.1} s  {text}").ok();
        }
    }
}

impl Default for Show {
    fn default() -> Show {
        Show::new()
    }
}
