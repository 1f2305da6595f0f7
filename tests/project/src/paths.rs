//! The paths that a source file names: `a::b`, and every path of `use a::{b, c::d}`.

use crate::tokens::Token;

/// A path that is named somewhere.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Named {
    pub path: Vec<String>,
    /// Whether a `use` names it.
    pub is_import: bool,
    /// The name under which a `use` makes it known; `*` for all that it holds.
    pub known_as: String,
}

/// Every path of more than one part.
pub fn named(tokens: &[Token]) -> Vec<Named> {
    let (mut found, mut at) = (Vec::new(), 0);
    while at < tokens.len() {
        let begins = tokens[at].name().is_some() && is_path(&tokens[at + 1..]);
        if begins {
            let is_import = at > 0 && tokens[at - 1].is("use");
            let before = found.len();
            at += tree(&tokens[at..], &[], &mut found);
            found[before..]
                .iter_mut()
                .for_each(|it| it.is_import = is_import);
        } else {
            at += 1;
        }
    }
    found
}

/// Whether a path goes on: `::` and something of a path behind it.
fn is_path(tokens: &[Token]) -> bool {
    let goes_on = |it: &Token| it.name().is_some() || it.is("{") || it.is("*");
    matches!(tokens, [a, b, next, ..] if a.is(":") && b.is(":") && goes_on(next))
}

/// Reads a path or a tree of paths; gives the tokens that it takes.
fn tree(tokens: &[Token], before: &[String], found: &mut Vec<Named>) -> usize {
    let Some(first) = tokens.first() else {
        return 0;
    };
    if first.is("{") {
        let mut at = 1;
        while at < tokens.len() && !tokens[at].is("}") {
            // A comma takes one.
            at += tree(&tokens[at..], before, found).max(1);
        }
        return at + 1;
    }
    let name = match first.name() {
        Some(name) => name,
        None if first.is("*") => "*",
        None => return 1,
    };
    let path: Vec<String> = before.iter().cloned().chain([name.to_owned()]).collect();
    let rest = &tokens[1..];
    if is_path(rest) {
        return 3 + tree(&rest[2..], &path, found);
    }
    let renamed = match rest {
        [word, alias, ..] if word.is("as") => alias.name(),
        _ => None,
    };
    // `self` in braces stands for what is before them.
    let own = name == "self" && !before.is_empty();
    let path = if own { before.to_vec() } else { path };
    let last = path.last().cloned().unwrap_or_default();
    found.push(Named {
        is_import: false,
        known_as: renamed.map_or(last, str::to_owned),
        path,
    });
    if renamed.is_some() { 3 } else { 1 }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tokens::tokens;

    fn paths(source: &str) -> Vec<String> {
        let named = named(&tokens(source)).into_iter();
        named
            .map(|it| format!("{} as {}", it.path.join("::"), it.known_as))
            .collect()
    }

    #[test]
    fn a_tree_is_every_path_of_it() {
        let source = "use a::{self, b, c::{d as e, f::*}}; use g::h;";
        let expect = [
            "a as a",
            "a::b as b",
            "a::c::d as e",
            "a::c::f::* as *",
            "g::h as h",
        ];
        assert_eq!(paths(source), expect);
    }

    #[test]
    fn paths_in_code_are_found_and_generics_end_them() {
        let source = "fn f(x: a::B<c::D>) -> E { g::<h::I>(j::k(x)); l }";
        assert_eq!(
            paths(source),
            ["a::B as B", "c::D as D", "h::I as I", "j::k as k"]
        );
    }
}
