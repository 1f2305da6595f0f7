//! A source file as a list of tokens: enough of Rust's lexer to distinguish names, literals and comments.

/// A token, and the line on which it begins.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Token {
    pub kind: Kind,
    pub line: usize,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Kind {
    /// A name or keyword, or a number.
    Name(String),
    /// The text of a string literal, as it is written.
    Literal(String),
    Mark(char),
}

impl Token {
    /// Whether it is this name or this mark.
    pub fn is(&self, written: &str) -> bool {
        match &self.kind {
            Kind::Name(name) => name == written,
            Kind::Mark(mark) => written.chars().eq([*mark]),
            Kind::Literal(_) => false,
        }
    }

    pub fn name(&self) -> Option<&str> {
        match &self.kind {
            Kind::Name(name) => Some(name),
            Kind::Literal(_) | Kind::Mark(_) => None,
        }
    }

    pub fn literal(&self) -> Option<&str> {
        match &self.kind {
            Kind::Literal(text) => Some(text),
            Kind::Name(_) | Kind::Mark(_) => None,
        }
    }
}

/// The tokens of a source file; comments and lifetimes are left out.
pub fn tokens(source: &str) -> Vec<Token> {
    let (mut tokens, mut rest, mut line) = (Vec::new(), source, 1);
    while !rest.is_empty() {
        let (kind, length) = next(rest);
        tokens.extend(kind.map(|kind| Token { kind, line }));
        line += rest[..length].matches('\n').count();
        rest = &rest[length..];
    }
    tokens
}

/// What a text begins with, and its length; nothing for space, a comment or a lifetime.
fn next(text: &str) -> (Option<Kind>, usize) {
    let first = text.chars().next().unwrap_or_default();
    if text.starts_with("//") {
        return (None, text.find('\n').unwrap_or(text.len()));
    }
    if text.starts_with("/*") {
        return (None, comment(text));
    }
    if let Some((literal, length)) = string(text) {
        return (Some(Kind::Literal(literal.to_owned())), length);
    }
    if first == '\'' {
        return (None, character(text));
    }
    let raw = text.strip_prefix("r#").unwrap_or(text);
    let name = &raw[..word(raw)];
    if !name.is_empty() {
        let length = text.len() - raw.len() + name.len();
        return (Some(Kind::Name(name.to_owned())), length);
    }
    let mark = (!first.is_whitespace()).then_some(Kind::Mark(first));
    (mark, first.len_utf8())
}

/// The length of the name or number at the beginning.
fn word(text: &str) -> usize {
    let end = text.find(|it: char| !it.is_alphanumeric() && it != '_');
    end.unwrap_or(text.len())
}

/// The length of a block comment; they nest.
fn comment(text: &str) -> usize {
    let (mut depth, mut at) = (0, 0);
    while at < text.len() {
        let step = match &text.as_bytes()[at..] {
            [b'/', b'*', ..] => {
                depth += 1;
                2
            }
            [b'*', b'/', ..] => {
                depth -= 1;
                2
            }
            _ => 1,
        };
        at += step;
        if depth == 0 {
            break;
        }
    }
    at
}

/// The content and the whole length of a string literal of any kind.
fn string(text: &str) -> Option<(&str, usize)> {
    let plain = text.strip_prefix(['b', 'c']).unwrap_or(text);
    if let Some(content) = plain.strip_prefix('"') {
        let mut escaped = false;
        let end = content.find(|it| {
            let ends = it == '"' && !escaped;
            escaped = it == '\\' && !escaped;
            ends
        })?;
        return Some((&content[..end], text.len() - content.len() + end + 1));
    }
    let raw = plain.strip_prefix('r')?;
    let content = raw.trim_start_matches('#');
    let end = format!("\"{}", &raw[..raw.len() - content.len()]);
    let content = content.strip_prefix('"')?;
    let length = content.find(&end)?;
    let whole = text.len() - content.len() + length + end.len();
    Some((&content[..length], whole))
}

/// The length of a character's literal, or of a lifetime.
fn character(text: &str) -> usize {
    let inner = &text[1..];
    let first = inner.chars().next().unwrap_or_default();
    let after = if first == '\\' { 2 } else { first.len_utf8() };
    match inner.get(after..).and_then(|rest| rest.find('\'')) {
        Some(end) if end == 0 || first == '\\' => 1 + after + end + 1,
        _ => 1 + word(inner),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Names as they are, literals in quotes, marks without space.
    fn written(source: &str) -> String {
        let token = |token: Token| match token.kind {
            Kind::Name(name) => name,
            Kind::Literal(text) => format!("<{text}>"),
            Kind::Mark(mark) => mark.to_string(),
        };
        tokens(source)
            .into_iter()
            .map(token)
            .collect::<Vec<_>>()
            .join(" ")
    }

    #[test]
    fn names_literals_and_marks_are_distinguished() {
        for (source, expect) in [
            ("a::b(1)", "a : : b ( 1 )"),
            ("x // \"no\"\ny", "x y"),
            ("a /* b /* c */ d */ e", "a e"),
            (r#"f("a \" b", r"c\", "")"#, r#"f ( <a \" b> , <c\> , <> )"#),
            (
                r###"r#"a "b" c"# b"d" br##"e"## r#type"###,
                "<a \"b\" c> <d> <e> type",
            ),
            (
                r"match c { '\'' | '{' => 'a', '\u{41}' => x }",
                "match c { | = > , = > x }",
            ),
            ("fn f<'a>(x: &'a str) {}", "fn f < > ( x : & str ) { }"),
        ] {
            assert_eq!(written(source), expect, "{source}");
        }
    }

    #[test]
    fn a_token_knows_its_line() {
        let tokens = tokens("a\n\"b\nc\" /*\n*/ d");
        let lines: Vec<_> = tokens.iter().map(|it| it.line).collect();
        assert_eq!(lines, [1, 2, 4]);
    }
}
