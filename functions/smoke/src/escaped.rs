//! How a character may stand in a text: as it is, or as JSON, JavaScript, a URL or HTML writes it, also one within another.

/// So many times a text may have been escaped: `%252B` is a plus that was escaped twice.
const DEEPEST: u32 = 3;

/// The most characters of an entity's name or number.
const LONGEST_ENTITY: usize = 32;

/// The entities of printable ASCII and of a space that does not break, in lower case (HTML, "Named character references").
const ENTITIES: [(&str, char); 40] = [
    ("amp", '&'),
    ("apos", '\''),
    ("ast", '*'),
    ("bsol", '\\'),
    ("colon", ':'),
    ("comma", ','),
    ("commat", '@'),
    ("diacriticalgrave", '`'),
    ("dollar", '$'),
    ("equals", '='),
    ("excl", '!'),
    ("grave", '`'),
    ("gt", '>'),
    ("hat", '^'),
    ("lbrace", '{'),
    ("lbrack", '['),
    ("lcub", '{'),
    ("lowbar", '_'),
    ("lpar", '('),
    ("lsqb", '['),
    ("lt", '<'),
    ("midast", '*'),
    ("nbsp", ' '),
    ("num", '#'),
    ("percnt", '%'),
    ("period", '.'),
    ("plus", '+'),
    ("quest", '?'),
    ("quot", '"'),
    ("rbrace", '}'),
    ("rbrack", ']'),
    ("rcub", '}'),
    ("rpar", ')'),
    ("rsqb", ']'),
    ("semi", ';'),
    ("sol", '/'),
    ("underbar", '_'),
    ("verbar", '|'),
    ("vert", '|'),
    ("verticalline", '|'),
];

/// A character, and what follows it in the text.
pub(crate) type Reading<'a> = (char, &'a str);

/// All that the beginning of a text may stand for.
pub(crate) fn readings(text: &str) -> Vec<Reading<'_>> {
    within(text, DEEPEST)
}

/// The same, of a text that was escaped at most so many times.
fn within(text: &str, depth: u32) -> Vec<Reading<'_>> {
    let mut letters = text.chars();
    let Some(letter) = letters.next() else {
        return Vec::new();
    };
    if depth == 0 || !matches!(letter, '\\' | '%' | '&' | '+') {
        return vec![(letter, letters.as_str())];
    }
    let depth = depth - 1;
    let mut readings = within(text, depth);
    // Whatever opens an escape may itself be escaped.
    for (opening, rest) in readings.clone() {
        match opening {
            '\\' => readings.extend(backslash(rest, depth)),
            '%' => readings.extend(percent(rest, depth)),
            '&' => readings.extend(entity(rest, depth)),
            '+' => readings.push((' ', rest)),
            _ => {}
        }
    }
    readings.sort_unstable_by_key(|(letter, rest)| (*letter, rest.len()));
    readings.dedup_by_key(|(letter, rest)| (*letter, rest.len()));
    readings
}

/// What follows a backslash: a sign that stands for itself, or `xHH`, or `uHHHH`.
fn backslash(text: &str, depth: u32) -> Vec<Reading<'_>> {
    let mut readings = within(text, depth);
    let by_code = readings.iter().find_map(|(letter, rest)| {
        let digits = match letter {
            'x' => 2,
            'u' => 4,
            _ => return None,
        };
        let (code, rest) = code(rest, digits, depth)?;
        Some((char::from_u32(code)?, rest))
    });
    readings.retain(|(letter, _)| !letter.is_alphanumeric());
    readings.extend(by_code);
    readings
}

/// What follows a percent sign: the bytes of a character in UTF-8, each after a percent sign of its own.
fn percent(mut text: &str, depth: u32) -> Option<Reading<'_>> {
    let mut bytes = Vec::new();
    while bytes.len() < 4 {
        let (byte, rest) = code(text, 2, depth)?;
        bytes.push(u8::try_from(byte).ok()?);
        if let Ok(letter) = str::from_utf8(&bytes) {
            return Some((letter.chars().next()?, rest));
        }
        (_, text) = next(rest, depth, |it| it == '%')?;
    }
    None
}

/// What follows an ampersand, up to the semicolon.
fn entity(mut text: &str, depth: u32) -> Option<Reading<'_>> {
    let mut name = String::new();
    while name.len() < LONGEST_ENTITY {
        let fits = |it: char| it.is_ascii_alphanumeric() || matches!(it, '#' | ';');
        let (letter, rest) = next(text, depth, fits)?;
        if letter == ';' {
            return Some((named(&name)?, rest));
        }
        name.push(letter.to_ascii_lowercase());
        text = rest;
    }
    None
}

/// The character of an entity, by its number or its name.
fn named(entity: &str) -> Option<char> {
    if let Some(number) = entity.strip_prefix('#') {
        let code = match number.strip_prefix('x') {
            Some(hexadecimal) => u32::from_str_radix(hexadecimal, 16),
            None => number.parse(),
        };
        return char::from_u32(code.ok()?);
    }
    let known = ENTITIES.iter().find(|(name, _)| *name == entity);
    known.map(|(_, letter)| *letter)
}

/// A number of so many hexadecimal digits, and what follows it.
fn code(mut text: &str, digits: usize, depth: u32) -> Option<(u32, &str)> {
    let mut code = 0;
    for _ in 0..digits {
        let (digit, rest) = next(text, depth, |it| it.is_ascii_hexdigit())?;
        (code, text) = (code * 16 + digit.to_digit(16)?, rest);
    }
    Some((code, text))
}

fn next(text: &str, depth: u32, fits: impl Fn(char) -> bool) -> Option<Reading<'_>> {
    let mut readings = within(text, depth).into_iter();
    readings.find(|(letter, _)| fits(*letter))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_plus_is_read_however_it_is_escaped() {
        for written in [
            "+",
            "%2b",
            "%2B",
            "%252B",
            "%25252b",
            "&#43;",
            "&#0043;",
            "&#x2B;",
            "&#X002b;",
            "&plus;",
            "&PLUS;",
            r"\+",
            r"\x2b",
            r"\u002B",
            r"\\u002b",
            "&amp;#43;",
            r"\u0026#43;",
            "%26%2343%3B",
            "&#x25;2B",
            "%5Cu002b",
        ] {
            let text = format!("{written}1");
            assert!(readings(&text).contains(&('+', "1")), "{written}");
        }
    }

    #[test]
    fn what_is_no_escape_stands_for_itself_only() {
        for written in [
            "%", "%2", "%zz", "&", "&;", "&#;", "&#x;", "&none;", "&#43", "a", "ä", "{",
        ] {
            let rest = &written[written.chars().next().map_or(0, char::len_utf8)..];
            let letter = written.chars().next().expect("a character");
            assert_eq!(readings(written), [(letter, rest)], "{written}");
        }
        assert_eq!(readings(""), []);
        assert_eq!(readings(&format!("&#{}43;", "0".repeat(40))).len(), 1);
    }

    #[test]
    fn a_character_of_several_bytes_is_read_from_a_url() {
        assert!(readings("%C3%A4!").contains(&('ä', "!")));
        assert!(readings("%25C3%25a4!").contains(&('ä', "!")));
    }
}
