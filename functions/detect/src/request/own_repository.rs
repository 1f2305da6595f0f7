//! The repository whose images are released, under every name that it has.

use shared::{ExecutionArn, Refusal, excerpt};

/// A private registry's host after its account, and its domains: IPv4 alone and dual-stack, each also with FIPS (Amazon ECR
/// User Guide, "Making requests over IPv6"; the domains of AWS, of its regions in China, and of its European cloud).
const HOSTS: [(&str, &[&str]); 4] = [
    ("dkr.ecr", &IPV4),
    ("dkr.ecr-fips", &IPV4),
    ("dkr-ecr", &DUAL_STACK),
    ("dkr-ecr-fips", &DUAL_STACK),
];
const IPV4: [&str; 3] = ["amazonaws.com", "amazonaws.com.cn", "amazonaws.eu"];
const DUAL_STACK: [&str; 2] = ["on.aws", "on.amazonwebservices.com.cn"];

/// The stack's repository, in a registry of the stack's Region.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OwnRepository {
    name: String,
    /// The registry: the account that it is of.
    account: String,
    region: String,
}

impl OwnRepository {
    /// The repository `name` in the registry of this account, in the Region of an execution:
    /// `arn:PARTITION:states:REGION:ACCOUNT:execution:...`
    pub fn of(name: &str, account: &str, execution: &ExecutionArn) -> OwnRepository {
        let region = execution.as_str().split(':').nth(3);
        OwnRepository {
            name: name.to_owned(),
            account: account.to_owned(),
            region: region.unwrap_or_default().to_owned(),
        }
    }

    /// Refuses an event that another account sent, or that does not say which one did.
    pub(super) fn require_account(&self, found: Option<&str>) -> Result<(), Refusal> {
        if found == Some(self.account.as_str()) {
            return Ok(());
        }
        let found = excerpt(found.unwrap_or("none"));
        Err(Refusal::from(format!(
            "expected an event of the registry's account {}, found account {found}. If images are pushed to that one, set \
             the stack's parameter RegistryId.",
            self.account
        )))
    }

    /// Refuses what is no name of it: its own alone, or after a host of its own registry.
    pub(super) fn require(&self, found: &str) -> Result<(), Refusal> {
        if found == self.name || self.has_address(found) {
            return Ok(());
        }
        Err(Refusal::from(format!(
            "expected repository {}, alone or in registry {}.dkr.ecr.{}.amazonaws.com, found {found}",
            self.name, self.account, self.region
        )))
    }

    /// Whether a task that names this pulls from it: a host of its own registry, and its name.
    pub(crate) fn has_address(&self, found: &str) -> bool {
        let host = found.strip_suffix(self.name.as_str());
        let host = host.and_then(|host| host.strip_suffix('/'));
        host.is_some_and(|host| self.is_own(host))
    }

    fn is_own(&self, host: &str) -> bool {
        let (account, region) = (&self.account, &self.region);
        HOSTS.iter().any(|(service, domains)| {
            let own = |domain| format!("{account}.{service}.{region}.{domain}");
            domains.iter().any(|domain| own(domain) == host)
        })
    }
}

#[cfg(test)]
#[path = "own_repository_tests.rs"]
mod tests;
