//! A database file for one test.

use std::path::PathBuf;
use std::sync::atomic::{AtomicU32, Ordering};

/// A file in a folder of its own. Dropping it removes both.
pub struct Scratch {
    folder: PathBuf,
    pub file: String,
}

impl Scratch {
    pub fn new() -> Scratch {
        static NEXT: AtomicU32 = AtomicU32::new(1);
        let number = NEXT.fetch_add(1, Ordering::Relaxed);
        let name = format!("orders-{}-{number}", std::process::id());
        let folder = std::env::temp_dir().join(name);
        std::fs::create_dir_all(&folder).expect("a folder");
        let file = folder.join("shop.sqlite").display().to_string();
        Scratch { folder, file }
    }
}

impl Drop for Scratch {
    fn drop(&mut self) {
        std::fs::remove_dir_all(&self.folder).ok();
    }
}
