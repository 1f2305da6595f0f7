//! How a scenario ended: what should have been, what was measured, and whether it fits.

mod axis;
mod bins;
mod board;
mod file;
#[cfg(test)]
mod fixtures;
mod moves;
mod numbers;
mod outcome;
mod page;
mod picture;
mod story;
mod style;
#[cfg(test)]
mod tests;
mod told;

pub use file::{html, write, write_picture};
pub use outcome::Report;
