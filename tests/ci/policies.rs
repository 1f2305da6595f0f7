//! The ready policies allow what the script calls, on what it calls it, and CI's a push; nothing else.

use crate::{FOLDER, bash};
use project::{Names, list, read, text};
use serde_json::Value;
use std::collections::BTreeSet;

/// "Required IAM permissions for pushing an image" in the user guide of ECR, but for the login, which has no resource.
const PUSH: [&str; 6] = [
    "ecr:BatchCheckLayerAvailability",
    "ecr:BatchGetImage",
    "ecr:CompleteLayerUpload",
    "ecr:InitiateLayerUpload",
    "ecr:PutImage",
    "ecr:UploadLayerPart",
];

/// What the script calls on the machine for CI, and then on the release that it has started.
const FOLLOW: [(&str, &str); 4] = [
    ("states:StartExecution", "stateMachine:STACK-ci"),
    ("states:DescribeExecution", "execution:STACK-ci:*"),
    ("states:DescribeExecution", "execution:STACK-release:*"),
    ("states:GetExecutionHistory", "execution:STACK-release:*"),
];

/// What a policy allows: actions with their resources.
type Rights = BTreeSet<(String, String)>;

fn policy(file: &str) -> Value {
    serde_json::from_str(&read(&format!("{FOLDER}/{file}"))).expect("a policy is JSON")
}

fn rights(file: &str) -> Rights {
    let policy = policy(file);
    let statements = list(&policy["Statement"]);
    assert!(statements.iter().all(|it| it["Effect"] == "Allow"));
    let pairs = statements.into_iter().flat_map(|statement| {
        let resources = list(&statement["Resource"]);
        let actions = list(&statement["Action"]).into_iter().map(text);
        let of = move |action: String| {
            let on = resources.clone().into_iter().map(text);
            on.map(move |resource| (action.clone(), resource))
        };
        actions.flat_map(of).collect::<Vec<_>>()
    });
    pairs.collect()
}

fn of_states(pairs: &[(&str, &str)]) -> Rights {
    let arn = |it: &str| format!("arn:aws:states:REGION:ACCOUNT:{it}");
    let pairs = pairs.iter();
    pairs
        .map(|(action, on)| ((*action).to_owned(), arn(on)))
        .collect()
}

/// The actions of the script's calls: each operation stands before its first option.
fn called() -> Names {
    let script = ["release.sh", "ci.sh"].map(|file| read(&format!("{FOLDER}/{file}")));
    let operations = [
        "start-execution",
        "describe-execution",
        "get-execution-history",
    ];
    let other = [
        "list-", "stop-", "send-", "create-", "update-", "delete-", "redrive-",
    ];
    let calls = script
        .iter()
        .flat_map(|it| it.lines())
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
fn given_the_policy_of_ci_then_it_allows_what_the_script_calls_and_a_push_and_nothing_else() {
    let mut wanted = of_states(&FOLLOW);
    let actions: Names = wanted.iter().map(|(action, _)| action.clone()).collect();
    assert_eq!(actions, called());
    let repository = "arn:aws:ecr:REGION:ACCOUNT:repository/REPOSITORY";
    wanted.extend(PUSH.map(|action| (action.to_owned(), repository.to_owned())));
    wanted.insert(("ecr:GetAuthorizationToken".to_owned(), "*".to_owned()));
    assert_eq!(rights("ci-policy.json"), wanted);
}

#[test]
fn given_the_policy_of_who_decides_then_it_starts_both_machines_and_pushes_nothing() {
    let mut wanted = of_states(&FOLLOW);
    wanted.extend(of_states(&[(
        "states:StartExecution",
        "stateMachine:STACK-release",
    )]));
    assert_eq!(rights("operator-policy.json"), wanted);
    let template = read("template.yaml");
    for machine in ["release", "ci"] {
        let name = format!("Name: !Sub ${{AWS::StackName}}-{machine}\n");
        assert!(template.contains(&name), "{machine}");
    }
}

/// The commands of the page leave no word in capitals, which stands for a name.
#[test]
fn given_the_commands_of_the_page_then_they_fill_in_every_name() {
    let page = read(&format!("{FOLDER}/README.md"));
    let begins = |word| page.lines().filter(move |line| line.starts_with(word));
    let names: Vec<_> = begins("names=").collect();
    let commands: Vec<_> = begins("sed ").collect();
    assert_eq!((names.len(), commands.len()), (1, 4));
    for command in commands {
        let (command, _) = command.split_once(" > ").expect("a file");
        let command = format!("{}; {command}", names[0]);
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
