//! The edge to ELBv2: takes a snapshot of the listener rules, writes them, and reads them back.

use crate::capacity::{Capacity, Need};
use crate::decide::{RuleWrites, rule_writes};
use aws_sdk_elasticloadbalancingv2::Client;
use aws_sdk_elasticloadbalancingv2::config::Config;
use aws_sdk_elasticloadbalancingv2::config::interceptors::InterceptorContext;
use aws_sdk_elasticloadbalancingv2::config::retry::{ClassifyRetry, RetryAction};
use shared::routing::{LiveRule, Routing, live_rules};
use shared::targets::target_health;
use shared::{Environment, Error};

/// The service's listener rules on its load balancer.
pub struct ListenerRules {
    pub client: Client,
    pub routing: Routing,
}

impl ListenerRules {
    /// The rules as they are now.
    pub(crate) async fn snapshot(&self) -> Result<Vec<LiveRule>, Error> {
        live_rules(&self.client, &self.routing.rule_arns).await
    }

    /// What makes every rule forward to `to`, from a snapshot of the rules and of the targets of `to`; and how many of
    /// these there are.
    pub(crate) async fn writes_to(
        &self,
        to: Environment,
        need: Need,
    ) -> Result<(RuleWrites, Capacity), Error> {
        let targets = target_health(&self.client, self.routing.target_groups.get(to)).await?;
        let rules = self.snapshot().await?;
        let capacity = Capacity::of(&targets, need);
        let writes = rule_writes(&rules, &self.routing, to, need, &capacity);
        Ok((writes, capacity))
    }

    /// Writes the rules one by one and reads all of them back.
    ///
    /// Fails with `FlipNotVerified` where a rule does not (yet) forward to `to`; writing again is harmless.
    pub(crate) async fn write(&self, writes: &[LiveRule], to: Environment) -> Result<(), Error> {
        for rule in writes {
            modify(&self.client, rule).await?;
        }
        let found = match self.routing.active_environment(&self.snapshot().await?) {
            Ok(active) if active == to => return Ok(()),
            Ok(active) => active.to_string(),
            Err(refusal) => refusal.into_reason(),
        };
        Err(Error::FlipNotVerified(format!(
            "expected every rule to forward to {to}, found: {found}"
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
