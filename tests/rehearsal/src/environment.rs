//! The example environment, and what a story changes in it.

use crate::aws::Aws;
use crate::registry::Registry;
use crate::stack::{self, Values};
use anyhow::{Context, Result, bail};
use project::template;
use serde_json::Value;

/// Name of its stack.
pub const ENVIRONMENT: &str = "shop-env";

/// The repository of its service's image.
pub const REPOSITORY: &str = "shop";

/// The build that both environments run when a scenario begins.
pub const FIRST: &str = "v1.0.0";

/// What stands at a JSON pointer of the environment's template: nothing where the value is null. A pointer that ends
/// with `/-` adds to a list.
pub type Change = (&'static str, Value);

/// The repository of an agent's image, at a registry of somebody else.
pub(crate) const AGENT: &str = "public.ecr.aws/vendor/agent";

/// Deploys the service and its load balancer, and gives the stack's outputs.
pub(crate) async fn deploy(aws: &Aws, registry: &Registry, changes: &[Change]) -> Result<Values> {
    let call = aws.ecr().create_repository().repository_name(REPOSITORY);
    call.send().await.context("cannot create a repository")?;
    registry.push(aws, REPOSITORY, FIRST).await?;
    // An image that nobody here pushes.
    let digest = format!("sha256:{}", "a9".repeat(32));
    registry.remember(AGENT, &digest, "latest");
    let file = project::root().join("tests/rehearsal/environment.yaml");
    let mut file = template::load(&file)?;
    for change in changes {
        apply(&mut file, change)?;
    }
    let parameters = [("RepositoryName", REPOSITORY), ("ImageTag", FIRST)];
    let parameters = parameters.map(|(name, value)| (name.to_owned(), value.to_owned()));
    stack::deploy(aws, ENVIRONMENT, &file, &parameters.into()).await
}

fn apply(template: &mut Value, (pointer, value): &Change) -> Result<()> {
    let (parent, name) = pointer.rsplit_once('/').context("no pointer")?;
    match template.pointer_mut(parent) {
        Some(Value::Object(fields)) if value.is_null() => _ = fields.remove(name),
        Some(Value::Object(fields)) => _ = fields.insert(name.to_owned(), value.clone()),
        Some(Value::Array(items)) if name == "-" => items.push(value.clone()),
        found => bail!("expected an object, or a list to add to, at {parent}, found {found:?}"),
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn a_change_sets_removes_or_adds() {
        let mut template = json!({"Resources": {"A": {"Actions": [1]}, "B": 2}});
        for change in [
            ("/Resources/A/Actions/-", json!(2)),
            ("/Resources/B", Value::Null),
            ("/Resources/C", json!(3)),
        ] {
            apply(&mut template, &change).expect("a place");
        }
        let expect = json!({"Resources": {"A": {"Actions": [1, 2]}, "C": 3}});
        assert_eq!(template, expect);
        let nowhere = apply(&mut template, &("/Outputs/A", json!(1)));
        let error = nowhere.expect_err("no outputs").to_string();
        assert!(error.contains("/Outputs"), "{error}");
    }
}
