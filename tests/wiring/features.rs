//! What Cargo puts into a build: the SDK's test features stay out of a deployed function, and the builds of a day share
//! what they compile.

use project::{Names, functions};
use std::collections::BTreeMap;
use std::process::Command;

/// The packages of a build, each with the sets of features that it is compiled with.
type Packages = BTreeMap<String, Names>;

/// Asks Cargo for the packages of a selection. Nothing is downloaded or compiled for it.
fn packages(selection: &[&str], edges: &str) -> Packages {
    let cargo = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    let mut command = Command::new(cargo);
    command
        .current_dir(project::root())
        .args(["tree", "--locked", "--offline"]);
    command.args(["--prefix", "none", "--format", "{p}|{f}", "--edges", edges]);
    let output = command.args(selection).output().expect("cargo runs");
    let error = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{selection:?}: {error}");
    let text = String::from_utf8_lossy(&output.stdout);
    let mut packages = Packages::new();
    for (package, features) in text.lines().filter_map(|line| line.split_once('|')) {
        // `(*)` marks what was shown before.
        let features = features.trim_end_matches(" (*)").to_owned();
        packages
            .entry(package.to_owned())
            .or_default()
            .insert(features);
    }
    assert!(!packages.is_empty(), "{selection:?}");
    packages
}

/// aws-config itself asks for `test-util` of the first, and the first for that of the others.
const OF_AWS_CONFIG: [&str; 3] = [
    "aws-credential-types",
    "aws-smithy-runtime-api",
    "aws-smithy-types",
];

/// Packages that only tests need, and cryptography beside ring.
const NEVER_DEPLOYED: [&str; 5] = [
    "aws-lc",
    "aws-smithy-mocks",
    "fixtures",
    "native-tls",
    "openssl-sys",
];

/// As `sam build` compiles it: the function alone, without its tests.
#[test]
fn given_a_deployed_function_then_it_holds_nothing_for_tests_and_no_second_cryptography() {
    for function in functions() {
        for (package, features) in packages(&["--package", &function.binary], "normal,build") {
            let name = package.split(' ').next().unwrap_or_default();
            let for_tests = features
                .iter()
                .any(|it| it.split(',').any(|it| it == "test-util"));
            let never = NEVER_DEPLOYED.iter().any(|it| name.starts_with(it));
            assert!(!never, "{} holds {package}", function.binary);
            assert!(
                !for_tests || OF_AWS_CONFIG.contains(&name),
                "{} holds {package} with test-util",
                function.binary
            );
        }
    }
}

/// Cargo compiles a package once for each set of features. `tests/fixtures` makes the sets alike.
#[test]
fn given_a_smaller_build_then_it_compiles_no_dependency_that_the_whole_one_has_not() {
    let whole = packages(&["--workspace"], "normal,build,dev");
    let members = functions().into_iter().map(|it| it.binary);
    let smaller = members.map(|member| (member, "normal,build,dev"));
    for (member, edges) in smaller.chain([("rehearsal".to_owned(), "normal,build")]) {
        for (package, features) in packages(&["--package", &member], edges) {
            let own = package.contains("(/");
            let compiled = whole.get(&package).cloned().unwrap_or_default();
            let new: Vec<_> = features.difference(&compiled).collect();
            assert!(
                own || new.is_empty(),
                "{member} compiles {package} anew: {new:?}, not {compiled:?}"
            );
        }
    }
}
