//! Which pushed tags start no release. The deployed rule knows one matcher for the tag's field; detect applies the others.

use shared::config::Settings;
use shared::{Error, pattern};

#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct TagPolicy {
    /// What a tag must begin with; none: anything.
    pub(crate) prefix: Option<String>,
    /// Patterns of the tags that are kept out; `*` stands for any characters.
    pub(crate) exceptions: Vec<String>,
}

impl TagPolicy {
    /// Reads `TAG_PREFIX` and `TAG_EXCEPTIONS`.
    ///
    /// # Errors
    /// `InvalidConfiguration` where the exceptions are commas alone.
    pub fn read<F: Fn(&str) -> Option<String>>(settings: &Settings<F>) -> Result<TagPolicy, Error> {
        Ok(TagPolicy {
            prefix: settings.optional("TAG_PREFIX"),
            exceptions: settings.list_or_none("TAG_EXCEPTIONS")?,
        })
    }

    /// Why the push of a tag starts no release; none: it does.
    pub(crate) fn keeps_out(&self, tag: &str) -> Option<String> {
        let prefix = self.prefix.as_ref().filter(|it| !tag.starts_with(*it));
        if let Some(prefix) = prefix {
            return Some(format!(
                "a push of tag {tag} starts no release: it does not begin with {prefix} (parameter TagPrefix)"
            ));
        }
        let mut exceptions = self.exceptions.iter();
        let exception = exceptions.find(|it| pattern::matches(it, tag))?;
        Some(format!(
            "a push of tag {tag} starts no release: it fits the exception {exception} (parameter TagExceptions). \
             To release it, request {{\"tag\": \"{tag}\"}}"
        ))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn policy() -> TagPolicy {
        let settings = Settings(|name: &str| match name {
            "TAG_PREFIX" => Some("v".to_owned()),
            "TAG_EXCEPTIONS" => Some("buildcache*, sha256-*, *-arm64".to_owned()),
            _ => None,
        });
        TagPolicy::read(&settings).expect("a policy")
    }

    #[test]
    fn a_tag_that_fits_an_exception_or_not_the_prefix_is_kept_out_by_name() {
        for (tag, expect) in [
            ("v1.3.0-arm64", "fits the exception *-arm64"),
            ("latest", "does not begin with v"),
        ] {
            let reason = policy().keeps_out(tag).expect("kept out");
            assert!(reason.contains(expect), "{reason}");
        }
        for tag in ["v1.3.0", "v1.3.0-arm64-2", "v-sha256-1"] {
            assert_eq!(policy().keeps_out(tag), None, "{tag}");
        }
    }

    #[test]
    fn without_a_policy_every_tag_starts_a_release() {
        let nothing = TagPolicy::read(&Settings(|_: &str| None)).expect("a policy");
        assert_eq!(nothing, TagPolicy::default());
        assert_eq!(nothing.keeps_out("sha256-a1b2.sig"), None);
    }
}
