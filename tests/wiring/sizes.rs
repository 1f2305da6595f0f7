//! Files and functions that a reader can hold in the head.

use project::tokens::{Kind, Token, tokens};
use std::fs;

/// Lines of a file, of code and tests alike.
const FILE: usize = 250;

/// Lines of a function, from its `fn` to its last brace.
const FUNCTION: usize = 50;

#[test]
fn given_a_rust_file_then_it_is_short() {
    let long = sources().into_iter().filter_map(|(name, source)| {
        let lines = source.lines().count();
        (lines > FILE).then(|| format!("{name}: {lines}"))
    });
    assert_eq!(long.collect::<Vec<_>>(), [""; 0]);
}

#[test]
fn given_a_function_then_it_is_short() {
    let long = sources().into_iter().flat_map(|(name, source)| {
        let long = functions(&tokens(&source)).into_iter();
        let long = long.filter(|(_, lines)| *lines > FUNCTION);
        long.map(|(function, lines)| format!("{name}: {function}: {lines}"))
            .collect::<Vec<_>>()
    });
    assert_eq!(long.collect::<Vec<_>>(), [""; 0]);
}

/// Every Rust file of the project, with its name.
fn sources() -> Vec<(String, String)> {
    let files = ["functions", "tests"].map(|folder| project::files(folder, ".rs"));
    let files = files.into_iter().flatten();
    files
        .map(|file| {
            let name = file.strip_prefix(project::root()).unwrap_or(&file);
            let source = fs::read_to_string(&file).expect("a source");
            (name.display().to_string(), source)
        })
        .collect()
}

/// The functions with a body, and their lines.
fn functions(tokens: &[Token]) -> Vec<(String, usize)> {
    let begins = |at: &usize| tokens[*at].is("fn") && tokens[at + 1..].first().is_some_and(is_name);
    let found = (0..tokens.len()).filter(begins).filter_map(|at| {
        let name = tokens[at + 1].name()?;
        let last = end(&tokens[at..])?;
        Some((name.to_owned(), last - tokens[at].line + 1))
    });
    found.collect()
}

fn is_name(token: &Token) -> bool {
    token.name().is_some()
}

/// The line on which a function's body ends; none if it has no body.
fn end(tokens: &[Token]) -> Option<usize> {
    let (mut brackets, mut braces) = (0, 0);
    for token in tokens {
        match token.kind {
            Kind::Mark('(' | '[') => brackets += 1,
            Kind::Mark(')' | ']') => brackets -= 1,
            Kind::Mark('{') => braces += 1,
            Kind::Mark('}') if braces == 1 => return Some(token.line),
            Kind::Mark('}') => braces -= 1,
            Kind::Mark(';') if brackets == 0 && braces == 0 => return None,
            Kind::Mark(_) | Kind::Name(_) | Kind::Literal(_) => {}
        }
    }
    None
}

#[test]
fn a_function_ends_with_its_last_brace() {
    let source = "fn a() {\n if b {\n }\n}\ntrait T {\n fn c();\n fn d(x: fn(u8)) -> [u8; 2] {}\n}";
    let expect = [("a".to_owned(), 4), ("d".to_owned(), 1)];
    assert_eq!(functions(&tokens(source)), expect);
}
