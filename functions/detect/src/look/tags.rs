//! Whether a tag of the repository may be moved to another image.

use aws_sdk_ecr::types::{ImageTagMutability, ImageTagMutabilityExclusionFilterType, Repository};
use shared::{excerpt, pattern};

/// The repository's setting, as ECR gives it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct TagMutability {
    /// None: ECR does not say it.
    pub setting: Option<ImageTagMutability>,
    /// Patterns of the tags for which the opposite holds. None in place of one that cannot be read.
    pub exclusions: Vec<Option<String>>,
}

impl TagMutability {
    pub(super) fn of(repository: &Repository) -> TagMutability {
        let filters = repository.image_tag_mutability_exclusion_filters().iter();
        let wildcard = ImageTagMutabilityExclusionFilterType::Wildcard;
        let exclusions = filters.map(|it| {
            let is_known = *it.filter_type() == wildcard;
            is_known.then(|| it.filter().to_owned())
        });
        TagMutability {
            setting: repository.image_tag_mutability().cloned(),
            exclusions: exclusions.collect(),
        }
    }

    /// Why this tag may be moved to another image than the request's; none where it may not. What nobody can read lets it
    /// move.
    pub(crate) fn may_move(&self, tag: &str) -> Option<String> {
        let fits = |it: &String| pattern::matches(it, tag);
        let mut known = self.exclusions.iter().flatten();
        let is_unknown = self.exclusions.iter().any(Option::is_none);
        let fixed = match &self.setting {
            Some(ImageTagMutability::Immutable) => true,
            Some(ImageTagMutability::ImmutableWithExclusion) => !is_unknown && !known.any(fits),
            Some(ImageTagMutability::MutableWithExclusion) => known.any(fits),
            Some(_) | None => false,
        };
        let setting = self.setting.as_ref();
        let setting = setting.map_or("not given by ECR", |it| it.as_str());
        let (tag, setting) = (excerpt(tag), excerpt(setting));
        (!fixed).then(|| {
            format!("tag {tag} may be moved: the repository's imageTagMutability is {setting}, expected one that fixes it")
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use aws_sdk_ecr::types::ImageTagMutabilityExclusionFilter as Filter;

    fn repository(setting: &str, filters: &[(&str, &str)]) -> TagMutability {
        let filters = filters.iter().map(|(kind, filter)| {
            let built = Filter::builder().filter_type((*kind).into());
            built.filter(*filter).build().expect("complete")
        });
        let repository = Repository::builder()
            .image_tag_mutability(setting.into())
            .set_image_tag_mutability_exclusion_filters(Some(filters.collect()));
        TagMutability::of(&repository.build())
    }

    #[test]
    fn a_tag_may_be_moved_by_the_setting_and_its_exclusions() {
        let of = |kind| [("WILDCARD", "main"), (kind, "dev-*")];
        for (setting, filters, tag, moves) in [
            ("IMMUTABLE", &[][..], "v1", false),
            ("MUTABLE", &[], "v1", true),
            ("IMMUTABLE_WITH_EXCLUSION", &of("WILDCARD"), "v1", false),
            ("IMMUTABLE_WITH_EXCLUSION", &of("WILDCARD"), "dev-7", true),
            ("IMMUTABLE_WITH_EXCLUSION", &of("WILDCARD"), "main", true),
            ("IMMUTABLE_WITH_EXCLUSION", &of("NEWER"), "v1", true),
            ("MUTABLE_WITH_EXCLUSION", &of("WILDCARD"), "v1", true),
            ("MUTABLE_WITH_EXCLUSION", &of("WILDCARD"), "dev-7", false),
            ("MUTABLE_WITH_EXCLUSION", &of("NEWER"), "dev-7", true),
            ("NEWER", &[], "v1", true),
        ] {
            let found = repository(setting, filters).may_move(tag);
            assert_eq!(found.is_some(), moves, "{setting} {filters:?} {tag}");
            if let Some(found) = found {
                let expect = format!(
                    "tag {tag} may be moved: the repository's imageTagMutability is {setting}, "
                );
                assert!(found.starts_with(&expect), "{found}");
            }
        }
        let silent = TagMutability::default()
            .may_move("v1")
            .expect("it may be moved");
        assert!(silent.contains("is not given by ECR"), "{silent}");
    }
}
