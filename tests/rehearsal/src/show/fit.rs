//! What fits a line: texts that are shortened or broken, and figures as a person reads them.

use console::{measure_text_width, truncate_str};
use indicatif::HumanCount;

/// What a verdict says in many words, and what a line has room for.
const SHORT: [(&str, &str); 3] = [
    (
        "with 95 % certainty fewer than",
        "95 % sure that fewer than",
    ),
    (
        "the previous environment explains",
        "the previous one explains",
    ),
    ("target connection errors", "connection errors"),
];

/// The columns of a text, of which escape codes take none.
pub fn columns(text: &str) -> usize {
    measure_text_width(text)
}

/// A text in so many columns: in its own words if they fit, else without what is in parentheses, else without its last
/// clauses, and else cut.
pub fn shorten(text: &str, limit: usize) -> String {
    let mut text = short_digests(text);
    for (long, short) in SHORT {
        if columns(&text) > limit {
            text = text.replace(long, short);
        }
    }
    if columns(&text) > limit {
        text = without_parentheses(&text);
    }
    if columns(&text) > limit {
        text = without_last_clauses(&text, limit).unwrap_or(text);
    }
    truncate_str(&text, limit, "…").into_owned()
}

/// A text in lines of so many columns at most, broken between words. Further lines begin where the first one does, and
/// `indent` columns to the right.
pub fn wrap(text: &str, limit: usize, indent: usize) -> Vec<String> {
    let first = text.len() - text.trim_start().len();
    let further = first + indent;
    let room = limit.saturating_sub(further).max(1);
    let mut lines = vec![" ".repeat(first)];
    let mut is_empty = true;
    for piece in text.split_whitespace().flat_map(|word| pieces(word, room)) {
        let line = lines.last().map_or(0, |line| columns(line));
        if !is_empty && line + 1 + columns(piece) > limit {
            lines.push(" ".repeat(further));
            is_empty = true;
        }
        if let Some(line) = lines.last_mut() {
            line.push_str(if is_empty { "" } else { " " });
            line.push_str(piece);
        }
        is_empty = false;
    }
    lines
}

/// How long something took, in seconds: `0.3 s`, `20.3 s`, `7 min 4 s`.
pub fn took(seconds: f64) -> String {
    let whole = seconds.max(0.0).round() as u64;
    match whole / 60 {
        0 | 1 => format!("{seconds:.1} s"),
        minutes => format!("{minutes} min {} s", whole % 60),
    }
}

/// A count with a comma between thousands.
pub fn count(number: u64) -> String {
    HumanCount(number).to_string()
}

/// A word that fits no line, such as an ARN, in pieces that do.
fn pieces(word: &str, room: usize) -> impl Iterator<Item = &str> {
    let mut rest = word;
    std::iter::from_fn(move || {
        let end = rest
            .char_indices()
            .nth(room)
            .map_or(rest.len(), |(at, _)| at);
        let (piece, tail) = rest.split_at(end);
        rest = tail;
        (!piece.is_empty()).then_some(piece)
    })
}

/// The clauses that fit, if they are half of the limit or more.
fn without_last_clauses(text: &str, limit: usize) -> Option<String> {
    let ends = text.match_indices("; ").map(|(end, _)| &text[..end]);
    let fits = |kept: &&str| (limit / 2..limit.saturating_sub(2)).contains(&columns(kept));
    let kept = ends.filter(fits).last();
    kept.map(|kept| format!("{kept}; …"))
}

/// Digests with their first twelve digits, as Docker shows them.
pub fn short_digests(text: &str) -> String {
    let mut parts = text.split("sha256:");
    let first = parts.next().unwrap_or_default().to_owned();
    parts.fold(first, |text, part| {
        let digits = part.bytes().take_while(u8::is_ascii_hexdigit).count();
        let (digest, rest) = part.split_at(digits);
        let shown = &digest[..digits.min(12)];
        format!("{text}sha256:{shown}{rest}")
    })
}

fn without_parentheses(text: &str) -> String {
    let mut depth = 0_usize;
    let mut kept = String::new();
    for letter in text.chars() {
        match letter {
            '(' => {
                depth += 1;
                kept.truncate(kept.trim_end().len());
            }
            ')' if depth > 0 => depth -= 1,
            _ if depth == 0 => kept.push(letter),
            _ => {}
        }
    }
    kept
}

#[cfg(test)]
mod tests {
    use super::*;

    const HEALTHY: &str = "target 5xx 0 of 768 requests (0.0 explained by the baseline); with 95 % certainty fewer than \
                           0.35 % fail";

    #[test]
    fn a_verdict_is_shortened_step_by_step() {
        for (limit, expect) in [
            (120, HEALTHY),
            (
                75,
                "target 5xx 0 of 768 requests; 95 % sure that fewer than 0.35 % fail",
            ),
            (40, "target 5xx 0 of 768 requests; …"),
            (20, "target 5xx 0 of 768…"),
        ] {
            assert_eq!(shorten(HEALTHY, limit), expect);
        }
    }

    #[test]
    fn a_text_of_any_length_fits_its_lines() {
        let digest = format!("sha256:{}", "8f".repeat(32));
        assert_eq!(shorten(&digest, 30), "sha256:8f8f8f8f8f8f");
        let long = format!("  FAILED one {digest} two {} äöü", "arn:".repeat(80));
        for limit in [1, 20, 60, 100] {
            assert!(columns(&shorten(&long, limit)) <= limit, "{limit}");
        }
        for limit in [20, 60, 100] {
            let lines = wrap(&long, limit, 4);
            assert!(lines.iter().all(|line| columns(line) <= limit), "{lines:?}");
            assert!(lines[1..].iter().all(|line| line.starts_with("      ")));
            let (found, expect) = (lines.concat(), long.replace(' ', ""));
            assert_eq!(found.replace(' ', ""), expect, "nothing is lost");
        }
    }

    #[test]
    fn figures_are_short() {
        assert_eq!(took(0.34), "0.3 s");
        assert_eq!(took(119.4), "119.4 s");
        assert_eq!(took(424.3), "7 min 4 s");
        assert_eq!(count(12_345), "12,345");
    }
}
