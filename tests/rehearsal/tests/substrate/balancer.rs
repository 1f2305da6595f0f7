//! A load balancer whose targets are small servers of the test.

use anyhow::{Context, Result, bail, ensure};
use aws_sdk_elasticloadbalancingv2::Client;
use aws_sdk_elasticloadbalancingv2::types::{
    Action, ActionTypeEnum, FixedResponseActionConfig, ForwardActionConfig, Matcher, ProtocolEnum,
    RuleCondition, TargetDescription, TargetGroupTuple, TargetTypeEnum,
};
use axum::Router;
use axum::http::StatusCode;
use rehearsal::aws::{Aws, http_client};
use rehearsal::server::Server;
use std::future::pending;
use std::net::SocketAddr;
use std::time::{Duration, Instant};
use tokio::net::TcpListener;

const ACCOUNT: &str = "100000000078";

/// Some checks, each half a second after the one before it, and a timeout; more on a busy machine.
const TIMEOUT: Duration = Duration::from_secs(120);

/// State and reason of a target.
pub type Health = (String, String);

/// A listener that forwards nothing by itself.
pub struct Balancer {
    pub aws: Aws,
    pub elb: Client,
    client: reqwest::Client,
    pub arn: String,
    pub listener: String,
}

impl Balancer {
    pub async fn open(server: &Server) -> Result<Balancer> {
        let aws = Aws::new(&server.endpoint, ACCOUNT);
        let elb = aws.elb();
        let call = elb.create_load_balancer().name("shop-alb");
        let made = call.send().await?.load_balancers.unwrap_or_default();
        let arn = made.into_iter().find_map(|it| it.load_balancer_arn);
        let arn = arn.context("no load balancer")?;
        let page = FixedResponseActionConfig::builder().status_code("404");
        let page = Action::builder()
            .r#type(ActionTypeEnum::FixedResponse)
            .fixed_response_config(page.build());
        let call = elb.create_listener().load_balancer_arn(&arn).port(80);
        let call = call.protocol(ProtocolEnum::Http);
        let made = call.default_actions(page.build()).send().await?.listeners;
        let listener = made.into_iter().flatten().find_map(|it| it.listener_arn);
        let listener = listener.context("no listener")?;
        Ok(Balancer {
            aws,
            elb,
            client: http_client(),
            arn,
            listener,
        })
    }

    /// A target group that no rule forwards to, checked every half second.
    pub async fn group(&self, name: &str) -> Result<String> {
        let call = self.elb.create_target_group().name(name).port(8080);
        let call = call.protocol(ProtocolEnum::Http);
        let call = call
            .target_type(TargetTypeEnum::Ip)
            .health_check_path("/health");
        let call = call
            .health_check_interval_seconds(5)
            .health_check_timeout_seconds(2)
            .healthy_threshold_count(3)
            .unhealthy_threshold_count(2)
            .matcher(Matcher::builder().http_code("200").build());
        let made = call.send().await?.target_groups.unwrap_or_default();
        let arn = made.into_iter().find_map(|group| group.target_group_arn);
        arn.context("no group")
    }

    pub async fn register(&self, group: &str, target: SocketAddr) -> Result<()> {
        let call = self.elb.register_targets().target_group_arn(group);
        call.targets(description(target)).send().await?;
        Ok(())
    }

    pub async fn deregister(&self, group: &str, target: SocketAddr) -> Result<()> {
        let call = self.elb.deregister_targets().target_group_arn(group);
        call.targets(description(target)).send().await?;
        Ok(())
    }

    /// Makes a rule for all requests; its ARN.
    pub async fn rule(&self, action: Action) -> Result<String> {
        let call = self.elb.create_rule().listener_arn(&self.listener);
        let everything = RuleCondition::builder().field("path-pattern").values("/*");
        let call = call.priority(1).conditions(everything.build());
        let made = call.actions(action).send().await?.rules.unwrap_or_default();
        let arn = made.into_iter().find_map(|rule| rule.rule_arn);
        arn.context("no rule")
    }

    /// The actions of a rule, as AWS shows them.
    pub async fn actions(&self, rule: &str) -> Result<Vec<Action>> {
        let found = self.elb.describe_rules().rule_arns(rule).send().await?;
        let rule = found.rules().first().context("no rule")?;
        Ok(rule.actions().to_vec())
    }

    /// The load balancers that a group knows of.
    pub async fn balancers_of(&self, group: &str) -> Result<Vec<String>> {
        let call = self.elb.describe_target_groups().target_group_arns(group);
        let found = call.send().await?.target_groups.unwrap_or_default();
        let group = found.into_iter().next().context("no group")?;
        Ok(group.load_balancer_arns.unwrap_or_default())
    }

    /// The health of a target; none if it is not registered any more.
    pub async fn health(&self, group: &str, target: SocketAddr) -> Result<Option<Health>> {
        let call = self.elb.describe_target_health().target_group_arn(group);
        let found = call.send().await?.target_health_descriptions;
        let mut found = found.into_iter().flatten();
        let ours = found.find(|it| it.target.as_ref() == Some(&description(target)));
        Ok(ours.and_then(|it| it.target_health).map(|health| {
            let state = health.state.map(|state| state.to_string());
            let reason = health.reason.map(|reason| reason.to_string());
            (state.unwrap_or_default(), reason.unwrap_or_default())
        }))
    }

    /// Waits for the health of a target, and gives what it was meanwhile.
    pub async fn becomes(
        &self,
        group: &str,
        target: SocketAddr,
        expect: Option<(&str, &str)>,
    ) -> Result<Vec<Option<Health>>> {
        let expect = expect.map(|(state, reason)| (state.to_owned(), reason.to_owned()));
        let (began, mut before) = (Instant::now(), Vec::new());
        loop {
            let health = self.health(group, target).await?;
            if health == expect {
                return Ok(before);
            }
            if before.last() != Some(&health) {
                before.push(health);
            }
            ensure!(
                began.elapsed() < TIMEOUT,
                "{target}: expected {expect:?}, found {before:?}"
            );
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    }

    /// The status and the text of an answer to a customer.
    pub async fn request(&self) -> Result<(u16, String)> {
        let call = self.client.get(format!("{}/orders", self.aws.endpoint));
        let call = call.header("host", "shop-alb.alb.localhost");
        let call = call.header("authorization", self.aws.authorization("elb"));
        let answer = call.send().await?;
        Ok((answer.status().as_u16(), answer.text().await?))
    }
}

fn description(target: SocketAddr) -> TargetDescription {
    let description = TargetDescription::builder().id(target.ip().to_string());
    description.port(target.port().into()).build()
}

/// The action that forwards to groups by their weights.
pub fn weighted(groups: &[(&str, i32)]) -> Action {
    let groups = groups.iter().map(|(arn, weight)| {
        let group = TargetGroupTuple::builder().target_group_arn(*arn);
        group.weight(*weight).build()
    });
    let config = ForwardActionConfig::builder().set_target_groups(Some(groups.collect()));
    let action = Action::builder().r#type(ActionTypeEnum::Forward);
    action.forward_config(config.build()).build()
}

/// The action that forwards to one group.
pub fn forward(group: &str) -> Action {
    let action = Action::builder().r#type(ActionTypeEnum::Forward);
    action.target_group_arn(group).build()
}

/// How a small server answers every request.
#[derive(Clone, Copy)]
pub enum Behaviour {
    Answers(u16),
    /// It takes a connection and stays silent.
    Hangs,
    /// It takes no connection.
    Refuses,
}

/// A server on an address of its own, which answers with its `name`. It lives as long as the test.
pub async fn server(name: &'static str, behaviour: Behaviour) -> Result<SocketAddr> {
    // The local AWS keeps one target of an address.
    for host in 1..250 {
        let Ok(listener) = TcpListener::bind(format!("127.0.9.{host}:8080")).await else {
            continue;
        };
        let address = listener.local_addr()?;
        let router = Router::new();
        let router = match behaviour {
            Behaviour::Answers(status) => {
                let status = StatusCode::from_u16(status)?;
                router.fallback(async move || (status, name))
            }
            Behaviour::Hangs => router.fallback(pending::<StatusCode>),
            Behaviour::Refuses => return Ok(address),
        };
        tokio::spawn(axum::serve(listener, router).into_future());
        return Ok(address);
    }
    bail!("no free address in 127.0.9.0/24")
}
