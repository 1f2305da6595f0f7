//! Short words for long ones, so that a case fits on a screen: `elb:targetgroup/green/1` is the ARN that ends so,
//! `registry/shop` an image of the account's own registry, and `sha256:110…` a digest that goes on with zeros.

use super::account::{ACCOUNT, REGION};
use serde_json::Value;

const PREFIXES: [(&str, &str); 4] = [
    ("elb:", "elasticloadbalancing"),
    ("ecs:", "ecs"),
    ("secret:", "secretsmanager"),
    ("execution:", "states"),
];

/// The value with every short word written out.
pub fn expanded(value: &Value) -> Value {
    match value {
        Value::String(text) => Value::String(word(text)),
        Value::Array(items) => items.iter().map(expanded).collect(),
        Value::Object(fields) => {
            let fields = fields.iter();
            fields
                .map(|(name, it)| (name.clone(), expanded(it)))
                .collect()
        }
        Value::Null | Value::Bool(_) | Value::Number(_) => value.clone(),
    }
}

fn word(text: &str) -> String {
    let text = digest(text);
    for (prefix, service) in PREFIXES {
        if let Some(rest) = text.strip_prefix(prefix) {
            let kind = match prefix {
                "secret:" | "execution:" => prefix,
                _ => "",
            };
            return format!("arn:aws:{service}:{REGION}:{ACCOUNT}:{kind}{rest}");
        }
    }
    match text.strip_prefix("registry/") {
        Some(rest) => format!("{ACCOUNT}.dkr.ecr.{REGION}.amazonaws.com/{rest}"),
        None => text,
    }
}

fn digest(text: &str) -> String {
    let mut out = String::new();
    let mut rest = text;
    while let Some((before, after)) = rest.split_once('…') {
        let begins = before.rfind("sha256:").expect("a digest before …") + "sha256:".len();
        let zeros = 64 - (before.len() - begins);
        out = out + before + &"0".repeat(zeros);
        rest = after;
    }
    out + rest
}
