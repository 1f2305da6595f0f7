//! Least privilege: what a role may do, what its function's code calls, and what its manifest can call (I9).

use project::functions::Code;
use project::{Function, Names, between, functions, list, read, template, text};
use serde_json::{Value, json};

/// What AWS does with a role, or asks for in a call of ours, and for which function (empty: for each).
const DONE_BY_AWS: [(&str, &str); 10] = [
    ("logs:CreateLogStream", ""),
    ("logs:PutLogEvents", ""),
    ("xray:", ""),
    ("ec2:", "smoke"),
    ("kms:", ""),
    ("inspector2:", ""),
    ("sqs:", "flip"),
    ("events:", "flip"),
    ("iam:PassRole", "deploy"),
    ("ecs:TagResource", "deploy"),
];

/// From the prefix of an action to the SDK crate that can call it.
const SDKS: [(&str, &str); 9] = [
    ("application-autoscaling", "aws-sdk-applicationautoscaling"),
    ("cloudwatch", "aws-sdk-cloudwatch"),
    ("dynamodb", "aws-sdk-dynamodb"),
    ("ecr", "aws-sdk-ecr"),
    ("ecs", "aws-sdk-ecs"),
    ("elasticloadbalancing", "aws-sdk-elasticloadbalancingv2"),
    ("logs", "aws-sdk-cloudwatchlogs"),
    ("secretsmanager", "aws-sdk-secretsmanager"),
    ("states", "aws-sdk-sfn"),
];

/// The statements of a function's role that allow something, also those under a condition of the template.
fn statements(template: &Value, function: &Function) -> Vec<Value> {
    let role = text(&function.properties["Role"]["Fn::GetAtt"][0]);
    let policies = &template["Resources"][role]["Properties"]["Policies"];
    let statements = list(policies)
        .into_iter()
        .flat_map(|policy| list(&policy["PolicyDocument"]["Statement"]));
    let either = statements.map(|it| it.pointer("/Fn::If/1").unwrap_or(it).clone());
    either.filter(|it| it["Effect"] == "Allow").collect()
}

fn actions(statement: &Value) -> Vec<String> {
    list(&statement["Action"]).into_iter().map(text).collect()
}

/// The actions of a function's role that its own code must call.
fn allowed(function: &Function) -> Names {
    let by_aws = |action: &String| {
        let mut known = DONE_BY_AWS.iter();
        known.any(|(prefix, of)| action.starts_with(prefix) && function.binary.starts_with(of))
    };
    let all = statements(&template(), function);
    let actions = all.iter().flat_map(actions);
    actions.filter(|action| !by_aws(action)).collect()
}

/// The calls of a function's code, as it names each one for `Error::from_sdk` or `Error::from_sdk_masked`.
fn called(function: &Function) -> Names {
    let code = Code::of(&function.binary);
    let names = ["from_sdk", "from_sdk_masked"].map(|it| code.arguments(&[], it));
    names.into_iter().flatten().collect()
}

#[test]
fn given_a_function_then_its_role_allows_exactly_the_calls_of_its_code() {
    for function in functions() {
        assert_eq!(allowed(&function), called(&function), "{}", function.binary);
    }
}

#[test]
fn given_a_function_then_its_manifest_lists_exactly_the_sdks_of_its_role() {
    for function in functions() {
        let manifest = read(&format!("functions/{}/Cargo.toml", function.binary));
        let dependencies = between(&manifest, "[dependencies]", "\n[").pop_first();
        let dependencies = dependencies.expect("dependencies");
        let listed: Names = between(&dependencies, "\naws-sdk-", ".")
            .into_iter()
            .map(|it| format!("aws-sdk-{it}"))
            .collect();
        let needed = SDKS.iter().filter(|(prefix, _)| {
            let begins = |action: &String| action.starts_with(&format!("{prefix}:"));
            allowed(&function).iter().any(begins)
        });
        let needed: Names = needed.map(|(_, sdk)| (*sdk).to_owned()).collect();
        assert_eq!(listed, needed, "{}", function.binary);
    }
}

#[test]
fn given_a_role_then_its_policies_stand_in_the_template_and_only_its_own_function_wears_it() {
    let (template, mut roles) = (template(), Names::new());
    for function in functions() {
        let role = text(&function.properties["Role"]["Fn::GetAtt"][0]);
        let properties = &template["Resources"][&role]["Properties"];
        assert!(properties.get("ManagedPolicyArns").is_none(), "{role}");
        for statement in statements(&template, &function) {
            let pattern = |action: &String| action.contains('*');
            assert!(!actions(&statement).iter().any(pattern), "{statement}");
        }
        assert!(roles.insert(role), "{}", function.id);
    }
}

#[test]
fn given_the_machine_then_it_may_invoke_the_functions_and_the_rule_may_start_the_machine() {
    let template = template();
    let statement = |role: &str| {
        template["Resources"][role]["Properties"]["Policies"][0]["PolicyDocument"]["Statement"][0]
            .clone()
    };
    let arns: Vec<_> = ["Detect", "Deploy", "Smoke", "Flip", "EvaluateMetrics"]
        .map(|id| json!({"Fn::GetAtt": [id, "Arn"]}))
        .into();
    let invoke = json!({"Effect": "Allow", "Action": "lambda:InvokeFunction", "Resource": arns});
    assert_eq!(statement("ReleaseRole"), invoke);
    let start = json!({"Effect": "Allow", "Action": "states:StartExecution", "Resource": {"Ref": "Release"}});
    assert_eq!(statement("StartReleaseRole"), start);
}
