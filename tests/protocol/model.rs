//! The model as the checker asks for it: where it begins, which steps are possible, and what must hold.

use crate::clock::at;
use crate::execution::Execution;
use crate::health::ALL;
use crate::images::Images;
use crate::invariants::invariants;
use crate::item::Item;
use crate::mishaps::mishaps;
use crate::possible::POSSIBLE;
use crate::progress::progress;
use crate::protocol::{Action, Protocol};
use crate::steps::act;
use crate::tasks::Tasks;
use crate::world::World;
use record::{Expand, Record};
use shared::{Environment, Traffic};
use stateright::{Model, Property};

impl Model for Protocol {
    type State = World;
    type Action = Action;

    fn init_states(&self) -> Vec<World> {
        let tasks = Tasks {
            healthy: ALL,
            wants: ALL,
            code: None,
            proven: false,
        };
        let executions = self.kinds.iter().enumerate();
        vec![World {
            now: 10,
            record: Item::from(expanded()),
            rules: vec![Some(Traffic::all(Environment::Blue)); self.rules],
            environments: [tasks; 2],
            executions: executions
                .map(|(index, kind)| Execution::new(*kind, index))
                .collect(),
            deliveries: Vec::new(),
            tries: Vec::new(),
            writes: Vec::new(),
            words: Vec::new(),
            frozen: false,
            leftover: None,
            images: Images {
                checked: self.checks_images,
                ..Images::default()
            },
            budget: self.budget,
            hand: false,
            barred: None,
            bad_builds: 0,
            facts: 0,
        }]
    }

    fn actions(&self, world: &World, actions: &mut Vec<Action>) {
        progress(self, world, actions);
        mishaps(self, world, actions);
    }

    fn next_state(&self, world: &World, action: Action) -> Option<World> {
        let mut next = world.clone();
        act(self, &mut next, action);
        Some(next)
    }

    fn properties(&self) -> Vec<Property<Protocol>> {
        let always = invariants(self).map(|(name, holds)| Property::always(name, holds));
        let sometimes = POSSIBLE.map(|(name, holds)| Property::sometimes(name, holds));
        always.chain(sometimes).collect()
    }
}

/// The schema was expanded before the first of these releases.
fn expanded() -> Record {
    let expand = Expand {
        release: "expanding".into(),
        digest: "".into(),
        pushed_at: at(0),
        stable_releases: 0,
        proven: true,
    };
    Record {
        expands: vec![expand],
        ..Record::default()
    }
}
