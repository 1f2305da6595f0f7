//! What can happen in a scenario, and how it can end.

/// What happens in a scenario.
pub(crate) enum Script {
    /// A push, and the end of its execution.
    Push {
        /// Its image tag chooses how the sample service behaves.
        build: &'static str,
        ending: Ending,
    },
    Sync,
    Migration,
    RealStack,
    RefusedWiring,
    Steps,
    People(Decides),
    Images(Check),
}

/// Which check of images does not let a build in.
#[derive(Clone, Copy)]
pub(crate) enum Check {
    Scan,
    Signature,
    Verifier,
}

/// What a person does with a release.
#[derive(Clone, Copy)]
pub(crate) enum Decides {
    /// Approves it at its gate, and rejects the next one.
    Approve,
    Hold,
    Finish,
    Freeze,
    Stop,
}

/// How the execution of a push should end.
#[derive(Clone, Copy)]
pub(crate) enum Ending {
    Released,
    NothingToRelease,
    /// With this error, and a cause that says so.
    Failed(&'static str, &'static str),
}

impl Ending {
    /// Whether the release gets as far as a flip.
    pub(crate) fn flips(self) -> bool {
        matches!(
            self,
            Ending::Released | Ending::Failed("ReleaseRolledBack", _)
        )
    }
}
