//! The databases behind the containers: one per repository, shared by all containers of its images.

use crate::{install, registry};
use anyhow::{Context, Result};
use std::fs;
use std::io::ErrorKind;
use std::path::{Path, PathBuf};

/// Tries to remove the folder: a container that is just ending may still put a file into it.
const TRIES: usize = 10;

/// The folder that holds them for as long as the engine lives.
pub struct Databases {
    pub folder: PathBuf,
}

impl Databases {
    /// Makes the folder of the engine at `port`. It is empty: an engine that was killed may have left it.
    pub fn make(port: u16) -> Result<Databases> {
        let folder = install::home().join(format!("databases-{port}"));
        remove(&folder);
        fs::create_dir_all(&folder).with_context(|| format!("cannot make {}", folder.display()))?;
        Ok(Databases { folder })
    }

    /// The file for an image. Its repository is named with its host, so accounts share nothing.
    pub fn of(&self, image: &str) -> PathBuf {
        // No repository and no host has a plus in its name.
        let name = registry::repository(image).replace('/', "+");
        self.folder.join(format!("{name}.sqlite"))
    }

    /// Removes them; containers that still run go on with what they hold open.
    pub fn remove(&self) {
        remove(&self.folder);
    }
}

fn remove(folder: &Path) {
    for _ in 0..TRIES {
        match fs::remove_dir_all(folder) {
            Err(error) if error.kind() != ErrorKind::NotFound => {}
            Ok(()) | Err(_) => return,
        }
    }
}
