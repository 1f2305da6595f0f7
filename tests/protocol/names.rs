//! The names of the model: a release's id is the end of its execution's ARN, as Step Functions has it.

use shared::{Digest, ExecutionArn, ReleaseId};
use std::sync::LazyLock;

/// Executions that a scenario may have.
const EXECUTIONS: usize = 3;

static IDS: LazyLock<[ReleaseId; EXECUTIONS]> =
    LazyLock::new(|| std::array::from_fn(|index| format!("r{index}").into()));

static ARNS: LazyLock<[ExecutionArn; EXECUTIONS]> =
    LazyLock::new(|| std::array::from_fn(|index| format!("x:r{index}").into()));

/// Words that people may say in a scenario.
pub const WORDS: usize = 4;

static SAID: LazyLock<[ExecutionArn; WORDS]> =
    LazyLock::new(|| std::array::from_fn(|index| format!("x:w{index}").into()));

/// The execution that brings a person's word.
pub fn word(number: usize) -> &'static ExecutionArn {
    &SAID[number]
}

/// The release of an execution.
pub fn id(index: usize) -> &'static ReleaseId {
    &IDS[index]
}

pub fn arn(index: usize) -> &'static ExecutionArn {
    &ARNS[index]
}

/// The revision that an execution registers.
pub fn revision(index: usize) -> String {
    format!("shop:{index}")
}

/// What a build is pushed as, under whichever tag.
pub fn digest(build: u8) -> Digest {
    format!("sha256:{build}").into()
}

/// The execution of this release.
pub fn index_of(release: &ReleaseId) -> usize {
    let index = IDS.iter().position(|id| id == release);
    index.expect("a release of the model")
}

/// The execution with this ARN.
pub fn index_of_arn(execution: &ExecutionArn) -> usize {
    let index = ARNS.iter().position(|arn| arn == execution);
    index.expect("an execution of the model")
}
