//! Which images the stack lets in: what is looked up of an image beside what every release needs.

use serde::Deserialize;
use shared::Error;
use shared::config::Settings;
use shared::scan::ScanPolicy;

/// What the stack's parameters want of an image. Default: nothing.
#[derive(Clone, Debug, Default)]
pub struct ImagePolicy {
    pub mutable_tags: MutableTags,
    /// Which findings of its scan refuse it; none: nobody asks for its scan.
    pub scan: Option<ScanPolicy>,
    /// ARN of the signing profile whose signature it needs; none: nobody asks for one.
    pub signing_profile: Option<String>,
    /// A function of the team's own is asked before a release begins.
    pub has_verifier: bool,
}

/// What becomes of a release by a tag that may be moved.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum MutableTags {
    #[default]
    Allow,
    Warn,
    Refuse,
}

impl ImagePolicy {
    /// Reads `MUTABLE_TAGS`, `SCAN_SEVERITY`, `SCAN_FINDINGS`, `SIGNING_PROFILE_ARN` and `VERIFIER`.
    ///
    /// # Errors
    /// `InvalidConfiguration` where one is missing or spelled otherwise.
    pub fn read<F: Fn(&str) -> Option<String>>(
        settings: &Settings<F>,
    ) -> Result<ImagePolicy, Error> {
        Ok(ImagePolicy {
            mutable_tags: settings.named("MUTABLE_TAGS", "allow, warn or refuse")?,
            scan: ScanPolicy::read(settings)?,
            signing_profile: settings.optional("SIGNING_PROFILE_ARN"),
            has_verifier: settings.switch("VERIFIER")?,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(changed: (&str, &str)) -> Result<ImagePolicy, String> {
        let variables = [
            ("MUTABLE_TAGS", "refuse"),
            ("SCAN_SEVERITY", "none"),
            ("SCAN_FINDINGS", "all"),
            ("SIGNING_PROFILE_ARN", ""),
            ("VERIFIER", "on"),
        ];
        let value = |name: &str| {
            let known = variables.iter().find(|it| it.0 == name)?.1;
            Some(if changed.0 == name { changed.1 } else { known }.to_owned())
        };
        ImagePolicy::read(&Settings(value)).map_err(|error| error.to_string())
    }

    #[test]
    fn the_policy_is_what_the_variables_say_and_nothing_is_taken_for_granted() {
        let policy = read(("SIGNING_PROFILE_ARN", "arn:profile")).expect("a policy");
        assert_eq!(policy.mutable_tags, MutableTags::Refuse);
        assert_eq!(policy.signing_profile.as_deref(), Some("arn:profile"));
        assert!(policy.has_verifier && policy.scan.is_none());
        for name in ["MUTABLE_TAGS", "VERIFIER"] {
            for value in ["", "maybe"] {
                let error = read((name, value)).expect_err("refused");
                assert!(
                    error.contains(&format!("variable {name}: expected ")),
                    "{error}"
                );
            }
        }
    }
}
