//! Identifiers, each of a type of its own, so that two of them cannot change places.

use serde::{Deserialize, Serialize};

macro_rules! ids {
    ($($(#[$doc:meta])+ $name:ident;)+) => {$(
        $(#[$doc])+
        #[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
        #[serde(transparent)]
        pub struct $name(String);

        impl $name {
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str(&self.0)
            }
        }

        impl From<String> for $name {
            fn from(text: String) -> $name {
                $name(text)
            }
        }

        impl From<&str> for $name {
            fn from(text: &str) -> $name {
                $name(text.to_owned())
            }
        }
    )+};
}

ids! {
    /// A Step Functions execution: its ARN, which ends with its name.
    ExecutionArn;
    /// A release: the name of its execution.
    ReleaseId;
    /// Who may write the rules under a lease: an execution's ARN, or the request id of one delivery of an alarm.
    LeaseOwner;
    /// What an image holds: `sha256:` and 64 hex digits.
    Digest;
}

impl ExecutionArn {
    /// Whether it is the execution of this release.
    pub fn is_of(&self, release: &ReleaseId) -> bool {
        self.0.ends_with(&format!(":{release}"))
    }
}

impl From<&ExecutionArn> for LeaseOwner {
    fn from(execution: &ExecutionArn) -> LeaseOwner {
        LeaseOwner(execution.0.clone())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_execution_belongs_to_the_release_that_its_whole_name_names() {
        let execution = ExecutionArn::from("arn:aws:states:eu-west-1:1:execution:shop-release:abc");
        assert!(execution.is_of(&"abc".into()));
        assert!(!execution.is_of(&"c".into()));
    }
}
