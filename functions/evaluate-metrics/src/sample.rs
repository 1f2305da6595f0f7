//! Counts of errors, and the requests among which they came.

/// Errors of some time, and what they were exposed to.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(crate) struct Sample {
    pub(crate) errors: f64,
    /// Requests, or the errors where they are more.
    pub(crate) exposure: f64,
}

impl Sample {
    /// 0 where nothing could fail.
    pub(crate) fn rate(self) -> f64 {
        if self.exposure > 0.0 {
            self.errors / self.exposure
        } else {
            0.0
        }
    }
}

impl std::iter::Sum for Sample {
    fn sum<I: Iterator<Item = Sample>>(samples: I) -> Sample {
        samples.fold(Sample::default(), |sum, sample| Sample {
            errors: sum.errors + sample.errors,
            exposure: sum.exposure + sample.exposure,
        })
    }
}

/// One minute of both environments.
#[derive(Clone, Debug, Default)]
pub(crate) struct Pair<T> {
    pub(crate) new: T,
    pub(crate) previous: T,
}

/// What the previous environment served before the first flip, and at earlier steps while both served, minute by minute.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct History<'a> {
    pub(crate) hour: &'a [Sample],
    pub(crate) stepped: &'a [Sample],
}

/// What the new environment served since the flip to its share, minute by minute.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Served<'a> {
    pub(crate) minutes: &'a [Sample],
    /// Those of them that lie wholly after the flip.
    pub(crate) whole: &'a [Sample],
}
