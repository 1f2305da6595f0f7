//! Names and values as they are found in task definitions, with a made-up secret in each that has one.

use super::*;

/// What is found in the wild, a name and its value on each line. `filled` says what stands for random texts, so that no
/// scanner of somebody's takes these for leaked ones.
const SECRETS: &str = include_str!("exposed_tests/secrets.txt");
const HARMLESS: &str = include_str!("exposed_tests/harmless.txt");

/// The names and values of a list.
fn filled(list: &str) -> Vec<(String, String)> {
    let random = "xJ4lrXUtn8EMIbK7MD3NGbPxRfiCYzQ8LmN3vT5h";
    let lines = list.lines().map(|line| {
        let (name, value) = line.split_once(' ').expect("a name and a value");
        let value = value
            .replace("{random}", random)
            .replace("{hex}", "9f86d081884c7d659a2feaa0c55ad015")
            .replace("{uuid}", "176fcebf-4cf5-4edf-91bc-703796522d20")
            .replace("{upper}", "QYLPMN5HHHFPZAM2");
        (name.to_owned(), value.replace("\\n", "\n"))
    });
    lines.collect()
}

#[test]
fn what_looks_like_a_secret_is_found_by_its_name_or_its_value() {
    for (name, value) in filled(SECRETS) {
        assert!(is_secret(&name, &value), "{name}={value}");
    }
}

#[test]
fn what_is_none_is_passed_over() {
    for (name, value) in filled(HARMLESS) {
        assert!(!is_secret(&name, &value), "{name}={value}");
    }
    assert!(!is_secret("DB_PASSWORD", "") && !is_secret("DB_PASSWORD", "    "));
}

#[test]
fn a_command_hands_a_secret_over_as_an_option_or_within_a_word() {
    let holds = |words: &[&str]| {
        let words: Vec<String> = words.iter().map(|it| (*it).to_owned()).collect();
        holds_secret(&words)
    };
    for words in [
        &["serve", "--db-password=x7Gh2kQ9"][..],
        &["serve", "--db-password", "x7Gh2kQ9"],
        &["serve", "--api-key", "9f86d081884c7d65"],
        &["sh", "-c", "export DB_PASSWORD='x7Gh2kQ9'; exec serve"],
        &["migrate", "postgres://app:s3cret@db/shop"],
        &["curl", "-H", "token=a94a8fe5cc"],
    ] {
        assert!(holds(words), "{words:?}");
    }
    for words in [
        &[
            "serve",
            "--port=8080",
            "--password-file",
            "/run/secrets/db1",
        ][..],
        &["serve", "--db-password", "--verbose"],
        &["serve", "--token", "${TOKEN}"],
        &["sh", "-c", "exec serve --password=$DB_PASSWORD"],
        &[
            "CMD-SHELL",
            "curl -f http://localhost:8080/health || exit 1",
        ],
        &[
            "java",
            "-jar",
            "/app/shop-1.2.3.jar",
            "--spring.profiles.active=prod",
        ],
    ] {
        assert!(!holds(words), "{words:?}");
    }
}
