//! The volumes of a one-off task that its task definition leaves to be configured at launch: as the service has them.

use aws_sdk_ecs::types::{
    EbsTagSpecification, PropagateTags, Service, ServiceManagedEbsVolumeConfiguration,
};
use shared::run_task::{EbsVolume, Tag, TagSpecification, TerminationPolicy, VolumeConfiguration};

/// The configurations of the deployment that the service is brought to: a service itself shows none.
pub(super) fn configurations(service: &Service) -> Vec<VolumeConfiguration> {
    let mut deployments = service.deployments().iter();
    let primary = deployments.find(|deployment| deployment.status() == Some("PRIMARY"));
    let volumes = primary.map(|primary| primary.volume_configurations());
    let volumes = volumes.unwrap_or_default().iter();
    let volumes = volumes.map(|volume| VolumeConfiguration {
        name: volume.name().to_owned(),
        managed_ebs_volume: volume.managed_ebs_volume().map(ebs_volume),
    });
    volumes.collect()
}

/// A volume of its own, which ends with the task.
fn ebs_volume(volume: &ServiceManagedEbsVolumeConfiguration) -> EbsVolume {
    let tags = volume.tag_specifications().iter().map(tag_specification);
    EbsVolume {
        role_arn: volume.role_arn().to_owned(),
        termination_policy: TerminationPolicy {
            delete_on_termination: true,
        },
        encrypted: volume.encrypted(),
        kms_key_id: volume.kms_key_id().map(str::to_owned),
        volume_type: volume.volume_type().map(str::to_owned),
        size_in_gib: volume.size_in_gib(),
        snapshot_id: volume.snapshot_id().map(str::to_owned),
        volume_initialization_rate: volume.volume_initialization_rate(),
        iops: volume.iops(),
        throughput: volume.throughput(),
        filesystem_type: volume.filesystem_type().map(ToString::to_string),
        tag_specifications: tags.collect(),
    }
}

fn tag_specification(specification: &EbsTagSpecification) -> TagSpecification {
    // A task of no service has no service's tags, and ECS refuses to be asked for them.
    let propagate = specification.propagate_tags();
    let propagate = propagate.filter(|from| **from == PropagateTags::TaskDefinition);
    let tags = specification.tags().iter().map(|tag| Tag {
        key: tag.key().unwrap_or_default().to_owned(),
        value: tag.value().unwrap_or_default().to_owned(),
    });
    TagSpecification {
        resource_type: specification.resource_type().to_string(),
        tags: tags.collect(),
        propagate_tags: propagate.map(ToString::to_string),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use aws_sdk_ecs::types::builders::ServiceManagedEbsVolumeConfigurationBuilder as Ebs;
    use aws_sdk_ecs::types::{
        Deployment, EbsResourceType, ServiceVolumeConfiguration, TaskFilesystemType,
    };
    use serde_json::{Value, json};

    const ROLE: &str = "arn:aws:iam::111122223333:role/ecs-volumes";

    fn volume(name: &str, ebs: Option<Ebs>) -> ServiceVolumeConfiguration {
        let ebs = ebs.map(|ebs| ebs.role_arn(ROLE).build().expect("complete"));
        let volume = ServiceVolumeConfiguration::builder().name(name);
        let volume = volume.set_managed_ebs_volume(ebs);
        volume.build().expect("complete")
    }

    fn deployment(status: &str, volumes: Vec<ServiceVolumeConfiguration>) -> Deployment {
        let deployment = Deployment::builder().status(status);
        deployment.set_volume_configurations(Some(volumes)).build()
    }

    /// The task of a service with these deployments gets these volumes.
    fn check(deployments: Vec<Deployment>, expect: Value) {
        let service = Service::builder().set_deployments(Some(deployments));
        let volumes = configurations(&service.build());
        assert_eq!(json!(volumes), expect);
        assert_eq!(serde_json::from_value(expect).ok(), Some(volumes));
    }

    #[test]
    fn every_setting_of_a_volume_is_carried_over_and_it_ends_with_the_task() {
        let tag = aws_sdk_ecs::types::Tag::builder().key("team").value("shop");
        let tags = EbsTagSpecification::builder()
            .resource_type(EbsResourceType::Volume)
            .tags(tag.build())
            .propagate_tags(PropagateTags::TaskDefinition);
        let ebs = ServiceManagedEbsVolumeConfiguration::builder()
            .encrypted(true)
            .kms_key_id("alias/shop")
            .volume_type("gp3")
            .size_in_gib(20)
            .snapshot_id("snap-1")
            .volume_initialization_rate(200)
            .iops(3000)
            .throughput(125)
            .filesystem_type(TaskFilesystemType::Ext4)
            .tag_specifications(tags.build().expect("complete"));
        let expect = json!([{"Name": "scratch", "ManagedEBSVolume": {
            "RoleArn": ROLE,
            "TerminationPolicy": {"DeleteOnTermination": true},
            "Encrypted": true,
            "KmsKeyId": "alias/shop",
            "VolumeType": "gp3",
            "SizeInGiB": 20,
            "SnapshotId": "snap-1",
            "VolumeInitializationRate": 200,
            "Iops": 3000,
            "Throughput": 125,
            "FilesystemType": "ext4",
            "TagSpecifications": [{
                "ResourceType": "volume",
                "Tags": [{"Key": "team", "Value": "shop"}],
                "PropagateTags": "TASK_DEFINITION",
            }],
        }}]);
        let volumes = vec![volume("scratch", Some(ebs))];
        check(vec![deployment("PRIMARY", volumes)], expect);
    }

    #[test]
    fn what_is_not_set_is_not_sent() {
        let ebs = |gib| {
            let ebs = ServiceManagedEbsVolumeConfiguration::builder();
            Some(ebs.size_in_gib(gib))
        };
        let expect = |name: &str, gib| {
            json!({"Name": name, "ManagedEBSVolume": {
                "RoleArn": ROLE,
                "TerminationPolicy": {"DeleteOnTermination": true},
                "SizeInGiB": gib,
            }})
        };
        let volumes = vec![
            volume("scratch", ebs(20)),
            volume("cache", ebs(5)),
            volume("bare", None),
        ];
        check(
            vec![deployment("PRIMARY", volumes)],
            json!([expect("scratch", 20), expect("cache", 5), {"Name": "bare"}]),
        );
    }

    #[test]
    fn tags_of_the_service_are_not_asked_for() {
        for propagate in [PropagateTags::Service, PropagateTags::None] {
            let tags = EbsTagSpecification::builder()
                .resource_type(EbsResourceType::Volume)
                .propagate_tags(propagate);
            let ebs = ServiceManagedEbsVolumeConfiguration::builder()
                .tag_specifications(tags.build().expect("complete"));
            let volumes = vec![volume("scratch", Some(ebs))];
            let expect = json!([{"Name": "scratch", "ManagedEBSVolume": {
                "RoleArn": ROLE,
                "TerminationPolicy": {"DeleteOnTermination": true},
                "TagSpecifications": [{"ResourceType": "volume"}],
            }}]);
            check(vec![deployment("PRIMARY", volumes)], expect);
        }
    }

    #[test]
    fn the_deployment_that_is_being_replaced_says_nothing() {
        let volumes = |name| vec![volume(name, None)];
        let deployments = vec![
            deployment("ACTIVE", volumes("old")),
            deployment("PRIMARY", volumes("new")),
        ];
        check(deployments, json!([{"Name": "new"}]));
        check(vec![deployment("ACTIVE", volumes("old"))], json!([]));
        check(vec![deployment("PRIMARY", Vec::new())], json!([]));
        check(Vec::new(), json!([]));
    }
}
