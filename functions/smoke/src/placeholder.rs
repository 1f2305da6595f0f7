//! What stands in two braces in a spec, such as `{{tag}}`.

/// What a part of a text stands for.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Part<'a> {
    /// Itself.
    Text,
    Tag,
    Digest,
    /// The whole secret, or the value of a key of it.
    Secret(Option<&'a str>),
}

/// The parts of a text, one after another, each with how it is written.
///
/// Whoever fills a text puts values in place of these parts, and reads no value for parts again: a secret may hold
/// `{{tag}}`, and a tag is whatever a request says.
pub(crate) fn parts(text: &str) -> Vec<(Part<'_>, &str)> {
    let (mut parts, mut begin, mut at) = (Vec::new(), 0, 0);
    while let Some(found) = text[at..].find("{{") {
        let braces = at + found;
        // A third brace may be the first of two.
        at = braces + 1;
        let inner = text[braces + 2..].split_once("}}");
        let Some((part, name)) = inner.and_then(|(name, _)| Some((named(name)?, name))) else {
            continue;
        };
        let end = braces + name.len() + 4;
        parts.push((Part::Text, &text[begin..braces]));
        parts.push((part, &text[braces..end]));
        (begin, at) = (end, end);
    }
    parts.push((Part::Text, &text[begin..]));
    parts
}

fn named(name: &str) -> Option<Part<'_>> {
    match name {
        "tag" => Some(Part::Tag),
        "digest" => Some(Part::Digest),
        "secret" => Some(Part::Secret(None)),
        _ => Some(Part::Secret(Some(name.strip_prefix("secret:")?))),
    }
}

/// The keys of the secret that a text refers to; none for the whole of it.
pub(crate) fn secrets(text: &str) -> impl Iterator<Item = Option<&str>> {
    let parts = parts(text).into_iter();
    parts.filter_map(|(part, _)| match part {
        Part::Secret(key) => Some(key),
        Part::Text | Part::Tag | Part::Digest => None,
    })
}

/// Whether each beginning of a reference to the secret is one, with a key where it says so.
pub(crate) fn is_complete(text: &str) -> bool {
    let references = secrets(text).filter(|key| *key != Some(""));
    references.count() == text.matches("{{secret").count()
}

#[cfg(test)]
mod tests {
    use super::Part::*;
    use super::*;

    fn check(text: &str, expect: &[(Part, &str)]) {
        let mut found = parts(text);
        let written: String = found.iter().map(|(_, written)| *written).collect();
        assert_eq!(written, text);
        found.retain(|(_, written)| !written.is_empty());
        assert_eq!(found, expect, "{text}");
    }

    #[test]
    fn what_stands_in_two_braces_is_a_part_and_everything_else_is_text() {
        let (tag, digest) = ((Tag, "{{tag}}"), (Digest, "{{digest}}"));
        check("plain", &[(Text, "plain")]);
        check("{{tag}}@{{digest}}", &[tag, (Text, "@"), digest]);
        let whole = (Secret(None), "{{secret}}");
        check("Bearer {{secret}}", &[(Text, "Bearer "), whole]);
        let key = (Secret(Some("api key")), "{{secret:api key}}");
        check("{{secret:api key}}!", &[key, (Text, "!")]);
        check("{{ tag }}", &[(Text, "{{ tag }}")]);
        check("{{secret", &[(Text, "{{secret")]);
        for before in ["{", "{{tags}}", "{{ ", "ä"] {
            check(
                &format!("{before}{{{{tag}}}}"),
                &[(Text, before), (Tag, "{{tag}}")],
            );
        }
    }

    #[test]
    fn the_keys_that_a_text_refers_to_are_known() {
        let keys: Vec<_> = secrets("{{secret:a}}{{tag}}{{secret}}{{secret:}}").collect();
        assert_eq!(keys, [Some("a"), None, Some("")]);
    }
}
