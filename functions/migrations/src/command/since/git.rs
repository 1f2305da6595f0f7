//! What git knows of the files of one folder.

use std::collections::HashMap;
use std::ffi::OsStr;
use std::path::Path;
use std::process::{Command, Output};

/// What a hook of git sets for its own repository, which need not be that of the files.
const OF_A_HOOK: [&str; 3] = ["GIT_DIR", "GIT_WORK_TREE", "GIT_INDEX_FILE"];

/// What `git merge-base` exits with where two commits have no history in common.
const NOTHING_IN_COMMON: i32 = 1;

/// The files of one folder: names, and the hashes of their contents.
pub(super) type Files = HashMap<Vec<u8>, String>;

/// The files that a folder had where `HEAD` left the history of a revision: what came later to that is not of `HEAD`.
///
/// # Errors
/// A sentence or more, where git cannot tell.
pub(super) fn files_before(folder: &Path, revision: &str) -> Result<Files, String> {
    let ask = |arguments: &[&str]| {
        let output = git(folder).args(arguments).output();
        output.map_err(|error| {
            format!(
                "git does not start ({error}), so nobody knows which files are new. Install it, or leave --since out."
            )
        })
    };
    let failed = |message: &str, remedy: &str| {
        format!("git cannot tell which files are new since {revision}: {message}. {remedy}")
            .trim_end()
            .to_owned()
    };
    let base = ask(&["merge-base", revision, "HEAD"])?;
    if !base.status.success() {
        let is_shallow = text(&ask(&["rev-parse", "--is-shallow-repository"])?.stdout) == "true\n";
        let (message, remedy) = refusal(&base, is_shallow);
        return Err(failed(&message, &remedy));
    }
    let files = ask(&["ls-tree", "-z", text(&base.stdout).trim()])?;
    if !files.status.success() {
        return Err(failed(&message(&files), ""));
    }
    let entries = files.stdout.split(|byte| *byte == 0);
    Ok(entries.filter_map(entry).collect())
}

/// Whether a file has the content that it had; not where git cannot tell, since then it is judged.
pub(super) fn is_same(old: Option<&String>, folder: &Path, name: &OsStr) -> bool {
    let Some(old) = old else { return false };
    let hashed = git(folder).args(["hash-object", "--"]).arg(name).output();
    hashed.is_ok_and(|output| text(&output.stdout).trim() == old)
}

fn git(folder: &Path) -> Command {
    let mut git = Command::new("git");
    for name in OF_A_HOOK {
        git.env_remove(name);
    }
    git.env("LC_ALL", "C").arg("-C").arg(folder);
    git
}

/// What `git merge-base` refuses, and what to do instead.
fn refusal(output: &Output, is_shallow: bool) -> (String, String) {
    let whole = "Fetch it with its whole history, since this clone is shallow (`fetch-depth: 0` of actions/checkout, \
                 or `git fetch --unshallow`).";
    if output.status.code() == Some(NOTHING_IN_COMMON) {
        let here = "Name one of the history that HEAD belongs to.";
        let remedy = if is_shallow { whole } else { here };
        return (
            "it has no commit in common with HEAD".to_owned(),
            remedy.to_owned(),
        );
    }
    let message = message(output);
    let remedy = match message.strip_prefix("Not a valid ") {
        Some("object name HEAD") => {
            "The repository has no commit yet: leave --since out.".to_owned()
        }
        Some(_) if is_shallow => whole.to_owned(),
        Some(_) => "Fetch it first, or name another.".to_owned(),
        None => advice(output),
    };
    (message, remedy)
}

/// The command that git itself advises, such as for a repository of somebody else in a container.
fn advice(output: &Output) -> String {
    let text = text(&output.stderr);
    let mut lines = text.lines().map(str::trim);
    let command = lines.find(|line| line.starts_with("git config "));
    command.map_or_else(String::new, |it| {
        format!("If you trust it, run `{it}` first.")
    })
}

fn message(output: &Output) -> String {
    let text = text(&output.stderr);
    let mut lines = text.lines();
    let fatal = lines.find_map(|line| line.strip_prefix("fatal: "));
    let line = fatal.or_else(|| text.lines().next());
    line.unwrap_or("it does not say why")
        .trim_end_matches('.')
        .to_owned()
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}

/// `100644 blob 3a0f...<tab>name`; a folder is a `tree`.
fn entry(entry: &[u8]) -> Option<(Vec<u8>, String)> {
    let tab = entry.iter().position(|byte| *byte == b'\t')?;
    let (kind, name) = entry.split_at(tab);
    let kind = String::from_utf8_lossy(kind);
    let mut words = kind.split(' ').skip(1);
    let is_file = words.next() == Some("blob");
    is_file.then_some((name[1..].to_owned(), words.next()?.to_owned()))
}
