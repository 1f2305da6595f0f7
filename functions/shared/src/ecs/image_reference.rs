//! The images that container definitions name, and which containers move with a release. Pure.

use aws_sdk_ecs::types::TaskDefinition;

/// What an image is called that has neither a tag nor a digest (Docker's reference grammar).
const DEFAULT_TAG: &str = "latest";

/// An image as a container definition names it: `REPOSITORY[:TAG][@DIGEST]`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ImageReference<'a> {
    /// With the registry's host, as it is written.
    pub repository: &'a str,
    /// `latest` where the image names neither a tag nor a digest.
    pub tag: Option<&'a str>,
    /// `sha256:...`; none: the image is not pinned.
    pub digest: Option<&'a str>,
}

impl<'a> From<&'a str> for ImageReference<'a> {
    fn from(image: &'a str) -> ImageReference<'a> {
        let (name, digest) = match image.split_once('@') {
            Some((name, digest)) => (name, Some(digest)),
            None => (image, None),
        };
        // A colon before a slash belongs to the registry's port.
        let (repository, tag) = match name.rsplit_once(':') {
            Some((repository, tag)) if !tag.contains('/') => (repository, Some(tag)),
            Some(_) | None => (name, None),
        };
        ImageReference {
            repository,
            tag: tag.or(digest.is_none().then_some(DEFAULT_TAG)),
            digest,
        }
    }
}

impl ImageReference<'_> {
    /// Whether both are one image of one repository: by their digests, or by their tags where one of them is not
    /// pinned. Whether a tag is the build that a digest names, only the registry could tell.
    fn is_same_image(&self, other: &ImageReference<'_>) -> bool {
        let same_build = match (self.digest, other.digest) {
            (Some(one), Some(other)) => one == other,
            _ => self.tag.is_some() && self.tag == other.tag,
        };
        self.repository == other.repository && same_build
    }
}

/// The names of the containers that move with a release of `container`: itself, and those that run its image, whatever
/// their command. In the revision's order; empty where it has no such container.
///
/// A release pins all of them to one digest, by which the next release finds them again.
pub fn moving_containers<'a>(definition: &'a TaskDefinition, container: &str) -> Vec<&'a str> {
    let containers = definition.container_definitions().iter();
    let containers = containers.map(|it| (it.name(), it.image()));
    moving(&containers.collect::<Vec<_>>(), container)
}

/// Of containers with their names and images.
pub(super) fn moving<'a>(
    containers: &[(Option<&'a str>, Option<&'a str>)],
    released: &str,
) -> Vec<&'a str> {
    let mut all = containers.iter();
    let Some((_, image)) = all.find(|(name, _)| *name == Some(released)) else {
        return Vec::new();
    };
    let image = image.map(ImageReference::from);
    let moves = |other: Option<&str>| match (&image, other) {
        (Some(image), Some(other)) => image.is_same_image(&other.into()),
        _ => false,
    };
    let moving = containers
        .iter()
        .filter(|(name, image)| *name == Some(released) || moves(*image));
    moving.filter_map(|(name, _)| *name).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use aws_sdk_ecs::types::{ContainerCondition, ContainerDefinition, ContainerDependency};

    const REPOSITORY: &str = "111122223333.dkr.ecr.eu-west-1.amazonaws.com/shop";

    fn container(name: &str, image: &str) -> ContainerDefinition {
        let image = image.replace("SHOP", REPOSITORY);
        ContainerDefinition::builder()
            .name(name)
            .image(image)
            .build()
    }

    fn revision(containers: impl IntoIterator<Item = ContainerDefinition>) -> TaskDefinition {
        let containers = containers.into_iter().collect();
        TaskDefinition::builder()
            .set_container_definitions(Some(containers))
            .build()
    }

    #[test]
    fn an_image_is_read_into_its_parts() {
        for (image, repository, tag, digest) in [
            ("shop:v1", "shop", Some("v1"), None),
            ("shop", "shop", Some("latest"), None),
            ("shop@sha256:a", "shop", None, Some("sha256:a")),
            ("shop:v1@sha256:a", "shop", Some("v1"), Some("sha256:a")),
            (
                "localhost:5000/shop",
                "localhost:5000/shop",
                Some("latest"),
                None,
            ),
            (
                "localhost:5000/shop:v1",
                "localhost:5000/shop",
                Some("v1"),
                None,
            ),
            (
                "localhost:5000/shop@sha256:a",
                "localhost:5000/shop",
                None,
                Some("sha256:a"),
            ),
        ] {
            let expect = ImageReference {
                repository,
                tag,
                digest,
            };
            assert_eq!(ImageReference::from(image), expect, "{image}");
        }
    }

    #[test]
    fn what_runs_the_released_image_moves_with_it() {
        for (released, other, moves) in [
            ("SHOP:v1.0.0", "SHOP:v1.0.0", true),
            ("SHOP@sha256:a", "SHOP@sha256:a", true),
            ("SHOP:v1.0.0@sha256:a", "SHOP@sha256:a", true),
            ("SHOP@sha256:a", "SHOP:v1.0.0@sha256:a", true),
            ("SHOP:v1@sha256:a", "SHOP:v1.0.0@sha256:a", true),
            ("SHOP:v1.0.0@sha256:a", "SHOP:v1.0.0", true),
            ("SHOP:v1.0.0", "SHOP:v1.0.0@sha256:a", true),
            ("SHOP", "SHOP:latest", true),
            ("SHOP:latest", "SHOP", true),
            ("SHOP", "SHOP", true),
            // Another build of the repository, or one that only the registry could tell.
            ("SHOP:v1.0.0", "SHOP:v0.9.0", false),
            ("SHOP:v1.0.0", "SHOP", false),
            ("SHOP@sha256:a", "SHOP@sha256:b", false),
            ("SHOP:v1.0.0@sha256:a", "SHOP:v1.0.0@sha256:b", false),
            ("SHOP@sha256:a", "SHOP:v1.0.0", false),
            ("SHOP@sha256:a", "SHOP", false),
            ("SHOP:v1.0.0", "SHOP@sha256:a", false),
            // Another repository.
            ("SHOP:v1.0.0", "SHOP-worker:v1.0.0", false),
            ("SHOP:v1.0.0", "SHOP/worker:v1.0.0", false),
            ("SHOP@sha256:a", "mirror.example.com/shop@sha256:a", false),
            ("SHOP:latest", "vendor/agent:latest", false),
        ] {
            let revision = revision([container("worker", other), container("api", released)]);
            let expect: &[&str] = if moves { &["worker", "api"] } else { &["api"] };
            let found = moving_containers(&revision, "api");
            assert_eq!(found, expect, "released {released}, other {other}");
        }
    }

    #[test]
    fn all_of_them_move_whatever_they_run_and_in_whatever_order_they_start() {
        let after = ContainerDependency::builder()
            .container_name("migrate")
            .condition(ContainerCondition::Success)
            .build()
            .expect("complete");
        let mut migrate = container("migrate", "SHOP:v1.0.0");
        migrate.essential = Some(false);
        migrate.command = Some(vec!["bin/migrate".to_owned()]);
        let mut api = container("api", "SHOP:v1.0.0");
        api.depends_on = Some(vec![after]);
        let mut worker = container("worker", "SHOP:v1.0.0");
        worker.command = Some(vec!["bin/work".to_owned()]);
        let agent = container("agent", "vendor/agent:latest");
        let revision = revision([migrate, api, worker, agent]);
        assert_eq!(
            moving_containers(&revision, "api"),
            ["migrate", "api", "worker"]
        );
        assert_eq!(moving_containers(&revision, "agent"), ["agent"]);
        assert_eq!(moving_containers(&revision, "web"), [""; 0]);
    }
}
