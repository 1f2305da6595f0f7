//! Where the code of others comes from, and which versions the pages and the gate install.

use project::{Names, between, files, read};
use std::fs;

/// The only registry of Cargo.lock. What has no source there is of the workspace.
const CRATES_IO: &str = "https://github.com/rust-lang/crates.io-index";

/// The files that pin what pip installs.
const REQUIREMENTS: [&str; 2] = [
    ".ci/requirements.txt",
    "tests/rehearsal/sam-requirements.txt",
];

#[test]
fn given_the_lock_file_then_all_of_it_is_let_in_by_deny_toml() {
    let (lock, deny) = (read("Cargo.lock"), read(".cargo/deny.toml"));
    let sources = between(&lock, "\nsource = \"", "\"");
    assert_eq!(sources, Names::from([format!("registry+{CRATES_IO}")]));
    assert!(deny.contains(&format!("\nallow-registry = [\"{CRATES_IO}\"]\n")));
    let denied = between(&deny, "{ crate = \"", "\"");
    assert!(denied.contains("openssl-sys"), "{denied:?}");
    let locked = between(&lock, "\nname = \"", "\"");
    assert!(locked.contains("rustls") && locked.is_disjoint(&denied));
}

/// How a service's CI installs the linter from here: a commit is a version that was tried.
const OURS: &str = "--locked --git URL_OF_THIS_REPOSITORY --rev COMMIT migrations";

/// Words of a command that installs something: behind its beginning, up to the end of the line or of the code.
fn installed(page: &str, command: &str) -> Vec<Vec<String>> {
    let commands = page.split(command).skip(1);
    let words = commands.map(|it| it.split(['\n', '`']).next().unwrap_or_default());
    words
        .map(|it| it.split_whitespace().map(str::to_owned).collect())
        .collect()
}

/// Nobody gets a newer tool than the one that was tried.
#[test]
fn given_a_page_that_installs_a_tool_then_it_names_the_version_that_was_tried() {
    let pins = REQUIREMENTS.map(read).concat();
    let (mut of_python, mut of_rust) = (0, 0);
    for page in files("", ".md") {
        let (text, page) = (fs::read_to_string(&page).expect("a page"), page.display());
        for name in installed(&text, "pip install ").concat() {
            let pinned = name.contains("==") && pins.contains(&format!("{name} \\\n"));
            assert!(pinned, "{page}: {name}");
            of_python += 1;
        }
        let others = installed(&text, "cargo install ").into_iter();
        for words in others.filter(|words| words.join(" ") != OURS) {
            let [_, locked, version, number] = words.as_slice() else {
                panic!("{page}: {words:?}");
            };
            assert_eq!(
                (locked.as_str(), version.as_str()),
                ("--locked", "--version")
            );
            assert_eq!(number.split('.').count(), 3, "{page}: {words:?}");
            of_rust += 1;
        }
    }
    assert!(of_python >= 2 && of_rust >= 3, "{of_python} {of_rust}");
}

/// `cargo test` would bring a lock file up to date, so the gate holds it to the manifests before.
#[test]
fn given_the_gate_then_no_build_of_it_changes_the_lock_file() {
    let gate = read(".ci/run");
    let commands: Vec<_> = gate.lines().filter(|it| it.contains("cargo ")).collect();
    let code = commands
        .iter()
        .filter(|it| !it.trim_start().starts_with('#'));
    let mut fetched = false;
    for line in code {
        fetched |= line.ends_with("cargo fetch --locked --quiet");
        let locked = line.contains("--locked") || line.contains("cargo fmt");
        assert!(locked || line.ends_with(" cargo test") && fetched, "{line}");
    }
    assert!(fetched, "{commands:?}");
}
