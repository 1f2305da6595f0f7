//! The edge to ELBv2: looks at the listener rules and at the targets, writes the rules, and reads them back.

use crate::capacity::Need;
use crate::clients::unhurried;
use crate::look::{Look, Snapshot};
use aws_sdk_elasticloadbalancingv2::Client;
use aws_sdk_elasticloadbalancingv2::config::Config;
use aws_sdk_elasticloadbalancingv2::config::interceptors::InterceptorContext;
use aws_sdk_elasticloadbalancingv2::config::retry::{ClassifyRetry, RetryAction};
use futures::stream::{self, StreamExt};
use shared::routing::{LiveRule, Routing, live_rules};
use shared::targets::target_health;
use shared::{Environment, Error, Refusal, Share, Splits, Traffic};

/// The service's listener rules on its load balancer.
pub struct ListenerRules {
    client: Client,
    /// The client for the look of a flip that has not begun: it can wait, and an alarm cannot.
    unhurried: Client,
    pub(crate) routing: Routing,
}

/// ModifyRules that are on their way at once.
const AT_ONCE: usize = 8;

impl ListenerRules {
    pub fn new(client: Client, routing: Routing) -> ListenerRules {
        ListenerRules {
            unhurried: unhurried(&client),
            client,
            routing,
        }
    }

    /// The rules as they are now.
    pub(crate) async fn live(&self) -> Result<Vec<LiveRule>, Error> {
        live_rules(&self.client, &self.routing.rule_arns).await
    }

    /// What makes every rule send traffic as `traffic` says, from a look at the rules and at the targets.
    pub(crate) async fn snapshot(
        &self,
        traffic: Traffic,
        splits: &[Splits<'_>],
        need: Need,
    ) -> Result<Snapshot, Error> {
        let (client, both) = match need {
            Need::All { previous, .. } => (&self.unhurried, previous > 0),
            Need::OneOf(_) => (&self.client, false),
        };
        let look = self.look(client, traffic.to, both).await?;
        Ok(look.snapshot(&self.routing, traffic, splits, need))
    }

    /// A look for a flip to `share` that may begin.
    pub(crate) async fn look_ahead(&self, to: Environment, share: Share) -> Result<Look, Error> {
        self.look(&self.unhurried, to, !share.is_all()).await
    }

    /// Reads rules and targets side by side; those of the environment that loses traffic only where both are wanted.
    async fn look(&self, client: &Client, to: Environment, both: bool) -> Result<Look, Error> {
        let groups = &self.routing.target_groups;
        let targets = |of| target_health(client, groups.get(of));
        let previous = async {
            match both {
                true => targets(to.other()).await,
                false => Ok(Vec::new()),
            }
        };
        let rules = live_rules(client, &self.routing.rule_arns);
        let (receiving, previous, rules) = tokio::try_join!(targets(to), previous, rules)?;
        Ok(Look {
            rules,
            to,
            receiving,
            previous,
        })
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

    /// Writes the rules side by side and reads all of them back.
    ///
    /// Fails with `FlipNotVerified` where a rule does not (yet) do as `traffic` says; writing again is harmless. Any other
    /// failure has waited for the answers to all writes. It is `AwsUnavailable` where one of them got none.
    pub(crate) async fn write(&self, writes: &[LiveRule], traffic: Traffic) -> Result<(), Error> {
        let writes = writes.iter().map(|rule| modify(&self.client, rule));
        let answers: Vec<_> = stream::iter(writes)
            .buffer_unordered(AT_ONCE)
            .collect()
            .await;
        let failures = answers.into_iter().filter_map(Result::err);
        let worst = failures.max_by_key(|error| matches!(error, Error::AwsUnavailable(_)));
        if let Some(error) = worst {
            return Err(error);
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
