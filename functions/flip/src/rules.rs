//! The rules' edge to ELBv2: look before, write, read back.

use crate::decide::{Movement, movement};
use aws_sdk_elasticloadbalancingv2::Client;
use aws_sdk_elasticloadbalancingv2::config::Config;
use aws_sdk_elasticloadbalancingv2::config::interceptors::InterceptorContext;
use aws_sdk_elasticloadbalancingv2::config::retry::{ClassifyRetry, RetryAction};
use shared::routing::{LiveRule, Routing, live_rules};
use shared::targets::target_health;
use shared::{Environment, Error};

/// Looks at the rules and at the targets of the side that is to get traffic.
pub async fn look(elb: &Client, routing: &Routing, to: Environment) -> Result<Movement, Error> {
    let targets = target_health(elb, routing.target_groups.get(to)).await?;
    let rules = live_rules(elb, &routing.rules).await?;
    Ok(movement(&rules, routing, to, &targets))
}

/// Writes the changed rules and reads all of them back.
///
/// Fails with `FlipNotVerified` where a rule does not (yet) forward to `to`; writing again is harmless.
pub async fn write(
    elb: &Client,
    routing: &Routing,
    change: &[LiveRule],
    to: Environment,
) -> Result<(), Error> {
    for rule in change {
        modify(elb, rule).await?;
    }
    let found = routing.active(&live_rules(elb, &routing.rules).await?);
    if found.as_ref() == Ok(&to) {
        return Ok(());
    }
    let found = found.map_or_else(|reason| reason, |environment| environment.to_string());
    Err(Error::FlipNotVerified(format!(
        "expected every rule to forward to {to}, found: {found}"
    )))
}

/// ModifyRule replaces the actions and keeps the conditions; ModifyListener keeps all but the default actions.
///
/// The SDK must not send it again where the first request got no answer: that one may take effect after the second
/// was answered and the lease given back. So a lost answer ends this try, and the next one keeps the lease.
async fn modify(elb: &Client, rule: &LiveRule) -> Result<(), Error> {
    let once = Config::builder().retry_classifier(OnlyWhenTurnedAway);
    let actions = Some(rule.actions.clone());
    if rule.is_listener() {
        let call = elb
            .modify_listener()
            .listener_arn(&rule.arn)
            .set_default_actions(actions)
            .customize()
            .config_override(once)
            .send();
        call.await
            .map(drop)
            .map_err(|e| Error::from_sdk("elasticloadbalancing:ModifyListener", e))
    } else {
        let call = elb
            .modify_rule()
            .rule_arn(&rule.arn)
            .set_actions(actions)
            .customize()
            .config_override(once)
            .send();
        call.await
            .map(drop)
            .map_err(|e| Error::from_sdk("elasticloadbalancing:ModifyRule", e))
    }
}

/// Lets the SDK send a write again only where AWS has turned it away, as it does when it throttles; what one
/// classifier forbids, no other can allow.
#[derive(Debug)]
struct OnlyWhenTurnedAway;

impl ClassifyRetry for OnlyWhenTurnedAway {
    fn classify_retry(&self, context: &InterceptorContext) -> RetryAction {
        let turned_away = |status: u16| (400..500).contains(&status);
        match context.response() {
            Some(response) if turned_away(response.status().as_u16()) => {
                RetryAction::NoActionIndicated
            }
            Some(_) | None => RetryAction::RetryForbidden,
        }
    }

    fn name(&self) -> &'static str {
        "only when turned away"
    }
}
