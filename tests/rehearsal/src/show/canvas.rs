//! What lines are written on: how wide it is, and whether it has colours.

use super::paint::Paint;
use console::Term;

/// Wider lines are hard to read, and no picture of them fits a page.
const WIDEST: usize = 100;

/// On a narrower terminal lines run over.
const NARROWEST: usize = 60;

/// A terminal, or a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Canvas {
    pub paint: Paint,
    /// The columns that a line may take.
    pub columns: usize,
}

impl Canvas {
    /// No colours, and lines of 100 columns: a file, a log.
    pub const PLAIN: Canvas = Canvas {
        paint: Paint::NONE,
        columns: WIDEST,
    };

    /// That of standard output.
    pub fn of_stdout() -> Canvas {
        let size = Term::stdout().size_checked();
        let columns = size.map_or(WIDEST, |(_, columns)| usize::from(columns));
        Canvas {
            paint: Paint::of_stdout(),
            columns: columns.clamp(NARROWEST, WIDEST),
        }
    }
}
