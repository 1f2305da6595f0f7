//! Whether an image is let in: detect's decisions before the claim, and deploy's before the smoke test.

use crate::answer::Answer;
use crate::clock::at;
use crate::decisions::Decisions;
use crate::execution::{Execution, Stage};
use crate::fact::Fact;
use crate::images::{Said, Wanted};
use crate::mutation::Mutation;
use crate::names::digest;
use crate::world::World;
use detect::claim::wants_verification;
use shared::ReleasePlan;
use shared::scan::{Findings, Scan, ScanPolicy, ScanSeverity, ScanVerdict, verdict};
use std::sync::LazyLock;

const POLICY: ScanPolicy = ScanPolicy {
    least: ScanSeverity::High,
    only_fixable: false,
};

static PLAN: LazyLock<ReleasePlan> = LazyLock::new(fixtures::release_plan);

impl Decisions {
    /// detect's checks of an image before its claim, in their order: whether its scan is to be decided later, or the
    /// answer that ends this try.
    pub fn vet(&self, index: usize, wanted: Wanted, world: &mut World) -> Result<bool, Answer> {
        if !wanted.checked {
            return Ok(false);
        }
        let pends = match self.scan(wanted.build, world) {
            ScanVerdict::Passed => false,
            ScanVerdict::Pending(_) => true,
            ScanVerdict::Refused(_) => return Err(Answer::Refuse),
        };
        match world.image(wanted.build).signed {
            Some(true) => {}
            Some(false) => return Err(Answer::Refuse),
            None => {
                world.note(Fact::WaitedForSignature);
                return Err(Answer::Wait);
            }
        }
        if self.wants_verification(wanted) {
            let execution = &world.executions[index];
            let (claimed, before) = (execution.claimed, execution.vetted.verified);
            if claimed {
                world.note(Fact::VerifiedAfterClaim);
            }
            if before.is_some() {
                world.note(Fact::VerifiedAnew);
            }
            return Err(Answer::VerifyImage(wanted.build));
        }
        Ok(pends)
    }

    fn wants_verification(&self, wanted: Wanted) -> bool {
        let mut plan = PLAN.clone();
        plan.image.digest = digest(wanted.build);
        let verified = match wanted.verified {
            Some(_) if self.broken(Mutation::CarryVerification) => Some(wanted.build),
            verified => verified,
        };
        wants_verification(wanted.checked, &plan, verified.map(digest).as_ref())
    }

    fn scan(&self, build: u8, world: &World) -> ScanVerdict {
        let (digest, scan) = (digest(build), scan_of(world.image(build).scanned));
        verdict(POLICY, (&digest, &scan), None, at(world.now))
    }

    /// What deploy says of the scan once the rollout is steady; none while the machine is to ask again.
    pub fn scan_passes(&self, execution: &Execution, world: &World) -> Option<bool> {
        match self.scan(execution.build(), world) {
            ScanVerdict::Passed => Some(true),
            ScanVerdict::Pending(_) => self.broken(Mutation::PassPendingScan).then_some(true),
            ScanVerdict::Refused(_) => Some(false),
        }
    }
}

/// As ECR shows it.
fn scan_of(scanned: Option<bool>) -> Scan {
    let Some(is_good) = scanned else {
        return Scan {
            status: Some("IN_PROGRESS".to_owned()),
            ..Scan::default()
        };
    };
    let findings = Findings {
        is_completed: true,
        counts: [(ScanSeverity::Critical, u32::from(!is_good))].into(),
        ..Findings::default()
    };
    Scan {
        status: Some("COMPLETE".to_owned()),
        findings: Some(findings),
        ..Scan::default()
    }
}

/// The state machine follows what came from the verifier: only a yes leads on, for the build that was asked about.
pub fn verified(world: &mut World, index: usize, said: Said, decisions: &Decisions) {
    let Stage::Verify(build) = world.executions[index].at else {
        unreachable!("only a state of the machine asks the verifier")
    };
    match said {
        Said::Yes => world.image_mut(build).verified = true,
        Said::No => world.note(Fact::RefusedByVerifier),
        Said::Nothing => world.note(Fact::VerifierSilent),
    }
    let counts = said == Said::Nothing && decisions.broken(Mutation::SilenceIsYes);
    let execution = &mut world.executions[index];
    if said != Said::Yes && !counts {
        return execution.go(Stage::RecordFailure);
    }
    execution.vetted.verified = Some(build);
    execution.go(Stage::Detect);
}

/// The state machine follows what deploy says of a steady rollout.
pub fn checked(world: &mut World, index: usize, decisions: &Decisions) {
    let passes = decisions.scan_passes(&world.executions[index], world);
    let passes = passes.expect("the machine does not ask before it leads on");
    world.note(if passes {
        Fact::WaitedForScan
    } else {
        Fact::RefusedByScan
    });
    world.executions[index].go(if passes {
        Stage::Smoke
    } else {
        Stage::RecordFailure
    });
}
