//! Hides the values of the secret in what an answer quotes: a target may send back what it was sent.

use crate::escaped::readings;
use shared::one_line;

/// Stands where a value stood.
const HIDDEN: &str = "***";

/// The shortest value that is hidden, in characters. A shorter one would be found in any text.
pub(crate) const SHORTEST: usize = 4;

/// The shortest word of a value that is hidden by itself: longer than `Bearer`.
const SHORTEST_WORD: usize = 8;

/// Parts two words of a value, such as those of `Bearer TOKEN` or of a cookie.
const BETWEEN_WORDS: [char; 6] = [' ', ':', '=', ',', ';', '&'];

/// The texts to hide. The default hides nothing.
#[derive(Default)]
pub struct Mask(Vec<String>);

impl Mask {
    /// Hides these values, and what is long enough in them: their words, and the texts of a JSON object.
    pub(crate) fn of<'a>(values: impl IntoIterator<Item = &'a str>) -> Mask {
        Mask(values.into_iter().flat_map(with_parts).collect())
    }

    /// The first `limit` characters of a text on one line, with `***` for each value. What was left out is `...`.
    ///
    /// A value is found before the text is cut, so that no beginning of it is left at the end. Of values that overlap all is
    /// hidden.
    pub fn shown(&self, text: &str, limit: usize) -> String {
        let line = one_line(text);
        let (mut shown, mut count, mut hidden_to) = (String::new(), 0, 0);
        for (at, letter) in line.char_indices() {
            let is_hidden = at < hidden_to;
            if count >= limit && !is_hidden {
                return shown + "...";
            }
            let rests = self.0.iter().filter_map(|it| after(&line[at..], it));
            let value = rests.map(|rest| line.len() - rest.len()).max();
            hidden_to = hidden_to.max(value.unwrap_or_default());
            if is_hidden {
                continue;
            }
            if value.is_some() {
                shown.push_str(HIDDEN);
                count += HIDDEN.len();
            } else {
                shown.push(letter);
                count += 1;
            }
        }
        shown
    }
}

fn with_parts(value: &str) -> Vec<String> {
    let words = value.split(BETWEEN_WORDS).map(str::to_owned);
    let words = words.filter(|word| word.len() >= SHORTEST_WORD);
    let mut parts: Vec<_> = words.chain([one_line(value.trim())]).collect();
    if let Ok(serde_json::Value::Object(fields)) = serde_json::from_str(value) {
        let texts = fields.values().filter_map(|field| field.as_str());
        parts.extend(texts.filter(|it| it.len() >= SHORTEST).map(one_line));
    }
    parts
}

/// What follows a value at the beginning of a text, however each letter of it is written there: in capitals or not, too.
fn after<'a>(text: &'a str, value: &str) -> Option<&'a str> {
    let mut rests = vec![text];
    for letter in value.chars() {
        if rests.is_empty() {
            return None;
        }
        // `&` may be itself, and the beginning of `&amp;`.
        let read = rests.iter().flat_map(|rest| readings(rest));
        let fitting = read.filter(|(read, _)| read.eq_ignore_ascii_case(&letter));
        rests = fitting.map(|(_, rest)| rest).collect();
        rests.sort_unstable_by_key(|rest| rest.len());
        rests.dedup_by_key(|rest| rest.len());
    }
    rests.into_iter().next()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::collection::vec;
    use proptest::prelude::*;

    const VALUE: &str = r#"s3<"&'/\ key"#;

    fn check(values: &[&str], text: &str, expect: &str) {
        let mask = Mask::of(values.iter().copied());
        assert_eq!(mask.shown(text, 200), expect, "{text}");
    }

    #[test]
    fn a_value_is_hidden_wherever_it_stands_and_however_it_is_escaped() {
        for written in [
            VALUE,
            r#"s3<\"&'\/\\ key"#,
            r#"s3\u003c\"\u0026\u0027/\\ key"#,
            r#"s3<\\\"&'/\\\\ key"#,
            "s3%3C%22%26%27%2F%5C%20key",
            "s3%3c%22%26%27%2f%5c+key",
            r"s3&lt;&quot;&amp;&#39;/\ key",
            r"s3&#x3c;&#34;&amp;&apos;&#x2F;\ key",
        ] {
            check(&[VALUE], &format!("no {written}, {written}"), "no ***, ***");
        }
        check(&[VALUE], r#"s3<"&'/\ ke"#, r#"s3<"&'/\ ke"#);
        check(&[r"C:\dir\"], r"in C:\\dir\\", "in ***");
        check(&["50%25&amp;"], "50%25&amp;, 50%2525%26amp%3B", "***, ***");
        check(&[], "anything", "anything");
    }

    /// The character in one of the ways in which others write it.
    fn written(letter: char, way: u32) -> String {
        let code = u32::from(letter);
        match way {
            0 => format!("%{code:02X}"),
            1 => format!("%25{code:02x}"),
            2 => format!("&#{code};"),
            3 => format!("&#x{code:04X};"),
            4 => format!("&amp;#{code:05};"),
            5 => format!("\\x{code:02x}"),
            6 => format!("\\u{code:04X}"),
            7 => format!("\\\\u{code:04x}"),
            8 if letter.is_ascii_punctuation() => format!("\\{letter}"),
            9 if letter == ' ' => "+".to_owned(),
            10 => letter.to_ascii_uppercase().to_string(),
            _ => letter.to_string(),
        }
    }

    proptest! {
        #[test]
        fn no_part_of_a_value_shows_whatever_escapes_each_of_its_characters(
            value in "[!-~][ -~]{2,38}[!-~]",
            ways in vec(0..14_u32, 40),
        ) {
            let letters = value.chars().zip(ways);
            let text: String = letters.map(|(letter, way)| written(letter, way)).collect();
            let shown = Mask::of([value.as_str()]).shown(&format!("<p>«{text}»</p>"), 9000);
            prop_assert_eq!(shown, "<p>«***»</p>", "{}", text);
        }
    }

    #[test]
    fn a_key_in_base64_is_hidden_however_a_page_writes_its_signs() {
        for written in [
            "Zm9v&#43;YmFyc2VjcmV0==",
            "Zm9v&plus;YmFyc2VjcmV0&equals;&#61;",
            "zm9v%252bymfyc2vjcmv0%253D=",
            r"Zm9v\x2bYmFyc2VjcmV0\u003d=",
        ] {
            let body = format!("<p>bad key {written}</p>");
            check(&["Zm9v+YmFyc2VjcmV0=="], &body, "<p>bad key ***</p>");
        }
    }

    #[test]
    fn all_of_values_that_overlap_is_hidden() {
        let values = ["s3cretkey", "keymaterial99"];
        check(&values, "no s3cretkeymaterial99.", "no ***.");
        check(&values, "s3cretkeys3cretkey", "******");
        let mask = Mask::of(values);
        assert_eq!(mask.shown("ab s3cretkeymaterial99 cd", 4), "ab ***...");
    }

    #[test]
    fn what_a_value_is_made_of_is_hidden_too() {
        check(
            &["Bearer s3cret-token"],
            "Bearer: no s3cret-token",
            "Bearer: no ***",
        );
        check(
            &["user:s3cret-token"],
            "s3cret-token of user",
            "*** of user",
        );
        check(&[" s3cret\t"], "<s3cret>", "<***>");
        let json = r#"{"user": "shop", "key": "abcd", "n": 1234}"#;
        check(&[json], "abcd of shop 1234", "*** of *** 1234");
        check(&["abcd", "abcdefgh"], "abcdefgh", "***");
    }

    #[test]
    fn a_text_is_cut_after_its_values_are_hidden() {
        let (mask, before) = (Mask::of(["s3cret"]), "a".repeat(197));
        let shown = mask.shown(&format!("{before}s3cret and more"), 200);
        assert_eq!(shown, format!("{before}***..."));
        let shown = mask.shown(&format!("{before}aas3cret"), 200);
        assert_eq!(shown, format!("{before}aa***"));
        assert_eq!(
            Mask::default().shown(&"ä".repeat(201), 200),
            format!("{}...", "ä".repeat(200))
        );
        assert_eq!(Mask::default().shown("all\r\nis well", 200), "all is well");
    }
}
