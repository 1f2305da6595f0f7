//! Keeps what a message quotes short: an input may be 256 KiB long, and so may be what is wrong with it.

/// Characters kept from the beginning, which says where something is wrong.
const HEAD: usize = 250;

/// Characters kept from the end, where serde says what it expected.
const TAIL: usize = 100;

/// A text as it is, or, when it is long, its beginning and its end.
pub fn excerpt(text: &str) -> String {
    let count = text.chars().count();
    if count <= HEAD + TAIL {
        return text.to_owned();
    }
    let head: String = text.chars().take(HEAD).collect();
    let tail: String = text.chars().skip(count - TAIL).collect();
    format!("{head} [...] {tail}")
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
    }
}
