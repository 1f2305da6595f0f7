//! What the world shows of images: what detect finds of them, what passes every check, and what is not decided yet.

use crate::execution::{Execution, Kind};
use crate::images::{Check, Image, Wanted};
use crate::world::World;

impl World {
    /// What a try of detect finds that begins now.
    pub fn wanted(&self, execution: &Execution) -> Wanted {
        let named = match execution.kind {
            Kind::Tag { .. } => self.images.tag,
            Kind::Push { .. } | Kind::Override { .. } | Kind::Rollback => execution.build(),
        };
        Wanted {
            build: named,
            verified: execution.vetted.verified,
            checked: self.images.checked,
        }
    }

    pub fn image(&self, build: u8) -> &Image {
        &self.images.of[usize::from(build)]
    }

    pub fn image_mut(&mut self, build: u8) -> &mut Image {
        &mut self.images.of[usize::from(build)]
    }

    /// detect would only answer once more that the signature is not there yet.
    pub fn waits_for_signature(&self, execution: &Execution) -> bool {
        let Wanted { build, checked, .. } = self.wanted(execution);
        checked && self.image(build).signed.is_none()
    }

    /// Whether the image of a release has passed every check that the stack wanted of it.
    pub fn lets_in(&self, execution: &Execution) -> bool {
        let passed = |image: &Image| {
            image.verified && image.signed == Some(true) && image.scanned == Some(true)
        };
        !execution.vetted.claimed_checked || passed(self.image(execution.build()))
    }

    /// What may be decided about images by now, while somebody may still ask.
    pub fn undecided(&self) -> Vec<(u8, Check)> {
        let asks = |it: &Execution| !it.at.has_ended();
        if !self.images.checked || !self.executions.iter().any(asks) {
            return Vec::new();
        }
        let is_released = |build: u8| {
            let releases = |it: &Execution| it.claimed && it.build() == build;
            self.executions.iter().any(releases)
        };
        let builds = [0, 1].into_iter();
        let builds = builds.filter(|build| *build == self.images.tag || is_released(*build));
        let open = builds.flat_map(|build| {
            let Image {
                signed, scanned, ..
            } = self.image(build);
            let signature = signed.is_none().then_some((build, Check::Signature));
            let scan = scanned.is_none().then_some((build, Check::Scan));
            signature.into_iter().chain(scan)
        });
        open.collect()
    }

    pub fn decide(&mut self, build: u8, check: Check, good: bool) {
        let image = self.image_mut(build);
        match check {
            Check::Signature => image.signed = Some(good),
            Check::Scan => image.scanned = Some(good),
        }
    }
}
