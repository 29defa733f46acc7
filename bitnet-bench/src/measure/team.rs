//! Teams: threads that run a subject at once.
//!
//! Every thread of a team runs the whole benchmark function, so that each has its own inputs; what
//! they share they take from [`Bencher::cached`](super::Bencher::cached). The first thread leads:
//! it says how many iterations come next. All meet before the clock starts, and the time of a
//! sample is from the first start to the last stop.

use std::hint::spin_loop;
use std::sync::atomic::{AtomicBool, AtomicU64, AtomicUsize, Ordering};
use std::sync::{Condvar, Mutex, PoisonError};

/// The meeting point of a team.
pub(super) struct Team {
    size: usize,
    arrived: AtomicUsize,
    generation: AtomicUsize,
    broken: AtomicBool,
    /// Iterations of the next batch; 0 when there is none.
    next: AtomicU64,
    first_start: AtomicU64,
    last_stop: AtomicU64,
    /// Whether the leader has sent the team to sleep.
    resting: AtomicBool,
    bed: Mutex<()>,
    woken: Condvar,
}

/// The payload with which a thread unwinds when another thread of its team has failed.
pub(super) struct TeamBroken;

/// Spins before a waiting thread yields its core: there may be fewer cores than threads.
const SPINS: u32 = 10_000;

impl Team {
    pub(super) fn new(size: usize) -> Self {
        Self {
            size,
            arrived: AtomicUsize::new(0),
            generation: AtomicUsize::new(0),
            broken: AtomicBool::new(false),
            next: AtomicU64::new(0),
            first_start: AtomicU64::new(u64::MAX),
            last_stop: AtomicU64::new(0),
            resting: AtomicBool::new(false),
            bed: Mutex::new(()),
            woken: Condvar::new(),
        }
    }

    /// Waits until all threads are here. Unwinds with [`TeamBroken`] if one of them failed.
    ///
    /// The last to arrive publishes a new generation (release), which the others spin on
    /// (acquire): what any thread wrote before it came is seen by all after.
    pub(super) fn meet(&self) {
        let generation = self.generation.load(Ordering::Acquire);
        if self.arrived.fetch_add(1, Ordering::AcqRel) + 1 == self.size {
            self.arrived.store(0, Ordering::Relaxed);
            self.generation.store(generation.wrapping_add(1), Ordering::Release);
            return;
        }
        let mut spins = 0_u32;
        while self.generation.load(Ordering::Acquire) == generation {
            if self.broken.load(Ordering::Relaxed) {
                std::panic::resume_unwind(Box::new(TeamBroken));
            }
            spins += 1;
            if spins < SPINS {
                spin_loop();
            } else if self.resting.load(Ordering::Relaxed) {
                self.sleep();
            } else {
                std::thread::yield_now();
            }
        }
    }

    /// Lets the threads that wait, now or later, unwind.
    pub(super) fn break_up(&self) {
        self.broken.store(true, Ordering::Relaxed);
        self.wake();
    }

    /// The leader lets those that wait for it sleep, until it wakes them: while another process is
    /// measured on the same cores, they must not spin.
    pub(super) fn rest(&self) {
        self.resting.store(true, Ordering::Relaxed);
    }

    /// The leader wakes those that sleep.
    pub(super) fn wake(&self) {
        {
            // Under the lock, so that nobody falls asleep between his look at it and the call.
            let _bed = self.bed.lock().unwrap_or_else(PoisonError::into_inner);
            self.resting.store(false, Ordering::Relaxed);
        }
        self.woken.notify_all();
    }

    fn sleep(&self) {
        let bed = self.bed.lock().unwrap_or_else(PoisonError::into_inner);
        drop(self.woken.wait_while(bed, |()| self.resting.load(Ordering::Relaxed)));
    }

    /// The leader announces a batch, or the end (`None`).
    pub(super) fn announce(&self, iterations: Option<u64>) {
        self.next.store(iterations.unwrap_or(0), Ordering::Relaxed);
        self.meet();
    }

    /// A follower waits for what comes next.
    pub(super) fn await_next(&self) -> Option<u64> {
        self.meet();
        match self.next.load(Ordering::Relaxed) {
            0 => None,
            iterations => Some(iterations),
        }
    }

    /// Each thread hands in its span, in ticks; all meet.
    pub(super) fn hand_in(&self, start: u64, stop: u64) {
        self.first_start.fetch_min(start, Ordering::Relaxed);
        self.last_stop.fetch_max(stop, Ordering::Relaxed);
        self.meet();
    }

    /// The leader takes the team's span once all have handed theirs in.
    pub(super) fn span(&self) -> (u64, u64) {
        (self.first_start.swap(u64::MAX, Ordering::Relaxed), self.last_stop.swap(0, Ordering::Relaxed))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn all_run_what_the_leader_announces() {
        let team = Team::new(4);
        let done = AtomicU64::new(0);
        std::thread::scope(|scope| {
            for thread in 1..4_u64 {
                let (team, done) = (&team, &done);
                scope.spawn(move || {
                    while let Some(iterations) = team.await_next() {
                        done.fetch_add(iterations, Ordering::Relaxed);
                        team.hand_in(100 - thread, 200 + thread);
                    }
                });
            }
            for iterations in [5, 7] {
                team.announce(Some(iterations));
                team.hand_in(100, 200);
                assert_eq!(team.span(), (97, 203));
            }
            team.announce(None);
        });
        assert_eq!(done.into_inner(), 3 * 12);
    }

    /// A team that did not wake would hang here, and one that a break-up left asleep as well.
    #[test]
    fn a_resting_team_wakes_for_the_next_batch_and_for_the_end() {
        let team = Team::new(2);
        let ran = AtomicU64::new(0);
        let outcome = std::thread::scope(|scope| {
            let follower = scope.spawn(|| {
                while let Some(iterations) = team.await_next() {
                    ran.fetch_add(iterations, Ordering::Relaxed);
                    team.hand_in(1, 2);
                }
            });
            for iterations in [1, 2, 4] {
                team.rest();
                std::thread::sleep(std::time::Duration::from_millis(5));
                team.wake();
                team.announce(Some(iterations));
                team.hand_in(1, 2);
            }
            team.rest();
            std::thread::sleep(std::time::Duration::from_millis(5));
            team.break_up();
            follower.join()
        });
        assert_eq!(ran.into_inner(), 7);
        assert!(outcome.is_err_and(|payload| payload.is::<TeamBroken>()));
    }

    #[test]
    fn a_failing_thread_does_not_leave_the_others_waiting() {
        let team = Team::new(2);
        let outcome = std::thread::scope(|scope| {
            let waiting = scope.spawn(|| team.meet());
            team.break_up();
            waiting.join()
        });
        assert!(outcome.is_err_and(|payload| payload.is::<TeamBroken>()));
    }
}
