//! As many rules as the template takes, with the longest names that AWS gives.

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

/// The variables of a function, with everything optional.
fn variables(function: &str, arns: &[String]) -> Value {
    let mut stack = Deployed::on_paper(template());
    let own = [
        ("ListenerRuleArns", arns.join(",")),
        (
            "LoadBalancerArn",
            format!("{PREFIX}:loadbalancer/{BALANCER}"),
        ),
    ];
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
            let variables = variables(function, &arns);
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
