//! What each optional parameter changes in the stack: nothing where it is not set, and on every resource that it is about.
//!
//! A resource that is added later is seen too: a role without the boundary, a log group without the key.

mod rights;

use crate::deployed;
use iam::Deployed;
use project::{Names, list, text};
use serde_json::{Value, json};

const KEY: &str = "arn:aws:kms:eu-west-1:111122223333:key/1234abcd-12ab-34cd-56ef-1234567890ab";
const VERIFIER: &str = "arn:aws:lambda:eu-west-1:111122223333:function:verifier";
const SECRET: &str = "arn:aws:secretsmanager:eu-west-1:111122223333:secret:smoke-AbCdEf";
const PROFILE: &str = "arn:aws:signer:eu-west-1:111122223333:/signing-profiles/releases";

/// What gives every conditional resource that is about none of these parameters.
const OTHERS: [(&str, &str); 2] = [
    ("ChatAbout", "ends"),
    ("WebhookUrl", "https://hooks.example.com/shop"),
];

/// A stack with these parameters and otherwise the defaults.
fn stack(parameters: &[(&str, &str)]) -> Deployed {
    let mut stack = deployed().clone();
    let known = stack.template["Parameters"].clone();
    stack
        .parameters
        .retain(|name, _| known[name].get("Default").is_none());
    let own = OTHERS.iter().chain(parameters);
    stack
        .parameters
        .extend(own.map(|(name, value)| ((*name).to_owned(), (*value).to_owned())));
    stack
}

/// A property of a resource, by its path from there; null where the resource has it not.
fn property(stack: &Deployed, resource: &Value, path: &str) -> Value {
    let (name, rest) = path.split_at(path.find('/').unwrap_or(path.len()));
    let value = stack
        .value(&resource["Properties"][name])
        .expect("resolved");
    value.pointer(rest).cloned().unwrap_or_default()
}

/// What a parameter changes, a line each: parameter, its value, type of the resources, which of them (all, or by their
/// names), the property, and what it is in JSON without and with the parameter.
const EFFECTS: &str = r#"
KmsKeyArn | KEY | AWS::Logs::LogGroup | all | KmsKeyId | null | "KEY"
KmsKeyArn | KEY | AWS::SNS::Topic | all | KmsMasterKeyId | null | "KEY"
KmsKeyArn | KEY | AWS::SQS::Queue | all | KmsMasterKeyId | null | "KEY"
KmsKeyArn | KEY | AWS::SQS::Queue | all | SqsManagedSseEnabled | true | null
KmsKeyArn | KEY | AWS::DynamoDB::Table | all | SSESpecification/SSEEnabled | true | true
KmsKeyArn | KEY | AWS::DynamoDB::Table | all | SSESpecification/SSEType | null | "KMS"
KmsKeyArn | KEY | AWS::DynamoDB::Table | all | SSESpecification/KMSMasterKeyId | null | "KEY"
PermissionsBoundaryArn | BOUNDARY | AWS::IAM::Role | all | PermissionsBoundary | null | "BOUNDARY"
RolePath | /releases/ | AWS::IAM::Role | all | Path | null | "/releases/"
DeletionProtection | on | AWS::DynamoDB::Table | all | DeletionProtectionEnabled | null | true
LogRetentionDays | 3653 | AWS::Logs::LogGroup | all | RetentionInDays | "30" | "3653"
LogRetentionDays | 0 | AWS::Logs::LogGroup | all | RetentionInDays | "30" | null
MachineLogLevel | ERROR | AWS::Serverless::StateMachine | all | Logging/Level | "ALL" | "ERROR"
MachineLogData | off | AWS::Serverless::StateMachine | all | Logging/IncludeExecutionData | true | false
FlipConcurrency | 5 | AWS::Serverless::Function | Flip | ReservedConcurrentExecutions | null | "5"
CommandsFrom | request | AWS::Serverless::Function | Detect | VARIABLES/COMMANDS_FROM | "stack" | "request"
ContractCommand | [] | AWS::Serverless::Function | Detect | VARIABLES/CONTRACT_COMMAND | "" | "[]"
MutableTags | refuse | AWS::Serverless::Function | Detect | VARIABLES/MUTABLE_TAGS | "allow" | "refuse"
ScanSeverity | HIGH | AWS::Serverless::Function | Detect Deploy | VARIABLES/SCAN_SEVERITY | "none" | "HIGH"
ScanFindings | fixable | AWS::Serverless::Function | Detect Deploy | VARIABLES/SCAN_FINDINGS | "all" | "fixable"
SigningProfileArn | PROFILE | AWS::Serverless::Function | Detect | VARIABLES/SIGNING_PROFILE_ARN | "" | "PROFILE"
VerifierFunctionArn | VERIFIER | AWS::Serverless::Function | Detect | VARIABLES/VERIFIER | "off" | "on"
VerifierFunctionArn | VERIFIER | AWS::Serverless::StateMachine | Release | DefinitionSubstitutions/VerifierFunction | "none" | "VERIFIER"
SmokeSecretArn | SECRET | AWS::Serverless::Function | Smoke | VARIABLES/SMOKE_SECRET_ARN | "" | "SECRET"
RegistryId | 777788889999 | AWS::Serverless::Function | Detect Deploy | VARIABLES/REGISTRY_ID | "111122223333" | "777788889999"
RegistryId | 777788889999 | AWS::Events::Rule | ImagePushed | EventPattern/account | ["111122223333"] | ["777788889999"]
"#;

/// The lines of the table, each in its columns.
fn effects() -> Vec<[String; 7]> {
    let lines = EFFECTS.trim().lines().map(|line| {
        let columns = line.split(" | ").map(written).collect::<Vec<_>>();
        <[String; 7]>::try_from(columns).expect("seven columns")
    });
    lines.collect()
}

/// A cell with what its names in capitals stand for.
fn written(cell: &str) -> String {
    let (quoted, plain) = (cell.starts_with('"'), cell.trim_matches('"'));
    let value = match plain {
        "KEY" => KEY,
        "BOUNDARY" => "arn:aws:iam::111122223333:policy/boundary",
        "PROFILE" => PROFILE,
        "VERIFIER" => VERIFIER,
        "SECRET" => SECRET,
        _ => return cell.replace("VARIABLES/", "Environment/Variables/"),
    };
    if quoted {
        json!(value).to_string()
    } else {
        value.to_owned()
    }
}

#[test]
fn a_parameter_shows_on_everything_that_it_is_about_and_on_nothing_else() {
    for [parameter, value, kind, of, path, unset, set] in effects() {
        let (without, with) = (stack(&[]), stack(&[(&parameter, &value)]));
        let of: Vec<_> = of.split(' ').filter(|it| *it != "all").collect();
        let made = with.made(&kind).expect("resources");
        let all = || made.iter().map(|(name, _)| *name).collect::<Vec<_>>();
        let of = if of.is_empty() { all() } else { of };
        assert!(!of.is_empty() && of.iter().all(|it| all().contains(it)));
        let json = |cell: &str| serde_json::from_str::<Value>(cell).expect("JSON");
        for (name, resource) in &made {
            let found = [&without, &with].map(|it| property(it, resource, &path));
            let expect = match of.contains(name) {
                true => [json(&unset), json(&set)],
                false => [found[0].clone(), found[0].clone()],
            };
            assert_eq!(found, expect, "{parameter}={value}: {name} {path}");
        }
    }
}

/// A parameter that is added to these groups later has a row too.
#[test]
fn every_parameter_of_trust_and_of_the_account_is_shown_here() {
    let groups =
        &deployed().template["Metadata"]["AWS::CloudFormation::Interface"]["ParameterGroups"];
    let ours = |it: &&Value| {
        let label = text(&it["Label"]["default"]);
        label.starts_with("Trust ") || label.starts_with("Account ")
    };
    let groups: Vec<_> = list(groups).into_iter().filter(ours).collect();
    assert_eq!(groups.len(), 2);
    let shown: Names = effects()
        .into_iter()
        .map(|[parameter, ..]| parameter)
        .collect();
    for name in groups
        .iter()
        .flat_map(|it| list(&it["Parameters"]))
        .map(text)
    {
        assert!(shown.contains(&name), "{name}");
    }
}

#[test]
fn another_accounts_registry_may_tell_this_bus_and_this_accounts_own_needs_no_policy() {
    for (registry, policies) in [("", 0), ("111122223333", 0), ("777788889999", 1)] {
        let stack = stack(&[("RegistryId", registry)]);
        let made = stack
            .made("AWS::Events::EventBusPolicy")
            .expect("resources");
        assert_eq!(made.len(), policies, "{registry:?}");
    }
}

#[test]
fn where_nobody_supplies_commands_the_stack_may_hold_none() {
    let rule = &deployed().template["Rules"]["Commands"];
    assert_eq!(
        rule["RuleCondition"],
        json!({"Fn::Equals": [{"Ref": "CommandsFrom"}, "nobody"]})
    );
    let asserted = list(&rule["Assertions"])
        .into_iter()
        .map(|it| it["Assert"].clone());
    let expect =
        ["MigrationCommand", "ContractCommand"].map(|it| json!({"Fn::Equals": [{"Ref": it}, ""]}));
    assert_eq!(asserted.collect::<Vec<_>>(), expect);
}
