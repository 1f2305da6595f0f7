//! Which files are new: those that a revision of their repository does not have. Git is asked once for each folder, so
//! the files may be in several repositories, and it makes no difference whether they are committed.

use super::outcome::{Outcome, Unread};
use std::collections::{HashMap, HashSet};
use std::ffi::OsStr;
use std::path::{Path, PathBuf};
use std::process::Command;

/// What a hook of git sets for its own repository, which need not be that of the files.
const OF_A_HOOK: [&str; 3] = ["GIT_DIR", "GIT_WORK_TREE", "GIT_INDEX_FILE"];

/// The names of the files of one folder.
type Names = HashSet<Vec<u8>>;

/// The files that are new since `revision`. The outcome counts the others, and has what git says where it cannot tell.
pub(super) fn new_files(files: &[PathBuf], revision: &str) -> (Vec<PathBuf>, Outcome) {
    let mut outcome = Outcome::default();
    let mut folders: HashMap<&Path, Option<Names>> = HashMap::new();
    let mut new = Vec::new();
    for file in files {
        let Some((folder, name)) = place(file) else {
            new.push(file.clone());
            continue;
        };
        let old = folders.entry(folder).or_insert_with(|| {
            let names = names(folder, revision).map_err(|reason| Unread {
                file: folder.to_owned(),
                reason,
            });
            names.map_err(|unread| outcome.unread.push(unread)).ok()
        });
        match old {
            None => {}
            Some(old) if old.contains(name.as_encoded_bytes()) => outcome.not_new += 1,
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
fn names(folder: &Path, revision: &str) -> Result<Names, String> {
    let failed = |message: &str| {
        let hint = if message.contains("Not a valid object name") {
            " Fetch it first: a shallow clone has nothing but the latest commit."
        } else {
            ""
        };
        format!("git cannot tell which files are new since {revision}: {message}.{hint}")
    };
    let mut git = Command::new("git");
    OF_A_HOOK.iter().for_each(|name| {
        git.env_remove(name);
    });
    let git = git.env("LC_ALL", "C").arg("-C").arg(folder);
    let output = git.args(["ls-tree", "-z", revision]).output();
    let output = output.map_err(|error| failed(&format!("it does not start ({error})")))?;
    if !output.status.success() {
        let message = String::from_utf8_lossy(&output.stderr);
        return Err(failed(first_line(&message)));
    }
    let entries = output.stdout.split(|byte| *byte == 0);
    Ok(entries.filter_map(file_name).collect())
}

/// `100644 blob 3a0f...<tab>name`; a folder is a `tree`.
fn file_name(entry: &[u8]) -> Option<Vec<u8>> {
    let tab = entry.iter().position(|byte| *byte == b'\t')?;
    let (kind, name) = entry.split_at(tab);
    let is_file = kind.split(|byte| *byte == b' ').nth(1) == Some(b"blob");
    is_file.then(|| name[1..].to_owned())
}

fn first_line(message: &str) -> &str {
    let line = message.lines().next().unwrap_or("it does not say why");
    line.strip_prefix("fatal: ").unwrap_or(line)
}
