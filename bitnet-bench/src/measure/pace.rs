//! Pacing: samples that are taken in short bursts, when somebody else says so.
//!
//! Two processes that are compared take turns on one core: while one takes a burst, the other sleeps.
//! What disturbs the machine then falls on both alike, and leaves their ratio as it is.

use super::team::Team;

/// Says when samples are taken, and how many.
pub trait Pace: Sync {
    /// Hands over the samples of the turn before, in nanoseconds (none before the first, once the case
    /// is warm), and sleeps until the next turn. Gives back how many samples that is to take; `None`
    /// when there is no further one. `iterations` are those of each sample.
    fn next_turn(&self, iterations: u64, taken_ns: &[f64]) -> Option<u32>;
}

/// The pace of a team: its threads sleep between the turns as well.
#[derive(Clone, Copy)]
pub(super) struct TeamPace<'a> {
    pub(super) pace: &'a dyn Pace,
    pub(super) team: Option<&'a Team>,
}

impl TeamPace<'_> {
    /// As [`Pace::next_turn`].
    pub(super) fn next_turn(self, iterations: u64, taken_ns: &[f64]) -> Option<u32> {
        let Some(team) = self.team else { return self.pace.next_turn(iterations, taken_ns) };
        team.rest();
        let turn = self.pace.next_turn(iterations, taken_ns);
        team.wake();
        turn
    }
}
