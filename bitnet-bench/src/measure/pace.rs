//! Pacing: samples that are taken in short bursts, when somebody else says so.
//!
//! Two processes that are compared take turns on one core: while one takes a burst, the other sleeps.
//! What disturbs the machine then falls on both alike, and leaves their ratio as it is.

use std::time::Duration;

use super::batching::Batching;
use super::team::Team;

/// Says when samples are taken, and how many.
pub trait Pace: Sync {
    /// Hands over what the turn before has taken, and sleeps until the next one. Gives back how many samples that
    /// is to take; `None` when there is no further one.
    fn next_turn(&self, taken: Burst<'_>) -> Option<u32>;
}

/// The samples of a turn. There are none before the first, once the case is warm.
#[derive(Clone, Copy, Debug)]
pub struct Burst<'a> {
    /// How iterations are batched.
    pub batching: Batching,
    /// The samples, in nanoseconds.
    pub samples_ns: &'a [f64],
    /// The time of the turn, with what was done beside the iterations.
    pub total: Duration,
}

/// The pace of a team: its threads sleep between the turns as well.
#[derive(Clone, Copy)]
pub(super) struct TeamPace<'a> {
    pub(super) pace: &'a dyn Pace,
    pub(super) team: Option<&'a Team>,
}

impl TeamPace<'_> {
    /// As [`Pace::next_turn`].
    pub(super) fn next_turn(self, taken: Burst<'_>) -> Option<u32> {
        let Some(team) = self.team else { return self.pace.next_turn(taken) };
        team.rest();
        let turn = self.pace.next_turn(taken);
        team.wake();
        turn
    }
}
