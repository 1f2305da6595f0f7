//! What a value says by itself: that it is a credential, that it cannot be one, or that it is random.

use super::shapes::{is_words, longest_random_run};

/// The beginnings of tokens whose issuers mark them, so that they are found where they should not be.
const MARKED: [&str; 24] = [
    "AIza",
    "SG.",
    "dop_v1_",
    "ghp_",
    "gho_",
    "ghs_",
    "ghu_",
    "github_pat_",
    "glpat-",
    "hf_",
    "hvs.",
    "lin_api_",
    "npm_",
    "pypi-",
    "rk_live_",
    "shpat_",
    "sk-ant-",
    "sk-proj-",
    "sk_live_",
    "sk_test_",
    "whsec_",
    "xapp-",
    "xoxb-",
    "xoxp-",
];

/// Characters after such a beginning.
const AFTER_MARK: usize = 16;

/// Base64 of `-----BEGIN `, and of the certificates and public keys that begin so.
const PEM_IN_BASE64: &str = "LS0tLS1CRUdJTi";
const NO_SECRET_IN_BASE64: [&str; 2] = ["LS0tLS1CRUdJTiBDRVJU", "LS0tLS1CRUdJTiBQVUJM"];

/// Addresses that let anybody write who knows them.
const WEBHOOKS: [&str; 2] = ["hooks.slack.com/services/T", "discord.com/api/webhooks/"];

/// What another system fills in or looks up when the container starts.
const REFERENCES: [&str; 10] = [
    "arn:",
    "awskms:",
    "env:",
    "file:",
    "kms:",
    "op:",
    "secretsmanager:",
    "sm:",
    "ssm:",
    "vault:",
];

/// Units of times and sizes.
const UNITS: [&str; 14] = [
    "b", "d", "days", "gb", "h", "k", "kb", "kib", "m", "mb", "mib", "min", "ms", "s",
];

/// Shorter values are switches, sizes and codes.
const SHORTEST: usize = 6;

/// Whether the value is a credential whatever its name: a private key, a token that its issuer has marked, the key of an
/// AWS user, a signed token, a password within a URL.
pub(super) fn is_credential(value: &str) -> bool {
    let pem = value.contains("-----BEGIN ") && value.contains("PRIVATE KEY");
    let encoded = value.starts_with(PEM_IN_BASE64)
        && !NO_SECRET_IN_BASE64.iter().any(|it| value.starts_with(it));
    let webhook = WEBHOOKS.iter().any(|it| value.contains(it));
    pem || encoded || webhook || has_url_with_password(value) || tokens(value).any(is_marked)
}

/// The parts of a value between what may stand around a token.
fn tokens(value: &str) -> impl Iterator<Item = &str> {
    value.split(|it: char| !(it.is_ascii_alphanumeric() || "_-.".contains(it)))
}

fn is_marked(token: &str) -> bool {
    let mut marks = MARKED.iter().filter_map(|mark| token.strip_prefix(mark));
    let upper = |it: char| it.is_ascii_uppercase() || it.is_ascii_digit();
    // AWS's own documentation has an example that everybody copies.
    let of_aws = (token.starts_with("AKIA") || token.starts_with("ASIA"))
        && token.len() == 20
        && token.chars().all(upper)
        && !token.ends_with("EXAMPLE");
    of_aws || is_signed(token) || marks.any(|rest| rest.len() >= AFTER_MARK)
}

/// A JSON Web Token: three parts, of which the first is an object's beginning in Base64.
fn is_signed(token: &str) -> bool {
    let parts: Vec<&str> = token.split('.').collect();
    token.starts_with("eyJ") && parts.len() == 3 && parts.iter().all(|it| it.len() >= 10)
}

/// `scheme://user:password@host`, wherever it stands.
fn has_url_with_password(value: &str) -> bool {
    value.split("://").skip(1).any(|rest| {
        let ends = |it: char| it.is_whitespace() || "/?#\"'`,;<".contains(it);
        let place = rest.split(ends).next().unwrap_or_default();
        let user = place.rsplit_once('@').map(|(user, _)| user);
        let password = user.and_then(|user| user.split_once(':'));
        password.is_some_and(|(_, it)| !it.is_empty() && !is_placeholder(it))
    })
}

/// The parts `name=value` of a connection string, of options, or of what a shell runs.
pub(super) fn pairs(value: &str) -> impl Iterator<Item = (&str, &str)> {
    let parts = value.split(|it: char| it.is_whitespace() || "?&;,".contains(it));
    let pairs = parts.filter_map(|part| part.split_once('='));
    pairs.map(|(name, value)| (name, value.trim_matches(['"', '\''])))
}

/// Whether no secret looks like this: nothing, a switch, a number, a place, words, or what something else fills in.
pub(super) fn is_harmless(value: &str) -> bool {
    let value = value.trim();
    let refers = REFERENCES.iter().any(|it| value.starts_with(it));
    value.len() < SHORTEST
        || refers
        || is_placeholder(value)
        || is_number(value)
        || value.contains("://")
        || is_path(value)
        || is_words(value)
        || value.starts_with("pk_")
        || value.starts_with("pk.")
}

/// What stands for a secret: `${DB_PASSWORD}`, `{{resolve:...}}`, `<password>`, `****`.
fn is_placeholder(value: &str) -> bool {
    let filled_in = ["${", "$(", "{{", "%{", "<%"]
        .iter()
        .any(|it| value.contains(it));
    let first = value.chars().next();
    let one_letter = value.chars().all(|it| Some(it) == first);
    let by_shell = value
        .strip_prefix('$')
        .is_some_and(|it| it.chars().all(|it| it.is_ascii_alphanumeric() || it == '_'));
    filled_in || one_letter || by_shell || value.starts_with('<') && value.ends_with('>')
}

fn is_number(value: &str) -> bool {
    let rest = value.trim_start_matches(|it: char| it.is_ascii_digit() || "+-.,:_/ ".contains(it));
    let unit = rest.to_ascii_lowercase();
    rest.len() < value.len() && (unit.is_empty() || UNITS.contains(&unit.as_str()))
}

fn is_path(value: &str) -> bool {
    let roots = ["/", "./", "../", "~/"];
    roots.iter().any(|it| value.starts_with(it)) && !value.contains(['=', '+'])
}

/// Whether it looks as if a machine had drawn its characters. Base64 of a text looks so too: what begins like an object, a
/// list, XML or a certificate is passed over.
pub(super) fn is_random(value: &str) -> bool {
    let texts = ["IyEv", "LS0t", "PD94", "W3si", "ewo", "eyJ"];
    let is_text = texts.iter().any(|it| value.starts_with(it));
    !is_text && longest_random_run(value)
}
