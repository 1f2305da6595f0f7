//! Commands of PostgreSQL's client: each begins with a backslash, and ends with its line.

/// The length of the command with which a text begins. `\;` and `\\` end one within its line.
pub(super) fn command(text: &str) -> usize {
    if text.starts_with(r"\;") {
        return 2;
    }
    let mut separates = true;
    for (at, byte) in text.bytes().enumerate().skip(1) {
        match byte {
            b'\n' => return at,
            b'\\' if separates => return at + 1,
            byte => separates = byte == b'\\',
        }
    }
    text.len()
}
