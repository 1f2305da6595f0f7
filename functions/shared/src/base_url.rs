//! The base URL of an environment, as the stack's parameters give it: the address of a service, and nothing secret.

use crate::Refusal;

/// What nobody expects in a host with a port.
const OTHERS: [char; 7] = ['/', '\\', '?', '#', '%', '<', '>'];

/// The base URL without the slash at its end.
///
/// # Errors
/// Says why it is none. The URL itself is not quoted: what is wrong with it may be that it holds a password.
pub fn base_url(text: &str) -> Result<&str, Refusal> {
    let url = text.trim();
    let schemes = ["http://", "https://"];
    let place = schemes.iter().find_map(|it| url.strip_prefix(it));
    let place = place.ok_or("it begins with neither http:// nor https://")?;
    let place = place.trim_end_matches('/');
    if place.contains('@') {
        return Err(Refusal::from(
            "it holds a user's name or password before an @, which would stand in logs and in executions' histories",
        ));
    }
    let is_other = |it: char| OTHERS.contains(&it) || it.is_whitespace() || it.is_control();
    if place.is_empty() || place.contains(is_other) {
        return Err("it is not a host alone, with a port or without".into());
    }
    Ok(url.trim_end_matches('/'))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_base_url_is_a_host_that_is_asked_by_http() {
        for url in [
            "http://green.internal",
            "https://green.internal:8443/",
            " http://10.0.0.7:8080 ",
            "http://[fd00::7]:8080",
        ] {
            assert_eq!(
                base_url(url).map(str::len),
                Ok(url.trim().trim_end_matches('/').len())
            );
        }
        for (url, expect) in [
            ("green.internal", "neither http:// nor https://"),
            ("ftp://green.internal", "neither http:// nor https://"),
            (
                "http:/ops:s3cret@green.internal",
                "neither http:// nor https://",
            ),
            ("http://", "not a host alone"),
            ("http://green.internal/v1", "not a host alone"),
            ("http://green.internal?key=s3cret", "not a host alone"),
            ("http://green.internal#s3cret", "not a host alone"),
            ("http://green\n.internal", "not a host alone"),
            ("http://ops:s3cret@green.internal", "before an @"),
            ("https://s3cret@green.internal", "before an @"),
            ("http://ops:s3/cret@green.internal", "before an @"),
            ("http://ops:s3#c?r@et@green.internal:80/", "before an @"),
        ] {
            let refusal = base_url(url).expect_err(url);
            assert!(refusal.as_str().contains(expect), "{url}: {refusal}");
            assert!(!refusal.as_str().contains("s3"), "{refusal}");
        }
    }
}
