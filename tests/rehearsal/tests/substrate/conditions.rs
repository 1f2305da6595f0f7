//! Conditions of a template, with the functions that AWS resolves in them.

use crate::NO_FUNCTIONS;
use anyhow::Result;
use rehearsal::aws::Aws;
use rehearsal::server::Server;
use rehearsal::stack;
use serde_json::{Value, json};

/// Whether a value is not empty.
fn given(value: Value) -> Value {
    json!({"Fn::Not": [{"Fn::Equals": [value, ""]}]})
}

/// Given conditions on an item of a text, and on a list as a whole
/// When a stack is made with these parameters
/// Then each condition holds as it would on AWS.
#[tokio::test(flavor = "multi_thread")]
async fn a_condition_may_split_join_and_select() -> Result<()> {
    let server = Server::start(9, NO_FUNCTIONS).await?;
    let aws = Aws::new(&server.endpoint, "100000000082");
    let padded = json!({"Fn::Split": [",", {"Fn::Sub": "${Names},,"}]});
    let item = |number: u8| given(json!({"Fn::Select": [number, padded]}));
    let list = given(json!({"Fn::Join": ["", {"Ref": "Items"}]}));
    let conditions = json!({"First": item(0), "Second": item(1), "Third": item(2), "Items": list});
    let names = ["First", "Second", "Third", "Items"];
    let outputs = names.map(|name| (name.to_owned(), json!({"Condition": name, "Value": name})));
    let template = json!({
        "Parameters": {"Names": {"Type": "String"}, "Items": {"Type": "CommaDelimitedList", "Default": ""}},
        "Conditions": conditions,
        "Resources": {"Topic": {"Type": "AWS::SNS::Topic"}},
        "Outputs": serde_json::Map::from_iter(outputs),
    });
    for (stack, parameters, expect) in [
        ("none", vec![("Names", "")], vec![]),
        ("one", vec![("Names", "a")], vec!["First"]),
        (
            "two",
            vec![("Names", "a,b"), ("Items", "c,d")],
            vec!["First", "Items", "Second"],
        ),
    ] {
        let parameters = parameters.into_iter();
        let parameters = parameters.map(|(name, value)| (name.to_owned(), value.to_owned()));
        let outputs = stack::deploy(&aws, stack, &template, &parameters.collect()).await?;
        assert_eq!(outputs.keys().collect::<Vec<_>>(), expect, "{stack}");
    }
    Ok(())
}
