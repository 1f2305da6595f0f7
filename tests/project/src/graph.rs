//! Which file needs which: the paths that each names, followed to the files that define what they name.

use crate::files::files;
use crate::modules::{Module, modules};
use crate::paths::{Named, named};
use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

/// A crate: its name in paths, and its files.
struct Crate {
    name: String,
    modules: Vec<Module>,
    /// What each file names.
    named: Vec<Vec<Named>>,
}

/// A file: the index of its crate, and its own in it.
type File = (usize, usize);

/// Several crates, which may name each other.
pub struct Crates(Vec<Crate>);

impl Crates {
    /// Reads the crates in these folders. A program and a library of one folder are two crates, as for the compiler.
    pub fn read(folders: impl IntoIterator<Item = String>) -> Crates {
        Crates(folders.into_iter().flat_map(|it| crates(&it)).collect())
    }

    /// The files of a crate, and those of the others that they need.
    pub fn needed_by(&self, package: &str) -> Vec<Module> {
        let name = in_paths(package);
        let own = self.files().filter(|(of, _)| self.0[*of].name == name);
        let mut needed: BTreeSet<File> = BTreeSet::new();
        let mut open: Vec<File> = own.collect();
        while let Some(file) = open.pop() {
            if needed.insert(file) {
                open.extend(self.needs(file));
            }
        }
        let module = |(of, at): File| self.0[of].modules[at].clone();
        needed.into_iter().map(module).collect()
    }

    /// Every file.
    pub fn modules(&self) -> impl Iterator<Item = &Module> {
        self.0.iter().flat_map(|it| &it.modules)
    }

    /// Files that need each other, directly or through others: of each circle the files, in order.
    pub fn circles(&self) -> Vec<Vec<PathBuf>> {
        let mut circles: Vec<Vec<PathBuf>> = Vec::new();
        let mut left: BTreeSet<File> = self.files().collect();
        while let Some(first) = left.pop_first() {
            let after = self.reached(first);
            let circle = after
                .iter()
                .filter(|it| self.reached(**it).contains(&first));
            let circle: Vec<File> = circle.copied().collect();
            left.retain(|it| !circle.contains(it));
            if !circle.is_empty() {
                let file = |(of, at): &File| self.0[*of].modules[*at].file.clone();
                circles.push(circle.iter().map(file).collect());
            }
        }
        circles
    }

    /// The files that a file needs in the end; itself only if it lies on a circle.
    fn reached(&self, from: File) -> BTreeSet<File> {
        let (mut reached, mut open) = (BTreeSet::new(), self.needs(from));
        while let Some(file) = open.pop() {
            if reached.insert(file) {
                open.extend(self.needs(file));
            }
        }
        reached
    }

    fn files(&self) -> impl Iterator<Item = File> {
        let crates = self.0.iter().enumerate();
        crates.flat_map(|(of, it)| (0..it.modules.len()).map(move |at| (of, at)))
    }

    /// The other files that a file names something of.
    fn needs(&self, file: File) -> Vec<File> {
        let (of, at) = file;
        let paths = self.0[of].named[at].iter();
        let found = paths.filter_map(|it| self.find(file, &it.path, DEPTH));
        found.filter(|it| *it != file).collect()
    }

    /// The file that defines what a path names, as seen from a file; none if it is of a crate that was not read.
    fn find(&self, from: File, path: &[String], depth: usize) -> Option<File> {
        let (of, at) = from;
        let (own, first) = (&self.0[of].modules[at].path, path.first()?.as_str());
        let (of, mut place, mut rest) = match first {
            "crate" => (of, Vec::new(), &path[1..]),
            "self" => (of, own.clone(), &path[1..]),
            "super" => {
                let ups = path.iter().take_while(|it| *it == "super").count();
                (
                    of,
                    own[..own.len().checked_sub(ups)?].to_vec(),
                    &path[ups..],
                )
            }
            name if self.0[of].is_module(own, name) => (of, own.clone(), path),
            name => {
                let of = self.0.iter().position(|it| it.name == name)?;
                (of, Vec::new(), &path[1..])
            }
        };
        while let Some((name, others)) = rest.split_first()
            && self.0[of].is_module(&place, name)
        {
            place.push(name.clone());
            rest = others;
        }
        let door = (of, self.0[of].at(&place)?);
        let item = rest.first().filter(|_| depth > 0);
        let behind = item.and_then(|item| self.behind(door, item, depth - 1));
        Some(behind.unwrap_or(door))
    }

    /// The file behind a door: where a name comes from that a file has by a `use` of its own.
    fn behind(&self, (of, at): File, item: &str, depth: usize) -> Option<File> {
        let door = self.0[of].named[at].iter();
        let mut named = door.filter(|it| it.is_import && it.known_as == item);
        let found = self.find((of, at), &named.next()?.path, depth)?;
        (found != (of, at)).then_some(found)
    }
}

/// Doors behind doors: more than anybody builds.
const DEPTH: usize = 8;

impl Crate {
    fn at(&self, place: &[String]) -> Option<usize> {
        self.modules.iter().position(|it| it.path == place)
    }

    fn is_module(&self, place: &[String], name: &str) -> bool {
        let fits = |it: &Module| {
            it.path
                .strip_prefix(place)
                .is_some_and(|rest| rest == [name])
        };
        self.modules.iter().any(fits)
    }
}

/// The library and the programs of a folder, the library first: `flip::x` in a program is of the library.
fn crates(folder: &str) -> Vec<Crate> {
    let package = folder.rsplit('/').next().unwrap_or(folder);
    let named = |name: &str| files(folder, &format!("/{name}"));
    let roots = named("lib.rs").into_iter().chain(named("main.rs"));
    roots.map(|root| read(&in_paths(package), &root)).collect()
}

fn read(name: &str, root: &Path) -> Crate {
    let modules = modules(root);
    Crate {
        name: name.to_owned(),
        named: modules.iter().map(|it| named(&it.tokens)).collect(),
        modules,
    }
}

/// A package's name as a path writes it.
fn in_paths(package: &str) -> String {
    package.replace('-', "_")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tokens::tokens;

    /// A crate whose files hold these texts, by their paths in it.
    fn a_crate(name: &str, files: &[(&str, &str)]) -> Crate {
        let module = |(path, source): &(&str, &str)| Module {
            file: format!("{path}.rs").into(),
            path: path.split_terminator("::").map(str::to_owned).collect(),
            tokens: tokens(source),
        };
        let modules: Vec<Module> = files.iter().map(module).collect();
        Crate {
            name: name.to_owned(),
            named: modules.iter().map(|it| named(&it.tokens)).collect(),
            modules,
        }
    }

    fn circles(files: &[(&str, &str)]) -> Vec<Vec<String>> {
        let circles = Crates(vec![a_crate("x", files)]).circles();
        let text = |file: &PathBuf| file.display().to_string();
        circles
            .iter()
            .map(|it| it.iter().map(text).collect())
            .collect()
    }

    #[test]
    fn a_circle_is_found_also_through_a_door() {
        let door = ("door", "pub use inner::Thing; mod inner;");
        let inner = ("door::inner", "use crate::user::f; pub struct Thing;");
        let user = ("user", "use crate::door::Thing; pub fn f() {}");
        let root = ("", "mod door; mod user;");
        let found = circles(&[root, door, inner, user]);
        assert_eq!(found, [["door::inner.rs", "user.rs"]]);
    }

    #[test]
    fn a_folder_that_uses_its_files_is_no_circle() {
        let door = ("door", "mod a; mod b; pub use a::f; fn g() { b::h() }");
        let a = ("door::a", "use super::b::h; pub fn f() { h() }");
        let b = ("door::b", "pub fn h() {}");
        assert_eq!(circles(&[("", "mod door;"), door, a, b]), [[""; 0]; 0]);
    }

    #[test]
    fn a_function_needs_what_it_names_of_a_library_and_nothing_else() {
        let library = [
            (
                "",
                "pub mod store; mod error; pub mod other; pub use error::Error;",
            ),
            ("store", "use crate::Error; pub struct Store;"),
            ("error", ""),
            ("other", ""),
        ];
        let function = [("", "use shared::{store::Store, x}; mod y;")];
        let crates = Crates(vec![
            a_crate("shared", &library),
            a_crate("flip", &function),
        ]);
        let needed = crates.needed_by("flip").into_iter();
        let files: Vec<_> = needed.map(|it| it.file.display().to_string()).collect();
        assert_eq!(files, [".rs", "store.rs", "error.rs", ".rs"]);
    }
}
