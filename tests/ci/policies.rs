//! The ready policy allows what the script calls, on what it calls it, and a push; nothing else.

use crate::{FOLDER, bash};
use project::{Names, list, read, text};
use serde_json::Value;

/// "Required IAM permissions for pushing an image" in the user guide of ECR.
const PUSH: [&str; 7] = [
    "ecr:BatchCheckLayerAvailability",
    "ecr:BatchGetImage",
    "ecr:CompleteLayerUpload",
    "ecr:GetAuthorizationToken",
    "ecr:InitiateLayerUpload",
    "ecr:PutImage",
    "ecr:UploadLayerPart",
];

/// Whether a resource of a policy is this one; a star may stand at its end.
fn like(resource: &str, arn: &str) -> bool {
    let begins = resource
        .strip_suffix('*')
        .is_some_and(|it| arn.starts_with(it));
    begins || resource == arn
}

fn policy(file: &str) -> Value {
    serde_json::from_str(&read(&format!("{FOLDER}/{file}"))).expect("a policy is JSON")
}

/// The actions of the script's calls: each operation stands before its first option.
fn called() -> Names {
    let script = read(&format!("{FOLDER}/release.sh"));
    let operations = [
        "start-execution",
        "describe-execution",
        "get-execution-history",
    ];
    let other = [
        "list-", "stop-", "send-", "create-", "update-", "delete-", "redrive-",
    ];
    let calls = script
        .lines()
        .filter(|line| line.contains("ask ") || line.contains("look --"));
    let calls: Vec<&str> = calls.collect();
    assert!(
        !calls
            .iter()
            .any(|line| other.iter().any(|it| line.contains(it))),
        "{calls:?}"
    );
    let used = operations
        .into_iter()
        .filter(|it| calls.iter().any(|line| line.contains(it)));
    used.map(|it| {
        let words = it
            .split('-')
            .map(|word| word[..1].to_uppercase() + &word[1..]);
        format!("states:{}", words.collect::<String>())
    })
    .collect()
}

#[test]
fn given_the_policy_then_it_allows_what_the_script_calls_and_a_push() {
    let policy = policy("ci-policy.json");
    let statements = list(&policy["Statement"]);
    let actions = statements.iter().flat_map(|it| list(&it["Action"]));
    let actions: Names = actions.map(text).collect();
    let wanted: Names = called()
        .into_iter()
        .chain(PUSH.map(str::to_owned))
        .collect();
    assert_eq!(actions, wanted);
    assert_eq!(called().len(), 3);
    assert!(statements.iter().all(|it| it["Effect"] == "Allow"));
}

const MACHINE: &str = "arn:aws:states:REGION:ACCOUNT:stateMachine:STACK-release";
const EXECUTION: &str = "arn:aws:states:REGION:ACCOUNT:execution:STACK-release:COMMIT";
const REPOSITORY: &str = "arn:aws:ecr:REGION:ACCOUNT:repository/REPOSITORY";

/// What the script or a push calls an action on.
fn called_on(action: &str) -> &'static str {
    match action {
        "states:StartExecution" => MACHINE,
        // It has no resource.
        "ecr:GetAuthorizationToken" => "*",
        of_ecr if of_ecr.starts_with("ecr:") => REPOSITORY,
        _ => EXECUTION,
    }
}

#[test]
fn given_the_policy_then_each_action_is_allowed_on_its_own_resource_only() {
    let policy = policy("ci-policy.json");
    for statement in list(&policy["Statement"]) {
        let resource = text(&statement["Resource"]);
        for action in list(&statement["Action"]).into_iter().map(text) {
            let on = called_on(&action);
            assert!(like(&resource, on), "{action} on {resource}");
            let another_stacks = on.replace("STACK", "OTHER").replace("REPOSITORY", "OTHER");
            let others = [MACHINE, EXECUTION, REPOSITORY, &another_stacks];
            let mut others = others.into_iter().filter(|it| *it != on);
            let beyond = others.find(|it| resource != "*" && like(&resource, it));
            assert_eq!(beyond, None, "{action} on {resource}");
        }
    }
    let template = read("template.yaml");
    assert!(template.contains("Name: !Sub ${AWS::StackName}-release\n"));
}

/// The commands of the page leave no word in capitals, which stands for a name.
#[test]
fn given_the_commands_of_the_page_then_they_fill_in_every_name() {
    let page = read(&format!("{FOLDER}/README.md"));
    let commands: Vec<&str> = page
        .lines()
        .filter(|line| line.starts_with("sed "))
        .collect();
    assert_eq!(commands.len(), 2);
    for command in commands {
        let (command, _) = command.split_once(" > ").expect("a file");
        let folder = project::root().join(FOLDER);
        let filled = bash(&format!("cd '{}'; {command}", folder.display()), &[]);
        let words = filled.split(|it: char| !it.is_alphanumeric());
        let left: Vec<_> = words
            .filter(|it| it.len() > 3 && it.chars().all(char::is_uppercase))
            .collect();
        assert!(left.is_empty(), "{command}: {left:?}");
    }
}

#[test]
fn given_the_trust_policy_then_only_one_branch_of_one_repository_gets_the_role() {
    let policy = policy("ci-trust.json");
    let statement = &policy["Statement"][0];
    let equals = &statement["Condition"]["StringEquals"];
    assert_eq!(statement["Action"], "sts:AssumeRoleWithWebIdentity");
    assert_eq!(
        equals["token.actions.githubusercontent.com:aud"],
        "sts.amazonaws.com"
    );
    let subject = text(&equals["token.actions.githubusercontent.com:sub"]);
    assert!(
        subject.starts_with("repo:") && !subject.contains('*'),
        "{subject}"
    );
}
