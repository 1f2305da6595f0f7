//! Which releases are tried in the harder worlds.

use super::{Kind, WAYS, World};

/// Requests a second and the part of them that usually fails.
pub const BUSY: [(f64, f64); 6] = [
    (10.0, 0.001),
    (100.0, 0.0001),
    (100.0, 0.001),
    (100.0, 0.01),
    (1000.0, 0.001),
    (1000.0, 0.01),
];

/// The same of quiet services: 12 and 107 requests a minute.
pub const QUIET: [(f64, f64); 2] = [(0.2, 0.001), (107.0 / 60.0, 0.001)];

/// Services to which bad releases come.
pub const SHOWN: [(f64, f64); 2] = [(10.0, 0.001), (100.0, 0.001)];

/// The part of the requests that a bad release fails.
pub const FAULTS: [f64; 5] = [0.01, 0.05, 0.2, 0.5, 1.0];

/// Worlds of busy services.
pub const WORLDS: [World; 7] = [
    World::Independent,
    World::Bursts,
    World::Hiccups,
    World::Rising,
    World::Twice,
    World::Thrice,
    World::ThriceLater,
];

/// Worlds to which bad releases come.
pub const CLUSTERS: [World; 3] = [World::Independent, World::Bursts, World::Hiccups];

/// Every busy service in every world, released well in every way.
pub fn good() -> Vec<Kind> {
    all(&WORLDS, &BUSY, &[0.0], WAYS.len())
}

/// Bad releases.
pub fn bad() -> Vec<Kind> {
    all(&CLUSTERS, &SHOWN, &FAULTS, WAYS.len())
}

/// Releases of quiet services, good ones first, all at once: they have too few requests for a step.
pub fn quiet() -> Vec<Kind> {
    let faults = [&[0.0], &FAULTS[..]].concat();
    all(&[World::Silences], &QUIET, &faults, 1)
}

fn all(worlds: &[World], services: &[(f64, f64)], faults: &[f64], ways: usize) -> Vec<Kind> {
    let mut kinds = Vec::new();
    for world in worlds {
        for service in services {
            for way in 0..ways {
                kinds.extend(faults.iter().map(|fault| Kind {
                    world: *world,
                    service: *service,
                    fault: *fault,
                    way,
                }));
            }
        }
    }
    kinds
}
