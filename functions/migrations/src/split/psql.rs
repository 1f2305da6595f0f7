//! Commands of PostgreSQL's client: each begins with a backslash, and ends with its line.

/// The length of the command with which a text begins. `\;` and `\\` end one within its line.
pub(super) fn command(text: &str) -> usize {
    if text.starts_with(r"\;") {
        return 2;
    }
    let line = text.find('\n').unwrap_or(text.len());
    let after = text.get(1..line).unwrap_or_default();
    after.find(r"\\").map_or(line, |at| at + 3)
}
