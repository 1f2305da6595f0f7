//! The resources that a call names, as ARNs.

use crate::{Call, Place};
use anyhow::{Context, Result, bail, ensure};
use serde_json::Value;

impl Call {
    pub(super) fn text(&self, parameter: &str) -> Result<String> {
        let text = self.parameters[parameter].as_str();
        let missing = || format!("{} {} without {parameter}", self.service, self.operation);
        Ok(text.with_context(missing)?.to_owned())
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

    /// A repository of the registry that the call names, or of the caller's own.
    fn repository(&self, name: &str) -> String {
        let registry = self.parameters["registryId"].as_str();
        let place = Place {
            account: registry.unwrap_or(&self.account),
            ..self.place()
        };
        place.arn("ecr", &format!("repository/{name}"))
    }

    /// The repositories that a call is about. In a list, no name stands for every one.
    ///
    /// # Errors
    /// The call is not known here.
    pub(super) fn repositories(&self) -> Result<Vec<String>> {
        match self.operation.as_str() {
            "BatchGetImage"
            | "DescribeImageScanFindings"
            | "DescribeImageSigningStatus"
            | "DescribeImages"
            | "GetDownloadUrlForLayer" => Ok(vec![self.repository(&self.text("repositoryName")?)]),
            "DescribeRepositories" => {
                match texts(&self.parameters["repositoryNames"])?.as_slice() {
                    [] => Ok(vec![self.repository("*")]),
                    names => Ok(names.iter().map(|it| self.repository(it)).collect()),
                }
            }
            other => bail!("ecr {other} is not known here: add what it needs"),
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
