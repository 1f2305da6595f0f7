//! The courses of the sweep, and the stages on which they run.

use crate::stage::{Parameters, Setup, Timing};

/// What happens on the stage while the fault strikes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Course {
    /// An image is pushed and released.
    Good,
    /// The released image answers with errors, so that it is flipped back.
    Rollback,
    /// An image is pushed and released in two steps.
    Canary,
    /// An alarm goes off at the first of them.
    CanaryRollback,
    /// An image waits for an approval before its flip; it is held, approved and resumed there.
    People,
}

/// The alarm that judges the releases of [`Course::CanaryRollback`].
pub const ALARM: &str = "latency";

impl Course {
    pub const ALL: [Course; 5] = [
        Course::Good,
        Course::Rollback,
        Course::Canary,
        Course::CanaryRollback,
        Course::People,
    ];

    /// Whether it ends in a flip back.
    pub fn rolls_back(self) -> bool {
        matches!(self, Course::Rollback | Course::CanaryRollback)
    }

    /// As many stages as it takes for all courses to take about as long.
    pub fn stages(self) -> usize {
        match self {
            Course::Good => 24,
            Course::Rollback => 13,
            Course::Canary => 6,
            Course::CanaryRollback => 3,
            Course::People => 2,
        }
    }

    /// The parameters of its stages. In shadow the steps may be as short as a watch.
    pub fn setup(self, timing: Timing) -> Setup<'static> {
        let parameters: Parameters<'static> = match self {
            Course::Good | Course::Rollback => &[],
            Course::Canary => &[("TrafficSteps", "10:2,100:2"), ("VerdictMode", "shadow")],
            Course::CanaryRollback => &[
                ("TrafficSteps", "10:60,100:2"),
                ("VerdictMode", "shadow"),
                ("AlarmNames", ALARM),
            ],
            Course::People => &[("ApprovalBefore", "flip")],
        };
        Setup {
            parameters,
            ..Setup::usual(timing)
        }
    }

    /// Whether its releases begin with a share of the traffic.
    pub fn splits(self) -> bool {
        matches!(self, Course::Canary | Course::CanaryRollback)
    }
}
