//! Numbers in, numbers out: what samples look like, what can be claimed from them, and whether two
//! sets of them differ. Pure: no clock, no file, no type of another room.
//!
//! | question | answer |
//! |---|---|
//! | What do these samples look like? | [`median`], [`quantile`], [`mean`], [`standard_deviation`], [`median_absolute_deviation`], [`minimum`] |
//! | Which of them lie far out? | [`Fences`], [`OutlierCounts`] |
//! | Lopsided? Several peaks? A memory? | [`skewness`], [`dip`], [`lag_one_autocorrelation`] → [`ShapeTest`] |
//! | What would endless launches give? | [`across_launches`] → [`Estimate`] |
//! | What would this launch give if it went on? | [`within_launch`] → [`Estimate`], [`effective_sample_size`] |
//! | Were there enough launches? | [`stop::precise_enough`], and then [`stop::across_launches`] |
//! | Do two sets of figures differ? | [`yuen_paired`], [`yuen_welch`] → [`Difference`] |
//! | … over many cases? | [`benjamini_hochberg`] |
//! | How often did something happen? | [`proportion`] |
//! | Where did a history move to another level? | `change_points`, `theil_sen`, with the feature `history` |
//!
//! `docs/statistics.md` gives the reasons, and the simulations that hold each claim to a known
//! truth; the tests of this room repeat the essential ones.

#[cfg(feature = "history")]
mod change_points;
mod compare;
mod descriptive;
mod distribution;
mod estimate;
mod launches;
mod outliers;
mod proportion;
mod samples;
mod shape;
pub mod stop;
mod trimmed;

#[cfg(test)]
mod coverage;
#[cfg(test)]
pub(crate) mod simulation;

#[cfg(feature = "history")]
pub use change_points::{ChangePoint, ChangeRule, change_points, detectable, noise, theil_sen};
pub use compare::{Difference, benjamini_hochberg, yuen_paired, yuen_welch};
pub use descriptive::{mean, median, median_absolute_deviation, minimum, quantile, standard_deviation};
pub use estimate::Estimate;
pub use launches::across_launches;
pub use outliers::{Fences, OutlierCounts};
pub use proportion::proportion;
pub use samples::{effective_sample_size, within_launch};
pub use shape::{ShapeTest, dip, lag_one_autocorrelation, skewness};
