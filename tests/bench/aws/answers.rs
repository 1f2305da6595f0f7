//! What the stand-in has, and what it answers, as the protocols have it.

use serde_json::{Map, Value, json};

/// The ARN of the rule; it is short, as nobody takes it apart.
pub const RULE: &str = "listener-rule/app/shop/1/2/3";

pub const BLUE: &str = "tg-blue";
pub const GREEN: &str = "tg-green";

/// What the calls change.
pub struct World {
    /// The target groups of the rule's forward, each with its weight.
    pub forwards: Vec<(String, i64)>,
    /// The release record, with DynamoDB's types.
    record: Value,
    /// How many calls came.
    pub calls: usize,
}

impl World {
    /// Blue has the traffic, and nothing was called.
    pub fn new(record: &Value) -> World {
        World {
            forwards: vec![(BLUE.to_owned(), 1)],
            record: typed(record)["M"].clone(),
            calls: 0,
        }
    }
}

/// Of the default smoke checks both.
pub fn health() -> String {
    json!({"status": "healthy", "pong": true}).to_string()
}

/// The answer to a call of a JSON service, whose operation is the target's last word, or of the load balancer. None where
/// the call is not known here.
pub fn of(world: &mut World, target: Option<&str>, body: &[u8]) -> Option<String> {
    let query: Vec<(String, String)> = form_urlencoded::parse(body).into_owned().collect();
    let action = query.iter().find(|(name, _)| name == "Action");
    let operation = match target {
        Some(target) => target.rsplit('.').next()?.to_owned(),
        None => action?.1.clone(),
    };
    world.calls += 1;
    Some(match operation.as_str() {
        "GetItem" => json!({"Item": world.record}).to_string(),
        "TransactWriteItems" => written(world, body),
        "DescribeServices" => service(body),
        "DescribeRules" => balancer(&operation, &format!("<Rules>{}</Rules>", rule(world))),
        "DescribeTargetHealth" => balancer(&operation, &targets()),
        "ModifyRule" => {
            world.forwards = forwards(&query);
            balancer(&operation, &format!("<Rules>{}</Rules>", rule(world)))
        }
        _ => return None,
    })
}

/// Keeps the record that is written.
fn written(world: &mut World, body: &[u8]) -> String {
    let input: Value = serde_json::from_slice(body).unwrap_or_default();
    let writes = input["TransactItems"].as_array().into_iter().flatten();
    let mut puts = writes.map(|write| &write["Put"]["Item"]);
    if let Some(record) = puts.find(|item| item["item"]["S"] == "record") {
        world.record = record.clone();
    }
    "{}".to_owned()
}

/// A service whose rollout goes on, one of its two tasks running.
fn service(body: &[u8]) -> String {
    let input: Value = serde_json::from_slice(body).unwrap_or_default();
    let deployment = json!({
        "id": "ecs-svc/2", "status": "PRIMARY", "taskDefinition": "shop:2", "rolloutState": "IN_PROGRESS",
        "desiredCount": 2, "runningCount": 1, "pendingCount": 1, "failedTasks": 0,
    });
    let service = json!({
        "serviceName": input["services"][0], "status": "ACTIVE", "desiredCount": 2, "runningCount": 2,
        "taskDefinition": "shop:2", "deployments": [deployment],
    });
    json!({"services": [service], "failures": []}).to_string()
}

/// What a ModifyRule asks for, as a simple forward or with weights.
fn forwards(query: &[(String, String)]) -> Vec<(String, i64)> {
    let value = |name: &str| query.iter().find(|(it, _)| it == name).map(|(_, it)| it);
    let action = "Actions.member.1";
    let group = |number: usize| {
        let of = format!("{action}.ForwardConfig.TargetGroups.member.{number}");
        let weight = value(&format!("{of}.Weight")).and_then(|it| it.parse().ok());
        Some((
            value(&format!("{of}.TargetGroupArn"))?.clone(),
            weight.unwrap_or(1),
        ))
    };
    let weighted: Vec<_> = (1..).map_while(group).collect();
    let simple = value(&format!("{action}.TargetGroupArn")).map(|it| (it.clone(), 1));
    if weighted.is_empty() {
        simple.into_iter().collect()
    } else {
        weighted
    }
}

/// The rule as it is; one group alone is also shown as a simple forward.
fn rule(world: &World) -> String {
    let group = |(arn, weight): &(String, i64)| {
        format!("<member><TargetGroupArn>{arn}</TargetGroupArn><Weight>{weight}</Weight></member>")
    };
    let groups: String = world.forwards.iter().map(group).collect();
    let alone = match world.forwards.as_slice() {
        [(arn, _)] => format!("<TargetGroupArn>{arn}</TargetGroupArn>"),
        _ => String::new(),
    };
    format!(
        "<member><RuleArn>{RULE}</RuleArn><Priority>10</Priority><IsDefault>false</IsDefault><Conditions/><Actions>\
         <member><Type>forward</Type>{alone}<ForwardConfig><TargetGroups>{groups}</TargetGroups></ForwardConfig>\
         </member></Actions></member>"
    )
}

/// Two healthy ones.
fn targets() -> String {
    let target = |number: usize| {
        format!(
            "<member><Target><Id>10.0.0.{number}</Id><Port>8080</Port></Target><HealthCheckPort>8080</HealthCheckPort>\
             <TargetHealth><State>healthy</State></TargetHealth></member>"
        )
    };
    let targets: String = (1..=2).map(target).collect();
    format!("<TargetHealthDescriptions>{targets}</TargetHealthDescriptions>")
}

fn balancer(operation: &str, result: &str) -> String {
    let space = "http://elasticloadbalancing.amazonaws.com/doc/2015-12-01/";
    format!(
        "<{operation}Response xmlns=\"{space}\"><{operation}Result>{result}</{operation}Result><ResponseMetadata>\
         <RequestId>1</RequestId></ResponseMetadata></{operation}Response>"
    )
}

/// JSON with DynamoDB's types.
fn typed(value: &Value) -> Value {
    match value {
        Value::Null => json!({"NULL": true}),
        Value::Bool(it) => json!({"BOOL": it}),
        Value::Number(it) => json!({"N": it.to_string()}),
        Value::String(it) => json!({"S": it}),
        Value::Array(items) => json!({"L": items.iter().map(typed).collect::<Vec<_>>()}),
        Value::Object(fields) => {
            let fields = fields.iter().map(|(name, it)| (name.clone(), typed(it)));
            json!({"M": fields.collect::<Map<_, _>>()})
        }
    }
}
