//! Writes the listener rules under a lease. This is the hardest code of the function, so here is what it does and why.
//! `functions/record/README.md` describes the whole protocol; `tests/protocol` checks it with a model checker.
//!
//! **The problem.** `ModifyRule` has no condition: AWS carries out a write whenever it arrives. A process may send one
//! and die, or lose the answer, and the write takes effect after somebody else has read the rules and decided. No later
//! check can prevent that. So nobody may write while a write of somebody else may be on its way.
//!
//! **The order**, for a flip to any share of the traffic and for a flip back alike:
//! 1. *Record.* Ask the release record whether this release may be flipped now, and to this share. Most calls that come
//!    twice end here. So does the flip back of a release that has not flipped. It closes the release in the same step: a
//!    try of the flip may still be at step 2, and the record then refuses its lease.
//! 2. *Look.* Read the health of the targets and the rules, side by side. A refusal ends here, before the lease, and leaves
//!    the record as it was: an alarm that comes a minute later finds nothing in its way. A flip with too few healthy
//!    targets ends here too, so that the next try still is the first one. Neither counts if the record has changed since
//!    step 1: another try, whose answer was lost, may have split the rules in between, and they look like a person's.
//!    A flip looks for the first time while step 1 is under way: `ahead` says why that is enough to write by, and not to
//!    refuse by. An alarm does not: most alarms end at step 1, and cost the load balancer no call.
//! 3. *Lease.* Write phase, share and lease into the record, on condition that it has not changed since step 1. Whoever
//!    writes the rules changes the record first. So a record without a change proves that the snapshot of step 2 still
//!    holds; a changed one sends us back to step 1. A look after the lease would prove the same, but could no longer
//!    refuse without a trace. The first share below 100 leaves the forwards of step 2 in the record here.
//! 4. *Write.* Send all rules side by side, each once. The SDK repeats a write only if AWS has turned the first one away.
//!    A failure of one stops no other: what it would leave half-way may take effect all the same.
//! 5. *Read back.* All rules must send traffic as the record says. If they do not, the caller tries again.
//! 6. *End* (in `flip` and `flip_back`). Write the next phase and release the lease in one step.
//!
//! **Whose split.** A share below 100 makes two weighted groups of a forward, and only the record knows what it was
//! before. So the forwards are in the record before the first rule is split, and nothing changes them there. A split is the
//! release's own if the record has the rule's forward, and its weights are the share that the latest flip wrote or the one
//! that passed before it: of a flip that died between two rules both are there. Once it is stable, or was flipped back,
//! it has made none that is still there. Everything that goes to one environment,
//! forward or back, gives such a rule its own shape again. Any other split is a person's, and refused: nobody here knows
//! what it was before, or why it is so.
//!
//! **How many targets.** A flip to a share begins only with as many healthy targets as that share needs, and as the rest
//! needs in the previous environment (`capacity`). Once it has the lease, its next try goes on with one: some rules may
//! send traffic to the new environment already, and half a flip is worse than a small environment. For the same reason one
//! is enough for a flip back: it leaves what is bad. Targets may become unhealthy after step 2, and no order of steps
//! prevents that.
//!
//! **Who dies.** The process may die between any two steps. Before step 3 nothing has changed, unless step 1 has
//! closed the release; the next try finds it closed, and answers the same. After step 3 the next try of the same owner
//! goes on at once: an earlier one that still runs, because only its answer was lost, writes the same. Everybody else
//! waits until the lease ends, at the function's deadline and 5 s more, when the process is certainly dead. A flip back
//! waits for the flip of its own execution as well: otherwise the rules could be flipped back first and forward
//! afterwards. So does a flip to the next share: a late write would take the share back. If the whole execution dies, its
//! end is an event that flips back in the same order (`end_stopped`).
//!
//! **Whose time is up.** flip gives up half a second before the deadline (`handler`), wherever it is, as if the process had
//! died there: it sends nothing more, a write may be on its way, and so the lease ends by itself. Its caller gets an error
//! with a name, and not only the news that the function timed out. Once this try knows that the flip has begun, because it
//! has the lease or the record says so, that is `FlipNotVerified`, as for everything that AWS does not answer from then on:
//! half a flip must not wait as long as a release that AWS throttles. A try that does not know it, since the answer to its
//! lease or to its question was lost, has written no rule, and answers `AwsUnavailable`.
//!
//! | action | what undoes it |
//! |---|---|
//! | the lease | `release_lease`, if AWS has answered every write and turned one away; otherwise it ends by itself |
//! | the forwards in the record | nothing: they belong to this release, and the next one begins without |
//! | the writes of a flip | the flip back of the release; `flip::repair`, if the flip ended after it was overtaken |
//! | the writes of a flip back | nothing: the release is over. A new release flips again |
//! | the phase `failed` of step 1 | nothing: the release is over. A new release flips |
//! | the phases `flipping` and `watching` | the flip back: `rolling-back`, then `rolled-back` |

use crate::ahead::Ahead;
use crate::answer::{Answer, Decision};
use crate::capacity::Need;
use crate::decide::RuleWrites;
use crate::invocation::Invocation;
use crate::look::Snapshot;
use record::{BeginFlip, Phase, Record, Release, Store};
use shared::routing::LiveRule;
use shared::{Error, Time};
use std::ops::ControlFlow::{self, Break, Continue};
use tracing::info;

/// How often the record may change between the first step and the lease.
const ATTEMPTS: usize = 3;

/// A try that has its lease: the record as it was written with it, the release in that, and what it found before.
pub(crate) struct Leased {
    pub(crate) record: Record,
    pub(crate) release: Release,
    snapshot: Snapshot,
}

impl Leased {
    /// The rules that send traffic elsewhere.
    pub(crate) fn writes(&self) -> &[LiveRule] {
        self.snapshot.needed().unwrap_or_default()
    }
}

/// Steps 1 to 5 make every rule send traffic where the release wants it once `begin` has changed the record; it gets the
/// snapshot from step 2 on. `need` says for the record of step 1 how many targets must be healthy. `ahead` has both steps
/// where they were taken at once. `end` is step 6. Any other answer says why no rule was written.
///
/// Callers box it: futures nested this deep exceed a limit of the compiler.
pub(crate) async fn write_under_lease(
    invocation: &Invocation<'_>,
    mut ahead: Option<Ahead>,
    begin: impl Fn(&Record, Option<&Snapshot>) -> BeginFlip,
    need: impl AsyncFn(&Record) -> Result<Need, Error>,
    end: impl AsyncFnOnce(&Leased) -> Result<Answer, Error>,
) -> Result<Answer, Error> {
    for _ in 0..ATTEMPTS {
        let taken = take_lease(invocation, ahead.take(), &begin, &need).await?;
        let leased = match taken {
            Some(Continue(leased)) => leased,
            Some(Break(answer)) => return Ok(answer),
            None => continue,
        };
        if leased.release.phase == Phase::Flipping {
            invocation.flip_begins();
        }
        let traffic = leased.release.expected_traffic();
        if let Err(error) = invocation.rules.write(leased.writes(), traffic).await {
            release_lease(invocation, leased.record, &error).await;
            return Err(error);
        }
        let answer = end(&leased).await?;
        return Ok(answer.with_targets(leased.snapshot.targets.receiving));
    }
    Err(Error::RecordContention(format!(
        "the release record changed {ATTEMPTS} times while the rules were looked at"
    )))
}

/// Steps 1 to 3: the lease, or the answer why it was not taken; none where the record changed meanwhile.
async fn take_lease(
    invocation: &Invocation<'_>,
    ahead: Option<Ahead>,
    begin: impl Fn(&Record, Option<&Snapshot>) -> BeginFlip,
    need: impl AsyncFn(&Record) -> Result<Need, Error>,
) -> Result<Option<ControlFlow<Answer, Leased>>, Error> {
    let Invocation { rules, store, .. } = invocation;
    let (record, look) = match ahead {
        Some(ahead) => (ahead.record, ahead.look),
        None => (store.load().await?, None),
    };
    let ask = |record: &Record| {
        let begin = begin(record, None);
        (begin.closed(), (record.clone(), begin))
    };
    let (record, first) = store.change_from(record, ask).await?;
    let release = match begun(first)? {
        Continue((_, release)) => release,
        Break(answer) => return Ok(Some(Break(answer))),
    };
    let traffic = release.expected_traffic();
    // The rules know the release as it was before this.
    let before = record.release.as_ref().unwrap_or(&release);
    let splits = [before.splits()];
    let ahead = look.transpose()?.filter(|(look, _)| look.to == traffic.to);
    let ahead = ahead.map(|(look, need)| look.snapshot(&rules.routing, traffic, &splits, need));
    let snapshot = match ahead.filter(|snapshot| snapshot.needed().is_some()) {
        Some(snapshot) => snapshot,
        None => {
            rules
                .snapshot(traffic, &splits, need(&record).await?)
                .await?
        }
    };
    match refusal(&snapshot, before) {
        None => lease(store, &record, snapshot, begin).await,
        // Another try may have begun, and what it makes of the rules is no reason to refuse.
        Some(_) if store.load().await?.version != record.version => Ok(None),
        Some(answer) => Ok(Some(Break(answer))),
    }
}

/// Step 3, as long as the record is the one that was read at step 1.
async fn lease(
    store: &Store,
    read: &Record,
    snapshot: Snapshot,
    begin: impl Fn(&Record, Option<&Snapshot>) -> BeginFlip,
) -> Result<Option<ControlFlow<Answer, Leased>>, Error> {
    let lease = |now: &Record| {
        let begun = (now.version == read.version).then(|| begin(now, Some(&snapshot)));
        (begun.as_ref().and_then(BeginFlip::record), begun)
    };
    let leased = store.change_from(read.clone(), lease).await?;
    let leased = leased.map(begun).transpose()?;
    Ok(leased.map(|leased| match leased {
        Continue((record, release)) => Continue(Leased {
            record: Record {
                version: read.version + 1,
                ..record
            },
            release,
            snapshot,
        }),
        Break(answer) => Break(answer),
    }))
}

/// The answer why no rule may be written, about the release as the record still knows it.
fn refusal(snapshot: &Snapshot, release: &Release) -> Option<Answer> {
    let (decision, refusal) = match &snapshot.writes {
        RuleWrites::Needed(_) => return None,
        RuleWrites::NotReady(refusal) => (Decision::NotReady, refusal),
        RuleWrites::Refused(refusal) => (Decision::Refused, refusal),
    };
    let answer = Answer::new(decision, refusal).about(release);
    Some(answer.with_targets(snapshot.targets.receiving))
}

/// The record to write and the release to go on with, or the answer where there is nothing to do.
fn begun(begin: BeginFlip) -> Result<ControlFlow<Answer, (Record, Release)>, Error> {
    let stop = |decision, refusal| Ok(Break(Answer::new(decision, refusal)));
    match begin {
        BeginFlip::Begun { record, release } => Ok(Continue((record, release))),
        BeginFlip::AlreadyDone(release) => {
            let reason = release.reason.as_deref();
            let reason = reason.unwrap_or("an earlier try flipped");
            let answer = Answer::new(Decision::AlreadyThere, reason);
            Ok(Break(answer.about(&release)))
        }
        BeginFlip::Held { reason, .. } => stop(Decision::Held, reason),
        BeginFlip::Refused(refusal) => stop(Decision::Refused, refusal),
        BeginFlip::NothingToFlipBack { refusal, .. } => stop(Decision::NothingToFlipBack, refusal),
        BeginFlip::Ignored(refusal) => stop(Decision::Ignored, refusal),
        BeginFlip::LeaseHeld { until } => Err(Error::LeaseHeld(
            lease_held(until) + ": try again after that",
        )),
    }
}

pub(crate) fn lease_held(until: Time) -> String {
    format!("another lease owner may write the rules until {until}")
}

/// Undoes the lease where AWS has answered every write and turned one away. A write without an answer may still take
/// effect, and one that does not read back yet may be settling: their leases end by themselves.
async fn release_lease(invocation: &Invocation<'_>, leased: Record, error: &Error) {
    if matches!(error, Error::AwsUnavailable(_) | Error::FlipNotVerified(_)) {
        return;
    }
    let release = |record: &Record| (record.release_lease(&invocation.owner), ());
    if let Err(second) = invocation.store.change_from(leased, release).await {
        // The lease ends by itself, and the caller needs the first error.
        info!("the lease could not be released: {second}");
    }
}
