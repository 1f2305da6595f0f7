//! As many rules as the template takes, and as long a smoke spec, with the longest names that AWS gives.

use iam::Deployed;
use project::template;
use serde_json::Value;
use shared::config::Settings;
use shared::routing::{MOST_RULES, Routing};

/// Bytes of a parameter's value, and of all variables of a function in JSON.
const MOST_BYTES: usize = 4096;

const PREFIX: &str = "arn:aws:elasticloadbalancing:ap-southeast-1:111122223333";
const BALANCER: &str = "app/production-shop-frontend-balancer/50dc6c495c0c9188";

/// So many rules, the last of them the default action of a listener.
fn arns(count: usize) -> Vec<String> {
    let listener = format!("{PREFIX}:listener/{BALANCER}/0467ef3c8400ae65");
    let rule = |it| format!("{PREFIX}:listener-rule/{BALANCER}/f2f7dc8efc522ab2/{it:016x}");
    let rules = (1..count).map(rule);
    rules.chain([listener]).collect()
}

/// The variables of a function, with these rules and everything optional.
fn with_rules(function: &str, arns: &[String]) -> Value {
    let balancer = format!("{PREFIX}:loadbalancer/{BALANCER}");
    let own = [
        ("ListenerRuleArns", arns.join(",")),
        ("LoadBalancerArn", balancer),
    ];
    variables(function, own)
}

fn variables<const N: usize>(function: &str, own: [(&str, String); N]) -> Value {
    let mut stack = Deployed::on_paper(template());
    for (name, value) in own {
        stack.parameters.insert(name.to_owned(), value);
    }
    let resource = stack.resource(function).expect("a function");
    let written = &resource["Properties"]["Environment"]["Variables"];
    stack.value(written).expect("variables")
}

#[test]
fn given_as_many_rules_as_there_may_be_then_each_function_has_room_for_them_and_reads_their_arns() {
    for count in [1, 2, MOST_RULES] {
        let arns = arns(count);
        assert!(arns.join(",").len() <= MOST_BYTES);
        for function in ["Detect", "Flip", "EvaluateMetrics"] {
            let variables = with_rules(function, &arns);
            let bytes = variables.to_string().len();
            assert!(bytes <= MOST_BYTES, "{function}: {bytes} bytes");
            let settings = Settings(|name: &str| Some(variables.get(name)?.as_str()?.to_owned()));
            let routing = Routing::read(&settings).expect("the rules");
            assert_eq!(routing.rule_arns, arns, "{function}");
        }
    }
}

#[test]
fn given_more_rules_than_that_then_the_template_refuses_them_and_says_why() {
    let rules = &template()["Parameters"]["ListenerRuleArns"];
    // CloudFormation holds the pattern of a text against all of it.
    assert_eq!(rules["Type"], "String");
    let one = r"arn:[^,\s]+:listener(/app(/[^/,\s]+){3}|-rule/app(/[^/,\s]+){4})";
    let expect = format!("{one}(,{one}){{0,{}}}", MOST_RULES - 1);
    assert_eq!(rules["AllowedPattern"], expect);
    let says = rules["ConstraintDescription"].as_str().expect("a text");
    assert!(says.contains(&format!("1 to {MOST_RULES} ARNs")), "{says}");
}

/// A spec of checks like the default ones, with so many characters or a few more.
fn spec(length: usize) -> String {
    let check = r#"{"name": "ping-00", "path": "/api/v1/ping", "expect": {"json": [{"path": "$.pong", "equals": true}]}}"#;
    let count = (length - r#"{"checks": []}"#.len()).div_ceil(check.len() + ", ".len());
    let spec = format!(r#"{{"checks": [{}]}}"#, vec![check; count].join(", "));
    format!("{spec:length$}")
}

fn smoke_bytes(length: usize, secret: &str, base_url: &str) -> usize {
    let own = [
        ("SmokeSpec", spec(length)),
        ("SmokeSecretArn", secret.to_owned()),
        ("BlueBaseUrl", base_url.to_owned()),
        ("GreenBaseUrl", base_url.to_owned()),
    ];
    variables("Smoke", own).to_string().len()
}

/// The lengths that functions/smoke/README.md gives.
#[test]
fn given_a_smoke_spec_as_long_as_its_page_says_then_it_fits_beside_the_longest_secret_and_base_urls()
 {
    // A name of 512 characters, and six that Secrets Manager adds.
    let arn = "arn:aws-us-gov:secretsmanager:us-gov-west-1:111122223333:secret:";
    let secret = format!("{arn}{}-AbCdEf", "s".repeat(512));
    // A name of 32 characters.
    let balancer = format!("internal-{}-1234567890", "b".repeat(32));
    let url = format!("https://{balancer}.ap-southeast-1.elb.amazonaws.com:32768");
    for (length, secret, url) in [(3400, "", ""), (2600, secret.as_str(), url.as_str())] {
        let bytes = smoke_bytes(length, secret, url);
        assert!(bytes <= MOST_BYTES, "{length}: {bytes} bytes");
    }
    let longest = &template()["Parameters"]["SmokeSpec"]["MaxLength"];
    let longest = longest.as_u64().expect("a number");
    let longest = usize::try_from(longest).expect("a length");
    assert!(smoke_bytes(longest, "", "") > MOST_BYTES, "it has room");
}
