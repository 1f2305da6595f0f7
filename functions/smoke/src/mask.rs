//! Hides the values of the secret in what an answer quotes: a target may send back what it was sent.

use shared::one_line;

/// Stands where a value stood.
const HIDDEN: &str = "***";

/// The shortest value that is hidden, in characters. A shorter one would be found in any text.
pub(crate) const SHORTEST: usize = 4;

/// The shortest word of a value that is hidden by itself: longer than `Bearer`.
const SHORTEST_WORD: usize = 8;

/// Parts two words of a value, such as those of `Bearer TOKEN` or of a cookie.
const BETWEEN_WORDS: [char; 6] = [' ', ':', '=', ',', ';', '&'];

/// The texts to hide, the longest first. The default hides nothing.
#[derive(Default)]
pub struct Mask(Vec<String>);

impl Mask {
    /// Hides these values, and what is long enough in them: their words, and the texts of a JSON object.
    pub(crate) fn of<'a>(values: impl IntoIterator<Item = &'a str>) -> Mask {
        let mut hidden: Vec<String> = values.into_iter().flat_map(with_parts).collect();
        hidden.sort_by_key(|text| std::cmp::Reverse(text.len()));
        hidden.dedup();
        Mask(hidden)
    }

    /// The first `limit` characters of a text on one line, with `***` for each value. What was left out is `...`.
    ///
    /// A value is found before the text is cut, so that no beginning of it is left at the end.
    pub fn shown(&self, text: &str, limit: usize) -> String {
        let line = one_line(text);
        let (mut shown, mut count, mut rest) = (String::new(), 0, line.as_str());
        while let Some(letter) = rest.chars().next() {
            if count >= limit {
                return shown + "...";
            }
            let hidden = self.0.iter().find_map(|value| after(rest, value));
            if let Some(after) = hidden {
                shown.push_str(HIDDEN);
                (count, rest) = (count + HIDDEN.len(), after);
            } else {
                shown.push(letter);
                (count, rest) = (count + 1, &rest[letter.len_utf8()..]);
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

/// What follows a value at the beginning of a text, however each letter of it is written there.
fn after<'a>(text: &'a str, value: &str) -> Option<&'a str> {
    let mut rests = vec![text];
    for letter in value.chars() {
        // `&` may be itself, and the beginning of `&amp;`.
        let forms = rests.iter().flat_map(|rest| letter_after(rest, letter));
        rests = forms.flatten().collect();
        if rests.is_empty() {
            return None;
        }
    }
    rests.into_iter().min_by_key(|rest| rest.len())
}

/// What follows a letter as it is, and as JSON, a URL or HTML may have it.
fn letter_after(text: &str, letter: char) -> [Option<&str>; 4] {
    [
        text.strip_prefix(letter),
        json_after(text, letter),
        url_after(text, letter),
        html_after(text, letter),
    ]
}

/// JSON may stand within a text of JSON, and then has more backslashes.
fn json_after(text: &str, letter: char) -> Option<&str> {
    let rest = text.trim_start_matches('\\');
    match text.len() - rest.len() {
        0 => None,
        backslashes if letter == '\\' => (backslashes > 1).then_some(rest),
        _ => {
            let by_code = || code_after(rest.strip_prefix('u')?, 4, letter);
            rest.strip_prefix(letter).or_else(by_code)
        }
    }
}

fn url_after(text: &str, letter: char) -> Option<&str> {
    match text.strip_prefix('+') {
        Some(rest) => (letter == ' ').then_some(rest),
        None => code_after(text.strip_prefix('%')?, 2, letter),
    }
}

fn html_after(text: &str, letter: char) -> Option<&str> {
    let (entity, rest) = text.strip_prefix('&')?.split_once(';')?;
    let is_letter = match entity {
        "amp" => letter == '&',
        "lt" => letter == '<',
        "gt" => letter == '>',
        "quot" => letter == '"',
        "apos" | "#39" => letter == '\'',
        "#34" => letter == '"',
        hexadecimal => {
            let code = hexadecimal.strip_prefix("#x");
            code.is_some_and(|it| code_after(it, it.len(), letter) == Some(""))
        }
    };
    is_letter.then_some(rest)
}

/// What follows the letter's code in so many hexadecimal digits.
fn code_after(text: &str, digits: usize, letter: char) -> Option<&str> {
    let code = u32::from_str_radix(text.get(..digits)?, 16).ok()?;
    (code == u32::from(letter)).then(|| &text[digits..])
}

#[cfg(test)]
mod tests {
    use super::*;

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
