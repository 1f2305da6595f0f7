//! Texts that others wrote, as a message may hold them: on one line, and short.
//!
//! An event, an answer of AWS or a reply may be 256 KiB long, and may hold what rings a terminal's bell, breaks a mail's
//! line, or lets a reader see other words than are there.

/// Characters kept from the beginning, which says where something is wrong.
const HEAD: usize = 250;

/// Characters kept from the end, where serde says what it expected.
const TAIL: usize = 100;

/// Characters of a whole reason. Step Functions takes 32,768 of a cause, and SNS 256 KiB of a message.
const REASON: usize = 7000;

/// A text on one line; when it is long, its beginning and its end.
pub fn excerpt(text: &str) -> String {
    cut(one_line(text), HEAD, TAIL)
}

/// A reason as a whole: each of its parts is bounded where it is quoted, and this holds whatever was overlooked.
pub(crate) fn reason(text: &str) -> String {
    cut(one_line(text), REASON - 2 * TAIL, TAIL)
}

/// The text as a sentence that others may follow: with one full stop, whether it had one or not.
pub fn sentence(text: &str) -> String {
    let text = text.trim_end();
    let stop = if text.ends_with(['.', '!', '?']) {
        ""
    } else {
        "."
    };
    format!("{text}{stop}")
}

/// The text on one line: where it has characters that nobody sees, there is one space.
pub fn one_line(text: &str) -> String {
    let mut line = String::with_capacity(text.len());
    let mut gap = false;
    for letter in text.chars() {
        if is_unseen(letter) {
            gap = true;
            continue;
        }
        let spaced = line.is_empty() || line.ends_with(' ');
        if gap && letter != ' ' && !spaced {
            line.push(' ');
        }
        if !(gap && letter == ' ' && spaced) {
            line.push(letter);
        }
        gap = false;
    }
    line
}

/// Control characters, and those of Unicode's that change how others are shown: the order of letters (bidirectional
/// controls), breaks of lines, the word joiner, marks of language and of annotation. U+200C and U+200D stay: without
/// them words of Persian and of Hindi, and emojis of several parts, are other ones.
fn is_unseen(letter: char) -> bool {
    letter.is_control()
        || matches!(
            letter,
            '\u{ad}'
                | '\u{61c}'
                | '\u{180e}'
                | '\u{200b}'
                | '\u{200e}'..='\u{200f}'
                | '\u{2028}'..='\u{202e}'
                | '\u{2060}'..='\u{206f}'
                | '\u{feff}'
                | '\u{fff9}'..='\u{fffb}'
                | '\u{e0000}'..='\u{e007f}'
        )
}

/// Stands where something was cut out.
pub(crate) const CUT: &str = " [...] ";

/// The beginning and the end of a text that is longer than both.
pub(crate) fn cut(text: String, head: usize, tail: usize) -> String {
    let count = text.chars().count();
    if count <= head + tail {
        return text;
    }
    let beginning: String = text.chars().take(head).collect();
    let end: String = text.chars().skip(count - tail).collect();
    format!("{beginning}{CUT}{end}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_long_text_keeps_its_ends_and_a_short_one_all() {
        assert_eq!(excerpt("short"), "short");
        let limit = "ä".repeat(HEAD + TAIL);
        assert_eq!(excerpt(&limit), limit);
        let long = excerpt(&format!("where {} what", "ä".repeat(200_000)));
        assert!(long.starts_with("where ") && long.ends_with(" what"));
        assert_eq!(long.chars().count(), HEAD + TAIL + 7);
        let reason = reason(&format!("where {} what", "ä".repeat(200_000)));
        assert!(reason.chars().count() <= REASON && reason.ends_with(" what"));
    }

    #[test]
    fn what_nobody_sees_becomes_one_space() {
        for (text, expect) in [
            ("one\r\n\ttwo", "one two"),
            ("\u{1b}[31mred\u{7}\u{0}", "[31mred"),
            ("a \u{8}\u{8} b", "a b"),
            (
                "paid \u{202e}00.1\u{202c} to \u{2066}x\u{2069}",
                "paid 00.1 to x",
            ),
            ("no\u{200b}thing\u{feff}", "no thing"),
            ("line\u{2028}break\u{85}next", "line break next"),
            ("tag\u{e0041}ged", "tag ged"),
            ("größer, 中文, 🚀", "größer, 中文, 🚀"),
            (
                "می\u{200c}خواهم 👩\u{200d}💻",
                "می\u{200c}خواهم 👩\u{200d}💻",
            ),
            ("two  spaces", "two  spaces"),
        ] {
            assert_eq!(excerpt(text), expect);
        }
    }

    #[test]
    fn a_sentence_ends_once() {
        for (text, expect) in [
            ("too slow", "too slow."),
            ("too slow.", "too slow."),
            ("too slow. ", "too slow."),
            ("why?", "why?"),
            ("cut...", "cut..."),
        ] {
            assert_eq!(sentence(text), expect);
        }
    }
}
