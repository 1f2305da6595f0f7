//! What the tests of this crate share: an environment of which only the names are known.

use super::*;

impl EnvironmentObservation {
    /// `blue` or `green` of the service `api`, with no service, group, target or task.
    pub(crate) fn test(environment: &str) -> EnvironmentObservation {
        EnvironmentObservation {
            name: ServiceName {
                cluster: format!("shop-{environment}"),
                service: "api".to_owned(),
            },
            target_group: format!("tg-{environment}"),
            service: None,
            group: None,
            targets: Vec::new(),
            digests: Vec::new(),
        }
    }
}
