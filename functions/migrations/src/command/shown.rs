//! The names of files, as a terminal or a URI shows them: they may hold any byte.

use std::borrow::Cow;
use std::path::{Component, Path};

/// A name on one line. What would control the terminal is spelt, such as `\n`; a line that begins with `::` would be a
/// command for GitHub Actions.
pub(super) fn name(file: &Path) -> Cow<'_, str> {
    let name = file.to_string_lossy();
    let is_command = name.trim_start().starts_with("::");
    if !is_command && !name.contains(char::is_control) {
        return name;
    }
    let spell = |character: char| match character {
        it if it.is_control() => it.escape_default().collect(),
        it => it.to_string(),
    };
    let folder = if is_command { "./" } else { "" };
    Cow::Owned(
        name.chars()
            .map(spell)
            .fold(folder.to_owned(), |name, it| name + &it),
    )
}

/// A line of text. GitHub and Azure run such marks wherever they stand in a line.
pub(super) fn line(text: &str) -> String {
    let text = text.replace("##[", "## [");
    text.replace("##vso[", "##vso [") + "\n"
}

/// A path as it is compared with those of a repository: with slashes, and without `./` in front.
pub(super) fn path(file: &Path) -> String {
    let parts = file.components().filter_map(|part| match part {
        Component::CurDir => None,
        Component::RootDir => Some(Cow::Borrowed("")),
        Component::Prefix(_) | Component::ParentDir | Component::Normal(_) => {
            Some(part.as_os_str().to_string_lossy())
        }
    });
    parts.collect::<Vec<_>>().join("/")
}

/// A reference to a file as RFC 3986 has it: a relative path, or a whole URI where the path is absolute.
pub(super) fn uri(file: &Path) -> String {
    let mut uri = String::new();
    if file.is_absolute() {
        uri.push_str("file://");
    }
    for byte in path(file).bytes() {
        if byte.is_ascii_alphanumeric() || b"-._~/".contains(&byte) {
            uri.push(char::from(byte));
        } else {
            uri.push_str(&format!("%{byte:02X}"));
        }
    }
    uri
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_stays_on_its_line() {
        assert_eq!(name(Path::new("a b/ü.sql")), "a b/ü.sql");
        assert_eq!(name(Path::new("a\nb\u{1b}[2J")), "a\\nb\\u{1b}[2J");
    }

    #[test]
    fn no_line_is_a_command_of_a_runner() {
        for (file, expected) in [
            ("::error::x.sql", "./::error::x.sql"),
            (" \n::error::x.sql", "./ \\n::error::x.sql"),
            ("a::b.sql", "a::b.sql"),
        ] {
            assert_eq!(name(Path::new(file)), expected);
        }
        let marks = "a: ###[error]b ##vso[task.complete]";
        assert_eq!(line(marks), "a: ### [error]b ##vso [task.complete]\n");
    }

    #[test]
    fn a_path_is_a_reference_that_can_be_followed() {
        for (file, expected) in [
            ("./db/./1.sql", "db/1.sql"),
            ("../db/1.sql", "../db/1.sql"),
            ("a b:c/100%.sql", "a%20b%3Ac/100%25.sql"),
            ("ü\n.sql", "%C3%BC%0A.sql"),
            ("/work/1.sql", "file:///work/1.sql"),
            ("-", "-"),
        ] {
            assert_eq!(uri(Path::new(file)), expected);
        }
    }
}
