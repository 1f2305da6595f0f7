//! The alarms that judge a release, and those that may flip one back at any time.

use super::fact::{Fact, patiently};
use super::observer::Observer;
use aws_sdk_cloudwatch::Client;
use futures::future::join;
use shared::alarms::{DescribedAlarm, PreFlipCheck, PreFlipDecision, describe};
use shared::{Environment, Error};

/// An alarm that the stack's parameter RollbackAlarmNames lists.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct RollbackAlarm {
    pub name: String,
    /// None: CloudWatch has none of this name.
    pub found: Option<DescribedAlarm>,
}

/// Whether the alarms would let traffic flip now, and the alarms that may flip it back later.
pub(super) async fn alarms(
    observer: &Observer,
    to: Environment,
) -> (Fact<PreFlipCheck>, Fact<Vec<RollbackAlarm>>) {
    let listed = rollback_alarms(&observer.cloudwatch, &observer.rollback_alarms);
    join(patiently(before_flip(observer, to)), patiently(listed)).await
}

async fn before_flip(observer: &Observer, to: Environment) -> Result<PreFlipCheck, Error> {
    match observer.alarms.states(&observer.cloudwatch, to).await {
        // A parameter names an alarm that CloudWatch does not know: the release would fail at its flip.
        Err(Error::NotFound(reason)) => Ok(PreFlipCheck {
            decision: PreFlipDecision::Refuse,
            reason,
            ignored: Vec::new(),
            warnings: Vec::new(),
        }),
        states => Ok(observer.alarms.check_before_flip(&states?, to)),
    }
}

async fn rollback_alarms(client: &Client, names: &[String]) -> Result<Vec<RollbackAlarm>, Error> {
    let alarms = describe(client, names).await?;
    let listed = names.iter().map(|name| RollbackAlarm {
        name: name.clone(),
        found: alarms.iter().find(|it| it.state.name == *name).cloned(),
    });
    Ok(listed.collect())
}

#[cfg(test)]
#[path = "alarms_tests.rs"]
mod tests;
