//! How recorded resources are written: by the names of the template, such as `${BlueServiceArn}` and `${Records.Arn}`.
//!
//! Ids that come and go (tasks, executions, revisions) are written `*`.

use crate::Deployed;
use crate::arn::like;
use anyhow::Result;
use serde_json::json;

/// How resources are written; a text may hold the names of the template, and `${BlueCluster}`, `${GreenCluster}`
/// and `${Registry}`, the account of the images.
const FORMS: [&str; 13] = [
    "${BlueServiceArn}",
    "${GreenServiceArn}",
    "${ListenerRuleArns}",
    "${TaskRoleArns}",
    "${Records.Arn}",
    "arn:${AWS::Partition}:ecr:${AWS::Region}:${Registry}:repository/${RepositoryName}",
    "arn:${AWS::Partition}:ecs:${AWS::Region}:${AWS::AccountId}:cluster/${BlueCluster}",
    "arn:${AWS::Partition}:ecs:${AWS::Region}:${AWS::AccountId}:cluster/${GreenCluster}",
    "arn:${AWS::Partition}:ecs:${AWS::Region}:${AWS::AccountId}:task-definition/*",
    "arn:${AWS::Partition}:ecs:${AWS::Region}:${AWS::AccountId}:task/${BlueCluster}/*",
    "arn:${AWS::Partition}:ecs:${AWS::Region}:${AWS::AccountId}:task/${GreenCluster}/*",
    "arn:${AWS::Partition}:logs:${AWS::Region}:${AWS::AccountId}:log-group:${TaskLogGroupName}:log-stream:*",
    "arn:${AWS::Partition}:states:${AWS::Region}:${AWS::AccountId}:execution:${AWS::StackName}-release:*",
];

/// A form, and what it stands for in a deployment.
pub type Form = (&'static str, String);

/// Every form with what it stands for; a list of the template stands for each of its items.
pub fn of(deployed: &Deployed) -> Result<Vec<Form>> {
    let mut forms = Vec::new();
    for form in FORMS {
        forms.extend(texts(deployed, form)?.into_iter().map(|text| (form, text)));
    }
    Ok(forms)
}

/// A text as it is written; one that has no form stays as it is.
pub fn written(forms: &[Form], text: &str) -> String {
    let form = forms.iter().find(|(_, pattern)| like(pattern, text));
    form.map_or(text, |(form, _)| form).to_owned()
}

/// A written text as it is in a deployment.
pub fn texts(deployed: &Deployed, written: &str) -> Result<Vec<String>> {
    let name = written
        .strip_prefix("${")
        .and_then(|it| it.strip_suffix('}'));
    let value = match name.filter(|name| deployed.template["Parameters"].get(name).is_some()) {
        Some(name) => deployed.value(&json!({ "Ref": name }))?,
        None => {
            let cluster =
                |service| json!({"Fn::Select": [1, {"Fn::Split": ["/", {"Ref": service}]}]});
            let detect = &deployed.template["Resources"]["Detect"]["Properties"];
            let own = json!({"BlueCluster": cluster("BlueServiceArn"),
                "GreenCluster": cluster("GreenServiceArn"),
                "Registry": detect["Environment"]["Variables"]["REGISTRY_ID"]});
            deployed.value(&json!({"Fn::Sub": [written, own]}))?
        }
    };
    match value.as_array() {
        Some(items) => items.iter().map(|it| deployed.text(it)).collect(),
        // The rules are one text. An ARN of ours has no comma.
        None => {
            let text = deployed.text(&value)?;
            Ok(text.split(',').map(str::to_owned).collect())
        }
    }
}
