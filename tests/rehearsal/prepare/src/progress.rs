//! Cargo's progress, for a log: its bar is one line that is written again and again, which only a terminal shows.

use std::io::{self, BufReader, Read, Write};
use std::time::{Duration, Instant};

/// From one line of the bar to the next.
const EVERY: Duration = Duration::from_secs(15);

/// Passes Cargo's lines on, and now and then a line of its bar: how many crates of how many, and which now.
pub fn pass_on(cargo: impl Read, log: &mut impl Write) -> io::Result<()> {
    let (began, mut piece) = (Instant::now(), Vec::new());
    let mut next = EVERY;
    for byte in BufReader::new(cargo).bytes() {
        let byte = byte?;
        let now = began.elapsed();
        match byte {
            b'\n' => {
                piece.push(byte);
                log.write_all(&std::mem::take(&mut piece))?;
            }
            b'\r' => {
                let bar = String::from_utf8_lossy(&piece).into_owned();
                piece.clear();
                if let Some(progress) = progress(&bar).filter(|_| now >= next) {
                    writeln!(log, "{progress} ({} s)", now.as_secs())?;
                    next = now + EVERY;
                }
            }
            _ => piece.push(byte),
        }
    }
    log.write_all(&piece)
}

/// What a bar says: `Building [==> ] 12/430: serde` without the bar itself; none where a piece is no bar.
fn progress(bar: &str) -> Option<String> {
    let (what, rest) = bar.split_once('[')?;
    let (_, count) = rest.split_once(']')?;
    let (what, count) = (what.split_whitespace().last()?, count.trim_end());
    Some(format!("{what:>12}{count}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_bar_is_read_without_its_bar() {
        for (bar, expect) in [
            (
                "    Building [===>      ] 12/430: serde, syn   ",
                Some("    Building 12/430: serde, syn"),
            ),
            ("\u{1b}[K", None),
            ("   Compiling serde v1.0.0", None),
        ] {
            assert_eq!(progress(bar).as_deref(), expect, "{bar}");
        }
    }

    #[test]
    fn lines_are_passed_on_as_they_are_and_bars_are_not() {
        let mut log = Vec::new();
        let cargo = "   Compiling a\n    Building [=> ] 1/2: a\r\u{1b}[K   Compiling b\nend";
        pass_on(cargo.as_bytes(), &mut log).expect("written");
        let log = String::from_utf8(log).expect("text");
        assert_eq!(log, "   Compiling a\n\u{1b}[K   Compiling b\nend");
    }
}
