//! Gathers the facts that speak for or against a release, beside the live rules and the services: all at once. Only what an
//! answer names, such as the log groups of a revision, is looked up after it.

use super::alarms::{RollbackAlarm, alarms};
use super::environments::Snapshot;
use super::fact::{Fact, patiently};
use super::image_facts::{ImageScan, signing};
use super::listener_rules::{ListenerRule, listener_rules};
use super::lookups::{self, Attributes, NamedResource};
use super::observer::Observer;
use super::platforms::platforms;
use super::resolve::RequestedImage;
use super::revisions::revisions;
use super::tags::TagMutability;
use aws_sdk_ecr::types::ImageSigningStatus;
use aws_sdk_elasticloadbalancingv2::Client;
use futures::future::join;
use futures::join;
use shared::alarms::PreFlipCheck;
use shared::ecs::Revision;
use shared::{Environment, PerEnvironment, ReleasePlan};
use std::collections::BTreeSet;

#[derive(Clone, Debug)]
pub(crate) struct Facts {
    /// The revision that the new one is made of; where the team names its own, that one.
    pub wanted: Fact<Revision>,
    /// The revision that idle runs now.
    pub idle: Fact<Revision>,
    pub attributes: PerEnvironment<Fact<Attributes>>,
    /// Every rule and default action of the load balancers that either target group is on.
    pub listener_rules: Fact<Vec<ListenerRule>>,
    /// The most tasks that autoscaling gives a service; none where it does not scale it.
    pub ceilings: PerEnvironment<Fact<Option<i32>>>,
    /// What the new image is built for: `linux/amd64`, ...
    pub platforms: Fact<Vec<String>>,
    /// Whether the alarms would let traffic flip now.
    pub alarms: Fact<PreFlipCheck>,
    /// The alarms that may flip the release back at any time.
    pub rollback_alarms: Fact<Vec<RollbackAlarm>>,
    /// The log groups and secrets that the revision names.
    pub log_groups: Vec<NamedResource>,
    pub secrets: Vec<NamedResource>,
    /// Whether a tag may be moved; none where no tag decides which image it is.
    pub tags: Option<TagMutability>,
    /// The scans of the images of which tasks may run one; none where nobody asks for them.
    pub scans: Option<Fact<Vec<ImageScan>>>,
    /// How far the profile of the stack has signed the image; none where nobody asks for it.
    pub signing: Option<Fact<Vec<ImageSigningStatus>>>,
}

/// Looks everything up that matters to `plan`; `image` is the one of the plan.
pub(crate) async fn gather_facts(
    observer: &Observer,
    snapshot: &Snapshot,
    plan: &ReleasePlan,
    image: &RequestedImage,
) -> Facts {
    let (elb, manifest) = (&observer.usual.elb, &image.manifest);
    let ceilings = lookups::ceilings(&observer.autoscaling, &observer.services);
    let platforms = platforms(&observer.ecr, observer.own(), manifest);
    // On the heap: so many lookups at once are too large for a thread's stack.
    let ((wanted, idle), attributes, listener_rules, ceilings, platforms, signing, alarms) = join!(
        Box::pin(revisions(observer, plan, manifest)),
        Box::pin(attributes(elb, snapshot)),
        Box::pin(patiently(listener_rules(elb, load_balancers(snapshot)))),
        Box::pin(patiently(ceilings)),
        Box::pin(patiently(platforms)),
        Box::pin(signing(observer, plan)),
        Box::pin(alarms(observer, plan.to)),
    );
    let (alarms, rollback_alarms) = alarms;
    Facts {
        wanted: wanted.revision,
        idle,
        attributes,
        listener_rules,
        ceilings: of_each(ceilings),
        platforms,
        alarms,
        rollback_alarms,
        log_groups: wanted.log_groups,
        secrets: wanted.secrets,
        tags: image.tags.clone(),
        scans: wanted.scans,
        signing,
    }
}

/// ARNs of the load balancers that either target group is on.
fn load_balancers(snapshot: &Snapshot) -> BTreeSet<&str> {
    let groups = Environment::BOTH.map(|it| snapshot.environments.get(it).group.as_ref());
    let groups = groups.into_iter().flatten();
    let arns = groups.flat_map(|group| group.load_balancer_arns());
    arns.map(String::as_str).collect()
}

/// Those of either target group.
async fn attributes(elb: &Client, snapshot: &Snapshot) -> PerEnvironment<Fact<Attributes>> {
    let of = |it| {
        let group = &snapshot.environments.get(it).target_group;
        patiently(lookups::attributes(elb, group))
    };
    let (blue, green) = join(of(Environment::Blue), of(Environment::Green)).await;
    PerEnvironment { blue, green }
}

/// What one call has said of both; where it said nothing, of neither.
fn of_each<T>(both: Fact<PerEnvironment<T>>) -> PerEnvironment<Fact<T>> {
    match both {
        Ok(PerEnvironment { blue, green }) => PerEnvironment {
            blue: Ok(blue),
            green: Ok(green),
        },
        Err(reason) => PerEnvironment {
            blue: Err(reason.clone()),
            green: Err(reason),
        },
    }
}
