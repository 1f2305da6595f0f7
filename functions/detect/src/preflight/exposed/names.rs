//! What a name says of its value. In English the last word of a name says what it is: `DB_PASSWORD` is a password,
//! `PASSWORD_POLICY` and `SECRET_ARN` are none.

/// What a secret is called.
const SECRETS: [&str; 13] = [
    "authorization",
    "bearer",
    "credential",
    "credentials",
    "pass",
    "passcode",
    "passphrase",
    "passwd",
    "password",
    "passwords",
    "pwd",
    "secret",
    "token",
];

/// The same at the end of a word, as in `PGPASSWORD` and `authtoken`.
const ENDS: [&str; 9] = [
    "accesskey",
    "apikey",
    "passphrase",
    "passwd",
    "password",
    "privatekey",
    "secret",
    "secretkey",
    "token",
];

/// Keys that are secret. Many others are none: partition keys, cache keys, public keys.
const KEYS: [&str; 20] = [
    "access",
    "account",
    "admin",
    "api",
    "app",
    "auth",
    "cookie",
    "encryption",
    "hmac",
    "jwt",
    "licence",
    "license",
    "master",
    "private",
    "secret",
    "session",
    "shared",
    "signing",
    "ssh",
    "storage",
];

/// Words after a secret's name that leave it a secret: `SECRET_KEY_BASE`, `API_KEY_OLD`.
const QUALIFIERS: [&str; 18] = [
    "b64",
    "base",
    "base64",
    "current",
    "default",
    "dev",
    "hex",
    "live",
    "new",
    "old",
    "plain",
    "prod",
    "production",
    "primary",
    "secondary",
    "staging",
    "test",
    "value",
];

/// What may look as random as a secret: identifiers, digests, versions, places.
const IDS: [&str; 42] = [
    "address",
    "arn",
    "arns",
    "bucket",
    "build",
    "ca",
    "cert",
    "certificate",
    "checksum",
    "class",
    "cluster",
    "commit",
    "config",
    "cursor",
    "digest",
    "domain",
    "endpoint",
    "etag",
    "file",
    "fingerprint",
    "handler",
    "hash",
    "host",
    "hostname",
    "id",
    "ids",
    "image",
    "integrity",
    "jwks",
    "name",
    "path",
    "pool",
    "queue",
    "release",
    "revision",
    "sha",
    "stack",
    "table",
    "topic",
    "uri",
    "url",
    "version",
];

/// Whether a value of this name is a secret, if it looks like one at all.
pub(super) fn is_of_a_secret(name: &str) -> bool {
    let words = words(name);
    let is_qualifier = |word: &String| word.is_empty() || QUALIFIERS.contains(&word.as_str());
    let Some(last) = words.iter().rposition(|word| !is_qualifier(word)) else {
        return false;
    };
    let word = words[last].as_str();
    let before = last.checked_sub(1).map(|it| words[it].as_str());
    let is_key = matches!(word, "key" | "keys") && before.is_some_and(|it| KEYS.contains(&it));
    is_key || SECRETS.contains(&word) || ENDS.iter().any(|end| word.ends_with(end))
}

/// Whether whoever loads a page gets the value, as names of web frameworks and of keys for browsers say.
pub(super) fn is_for_everybody(name: &str) -> bool {
    let words = words(name);
    let words: Vec<&str> = words.iter().map(String::as_str).collect();
    let says = |word: &&str| matches!(*word, "anon" | "public" | "publishable" | "site");
    let by_framework = matches!(words[..], ["vite" | "gatsby", ..] | ["react", "app", ..]);
    by_framework || words.iter().any(says)
}

/// Whether a value of this name may be random without being secret.
pub(super) fn is_of_an_id(name: &str) -> bool {
    let words = words(name);
    words.last().is_some_and(|it| IDS.contains(&it.as_str()))
}

/// The words of a name in lower case, whether it is written `DB_PASSWORD`, `db-password`, `dbPassword` or
/// `DBPassword`; numbers at their ends are left out.
fn words(name: &str) -> Vec<String> {
    let mut words = vec![String::new()];
    let letters: Vec<char> = name.chars().collect();
    for (at, letter) in letters.iter().enumerate() {
        let before = at.checked_sub(1).map(|it| letters[it]);
        let next = letters.get(at + 1);
        let after_lower = before.is_some_and(|it| it.is_lowercase() || it.is_ascii_digit());
        let first_of_word =
            before.is_some_and(char::is_uppercase) && next.is_some_and(|it| it.is_lowercase());
        let begins = letter.is_uppercase() && (after_lower || first_of_word);
        if !letter.is_alphanumeric() || begins {
            words.push(String::new());
        }
        if let Some(word) = words.last_mut().filter(|_| letter.is_alphanumeric()) {
            word.extend(letter.to_lowercase());
        }
    }
    let is_number = |it: char| it.is_ascii_digit();
    let known = |word: &str| QUALIFIERS.contains(&word);
    let words = words.into_iter().map(|word| match known(&word) {
        true => word,
        false => word.trim_end_matches(is_number).to_owned(),
    });
    words.filter(|word| !word.is_empty()).collect()
}
