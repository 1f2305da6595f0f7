//! Which files are new: those that a revision of their repository does not have, or has with another content. Git is asked
//! in each folder, so the files may be in several repositories, and it makes no difference whether they are committed.

use super::outcome::{Outcome, Unread};
use std::collections::HashMap;
use std::ffi::OsStr;
use std::path::{Path, PathBuf};
use std::process::Command;

/// What a hook of git sets for its own repository, which need not be that of the files.
const OF_A_HOOK: [&str; 3] = ["GIT_DIR", "GIT_WORK_TREE", "GIT_INDEX_FILE"];

/// The files of one folder: names, and the hashes of their contents.
type Files = HashMap<Vec<u8>, String>;

/// The files that are new since `revision`. The outcome counts the others, and has what git says where it cannot tell.
pub(super) fn new_files(files: &[PathBuf], revision: &str) -> (Vec<PathBuf>, Outcome) {
    let mut outcome = Outcome::default();
    let mut folders: HashMap<&Path, Option<Files>> = HashMap::new();
    let mut new = Vec::new();
    for file in files {
        let Some((folder, name)) = place(file) else {
            new.push(file.clone());
            continue;
        };
        let old = folders.entry(folder).or_insert_with(|| {
            let files = files_of(folder, revision).map_err(|reason| Unread {
                file: folder.to_owned(),
                reason,
            });
            files.map_err(|unread| outcome.unread.push(unread)).ok()
        });
        match old {
            None => {}
            Some(old) if is_same(old.get(name.as_encoded_bytes()), folder, name) => {
                outcome.not_new += 1;
            }
            Some(_) => new.push(file.clone()),
        }
    }
    (new, outcome)
}

/// The folder and the name of a file; none of the standard input, and where there is no such folder.
fn place(file: &Path) -> Option<(&Path, &OsStr)> {
    let folder = match file.parent()? {
        it if it == "" => Path::new("."),
        it => it,
    };
    let name = file.file_name().filter(|_| file.as_os_str() != "-")?;
    folder.is_dir().then_some((folder, name))
}

/// The files that the revision has in a folder.
fn files_of(folder: &Path, revision: &str) -> Result<Files, String> {
    let failed = |message: &str| {
        let hint = if message.contains("Not a valid object name") {
            " Fetch it first: a shallow clone has nothing but the latest commit."
        } else {
            ""
        };
        format!("git cannot tell which files are new since {revision}: {message}.{hint}")
    };
    let output = git(folder).args(["ls-tree", "-z", revision]).output();
    let output = output.map_err(|error| failed(&format!("it does not start ({error})")))?;
    if !output.status.success() {
        let message = String::from_utf8_lossy(&output.stderr);
        return Err(failed(first_line(&message)));
    }
    let entries = output.stdout.split(|byte| *byte == 0);
    Ok(entries.filter_map(entry).collect())
}

fn git(folder: &Path) -> Command {
    let mut git = Command::new("git");
    for name in OF_A_HOOK {
        git.env_remove(name);
    }
    git.env("LC_ALL", "C").arg("-C").arg(folder);
    git
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

/// Whether a file has the content that the revision has; not where git cannot tell, since then it is judged.
fn is_same(old: Option<&String>, folder: &Path, name: &OsStr) -> bool {
    let Some(old) = old else { return false };
    let hashed = git(folder).args(["hash-object", "--"]).arg(name).output();
    hashed.is_ok_and(|output| String::from_utf8_lossy(&output.stdout).trim() == old)
}

fn first_line(message: &str) -> &str {
    let line = message.lines().next().unwrap_or("it does not say why");
    line.strip_prefix("fatal: ").unwrap_or(line)
}
