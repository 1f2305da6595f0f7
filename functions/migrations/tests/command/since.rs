//! Only files that are new since a revision.

use super::{DROP, folder, lint_migration, run, said, without_settings, write};
use std::path::Path;
use std::process::Command;

/// Git in a folder. A hook that runs the tests has the repository of its own commit in variables.
fn git(folder: &Path, arguments: &[&str]) {
    let mut command = Command::new("git");
    for (name, _) in std::env::vars_os() {
        if name.as_encoded_bytes().starts_with(b"GIT_") {
            command.env_remove(name);
        }
    }
    let command = without_settings(&mut command).args([
        "-c",
        "user.name=a",
        "-c",
        "user.email=a@example.com",
    ]);
    let command = command.args(["-c", "commit.gpgsign=false"]).args(arguments);
    let output = command.current_dir(folder).output().expect("git starts");
    assert!(output.status.success(), "{output:?}");
}

fn commit(folder: &Path, file: &str, text: &str) {
    write(folder, file, text);
    git(folder, &["add", file]);
    git(folder, &["commit", "--quiet", "--message", file]);
}

/// A repository whose branch `before` has `db/1.sql`, and whose latest commit has `db/2.sql` too.
fn repository(folder: &Path) {
    git(folder, &["init", "--quiet", "."]);
    for (file, branch) in [("db/1.sql", "before"), ("db/2.sql", "after")] {
        commit(folder, file, DROP);
        git(folder, &["branch", branch]);
    }
}

fn files(output: &str) -> Vec<&str> {
    let found = output.lines().filter(|line| line.contains("danger["));
    found.filter_map(|line| line.split(':').next()).collect()
}

#[test]
fn what_was_added_is_judged_whether_it_is_committed_or_not() {
    let folder = folder("added");
    repository(&folder);
    write(&folder, "db/3.sql", DROP);
    git(&folder, &["add", "db/3.sql"]);
    write(&folder, "db/4\n.sql", DROP);
    write(&folder, "new/5.sql", DROP);
    let all = [
        "db/1.sql",
        "./db/2.sql",
        "db/3.sql",
        "db/4\n.sql",
        "new/5.sql",
    ];
    let since = |revision| run(&folder, &[&["--since", revision], &all[..]].concat());
    let (code, output, errors) = since("before");
    assert_eq!((code, errors.as_str()), (1, ""));
    let expected = ["./db/2.sql", "db/3.sql", "db/4\\n.sql", "new/5.sql"];
    assert_eq!(files(&output), expected);
    assert!(output.ends_with("4 dangers; 1 not new\n"), "{output}");
    let (_, output, _) = since("HEAD");
    assert_eq!(files(&output), expected[1..]);
    let (code, output, _) = run(&folder, &["--since", "HEAD", "db/1.sql", "db/2.sql"]);
    assert_eq!(code, 0);
    assert_eq!(output, "0 statements in 0 files; 2 not new\n");
    // What has run may run again with another content, as some tools do it.
    write(&folder, "db/1.sql", DROP.to_owned() + " -- changed");
    let (code, output, _) = run(&folder, &["--since", "HEAD", "db/1.sql", "db/2.sql"]);
    assert_eq!((code, files(&output)), (1, vec!["db/1.sql"]));
}

#[test]
fn what_another_branch_changed_meanwhile_is_not_new() {
    let folder = folder("apart");
    repository(&folder);
    let all = ["db/1.sql", "db/2.sql", "db/3.sql", "db/4.sql"];
    let new = |all: &[&str]| {
        let (_, output, errors) = run(&folder, &[&["--since", "main"], all].concat());
        assert_eq!(errors, "");
        files(&output)
            .into_iter()
            .map(str::to_owned)
            .collect::<Vec<_>>()
    };
    let changed = DROP.to_owned() + " -- changed";
    git(&folder, &["checkout", "--quiet", "-B", "main", "after"]);
    git(&folder, &["rm", "--quiet", "db/2.sql"]);
    commit(&folder, "db/1.sql", &changed);
    git(&folder, &["checkout", "--quiet", "-b", "feature", "after"]);
    commit(&folder, "db/3.sql", DROP);
    write(&folder, "db/4.sql", DROP);
    assert_eq!(new(&all), all[2..]);
    // The merge of a pull request is such a commit, and `main` may have moved on when CI runs.
    git(&folder, &["checkout", "--quiet", "--detach"]);
    git(&folder, &["merge", "--quiet", "--no-edit", "main"]);
    let left = [all[0], all[2], all[3]];
    assert_eq!(new(&left), all[2..]);
    git(&folder, &["branch", "merged"]);
    git(&folder, &["checkout", "--quiet", "main"]);
    commit(&folder, "db/1.sql", DROP);
    git(&folder, &["checkout", "--quiet", "--detach", "merged"]);
    assert_eq!(new(&left), all[2..]);
    write(&folder, "db/1.sql", DROP);
    assert_eq!(new(&left), left);
}

#[test]
fn each_file_belongs_to_its_own_repository() {
    let folder = folder("below");
    std::fs::create_dir(folder.join("shop")).expect("a folder");
    repository(&folder.join("shop"));
    write(&folder, "outside/1.sql", DROP);
    let arguments = [
        "--since",
        "before",
        "shop/db/1.sql",
        "shop/db/2.sql",
        "outside/1.sql",
        "none/1.sql",
    ];
    let (code, output, errors) = run(&folder, &arguments);
    assert_eq!(code, 2);
    assert_eq!(files(&output), ["shop/db/2.sql"]);
    let errors: Vec<_> = errors.lines().collect();
    assert!(
        errors[0]
            .starts_with("outside: git cannot tell which files are new since before: not a git"),
        "{errors:?}"
    );
    assert!(errors[1].starts_with("none/1.sql: "), "{errors:?}");
}

/// What is said about a revision that cannot be compared with.
fn refusal(folder: &Path, revision: &str) -> String {
    let (code, output, errors) = run(folder, &["--since", revision, "db/1.sql", "db/2.sql"]);
    assert_eq!(code, 2);
    assert_eq!(output, "0 statements in 0 files; 2 not judged\n");
    let start = format!("db: git cannot tell which files are new since {revision}: ");
    let reason = errors.strip_prefix(&start).expect(&errors);
    reason.trim_end().to_owned()
}

/// Clones a folder's `whole` into its `clone`, without its history.
fn shallow(folder: &Path) {
    let address = format!("file://{}", folder.join("whole").display());
    let depth = [
        "clone",
        "--quiet",
        "--depth=1",
        "--no-single-branch",
        "--branch=after",
    ];
    git(folder, &[&depth[..], &[&address, "clone"]].concat());
}

#[test]
fn what_git_says_is_told_with_what_to_do() {
    let folder = folder("errors");
    let (whole, clone) = (folder.join("whole"), folder.join("clone"));
    std::fs::create_dir(&whole).expect("a folder");
    repository(&whole);
    git(&whole, &["checkout", "--quiet", "--orphan", "other"]);
    git(&whole, &["commit", "--quiet", "--message", "other"]);
    shallow(&folder);
    let unborn = folder.join("unborn");
    git(&folder, &["init", "--quiet", "unborn"]);
    write(&unborn, "db/1.sql", DROP);
    let nobody = "0123456789012345678901234567890123456789";
    let fetch = "Fetch it with its whole history, since this clone is shallow (`fetch-depth: 0` of actions/checkout, \
                 or `git fetch --unshallow`).";
    for (folder, revision, message, remedy) in [
        (
            &whole,
            "nowhere",
            "Not a valid object name nowhere",
            "Fetch it first, or name another.",
        ),
        (&clone, "nowhere", "Not a valid object name nowhere", fetch),
        (
            &clone,
            nobody,
            &format!("Not a valid commit name {nobody}"),
            fetch,
        ),
        (
            &clone,
            "origin/before",
            "it has no commit in common with HEAD",
            fetch,
        ),
        (
            &whole,
            "after",
            "it has no commit in common with HEAD",
            "Name one of the history that HEAD belongs to.",
        ),
        (
            &unborn,
            "HEAD",
            "Not a valid object name HEAD",
            "The repository has no commit yet: leave --since out.",
        ),
    ] {
        assert_eq!(refusal(folder, revision), format!("{message}. {remedy}"));
    }
}

#[test]
fn every_file_that_git_leaves_unjudged_is_named() {
    let whole = folder("unjudged");
    repository(&whole);
    let arguments = [
        "--format", "json", "--since", "nowhere", "db/1.sql", "db/2.sql",
    ];
    let (_, output, _) = run(&whole, &arguments);
    let document: serde_json::Value = serde_json::from_str(&output).expect("JSON");
    let unread = ["/unread/0/file", "/unread/1/file"].map(|it| document.pointer(it));
    assert_eq!(unread, [Some(&"db/1.sql".into()), Some(&"db/2.sql".into())]);
}

#[test]
fn git_may_be_missing_or_refuse_or_run_this_in_a_hook() {
    let folder = folder("hooked");
    repository(&folder);
    let nowhere = folder.to_str().expect("UTF-8");
    for (variable, value, expected, part) in [
        ("PATH", nowhere, 2, "db: git does not start (No such file"),
        (
            "GIT_TEST_ASSUME_DIFFERENT_OWNER",
            "1",
            2,
            "If you trust it, run `git config --global --add safe.directory ",
        ),
        ("GIT_DIR", ".git", 0, ""),
    ] {
        let mut command = lint_migration(&folder);
        let command = command.env(variable, value);
        let arguments = ["--since", "HEAD", "db/1.sql"];
        let (code, _, errors) = said(command.args(arguments).output());
        assert_eq!((code, errors.contains(part)), (expected, true), "{errors}");
    }
}
