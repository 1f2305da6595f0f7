//! The plan of a release: what detect decided, read by every later state.

use crate::run_task::RunTask;
use crate::{Digest, Environment, ExecutionArn, ReleaseId, Step, Time};
use serde::{Deserialize, Serialize};
use std::net::{IpAddr, SocketAddr};

/// Which image goes where, and both environments as they were when that was decided.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct ReleasePlan {
    pub release: ReleaseId,
    pub execution: ExecutionArn,
    pub image: Image,
    /// A revision the team registered itself; without it, deploy registers one.
    pub task_definition: Option<String>,
    /// The environment that is active when the release begins.
    pub from: Environment,
    /// The idle environment, which the release makes active.
    pub to: Environment,
    pub active: EnvironmentSnapshot,
    pub idle: EnvironmentSnapshot,
    /// The idle environment is brought to what is live, and traffic stays where it is.
    #[serde(default)]
    pub sync: bool,
    /// Runs after the registration and before the deployment to the idle environment.
    pub migration: Option<MigrationTask>,
    /// How traffic is shifted; the last step has the share 100. A sync has none.
    #[serde(default)]
    pub steps: Vec<Step>,
    /// When the version that is active became so, where the record knows it: errors from before are another version's.
    #[serde(default)]
    pub active_since: Option<Time>,
    /// The scans that are to be decided before the flip, since they were still going when the plan was made.
    #[serde(default)]
    pub scan: Option<PendingScan>,
    /// What a person should know, and that does not stop the release.
    pub warnings: Vec<String>,
}

/// The image of a release; what runs is always named by digest.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Image {
    /// `REGISTRY/REPOSITORY@sha256:...`
    pub uri: String,
    /// The tag the request named, if it named one.
    pub tag: Option<String>,
    pub digest: Digest,
}

/// Images that may run, and whose scan had not ended yet.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct PendingScan {
    pub digests: Vec<Digest>,
    /// When the image of the release was pushed, where ECR says it.
    pub pushed_at: Option<Time>,
}

/// A one-off task that changes the database: a command in the released container.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct MigrationTask {
    pub command: Vec<String>,
    /// Name of the released container, in which the command runs.
    pub container: String,
    /// Name of the ECS cluster in which it runs.
    pub cluster: String,
    /// The task's group, by which it is found again: Step Functions writes who started it by itself.
    pub group: String,
    pub run_task: RunTask,
}

/// One environment as detect observed it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct EnvironmentSnapshot {
    pub environment: Environment,
    /// Name of the ECS cluster.
    pub cluster: String,
    /// Name of the ECS service.
    pub service: String,
    /// ARN of the target group.
    pub target_group: String,
    /// Protocol from the load balancer to the targets: HTTP or HTTPS.
    pub protocol: String,
    /// ARN of the revision the service runs.
    pub task_definition: String,
    /// Tasks wanted.
    pub desired: i32,
    /// Tasks running.
    pub running: i32,
    /// Digest that every running task reports; none when they report several or none.
    pub digest: Option<Digest>,
}

/// Where a target listens.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Target {
    /// An IP address, or an instance's id.
    pub id: String,
    pub port: u16,
}

impl Target {
    /// `HOST:PORT`, with an IPv6 address in brackets as in a URL; `i-0123:32768` for an instance, which may run
    /// several tasks.
    pub fn address(&self) -> String {
        let Target { id, port } = self;
        match id.parse::<IpAddr>() {
            Ok(address) => SocketAddr::new(address, *port).to_string(),
            Err(_) => format!("{id}:{port}"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn two_tasks_of_one_host_are_two_targets() {
        let address = |id: &str, port| {
            let id = id.to_owned();
            Target { id, port }.address()
        };
        assert_eq!(address("10.0.0.7", 8080), "10.0.0.7:8080");
        assert_eq!(address("fd00::7", 8080), "[fd00::7]:8080");
        assert_eq!(address("i-0123", 32768), "i-0123:32768");
        assert_eq!(address("i-0123", 32769), "i-0123:32769");
    }
}
