//! Do two sets of figures differ, by how much, and could a difference have been seen at all?

mod difference;
mod exact;
mod multiplicity;
mod yuen;

pub use difference::Difference;
pub use multiplicity::benjamini_hochberg;
pub use yuen::{yuen_paired, yuen_welch};
