//! The tests of `task_definition.rs`.

use super::matches_pattern;

#[test]
fn a_star_stands_for_anything() {
    for (pattern, name, fits) in [
        ("role/a", "role/a", true),
        ("role/a", "role/ab", false),
        ("role/shop-*", "role/shop-api", true),
        ("role/shop-*", "role/shop-", true),
        ("role/shop-*-task", "role/shop-api-task", true),
        ("role/shop-*-task", "role/shop-api-role", false),
        ("*", "", true),
        ("role/*", "user/a", false),
    ] {
        assert_eq!(matches_pattern(pattern, name), fits, "{pattern} {name}");
    }
}
