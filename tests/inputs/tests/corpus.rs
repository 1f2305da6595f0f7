//! The fuzzer's corpus, as it is and spoiled.

use crate::tally::Tally;
use inputs::Kind;
use proptest::prelude::*;
use std::fs;
use std::path::PathBuf;

/// Spoiled inputs drawn for each kind.
const CASES: u32 = 400;

/// Every file of the corpus.
pub fn replayed(tally: &Tally) {
    for kind in Kind::ALL {
        for bytes in files(kind) {
            tally.input(kind, &bytes);
        }
    }
}

/// Every kind's files with bytes cut out, doubled or replaced.
pub fn spoiled(tally: &Tally) {
    for kind in Kind::ALL {
        let spoiled = prop::sample::select(files(kind)).prop_flat_map(|bytes| {
            let span = (0..=bytes.len(), 0..64_usize);
            let edit = (
                span,
                prop::collection::vec(any::<u8>(), 0..4),
                any::<bool>(),
            );
            let edits = prop::collection::vec(edit, 1..4);
            edits.prop_map(move |edits| edits.into_iter().fold(bytes.clone(), spoil))
        });
        tally.draw(CASES, spoiled, |bytes| tally.input(kind, &bytes));
    }
}

type Edit = ((usize, usize), Vec<u8>, bool);

/// Replaces a span by other bytes, or by itself twice.
fn spoil(mut bytes: Vec<u8>, ((from, length), other, twice): Edit) -> Vec<u8> {
    let from = from.min(bytes.len());
    let to = (from + length).min(bytes.len());
    let new = if twice {
        bytes[from..to].repeat(2)
    } else {
        other
    };
    bytes.splice(from..to, new);
    bytes
}

/// In the order of their names, so that what is drawn does not depend on the file system.
fn files(kind: Kind) -> Vec<Vec<u8>> {
    let folder = project::root().join("tests/fuzz/corpus").join(kind.name());
    let entries = fs::read_dir(&folder);
    let entries = entries.unwrap_or_else(|error| panic!("{}: {error}", folder.display()));
    let mut paths: Vec<_> = entries.map(|it| it.expect("an entry").path()).collect();
    paths.sort();
    let read = |path: &PathBuf| fs::read(path).expect("a file");
    paths.iter().map(read).collect()
}
