//! Whether a revision names an environment: it is copied to the other one, where the name would be wrong.

use super::checks::SLOT_IN_VARIABLE;
use super::evidence::Finding;
use aws_sdk_ecs::types::{ContainerDefinition, TaskDefinition, Volume};
use shared::{Environment, SLOT_VARIABLE, listed};
use std::collections::{BTreeMap, HashMap};

/// One finding for each environment that is named, with every place.
pub(super) fn findings(definition: &TaskDefinition) -> Vec<Finding> {
    let places = places(definition);
    let findings = Environment::BOTH.into_iter().filter_map(|environment| {
        let naming = places
            .iter()
            .filter(|(_, text)| slot_in(text) == Some(environment));
        let naming: Vec<_> = naming.map(|(place, _)| place.as_str()).collect();
        let found = format!("{environment} is named by {}", listed(&naming, ", "));
        (!naming.is_empty()).then(|| SLOT_IN_VARIABLE.finding(found))
    });
    findings.collect()
}

/// The environment whose name is a word of the text. A text with both names fits both environments.
fn slot_in(text: &str) -> Option<Environment> {
    let mut found = Environment::BOTH.into_iter().filter(|environment| {
        let mut words = text.split(|it: char| !it.is_alphanumeric());
        words.any(|word| word.eq_ignore_ascii_case(environment.name()))
    });
    let first = found.next();
    first.filter(|_| found.next().is_none())
}

/// A place in a revision, for a person, and what stands there. A value may be secret, so a place holds names only.
type Place<'a> = (String, &'a str);

fn places(definition: &TaskDefinition) -> Vec<Place<'_>> {
    let family = definition.family().unwrap_or_default();
    let mut places = vec![(format!("family {family}"), family)];
    for container in definition.container_definitions() {
        places.extend(of_container(container));
    }
    places.extend(definition.volumes().iter().flat_map(of_volume));
    places
}

fn of_volume(volume: &Volume) -> Vec<Place<'_>> {
    let name = volume.name().unwrap_or_default();
    let host = volume.host().and_then(|it| it.source_path());
    let files = volume.efs_volume_configuration();
    let root = files.and_then(|it| it.root_directory());
    vec![
        (format!("volume {name}"), name),
        (
            format!("the host's path of volume {name}"),
            host.unwrap_or_default(),
        ),
        (
            format!("the root directory of volume {name}"),
            root.unwrap_or_default(),
        ),
    ]
}

fn of_container(container: &ContainerDefinition) -> Vec<Place<'_>> {
    let name = container.name().unwrap_or_default();
    let mut places = vec![(format!("container {name}"), name)];
    let variables = container.environment().iter();
    let variables = variables.filter(|it| it.name() != Some(SLOT_VARIABLE));
    places.extend(variables.map(|it| {
        let variable = it.name().unwrap_or_default();
        let place = format!("variable {variable} of container {name}");
        (place, it.value().unwrap_or_default())
    }));
    places.extend(container.secrets().iter().map(|it| {
        let place = format!("secret {} of container {name}", it.name());
        (place, it.value_from())
    }));
    let files = container.environment_files().iter();
    places.extend(files.map(|it| {
        (
            format!("an environment file of container {name}"),
            it.value(),
        )
    }));
    let logs = container.log_configuration().and_then(|it| it.options());
    places.extend(sorted(logs).map(|(option, value)| {
        let place = match option.as_str() {
            "awslogs-group" => format!("log group {value} of container {name}"),
            _ => format!("log option {option} of container {name}"),
        };
        (place, value.as_str())
    }));
    places.extend(sorted(container.docker_labels()).map(|(label, value)| {
        let place = format!("label {label} of container {name}");
        (place, value.as_str())
    }));
    let words = container.entry_point().iter().chain(container.command());
    places.extend(words.map(|it| (format!("the command of container {name}"), it.as_str())));
    places
}

fn sorted(texts: Option<&HashMap<String, String>>) -> impl Iterator<Item = (&String, &String)> {
    let texts: BTreeMap<_, _> = texts.into_iter().flatten().collect();
    texts.into_iter()
}

#[cfg(test)]
mod tests {
    use super::slot_in;
    use shared::Environment::{self, Blue, Green};

    #[test]
    fn an_environment_is_named_by_a_whole_word() {
        let check = |text: &str, expect: Option<Environment>| {
            assert_eq!(slot_in(text), expect, "{text}");
        };
        for text in ["blue", "Blue", "app-blue", "app_blue_1", "/ecs/shop/blue"] {
            check(text, Some(Blue));
        }
        check("https://GREEN.api.internal:8080/", Some(Green));
        check("arn:aws:s3:::shop/green.env", Some(Green));
        for text in ["bluetooth", "greenfield", "evergreen", "blue2", ""] {
            check(text, None);
        }
        for text in ["BLUE_GREEN", "blue,green", "green/blue/green"] {
            check(text, None);
        }
    }
}
