//! The plan of a release: what detect decided, read by every later state.

use crate::Environment;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use std::net::{IpAddr, SocketAddr};

/// Which image goes where, and what was found on both sides when that was decided.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Plan {
    /// The release's id: the name of its Step Functions execution.
    pub release: String,
    /// The ARN of that execution.
    pub execution: String,
    pub image: Image,
    /// A revision the team registered itself; without it, deploy registers one.
    pub task_definition: Option<String>,
    /// The environment that is active when the release begins.
    pub from: Environment,
    /// The idle environment, which the release makes active.
    pub to: Environment,
    pub active: Side,
    pub idle: Side,
    /// The idle environment is brought to what is live, and traffic stays where it is.
    #[serde(default)]
    pub sync: bool,
    /// Runs after the registration and before the idle side is deployed to.
    pub migration: Option<Migration>,
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
    /// `sha256:...`
    pub digest: String,
}

/// A one-off task that changes the database: a command in the released container.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Migration {
    pub command: Vec<String>,
    pub container: String,
    /// Name of the ECS cluster in which it runs.
    pub cluster: String,
    /// The task's group, by which it is found again: Step Functions writes who started it by itself.
    pub group: String,
    /// The parameters of `ecs:runTask`, as Step Functions spells them, without the task definition.
    pub run_task: Value,
}

/// One environment as detect found it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Side {
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
    pub digest: Option<String>,
}

/// Where a target listens.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Target {
    /// An IP address, or an instance's id.
    pub id: String,
    pub port: u16,
}

impl Target {
    /// `HOST:PORT`, with an IPv6 address in brackets as in a URL; an instance's id as it is.
    pub fn name(&self) -> String {
        match self.id.parse::<IpAddr>() {
            Ok(address) => SocketAddr::new(address, self.port).to_string(),
            Err(_) => self.id.clone(),
        }
    }
}

/// The digest a container runs: the one its image is pinned to, else the one that ECS reports.
///
/// For an image of several architectures ECS may report the digest of the one it pulled, so the pin decides.
pub fn running_digest(image: Option<&str>, reported: Option<&str>) -> Option<String> {
    let pinned = image
        .and_then(|image| image.split_once('@'))
        .map(|(_, digest)| digest);
    pinned.or(reported).map(str::to_owned)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_pin_decides_over_what_is_reported() {
        let check = |image, reported, expect: Option<&str>| {
            assert_eq!(running_digest(image, reported).as_deref(), expect);
        };
        check(Some("shop@sha256:a"), Some("sha256:b"), Some("sha256:a"));
        check(Some("shop:v1"), Some("sha256:b"), Some("sha256:b"));
        check(Some("shop:v1"), None, None);
    }
}
