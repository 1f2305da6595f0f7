//! The edge to ELBv2: takes a snapshot of the listener rules, writes them, and reads them back.

use crate::capacity::{Capacity, Need, Targets};
use crate::decide::{RuleWrites, rule_writes};
use aws_sdk_elasticloadbalancingv2::Client;
use aws_sdk_elasticloadbalancingv2::config::Config;
use aws_sdk_elasticloadbalancingv2::config::interceptors::InterceptorContext;
use aws_sdk_elasticloadbalancingv2::config::retry::{ClassifyRetry, RetryAction};
use shared::routing::{LiveRule, Routing, live_rules, original_forwards};
use shared::targets::target_health;
use shared::{Environment, Error, OriginalForward, Refusal, Splits, Traffic};

/// The service's listener rules on its load balancer.
pub struct ListenerRules {
    pub client: Client,
    pub routing: Routing,
}

/// What was observed before a decision about the rules, and the decision.
pub(crate) struct Snapshot {
    pub(crate) writes: RuleWrites,
    pub(crate) targets: Targets,
    /// The forwards of the rules as they were.
    pub(crate) original_forwards: Vec<OriginalForward>,
}

impl ListenerRules {
    /// The rules as they are now.
    pub(crate) async fn live(&self) -> Result<Vec<LiveRule>, Error> {
        live_rules(&self.client, &self.routing.rule_arns).await
    }

    /// What makes every rule send traffic as `traffic` says, from a snapshot of the rules and of the targets.
    pub(crate) async fn snapshot(
        &self,
        traffic: Traffic,
        splits: &[Splits<'_>],
        need: Need,
    ) -> Result<Snapshot, Error> {
        let targets = self.targets(traffic.to, need).await?;
        let rules = self.live().await?;
        Ok(Snapshot {
            writes: rule_writes(&rules, &self.routing, traffic, splits, need, &targets),
            targets,
            original_forwards: original_forwards(&rules),
        })
    }

    async fn targets(&self, to: Environment, need: Need) -> Result<Targets, Error> {
        let receiving = self.capacity(to, need.wanted()).await?;
        let previous = match need.wanted_of_previous() {
            Some(wanted) => Some(self.capacity(to.other(), wanted).await?),
            None => None,
        };
        Ok(Targets {
            receiving,
            previous,
        })
    }

    async fn capacity(&self, environment: Environment, wanted: usize) -> Result<Capacity, Error> {
        let group = self.routing.target_groups.get(environment);
        let targets = target_health(&self.client, group).await?;
        Ok(Capacity::of(&targets, wanted))
    }

    /// Makes a rule that is none of the service's forward everything to an environment; says whether that took a write.
    ///
    /// # Errors
    /// Says of which rule, and why not.
    pub(crate) async fn point(&self, arn: &str, to: Environment) -> Result<bool, String> {
        let words = |error: Error| format!("{arn}: {error}");
        let rule = live_rules(&self.client, &[arn.to_owned()]).await;
        let writes = self
            .routing
            .rewritten(&rule.map_err(words)?, Traffic::all(to), &[]);
        let writes = writes.map_err(Refusal::into_reason)?;
        for rule in &writes {
            modify(&self.client, rule).await.map_err(words)?;
        }
        Ok(!writes.is_empty())
    }

    /// Writes the rules one by one and reads all of them back.
    ///
    /// Fails with `FlipNotVerified` where a rule does not (yet) do as `traffic` says; writing again is harmless.
    pub(crate) async fn write(&self, writes: &[LiveRule], traffic: Traffic) -> Result<(), Error> {
        for rule in writes {
            modify(&self.client, rule).await?;
        }
        let found = match self.routing.traffic(&self.live().await?, traffic.to) {
            Ok(found) if found == traffic => return Ok(()),
            Ok(found) => found.to_string(),
            Err(refusal) => refusal.into_reason(),
        };
        Err(Error::FlipNotVerified(format!(
            "expected every rule to forward to {traffic}, found: {found}"
        )))
    }
}

/// ModifyRule replaces the actions and keeps the conditions; ModifyListener keeps all but the default actions.
///
/// The SDK must not send it again where the first request got no answer: that one may take effect after the second
/// was answered and the lease was released. So a lost answer ends this try, and the next one keeps the lease.
async fn modify(client: &Client, rule: &LiveRule) -> Result<(), Error> {
    let once = Config::builder().retry_classifier(OnlyWhenTurnedAway);
    let actions = Some(rule.actions.clone());
    if rule.is_listener() {
        let call = client.modify_listener().listener_arn(&rule.arn);
        let call = call.set_default_actions(actions).customize();
        let sent = call.config_override(once).send().await;
        sent.map_err(|error| Error::from_sdk("elasticloadbalancing:ModifyListener", error))?;
    } else {
        let call = client.modify_rule().rule_arn(&rule.arn);
        let call = call.set_actions(actions).customize();
        let sent = call.config_override(once).send().await;
        sent.map_err(|error| Error::from_sdk("elasticloadbalancing:ModifyRule", error))?;
    }
    Ok(())
}

/// Lets the SDK send a write again only where AWS has turned it away, as it does when it throttles; what one
/// classifier forbids, no other can allow.
#[derive(Debug)]
struct OnlyWhenTurnedAway;

impl ClassifyRetry for OnlyWhenTurnedAway {
    fn classify_retry(&self, context: &InterceptorContext) -> RetryAction {
        match context.response().map(|response| response.status()) {
            Some(status) if status.is_client_error() => RetryAction::NoActionIndicated,
            Some(_) | None => RetryAction::RetryForbidden,
        }
    }

    fn name(&self) -> &'static str {
        "only when turned away"
    }
}
