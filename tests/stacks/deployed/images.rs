//! C1 to C3: which containers move with a release, which are left alone, and the volumes of a migration.

use crate::case::Case;
use serde_json::{Value, json};

pub fn cases() -> Vec<Case> {
    let mut cases = together();
    cases.extend(rollouts());
    cases.extend(alone());
    cases.extend(sidecars());
    cases.extend(volumes());
    cases
}

/// Beside `api`, which runs this image, the live revision has a worker and an init container that run the other one.
fn beside(row: &'static str, title: &'static str, api: &str, other: &str) -> Case {
    let container = |name: &str, essential: bool| {
        let command = [format!("bin/{name}")];
        json!({"name": name, "image": other, "essential": essential, "command": command})
    };
    Case::new(row, title)
        .change(json!({"taskDefinitions/7/containerDefinitions/api/image": api}))
        .change(json!({"taskDefinitions/7/containerDefinitions/+": container("worker", true)}))
        .change(json!({"taskDefinitions/7/containerDefinitions/+": container("migrate", false)}))
}

fn register(case: Case) -> Case {
    let case = case.asks(json!({"tag": "v1.1.0"})).releases();
    case.calls("deploy", json!({"action": "register", "plan": "$plan"}))
}

/// Where the images of the revision stand that the release registers.
fn registered(name: &str) -> String {
    format!("taskDefinitions/8/containerDefinitions/{name}/image")
}

fn together() -> Vec<Case> {
    let all = |title, api, other| {
        let images = ["api", "worker", "migrate"].map(registered);
        let images = images.map(|path| (path, json!("registry/shop@sha256:110…")));
        register(beside("C1", title, api, other)).has(Value::Object(images.into_iter().collect()))
    };
    let pinned = "registry/shop@sha256:100…";
    vec![
        all("all run one digest", pinned, pinned),
        all("all run one tag", "registry/shop:v1.0.0", "registry/shop:v1.0.0"),
        all("one digest, with and without a tag", "registry/shop:v1.0.0@sha256:100…", pinned),
        beside("C1", "the plan shows each", pinned, pinned)
            .asks(json!({"tag": "v1.1.0"}))
            .releases()
            .calls("deploy", json!({"action": "preview", "plan": "$plan"}))
            .saying(&["containerDefinitions.api.image", "containerDefinitions.worker.image",
            "containerDefinitions.migrate.image"]),
        beside("C1", "a sync brings the worker along", pinned, pinned)
            .asks(json!({"action": "sync"}))
            .decides("sync")
            .warns("ends-flip-back", &[])
            .leaves_open("wrong-architecture")
            .calls("deploy", json!({"action": "register", "plan": "$plan"}))
            .has(json!({registered("worker"): pinned, registered("migrate"): pinned})),
        register(beside("C1", "a variable of the slot moves in each that has one", pinned, pinned).change(json!({
            "taskDefinitions/7/containerDefinitions/worker/environment": [{"name": "DEPLOYMENT_SLOT", "value": "blue"}],
        })))
        .has(json!({"taskDefinitions/8/containerDefinitions/worker/environment/DEPLOYMENT_SLOT/value": "green"})),
    ]
}

fn rollouts() -> Vec<Case> {
    let pinned = "registry/shop@sha256:100…";
    let update = json!({"action": "update", "plan": "$plan", "taskDefinition": "$taskDefinition"});
    let check = json!({
        "action": "check", "plan": "$plan", "taskDefinition": "$taskDefinition", "deployment": "$deployment",
        "desired": "$desired",
    });
    let deployed =
        |title| register(beside("C1", title, pinned, pinned)).calls("deploy", update.clone());
    vec![
        deployed("a rollout in which all run the new image is steady")
            .calls("deploy", check.clone())
            .answers(json!({"status": "steady"})),
        deployed("a rollout in which the worker runs another image has failed")
            .change(json!({registered("worker"): pinned}))
            .calls("deploy", check.clone())
            .answers(json!({"status": "failed"}))
            .saying(&["worker", "sha256:100…", "sha256:110…"]),
        deployed("a rollout in which the init container ran another image has failed")
            .change(json!({registered("migrate"): pinned}))
            .calls("deploy", check)
            .answers(json!({"status": "failed"}))
            .saying(&["migrate"]),
    ]
}

/// Other images of the repository stay what they are, and the plan says so.
fn alone() -> Vec<Case> {
    let left = |title, other: &'static str| {
        let case = register(beside("C1", title, "registry/shop@sha256:100…", other));
        case.has(
            json!({registered("api"): "registry/shop@sha256:110…", registered("worker"): other}),
        )
    };
    let released = |title, other: &'static str| {
        let case = beside("C1", title, "registry/shop@sha256:100…", other);
        case.asks(json!({"tag": "v1.1.0"})).releases()
    };
    vec![
        released(
            "another digest of the repository",
            "registry/shop@sha256:090…",
        )
        .warns("other-image", &["worker", "sha256:090…", "another image than api"]),
        released("another tag of the repository", "registry/shop:tools")
            .warns("other-image", &["worker", "shop:tools"])
            .warns("unpinned-image", &["worker"]),
        released(
            "a repository whose name only begins so",
            "registry/shop-worker@sha256:0a0…",
        ),
        released(
            "the same digest in another registry",
            "ghcr.io/shop@sha256:100…",
        ),
        // As a version before this one left it: what it released got a digest, the worker kept its tag.
        released("the tag of the live digest", "registry/shop:v1.0.0")
            .warns(
                "other-image",
                &[
                    "container worker runs",
                    "registry/shop:v1.0.0, api runs",
                    "registry/shop@sha256:100…: only the tag's digest says whether that is the same build",
                    "register a revision in which both name the same image, and release it with taskDefinition",
                ],
            )
            .warns("unpinned-image", &["worker"]),
        left(
            "a repository whose name only begins so is left alone",
            "registry/shop-worker@sha256:0a0…",
        ),
    ]
}

fn sidecars() -> Vec<Case> {
    let beside = |title, image: &str| {
        let agent = json!({"name": "agent", "image": image, "essential": false});
        let case = Case::new("C2", title)
            .change(json!({"taskDefinitions/7/containerDefinitions/+": agent}));
        case.asks(json!({"tag": "v1.1.0"})).releases()
    };
    let warned = |title, image| beside(title, image).warns("unpinned-image", &["agent"]);
    vec![
        warned("a sidecar by tag", "vendor/agent:latest"),
        warned(
            "a sidecar by a tag of a version",
            "public.ecr.aws/xray/aws-xray-daemon:3.3.7",
        ),
        warned("a sidecar without a tag", "vendor/agent"),
        warned(
            "a sidecar of a registry with a port",
            "registry.internal:5000/agent",
        ),
        beside("a sidecar by digest", "vendor/agent@sha256:0a0…"),
        beside(
            "a sidecar by tag and digest",
            "vendor/agent:latest@sha256:0a0…",
        ),
        Case::new("C2", "what is released gets pinned")
            .change(
                json!({"taskDefinitions/7/containerDefinitions/api/image": "registry/shop:v1.0.0"}),
            )
            .asks(json!({"tag": "v1.1.0"}))
            .releases(),
    ]
}

fn volumes() -> Vec<Case> {
    let role = "arn:aws:iam::111122223333:role/ecs-volumes";
    let volume = json!([{"name": "data", "managedEBSVolume": {
        "roleArn": role, "sizeInGiB": 20, "volumeType": "gp3", "filesystemType": "xfs", "encrypted": true,
    }}]);
    let migrates = |title, roles: Value| {
        let changes = json!({
            "services/green/volumeConfigurations": volume, "parameters/TaskRoleArns": roles,
            "taskDefinitions/7/volumes": [{"name": "data", "configuredAtLaunch": true}],
        });
        let case = Case::new("C3", title).change(changes);
        case.asks(json!({"tag": "v1.1.0", "migration": {"command": ["bin/migrate"]}}))
    };
    let ebs = "plan/migration/runTask/VolumeConfigurations/0";
    vec![
        migrates(
            "a volume that is configured at launch",
            json!(["arn:aws:iam::111122223333:role/shop-task", role]),
        )
        .releases()
        .answers(json!({
            format!("{ebs}/Name"): "data", format!("{ebs}/ManagedEBSVolume/RoleArn"): role,
            format!("{ebs}/ManagedEBSVolume/SizeInGiB"): 20,
            format!("{ebs}/ManagedEBSVolume/FilesystemType"): "xfs",
        })),
        migrates(
            "a volume whose role may not be passed",
            json!(["arn:aws:iam::111122223333:role/shop-task"]),
        )
        .refuses("role-not-passable", &["role/ecs-volumes"]),
        Case::new("C3", "a migration without such a volume")
            .asks(json!({"tag": "v1.1.0", "migration": {"command": ["bin/migrate"]}}))
            .releases()
            .answers(json!({"plan/migration/runTask/VolumeConfigurations": null})),
    ]
}
