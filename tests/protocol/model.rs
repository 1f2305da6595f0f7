//! The model: which steps are possible in a state, and what each one does.

use crate::clock::at;
use crate::execution::{Execution, Kind, Stage};
use crate::mutation::{Mutation, Rules};
use crate::opener;
use crate::process::{Step, Try, Who};
use crate::properties::properties;
use crate::steps::is_asked_by;
use crate::world::{Budget, Side, World, Write};
use shared::Environment;
use shared::record::{Expand, Record};
use stateright::{Model, Property};

/// One setting of the model: who takes part and what may go wrong.
#[derive(Clone, Debug)]
pub struct Protocol {
    pub kinds: Vec<Kind>,
    pub rules: usize,
    pub budget: Budget,
    /// What alarms may watch; none is an alarm that does not tell.
    pub watched: Vec<Option<Environment>>,
    /// Step Functions may begin a try while one that it no longer hears still goes on.
    pub overlap: bool,
    /// Ticks that a process may live beyond its deadline. More than none breaks what the lease relies on.
    pub outlives: u8,
    pub mutation: Option<Mutation>,
}

/// One step of somebody.
#[derive(Clone, Debug, PartialEq)]
pub enum Action {
    Start(usize),
    /// Step Functions starts a try of the execution's task.
    Begin(usize),
    /// An alarm is delivered.
    Deliver(usize),
    /// A process does its next step.
    Step(usize),
    /// A ModifyRule takes effect; its answer reaches the process that waits for it.
    Land(usize),
    Tick,
    Deploy(usize),
    Smoke(usize, bool),
    Judge(usize, bool),
    /// The wait for the release in progress is over.
    LookAgain(usize),
    // Mishaps.
    Die(usize),
    /// The process goes on, but nobody hears its answer.
    Unheard(usize),
    /// The SDK did not get an answer to a ModifyRule and sends it again.
    Resend(usize),
    /// AWS turns a ModifyRule away, and says so.
    TurnAway(usize),
    GiveUp(usize),
    Abort(usize),
    Ring(Option<Environment>),
    Hand(Option<Environment>),
    Sicken(Environment),
    /// An operator removes from the database what older versions need.
    Contract,
}

impl Model for Protocol {
    type State = World;
    type Action = Action;

    fn init_states(&self) -> Vec<World> {
        let side = Side {
            healthy: true,
            code: None,
            proven: false,
        };
        let executions = self.kinds.iter().enumerate();
        vec![World {
            now: 10,
            record: opener::item(expanded()),
            rules: vec![Some(Environment::Blue); self.rules],
            sides: [side; 2],
            executions: executions
                .map(|(i, kind)| Execution::new(*kind, i))
                .collect(),
            deliveries: Vec::new(),
            tries: Vec::new(),
            writes: Vec::new(),
            budget: self.budget,
            hand: false,
            barred: None,
            facts: 0,
        }]
    }

    fn actions(&self, world: &World, actions: &mut Vec<Action>) {
        self.progress(world, actions);
        self.mishaps(world, actions);
    }

    fn next_state(&self, world: &World, action: Action) -> Option<World> {
        let mut next = world.clone();
        self.act(&mut next, action);
        Some(next)
    }

    fn properties(&self) -> Vec<Property<Protocol>> {
        properties(self)
    }
}

/// The schema was expanded before the first of these releases.
fn expanded() -> Record {
    let expand = Expand {
        release: "expanding".to_owned(),
        digest: String::new(),
        pushed_at: at(0),
        stable: 0,
        proven: true,
    };
    Record {
        expands: vec![expand],
        ..Record::default()
    }
}

impl Protocol {
    /// The rules that hold in this setting.
    pub fn laws(&self) -> Rules {
        Rules {
            mutation: self.mutation,
        }
    }

    /// The steps that somebody takes of their own accord, so that in the end all of them are taken.
    pub fn progress(&self, world: &World, actions: &mut Vec<Action>) {
        for (index, execution) in world.executions.iter().enumerate() {
            self.next_of(world, index, execution, actions);
        }
        for (index, delivery) in world.deliveries.iter().enumerate() {
            let waits = delivery.blocked && world.record.0.live_writer(at(world.now)).is_some();
            let same = index > 0
                && world.deliveries[index - 1] == *delivery
                && !is_asked_by(world, Who::Alarm(index - 1));
            if delivery.open && !waits && !same && !is_asked_by(world, Who::Alarm(index)) {
                actions.push(Action::Deliver(index));
            }
        }
        for (index, it) in world.tries.iter().enumerate() {
            if !matches!(it.step, Step::Sent(..)) {
                actions.push(Action::Step(index));
            }
        }
        let lands = |(index, write): (usize, &Write)| {
            let again = index > 0 && world.writes[index - 1] == *write;
            (!again).then_some(Action::Land(index))
        };
        actions.extend(world.writes.iter().enumerate().filter_map(lands));
        if self.time_passes(world) {
            actions.push(Action::Tick);
        }
    }

    fn next_of(&self, world: &World, index: usize, it: &Execution, actions: &mut Vec<Action>) {
        match it.at {
            Stage::Unborn => actions.push(Action::Start(index)),
            Stage::Deploy => actions.push(Action::Deploy(index)),
            Stage::Smoke => {
                actions.extend([true, false].map(|passed| Action::Smoke(index, passed)));
            }
            Stage::Watch => {
                actions.extend([true, false].map(|healthy| Action::Judge(index, healthy)));
            }
            Stage::Wait if opener::has_its_turn(index, world, &self.laws()) => {
                actions.push(Action::LookAgain(index));
            }
            stage if stage.is_task() && !it.busy => {
                let waits = it.blocked && world.record.0.live_writer(at(world.now)).is_some();
                let alone = self.overlap
                    || !world
                        .tries
                        .iter()
                        .any(|other| other.who == Who::Execution(index));
                if !waits && alone {
                    actions.push(Action::Begin(index));
                }
            }
            _ => {}
        }
    }

    /// Time passes where somebody may wait for it, unless somebody must act or die, or a write land, before.
    fn time_passes(&self, world: &World) -> bool {
        let now = world.now;
        let writes = |it: &&Try| it.step.is_of_flip();
        let lives = |it: &Try| now < it.began + 1 + self.outlives;
        let flies = |write: &Write| now + 1 < write.until + self.outlives;
        let leased = world.record.0.live_writer(at(now)).is_some();
        let just_flipped = |it: &shared::record::Release| it.flipped_at == Some(at(now));
        let alarm_comes =
            world.budget.alarms > 0 && world.record.0.release.as_ref().is_some_and(just_flipped);
        let mut writers = world.tries.iter().filter(writes);
        let waited_for = leased || alarm_comes || writers.clone().next().is_some();
        writers.all(lives) && world.writes.iter().all(flies) && waited_for
    }
}
