//! In which setting a scenario happens: the parameters of its stack, and what is otherwise in its environment.

use super::{Scenario, Script};
use crate::changes;
use crate::environment::Change;
use crate::images;
use crate::stage::{COMMANDS_IN_REQUESTS, Parameters};
use crate::watch::{PATIENT, RARELY_POLLED, UNHURRIED};

/// Steps that are too short for a verdict, which shadow lets pass with a warning.
const FIFTHS: &str = "20:10,40:10,60:10,80:10,100:10";

/// Steps of which a person can end the first one, or wait in it.
const PATIENT_FIFTH: &str = "20:600,100:600";

/// The same, and short ones.
const SHORT_FIFTH: &str = "20:8,100:8";

impl Scenario {
    /// Further parameters of its stack.
    pub fn parameters(self) -> Parameters<'static> {
        // What happens here during the watch does so within it, on a busy machine too.
        let during_watch = self.breaks() || self == Scenario::Sync;
        if self == Scenario::Migration {
            &[("StableReleasesBeforeContract", "1"), COMMANDS_IN_REQUESTS]
        } else if self == Scenario::ScanRefused {
            &[("ScanSeverity", "HIGH")]
        } else if self == Scenario::Unsigned {
            &[images::SIGNED]
        } else if during_watch {
            &[UNHURRIED]
        } else if self == Scenario::Alarm {
            &RARELY_POLLED
        } else if self == Scenario::Good {
            &[PATIENT]
        } else {
            self.steps()
        }
    }

    /// The parameters of one whose releases shift traffic in steps, or wait for people.
    fn steps(self) -> Parameters<'static> {
        if self == Scenario::Linear {
            &[("TrafficSteps", FIFTHS), ("VerdictMode", "shadow")]
        } else if self == Scenario::Approve {
            &[("ApprovalBefore", "flip"), PATIENT]
        } else if self == Scenario::Hold {
            &[("TrafficSteps", SHORT_FIFTH), ("VerdictMode", "shadow")]
        } else if matches!(self, Scenario::Finish | Scenario::Stop) {
            &[("TrafficSteps", PATIENT_FIFTH)]
        } else if matches!(self.script(), Script::Steps) {
            &[("TrafficSteps", "Canary10Percent5Minutes"), PATIENT]
        } else {
            &[]
        }
    }

    /// What is otherwise than in the example environment.
    pub fn changes(self) -> Vec<Change> {
        if self == Scenario::RealStack {
            changes::real_stack()
        } else if self == Scenario::RefusedWiring {
            changes::one_preview()
        } else if self == Scenario::Verifier {
            images::verifier()
        } else {
            Vec::new()
        }
    }
}
