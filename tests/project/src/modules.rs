//! The files of a crate, found as the compiler finds them: from its root along `mod`. Tests are left out.

use crate::tokens::{Token, tokens};
use std::fs;
use std::path::{Path, PathBuf};

/// A file of a crate.
#[derive(Clone, Debug)]
pub struct Module {
    pub file: PathBuf,
    /// The names that lead to it from the crate's root, which has none.
    pub path: Vec<String>,
    /// Its tokens, without its tests.
    pub tokens: Vec<Token>,
}

/// The root's file, and every file that it leads to.
pub fn modules(root: &Path) -> Vec<Module> {
    let mut found = vec![module(root.to_owned(), Vec::new())];
    let mut read = 0;
    while let Some(parent) = found.get(read).cloned() {
        let children = declared(&parent.tokens);
        found.extend(children.into_iter().map(|name| child(&parent, name)));
        read += 1;
    }
    found
}

fn module(file: PathBuf, path: Vec<String>) -> Module {
    let source = fs::read_to_string(&file);
    let source = source.unwrap_or_else(|error| panic!("{}: {error}", file.display()));
    Module {
        tokens: without_tests(tokens(&source)),
        file,
        path,
    }
}

/// `name.rs` or `name/mod.rs` beside a root or a `mod.rs`, or in the folder named after any other file.
fn child(parent: &Module, name: String) -> Module {
    let stem = parent.file.file_stem().unwrap_or_default();
    let beside = parent.path.is_empty() || stem == "mod";
    let folder = if beside {
        parent.file.with_file_name("")
    } else {
        parent.file.with_extension("")
    };
    let file = folder.join(format!("{name}.rs"));
    let nested = folder.join(&name).join("mod.rs");
    let path = parent.path.iter().cloned().chain([name]).collect();
    module(if file.exists() { file } else { nested }, path)
}

/// The names of `mod name;`.
fn declared(tokens: &[Token]) -> Vec<String> {
    let declarations = tokens
        .windows(3)
        .filter(|it| it[0].is("mod") && it[2].is(";"));
    declarations
        .filter_map(|it| it[1].name().map(str::to_owned))
        .collect()
}

/// Leaves out every item under `#[cfg(test)]`.
fn without_tests(tokens: Vec<Token>) -> Vec<Token> {
    const TESTS: [&str; 7] = ["#", "[", "cfg", "(", "test", ")", "]"];
    let mut kept = Vec::new();
    let mut rest = tokens.as_slice();
    while let Some((first, others)) = rest.split_first() {
        let is_test =
            rest.len() >= TESTS.len() && TESTS.iter().zip(rest).all(|(it, token)| token.is(it));
        if is_test {
            rest = &rest[TESTS.len()..];
            rest = &rest[item(rest)..];
        } else {
            kept.push(first.clone());
            rest = others;
        }
    }
    kept
}

/// The length of an item: up to a semicolon or the end of a block, whichever ends it. Attributes before it belong to it.
fn item(tokens: &[Token]) -> usize {
    let mut depth = 0_usize;
    for (at, token) in tokens.iter().enumerate() {
        let closes = ["}", ")", "]"].iter().any(|it| token.is(it));
        if ["{", "(", "["].iter().any(|it| token.is(it)) {
            depth += 1;
        } else if closes {
            depth = depth.saturating_sub(1);
        }
        if depth == 0 && (token.is(";") || token.is("}")) {
            return at + 1;
        }
    }
    tokens.len()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tests_are_left_out_whatever_they_are() {
        let source = "mod a; #[cfg(test)] #[path = \"b.rs\"] mod b; #[cfg(test)] mod c { fn f() { g(); } } \
                      #[cfg(test)] use x::{y, z}; mod d; #[cfg(feature = \"e\")] pub mod e;";
        let kept = without_tests(tokens(source));
        assert_eq!(declared(&kept), ["a", "d", "e"]);
        assert!(!kept.iter().any(|it| it.is("g") || it.is("y")));
    }

    #[test]
    fn every_file_of_this_crate_is_found() {
        let root = crate::files::root().join("tests/project/src/lib.rs");
        let mut found: Vec<_> = modules(&root).into_iter().map(|it| it.file).collect();
        found.sort();
        assert_eq!(found, crate::files::files("tests/project/src", ".rs"));
    }
}
