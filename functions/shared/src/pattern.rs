//! Patterns with wildcards, as IAM reads them in the ARN of a resource.

/// Whether a text fits a pattern in which `*` stands for any characters, or none, and `?` for any one; upper and lower
/// case differ (IAM User Guide, "IAM JSON policy elements: Resource").
///
/// A pattern without `?` is read as EventBridge reads a `wildcard`.
pub fn matches(pattern: &str, text: &str) -> bool {
    let pattern: Vec<char> = pattern.chars().collect();
    let text: Vec<char> = text.chars().collect();
    let (mut at, mut from) = (0, 0);
    // The latest star, and how far the text goes that it stands for.
    let mut star: Option<(usize, usize)> = None;
    while from < text.len() {
        match (pattern.get(at), star) {
            (Some('*'), _) => {
                star = Some((at, from));
                at += 1;
            }
            (Some(&expected), _) if expected == '?' || expected == text[from] => {
                at += 1;
                from += 1;
            }
            (_, Some((starred, until))) => {
                star = Some((starred, until + 1));
                (at, from) = (starred + 1, until + 1);
            }
            (_, None) => return false,
        }
    }
    pattern[at..].iter().all(|rest| *rest == '*')
}

#[cfg(test)]
mod tests {
    use super::matches;

    #[test]
    fn a_star_stands_for_anything_and_a_question_mark_for_one_character() {
        for (pattern, text, fits) in [
            ("role/a", "role/a", true),
            ("role/a", "role/ab", false),
            ("role/a", "role/A", false),
            ("role/shop-*", "role/shop-api", true),
            ("role/shop-*", "role/shop-", true),
            ("role/shop-*-task", "role/shop-api-task", true),
            ("role/shop-*-task", "role/shop-task-api-task", true),
            ("role/shop-*-task", "role/shop-api-role", false),
            ("*", "", true),
            ("**", "a", true),
            ("", "", true),
            ("", "a", false),
            ("role/*", "user/a", false),
            ("secret:prod/*", "secret:prod/db/password-a1b2c3", true),
            ("secret:db-??????", "secret:db-a1b2c3", true),
            ("secret:db-??????", "secret:db-a1b2c", false),
            ("?", "", false),
            ("gr?n", "grün", true),
            ("*-arm64", "v1.3.0-arm64", true),
            ("v*.*.0", "v1.3.0", true),
            ("v*.*.0", "v1.3.1", false),
        ] {
            assert_eq!(matches(pattern, text), fits, "{pattern} {text}");
        }
    }

    #[test]
    fn many_stars_take_no_longer_than_the_text_is_long() {
        let pattern = "*a".repeat(500) + "b";
        assert!(!matches(&pattern, &"a".repeat(5_000)));
    }
}
