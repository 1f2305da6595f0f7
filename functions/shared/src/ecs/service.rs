//! The reads of a service. They stand alone, so that a function that only reads services may call nothing else of ECS.

use crate::{EnvironmentSnapshot, Error};
use aws_sdk_ecs::Client;
use aws_sdk_ecs::types::Service;

/// An ECS service by its names.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ServiceName {
    pub cluster: String,
    pub service: String,
}

impl From<&EnvironmentSnapshot> for ServiceName {
    fn from(environment: &EnvironmentSnapshot) -> ServiceName {
        ServiceName {
            cluster: environment.cluster.clone(),
            service: environment.service.clone(),
        }
    }
}

/// Reads a service; none where ECS does not know it.
///
/// # Errors
/// The named errors of `ecs:DescribeServices`.
pub async fn describe_service(ecs: &Client, name: &ServiceName) -> Result<Option<Service>, Error> {
    let output = ecs
        .describe_services()
        .cluster(&name.cluster)
        .services(&name.service)
        .send()
        .await
        .map_err(|error| Error::from_sdk("ecs:DescribeServices", error))?;
    Ok(output.services.unwrap_or_default().into_iter().next())
}

/// Reads the service of an environment.
///
/// # Errors
/// As [`describe_service`], and `NotFound` where ECS does not know the service.
pub async fn read_service(
    ecs: &Client,
    environment: &EnvironmentSnapshot,
) -> Result<Service, Error> {
    let name = ServiceName::from(environment);
    let found = describe_service(ecs, &name).await?;
    let ServiceName { cluster, service } = name;
    let missing = format!("cluster {cluster} has no service {service} any more");
    found.ok_or(Error::NotFound(missing))
}
