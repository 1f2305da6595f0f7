use super::*;

fn deployed() -> Deployed {
    let template = json!({
        "Parameters": {
            "List": {"Type": "CommaDelimitedList"},
            "Number": {"Type": "Number", "Default": 15},
            "Empty": {"Type": "String", "Default": ""},
        },
        "Conditions": {
            "Nothing": {"Fn::Equals": [{"Ref": "Empty"}, ""]},
            "Something": {"Fn::Not": [{"Condition": "Nothing"}]},
            "Either": {"Fn::Or": [{"Condition": "Nothing"}, {"Condition": "Something"}]},
            "Neither": {"Fn::Or": [{"Condition": "Something"}, {"Fn::Equals": [1, 2]}]},
            "Both": {"Fn::And": [{"Condition": "Nothing"}, {"Condition": "Something"}]},
        },
        "Mappings": {"Consoles": {"aws": {"Hosts": ["a", "b"]}}},
        "Resources": {
            "Table": {"Type": "AWS::DynamoDB::Table"},
            "Machine": {"Type": "AWS::Serverless::StateMachine",
                "Properties": {"Name": {"Fn::Sub": "${AWS::StackName}-release"}}},
            "Queue": {"Type": "AWS::SQS::Queue"},
            "Logs": {"Type": "AWS::Logs::LogGroup"},
        },
    });
    Deployed {
        template,
        name: "shop".to_owned(),
        region: "eu-west-1".to_owned(),
        account: "111122223333".to_owned(),
        parameters: [("List".to_owned(), "a, b".to_owned())].into(),
        ids: [("Logs".to_owned(), "shop-Logs-X1".to_owned())].into(),
    }
}

fn check(cases: &[(Value, Value)]) {
    for (value, expect) in cases {
        let found = deployed().value(value).expect("a value");
        assert_eq!(found, *expect, "{value}");
    }
}

#[test]
fn every_function_of_the_template_is_resolved() {
    check(&[
        (json!({"Ref": "List"}), json!(["a", "b"])),
        (json!({"Ref": "Number"}), json!("15")),
        (json!({"Fn::Join": ["-", {"Ref": "List"}]}), json!("a-b")),
        (
            json!({"Fn::Select": [1, {"Fn::Split": ["/", "x/y"]}]}),
            json!("y"),
        ),
        (
            json!({"Fn::Sub": "${AWS::Partition}:${AWS::Region}"}),
            json!("aws:eu-west-1"),
        ),
        (
            json!({"Fn::Sub": ["${X}/${Number}", {"X": {"Ref": "AWS::StackName"}}]}),
            json!("shop/15"),
        ),
        (
            json!({"Fn::Sub": "${Table.Arn}"}),
            json!("arn:aws:dynamodb:eu-west-1:111122223333:table/shop-Table"),
        ),
        (json!({"Fn::If": ["Nothing", 1, 2]}), json!(1)),
        (json!({"Fn::If": ["Both", 1, 2]}), json!(2)),
        (json!({"Fn::If": ["Either", 1, 2]}), json!(1)),
        (json!({"Fn::If": ["Neither", 1, 2]}), json!(2)),
        (
            json!({"Fn::Sub": "sqs.${AWS::Region}.${AWS::URLSuffix}"}),
            json!("sqs.eu-west-1.amazonaws.com"),
        ),
        (
            json!({"Fn::Select": [2, {"Fn::Split": ["/", {"Ref": "AWS::StackId"}]}]}),
            json!(STACK_UUID),
        ),
        (
            json!({"Fn::FindInMap": ["Consoles", {"Ref": "AWS::Partition"}, "Hosts"]}),
            json!(["a", "b"]),
        ),
        (
            json!([1, {"Fn::If": ["Something", 1, {"Ref": "AWS::NoValue"}]}]),
            json!([1]),
        ),
        (
            json!({"a": {"Ref": "AWS::NoValue"}, "b": 1}),
            json!({"b": 1}),
        ),
    ]);
}

#[test]
fn a_resource_has_its_physical_name() {
    check(&[
        (
            json!({"Ref": "Machine"}),
            json!("arn:aws:states:eu-west-1:111122223333:stateMachine:shop-release"),
        ),
        (
            json!({"Fn::GetAtt": ["Logs", "Arn"]}),
            json!("arn:aws:logs:eu-west-1:111122223333:log-group:shop-Logs-X1:*"),
        ),
        (
            json!({"Fn::GetAtt": ["Queue", "Arn"]}),
            json!("arn:aws:sqs:eu-west-1:111122223333:shop-Queue"),
        ),
    ]);
}

#[test]
fn what_cannot_be_resolved_is_an_error() {
    let mut without = deployed();
    without.parameters.clear();
    for (value, error) in [
        (json!({"Ref": "List"}), "List has no value"),
        (json!({"Ref": "Nobody"}), "no resource Nobody"),
        (
            json!({"Fn::GetAtt": ["Machine", "Name"]}),
            "is not understood",
        ),
        (json!({"Fn::Base64": "x"}), "Fn::Base64 is not understood"),
        (json!({"Fn::Sub": "${Open"}), "${ without }"),
        (json!({"Fn::Select": [2, ["a"]]}), "too short"),
        (json!({"Fn::If": ["Never", 1, 2]}), "no condition Never"),
    ] {
        let found = format!("{:#}", without.value(&value).expect_err("no value"));
        assert!(found.contains(error), "{found}");
    }
}
