//! What a look at a watched release leads to: the choices behind `Evaluate metrics` in the state machine.

use crate::execution::Stage;
use crate::fact::Fact;
use crate::mutation::Mutation;
use crate::protocol::Protocol;
use crate::verdict::Verdict;
use crate::world::World;

/// Follows the route of a verdict.
pub fn judge(protocol: &Protocol, world: &mut World, index: usize, verdict: Verdict) {
    let stage = stage_after(protocol, world, index, verdict);
    note(world, index, verdict, stage);
    let share = protocol.share_of(&world.executions[index]);
    let execution = &mut world.executions[index];
    execution.is_bad |= verdict == Verdict::Bad;
    match stage {
        Stage::WatchOn => {
            execution.people.ready |= verdict == Verdict::Good || execution.people.heard.finish
        }
        Stage::RecordStep if verdict == Verdict::Good => execution.healthy_at = Some(share),
        _ => {}
    }
    execution.go(stage);
}

fn stage_after(protocol: &Protocol, world: &World, index: usize, verdict: Verdict) -> Stage {
    let execution = &world.executions[index];
    let heard = execution.people.heard;
    let blind = protocol.decisions().broken(Mutation::HoldBeforeVerdict) && heard.held;
    match verdict {
        Verdict::Bad if !blind => Stage::FlipBack,
        _ if heard.held || !heard.goes_on => Stage::WatchOn,
        Verdict::Doubtful if !heard.finish => Stage::FlipBack,
        _ if protocol.share_of(execution).is_all() => Stage::RecordRelease,
        _ => Stage::RecordStep,
    }
}

fn note(world: &mut World, index: usize, verdict: Verdict, stage: Stage) {
    let heard = world.executions[index].people.heard;
    match (verdict, stage) {
        (Verdict::Bad, Stage::FlipBack) if heard.held => world.note(Fact::BadWhileHeld),
        (Verdict::Bad, Stage::FlipBack) if !heard.goes_on => world.note(Fact::BadAtGate),
        (Verdict::Bad, Stage::FlipBack) => {}
        (Verdict::Bad, _) => world.note(Fact::BadKept),
        (_, Stage::RecordStep | Stage::RecordRelease) if heard.finish => {
            world.note(Fact::FinishedByPerson);
        }
        _ => {}
    }
}
