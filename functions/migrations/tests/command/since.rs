//! Only files that are new since a revision.

use super::{DROP, folder, lint_migration, run, said, write};
use std::path::Path;
use std::process::Command;

fn git(folder: &Path, arguments: &[&str]) {
    let mut command = Command::new("git");
    let command = command.args(["-c", "user.name=a", "-c", "user.email=a@example.com"]);
    let command = command.args(["-c", "commit.gpgsign=false"]).args(arguments);
    let output = command.current_dir(folder).output().expect("git starts");
    assert!(output.status.success(), "{output:?}");
}

/// A repository whose branch `before` has `db/1.sql`, and whose latest commit has `db/2.sql` too.
fn repository(folder: &Path) {
    git(folder, &["init", "--quiet", "."]);
    for (file, branch) in [("db/1.sql", "before"), ("db/2.sql", "after")] {
        write(folder, file, DROP);
        git(folder, &["add", file]);
        git(folder, &["commit", "--quiet", "--message", file]);
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

#[test]
fn what_git_says_is_told() {
    let folder = folder("errors");
    repository(&folder);
    let (code, output, errors) = run(&folder, &["--since", "nowhere", "db/1.sql", "db/2.sql"]);
    assert_eq!(code, 2);
    assert_eq!(output, "0 statements in 0 files; 1 not judged\n");
    assert_eq!(
        errors,
        "db: git cannot tell which files are new since nowhere: Not a valid object name nowhere. \
         Fetch it first: a shallow clone has nothing but the latest commit.\n"
    );
    let mut without_git = lint_migration(&folder);
    let without_git = without_git
        .env("PATH", &folder)
        .args(["--since", "HEAD", "db/1.sql"]);
    let (code, _, errors) = said(without_git.output());
    assert_eq!(code, 2);
    assert!(
        errors.contains("it does not start (No such file"),
        "{errors}"
    );
    let mut hooked = lint_migration(&folder);
    let hooked = hooked
        .env("GIT_DIR", ".git")
        .args(["--since", "HEAD", "db/1.sql"]);
    assert_eq!(said(hooked.output()).0, 0);
}
