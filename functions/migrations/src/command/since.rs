//! Which files are new: those that `HEAD` did not have, or had with another content, where it left the history of a
//! revision. Git is asked in each folder, so the files may be in several repositories, and whether they are committed
//! makes no difference.

mod git;

use super::outcome::{Outcome, Unread};
use git::Files;
use std::collections::HashMap;
use std::ffi::OsStr;
use std::path::{Path, PathBuf};

/// The files that are new since `revision`. The outcome counts the others, and has what git says where it cannot tell.
pub(super) fn new_files(files: &[PathBuf], revision: &str) -> (Vec<PathBuf>, Outcome) {
    let mut outcome = Outcome::default();
    let mut folders: HashMap<&Path, Result<Files, usize>> = HashMap::new();
    let mut new = Vec::new();
    for file in files {
        let Some((folder, name)) = place(file) else {
            new.push(file.clone());
            continue;
        };
        let old = folders.entry(folder).or_insert_with(|| {
            git::files_before(folder, revision).map_err(|reason| {
                outcome.unread.push(Unread::of_folder(folder, reason));
                outcome.unread.len() - 1
            })
        });
        match old {
            Err(at) => outcome.unread[*at].files.push(file.clone()),
            Ok(old) if git::is_same(old.get(name.as_encoded_bytes()), folder, name) => {
                outcome.not_new += 1;
            }
            Ok(_) => new.push(file.clone()),
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
