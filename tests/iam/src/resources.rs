//! The resources that a call names, as ARNs.

use crate::Call;
use anyhow::{Context, Result, ensure};
use serde_json::Value;

impl Call {
    pub(super) fn text(&self, parameter: &str) -> Result<String> {
        let text = self.parameters[parameter].as_str();
        let missing = || format!("{} {} without {parameter}", self.service, self.operation);
        Ok(text.with_context(missing)?.to_owned())
    }

    /// The ARN of what a parameter names; some parameters take an ARN as well.
    pub(super) fn named(&self, service: &str, kind: &str, parameter: &str) -> Result<String> {
        Ok(self.arn(service, kind, &self.text(parameter)?))
    }

    pub(super) fn arn(&self, service: &str, kind: &str, name: &str) -> String {
        if name.starts_with("arn:") {
            return name.to_owned();
        }
        self.place().arn(service, &format!("{kind}{name}"))
    }

    pub(super) fn table(&self, of: &Value) -> Result<String> {
        let name = of["TableName"].as_str().context("no TableName")?;
        Ok(self.arn("dynamodb", "table/", name))
    }

    /// No name stands for every repository.
    pub(super) fn repositories(&self) -> Result<Vec<String>> {
        let arn = |name: &str| self.arn("ecr", "repository/", name);
        match texts(&self.parameters["repositoryNames"])?.as_slice() {
            [] => Ok(vec![arn("*")]),
            names => Ok(names.iter().map(|it| arn(it)).collect()),
        }
    }

    /// ECS takes a cluster by name or by ARN, and means the one named default if there is none.
    pub(super) fn cluster(&self) -> String {
        let cluster = self.parameters["cluster"].as_str().unwrap_or("default");
        self.arn("ecs", "cluster/", cluster)
    }

    /// Services or tasks in the long format, which holds their cluster's name.
    pub(super) fn in_cluster(&self, kind: &str, parameter: &str) -> Result<Vec<String>> {
        let cluster = self.cluster();
        let cluster = cluster.rsplit('/').next().unwrap_or_default();
        let given = &self.parameters[parameter];
        let one = given.as_str().map(|name| vec![name.to_owned()]);
        let names = one.map_or_else(|| texts(given), Ok)?;
        ensure!(!names.is_empty(), "{} of no {kind}", self.operation);
        let arn = |name: &String| self.arn("ecs", &format!("{kind}/{cluster}/"), name);
        Ok(names.iter().map(arn).collect())
    }
}

/// The texts of a list; no list is an empty one.
fn texts(list: &Value) -> Result<Vec<String>> {
    let items = list.as_array().into_iter().flatten();
    let text = |it: &Value| Ok(it.as_str().context("expected a name")?.to_owned());
    items.map(text).collect()
}
