//! The scenarios: what each pushes, and how it should end. Each begins with blue active, on v1.0.0.

pub mod list;
mod script;
mod setting;

pub(crate) use script::{Check, Decides, Ending, Script};

use crate::stage::FIRST;
use chrono::TimeDelta;
use clap::ValueEnum;

/// CloudWatch often has a minute's points so much later.
const AS_ON_AWS: TimeDelta = TimeDelta::seconds(60);

/// What happens on the stage.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Scenario {
    /// v1.1.0 is pushed and released
    Good,
    /// the image that runs already is pushed again: nothing to release
    AlreadyLive,
    /// the new tasks end at their start
    CrashLoop,
    /// the new tasks say that they are unhealthy
    Unhealthy,
    /// the new tasks answer a ping wrongly
    SmokeFails,
    /// the new version breaks under traffic: the probes see it before any metric does, and the release flips back
    BreaksUnderTraffic,
    /// only what no probe asks for breaks under traffic: the metrics show it, and the release flips back
    ErrorsAfterFlip,
    /// an alarm goes off during the watch: the alarm itself flips back
    Alarm,
    /// after a release an operator wants the previous version again
    ManualRollback,
    /// the idle environment gets the image of the active one
    Sync,
    /// the schema is expanded, and contracted once the old code is gone
    Migration,
    /// two listeners, a worker of the same image, an agent, and a tag for each kind of machine: released and rolled back
    RealStack,
    /// a wiring that leaves no flip back is refused with its remedy, and released once it is wired so
    RefusedWiring,
    /// the scan of an image ends with findings while it is deployed: customers never see it, and a clean build is released
    ScanRefused,
    /// images that are not signed are refused before anything is touched, and one that is signed a little later is released
    Unsigned,
    /// a function of the team's own says no to one build, with a reason, and yes to the next
    Verifier,
    /// a tenth of the traffic is judged beside the rest of it, and then all of it
    Canary,
    /// a fifth more every few seconds, in a team's first week: the verdict only says what it would do
    Linear,
    /// a version that fails every order, all at once and then with a tenth of the traffic: who sees errors until it is back
    CanaryBreaks,
    /// the database of both versions fails orders during a good canary, which is not its fault
    SiteWideTrouble,
    /// releases wait before their flip: one is approved with the input of its notice, the next one is rejected
    Approve,
    /// a person holds a release at a fifth of the traffic, and lets it go on
    Hold,
    /// a person ends a watch of ten minutes at a fifth of the traffic, and the one at all of it
    Finish,
    /// the service is frozen: a push is held back, an urgent release and a rollback are not
    Freeze,
    /// a person stops a release at a fifth of the traffic: all of it is back at once
    Stop,
}

impl Scenario {
    pub(crate) fn script(self) -> Script {
        let push = |build, ending| Script::Push { build, ending };
        let fails = |build, error, cause| push(build, Ending::Failed(error, cause));
        let deployment_fails = |build, cause| fails(build, "DeploymentFailed", cause);
        let rolls_back = |build, cause| fails(build, "ReleaseRolledBack", cause);
        match self {
            Scenario::Good | Scenario::ManualRollback => push("v1.1.0", Ending::Released),
            Scenario::AlreadyLive => push(FIRST, Ending::NothingToRelease),
            Scenario::CrashLoop => deployment_fails("v1.1.0-crash", "exited with 1"),
            Scenario::Unhealthy => deployment_fails("v1.1.0-unhealthy", "failed ELB health checks"),
            Scenario::SmokeFails => {
                let cause = "$.pong = true, found false";
                fails("v1.1.0-wrong-ping", "SmokeTestFailed", cause)
            }
            Scenario::BreaksUnderTraffic => {
                rolls_back("v1.1.0-breaks-under-traffic", "failing targets")
            }
            Scenario::ErrorsAfterFlip => rolls_back("v1.1.0-breaks-orders", "target 5xx"),
            Scenario::Alarm => rolls_back("v1.1.0", "-green-5xx: Threshold Crossed"),
            Scenario::Sync => Script::Sync,
            Scenario::Migration => Script::Migration,
            Scenario::RealStack => Script::RealStack,
            Scenario::RefusedWiring => Script::RefusedWiring,
            Scenario::ScanRefused => Script::Images(Check::Scan),
            Scenario::Unsigned => Script::Images(Check::Signature),
            Scenario::Verifier => Script::Images(Check::Verifier),
            Scenario::Canary
            | Scenario::Linear
            | Scenario::CanaryBreaks
            | Scenario::SiteWideTrouble => Script::Steps,
            Scenario::Approve => Script::People(Decides::Approve),
            Scenario::Hold => Script::People(Decides::Hold),
            Scenario::Finish => Script::People(Decides::Finish),
            Scenario::Freeze => Script::People(Decides::Freeze),
            Scenario::Stop => Script::People(Decides::Stop),
        }
    }

    /// Whether the new version fails customers, and the watch alone has to notice it.
    pub(crate) fn breaks(self) -> bool {
        matches!(
            self,
            Scenario::BreaksUnderTraffic | Scenario::ErrorsAfterFlip
        )
    }

    /// How late CloudWatch has the metrics of this scenario's traffic: at once, as on AWS, or not during the watch.
    pub(crate) fn metrics_delay(self) -> TimeDelta {
        if self == Scenario::BreaksUnderTraffic {
            TimeDelta::hours(1)
        } else if self == Scenario::CanaryBreaks {
            AS_ON_AWS
        } else {
            TimeDelta::zero()
        }
    }

    /// Its name on the command line.
    pub fn name(self) -> String {
        let value = self.to_possible_value();
        value.map_or_else(String::new, |value| value.get_name().to_owned())
    }

    /// What happens in it, in a few words.
    pub(crate) fn help(self) -> String {
        let value = self.to_possible_value();
        let help = value.and_then(|value| value.get_help().map(ToString::to_string));
        help.unwrap_or_default()
    }
}
