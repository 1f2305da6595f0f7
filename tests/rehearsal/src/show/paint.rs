//! The colours of what a person reads. Where there is no colour, no text has an escape code.

use console::Style;

/// Whether there is colour.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Paint(bool);

/// What a text says, which chooses its colour.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ink {
    /// What is there to find the rest: times, frames.
    Faint,
    Title,
    Phase,
    Version,
    Blue,
    Green,
    Good,
    /// Neither good nor bad yet.
    Open,
    Bad,
}

impl Paint {
    pub const NONE: Paint = Paint(false);
    pub const COLOURS: Paint = Paint(true);

    /// Colours where standard output is a terminal that has them, and nobody wants none: `NO_COLOR`, `CLICOLOR=0`,
    /// `TERM=dumb`. A log of CI has none either, though some make their jobs believe in a terminal.
    pub fn of_stdout() -> Paint {
        Paint(console::colors_enabled() && !in_ci())
    }

    pub fn ink(self, ink: Ink, text: &str) -> String {
        if !self.0 || text.is_empty() {
            return text.to_owned();
        }
        style(ink).apply_to(text).force_styling(true).to_string()
    }

    /// A text in which environments, versions, verdicts and failures have their colours.
    pub fn words(self, text: &str) -> String {
        let mut before = "";
        let pieces = text.split_inclusive([' ', ':', ',', ';', '/', '(', '"']);
        let painted = pieces.map(|piece| {
            let word = piece.trim_matches(|letter: char| !letter.is_ascii_alphanumeric());
            let ink = ink_of(word, before);
            if !word.is_empty() {
                before = word;
            }
            let (Some(ink), Some((left, right))) = (ink, piece.split_once(word)) else {
                return piece.to_owned();
            };
            format!("{left}{}{right}", self.ink(ink, word))
        });
        painted.collect()
    }
}

/// Whether a CI runs this.
pub(super) fn in_ci() -> bool {
    let ci = std::env::var("CI");
    ci.is_ok_and(|value| !["", "0", "false"].contains(&value.as_str()))
}

fn style(ink: Ink) -> Style {
    let style = Style::new();
    match ink {
        Ink::Faint => style.dim(),
        Ink::Title => style.bold(),
        Ink::Phase => style.cyan(),
        Ink::Version => style.bold().magenta(),
        Ink::Blue => style.blue().bright().bold(),
        Ink::Green => style.green().bright().bold(),
        Ink::Good => style.green(),
        Ink::Open => style.yellow(),
        Ink::Bad => style.red().bold(),
    }
}

/// The ink of a word that comes after another one.
fn ink_of(word: &str, before: &str) -> Option<Ink> {
    let counted = before.replace(',', "").parse::<u64>();
    match word {
        "blue" => Some(Ink::Blue),
        "green" => Some(Ink::Green),
        "healthy" => Some(Ink::Good),
        "inconclusive" => Some(Ink::Open),
        "unhealthy" | "FAILED" => Some(Ink::Bad),
        "failed" | "errors" => counted.is_ok_and(|count| count > 0).then_some(Ink::Bad),
        _ => is_version(word).then_some(Ink::Version),
    }
}

/// Whether a word is a version as the sample service has them: `v1.1.0-breaks-orders`.
fn is_version(word: &str) -> bool {
    let number = word.strip_prefix('v').and_then(|rest| rest.split_once('.'));
    number.is_some_and(|(major, _)| major.parse::<u32>().is_ok())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(text: &str, expect: &[(&str, Ink)]) {
        let mut expected = text.to_owned();
        for (word, ink) in expect {
            expected = expected.replacen(word, &Paint::COLOURS.ink(*ink, word), 1);
        }
        assert_eq!(Paint::COLOURS.words(text), expected);
        assert_eq!(Paint::NONE.words(text), text, "no colour, no codes");
    }

    #[test]
    fn words_have_the_colours_of_what_they_say() {
        check(
            "v1.1.0 in green answers: 45 requests/s, 0 errors/s; 142 served, 0 failed",
            &[("v1.1.0", Ink::Version), ("green", Ink::Green)],
        );
        check(
            "pushing v1.1.0-crash; blue is active",
            &[("v1.1.0-crash", Ink::Version), ("blue", Ink::Blue)],
        );
        check("1,142 served, 3 failed", &[("failed", Ink::Bad)]);
        check("the alarm shop-green-5xx of 10 versions", &[]);
    }

    #[test]
    fn without_colour_there_is_no_escape_code() {
        for ink in [Ink::Faint, Ink::Version, Ink::Bad] {
            assert_eq!(Paint::NONE.ink(ink, "v1.1.0"), "v1.1.0");
        }
        assert!(Paint::COLOURS.ink(Ink::Bad, "no").starts_with('\u{1b}'));
    }
}
