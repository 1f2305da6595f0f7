//! What the properties ask for of a flip, noted where it happens.

use crate::execution::Kind;
use crate::fact::Fact;
use crate::process::Who;
use crate::world::World;

/// Notes why the record refused.
pub fn note_refusal(refusal: &str, world: &mut World) {
    if refusal.starts_with("contract ") {
        world.note(Fact::RefusedAfterContract);
    }
    if refusal.ends_with("is failed, past its flip") {
        world.note(Fact::LateFlipRefused);
    }
    if refusal.starts_with("the record does not say") {
        world.note(Fact::UntestedFlipRefused);
    }
}

/// Notes for whom traffic was flipped back.
pub fn note_rollback(who: Who, world: &mut World) {
    let operator = |index: usize| world.executions[index].kind == Kind::Rollback;
    let fact = match who {
        Who::Alarm(_) => Fact::RolledBackByAlarm,
        Who::Execution(index) if operator(index) => Fact::RolledBackByOperator,
        Who::Execution(_) => Fact::RolledBackByVerdict,
    };
    world.note(fact);
}
