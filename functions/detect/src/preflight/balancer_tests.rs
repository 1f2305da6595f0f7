//! The tests of `balancer.rs`.

use super::accepts_more_than_2xx;

#[test]
fn a_matcher_that_takes_redirects_or_client_errors_proves_little() {
    for (codes, expect) in [
        ("200", false),
        ("200-299", false),
        ("200,204", false),
        ("200-399", true),
        ("200,302", true),
        ("200-499", true),
        ("404", true),
    ] {
        assert_eq!(accepts_more_than_2xx(codes), expect, "{codes}");
    }
}
