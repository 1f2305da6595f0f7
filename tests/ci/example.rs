//! The example workflow: its build, which a job that runs again must not repeat, and how long its credentials last.

use crate::{FOLDER, bash, quoted};
use project::{keys, read, template, text};
use serde_json::Value;

/// A registry in a file, and a docker that pushes to it. The first argument is the step, the second the registry.
const RUN: &str = r#"
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
echo "$2" >"$work/registry"
aws() { cat "$work/registry"; }
docker() {
  echo "$1"
  if [ "$1" = push ]; then echo sha256:new >"$work/registry"; fi
}
REPOSITORY=shop IMAGE=registry:5000/shop:c0ffee GITHUB_SHA=c0ffee GITHUB_OUTPUT=$work/output
eval "$1"
cat "$work/output""#;

fn workflow() -> Value {
    template::parse(&read(&format!("{FOLDER}/example-workflow.yml"))).expect("one document of YAML")
}

fn steps() -> Vec<Value> {
    let steps = workflow()["jobs"]["release"]["steps"].clone();
    steps.as_array().expect("steps").clone()
}

fn build() -> String {
    let steps = steps();
    let step = steps.iter().find(|step| step["id"] == "image");
    text(&step.expect("the build")["run"])
}

#[test]
fn given_a_job_that_runs_again_then_it_takes_the_image_of_its_first_run() {
    let first = bash(RUN, &[&build(), "None"]);
    assert_eq!(first, "build\npush\nimage=registry:5000/shop@sha256:new");
    let again = bash(RUN, &[&build(), "sha256:old"]);
    assert_eq!(again, "image=registry:5000/shop@sha256:old");
}

/// What the policy allows is enough for it, and ECR converts no manifest that detect reads.
#[test]
fn given_the_build_then_it_asks_ecr_as_detect_does() {
    let build = build();
    let calls: Vec<_> = build.match_indices("aws ").collect();
    assert_eq!(calls.len(), 1, "{build}");
    assert!(build.contains("aws ecr batch-get-image "), "{build}");
    let manifest = read("functions/detect/src/look/manifest.rs");
    let (_, accepted) = manifest.split_once("const ACCEPTED").expect("the types");
    let (accepted, _) = accepted.split_once("];").expect("their end");
    let accepted = quoted(accepted, '"');
    let types = accepted.iter().filter(|it| it.starts_with("application/"));
    assert_eq!(types.clone().count(), 4);
    for name in types {
        assert!(build.contains(&format!(" {name} ")), "{name}");
    }
}

#[test]
fn given_the_release_then_its_credentials_are_new_and_its_job_lasts_longer_than_it() {
    let steps = steps();
    let [.., login, release] = steps.as_slice() else {
        panic!("two steps at the end");
    };
    assert_eq!(release["uses"], format!("./{FOLDER}"));
    let first = steps.iter().find(|step| {
        step["uses"]
            .as_str()
            .is_some_and(|it| it.contains("/configure-aws-credentials@"))
    });
    assert_eq!(Some(login), first);
    let image = text(&release["with"]["image"]);
    assert_eq!(image, "${{ steps.image.outputs.image }}");
    let options = read(&format!("{FOLDER}/options.sh"));
    assert!(options.contains("timeout=3000 ") && !keys(&release["with"]).contains("timeout"));
    let minutes = workflow()["jobs"]["release"]["timeout-minutes"].as_u64();
    assert!(
        minutes.is_some_and(|it| it * 60 >= 3000 + 1800),
        "{minutes:?}"
    );
}
