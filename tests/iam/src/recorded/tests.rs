use super::*;
use serde_json::{Value, json};

fn deployed(account: &str) -> Deployed {
    let mut deployed = Deployed::on_paper(project::template());
    let other = |text: &String| text.replace("111122223333", account);
    deployed
        .parameters
        .values_mut()
        .for_each(|it| *it = other(it));
    deployed.account = account.to_owned();
    deployed
}

fn call(account: &str, operation: &str, parameters: Value) -> Call {
    Call {
        function: "Detect".to_owned(),
        service: "ecs".to_owned(),
        operation: operation.to_owned(),
        region: "eu-west-1".to_owned(),
        account: account.to_owned(),
        parameters,
    }
}

#[test]
fn calls_of_two_deployments_are_written_alike() {
    let parameters = json!({"cluster": "shop-blue", "tasks": ["1", "2"]});
    let of = |account| {
        let call = call(account, "DescribeTasks", parameters.clone());
        Recorded::of([&call], &deployed(account)).expect("recorded")
    };
    assert_eq!(of("111122223333"), of("444455556666"));
    let text = of("111122223333").to_text().expect("a text");
    let part = "arn:${AWS::Partition}:ecs:${AWS::Region}:${AWS::AccountId}";
    assert_eq!(
        text,
        format!(
            "[\n{{\"function\":\"Detect\",\"action\":\"ecs:DescribeTasks\",\
             \"resource\":\"{part}:task/${{BlueCluster}}/*\",\
             \"context\":{{\"ecs:cluster\":\"{part}:cluster/${{BlueCluster}}\"}}}}\n]\n"
        )
    );
    assert_eq!(
        Recorded::parse(&text).expect("the same"),
        of("444455556666")
    );
}

#[test]
fn a_foreign_resource_stays_as_it_is_and_shows() {
    let here = "111122223333";
    let update = json!({"cluster": "shop-green", "service": "api"});
    let own = call(here, "UpdateService", update.clone());
    let foreign = call("444455556666", "UpdateService", update);
    let own = Recorded::of([&own], &deployed(here)).expect("recorded");
    let foreign = Recorded::of([&foreign], &deployed(here)).expect("recorded");
    assert_eq!(
        own.0.first().expect("an entry").resource,
        "${GreenServiceArn}"
    );
    let beyond = foreign.beyond(&own);
    assert!(
        beyond.to_text().expect("a text").contains(":444455556666:"),
        "{beyond:?}"
    );
}

#[test]
fn a_name_of_a_list_stands_for_all_of_it() {
    let written = r#"[{"function": "Flip", "action": "a:B", "resource": "${TaskRoleArns}"}]"#;
    let recorded = Recorded::parse(written).expect("recorded");
    let expanded = recorded.expand(&deployed("111122223333")).expect("needs");
    assert_eq!(expanded[0].1[0].resources.len(), 2);
}

#[test]
fn every_name_of_the_file_must_be_one_of_the_template() {
    let written = r#"[{"function": "Flip", "action": "a:B", "resource": "${Nobody}"}]"#;
    let recorded = Recorded::parse(written).expect("recorded");
    assert!(recorded.expand(&deployed("111122223333")).is_err());
}

#[test]
fn a_file_must_hold_all_that_was_called_and_nothing_more() {
    let here = "111122223333";
    let of = |cluster: &str| {
        let call = call(here, "ListTasks", json!({ "cluster": cluster }));
        Recorded::of([&call], &deployed(here)).expect("recorded")
    };
    let file = std::env::temp_dir().join(format!("calls-{}.json", std::process::id()));
    fs::write(&file, of("shop-blue").to_text().expect("a text")).expect("written");
    let (same, other) = (of("shop-blue"), of("shop-green"));
    let (same, other) = (same.hold_against(&file), other.hold_against(&file));
    fs::remove_file(&file).expect("removed");
    assert!(same.is_ok(), "{same:?}");
    let error = other.expect_err("another call").to_string();
    assert!(
        error.contains("new: [\n{\"function\"") && error.contains("BlueCluster"),
        "{error}"
    );
}
