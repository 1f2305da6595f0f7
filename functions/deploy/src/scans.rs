//! Decides the scans of a release's image that were still going when its plan was made.

use crate::decide::RolloutStatus;
use aws_config::SdkConfig;
use aws_sdk_ecr::Client;
use futures::future::try_join_all;
use shared::config::Settings;
use shared::scan::{Repository, ScanPolicy, ScanVerdict, Unscanned, look, verdict};
use shared::{Error, PendingScan, ReleasePlan, Time, polling, sentence};

/// The client, and which findings refuse.
pub struct Scans {
    pub ecr: Client,
    /// The account of the registry.
    pub registry: String,
    pub repository: String,
    /// None: the stack asks for no scan.
    pub policy: Option<ScanPolicy>,
}

impl Scans {
    /// Reads `REGISTRY_ID`, `REPOSITORY_NAME`, `SCAN_SEVERITY` and `SCAN_FINDINGS`.
    ///
    /// # Errors
    /// `InvalidConfiguration` where one is missing or wrong.
    pub fn read<F: Fn(&str) -> Option<String>>(
        settings: &Settings<F>,
        sdk: &SdkConfig,
    ) -> Result<Scans, Error> {
        Ok(Scans {
            ecr: polling::ecr(sdk),
            registry: settings.required("REGISTRY_ID")?,
            repository: settings.required("REPOSITORY_NAME")?,
            policy: ScanPolicy::read(settings)?,
        })
    }

    /// What a steady rollout is with its scans; any other one stays as it is. A scan that cannot be looked up is an error.
    pub(crate) async fn decide(
        &self,
        plan: &ReleasePlan,
        status: RolloutStatus,
        now: Time,
    ) -> Result<RolloutStatus, Error> {
        let (Some(scan), RolloutStatus::Steady(_)) = (&plan.scan, &status) else {
            return Ok(status);
        };
        Ok(match self.verdict(scan, now).await? {
            ScanVerdict::Passed => status,
            ScanVerdict::Pending(reason) => {
                RolloutStatus::Waiting(format!("scan-findings: {reason}"))
            }
            ScanVerdict::Refused(Unscanned { found, remedy }) => {
                let found = sentence(&found);
                RolloutStatus::Refused(format!("scan-findings: {found} {remedy}"))
            }
        })
    }

    /// Of several images the first that does not pass decides, and one that is refused before one that is pending.
    async fn verdict(&self, scan: &PendingScan, now: Time) -> Result<ScanVerdict, Error> {
        let Some(policy) = self.policy else {
            // The release began with the promise that its scan is decided; another one begins without it.
            return Ok(ScanVerdict::Refused(Unscanned {
                found: "the scan was still going when the release began, and the parameter ScanSeverity has been set to none \
                        since"
                    .to_owned(),
                remedy: "Request the release again: it will not ask for a scan.",
            }));
        };
        let repository = Repository {
            registry: &self.registry,
            name: &self.repository,
        };
        // All at once: detect names no more of them than it looks at itself.
        let verdicts = scan.digests.iter().map(async |digest| {
            let found = look(&self.ecr, repository, digest, policy).await?;
            Ok::<_, Error>(verdict(policy, (digest, &found), scan.pushed_at, now))
        });
        let verdicts = try_join_all(verdicts).await?.into_iter();
        let decisive = verdicts.min_by_key(|verdict| match verdict {
            ScanVerdict::Refused(_) => 0,
            ScanVerdict::Pending(_) => 1,
            ScanVerdict::Passed => 2,
        });
        Ok(decisive.unwrap_or(ScanVerdict::Passed))
    }
}
