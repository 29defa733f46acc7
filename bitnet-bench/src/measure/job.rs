//! Runs one case in this process: one thread, or a team of them.

use super::bencher::Bencher;
use super::failure::Failure;
use super::panics::catch;
use super::pinning;
use super::session::{Job, Samples, Session};
use super::team::{Team, TeamBroken};

/// What a case runs in each of its threads.
pub type Run<'a> = dyn Fn(&mut Bencher<'_>) -> Result<(), Failure> + Sync + 'a;

impl Job<'_> {
    /// Runs the case. There are no samples when it was only tested.
    ///
    /// # Errors
    /// Why the case failed: it panicked, returned an error, its result did not pass the check, or
    /// it used the bencher wrongly.
    pub fn run(&self, run: &Run<'_>) -> Result<Option<Samples>, Failure> {
        let _spread = pinning::Spread::over(self.cores_of(0));
        if self.threads <= 1 {
            return match self.run_thread(run, None, true) {
                Some(result) => result,
                None => Err(Failure::misused("a thread without a team cannot lose it")),
            };
        }
        let team = Team::new(self.threads);
        std::thread::scope(|scope| {
            let followers: Vec<_> = (1..self.threads)
                .map(|thread| {
                    let team = &team;
                    scope.spawn(move || {
                        if let Some(&core) = self.cores_of(thread).first() {
                            // A thread that stays where it is measures all the same; the leader's
                            // pinning is what the record tells of.
                            let _ = pinning::pin(core);
                        }
                        let _spread = pinning::Spread::over(self.cores_of(thread));
                        self.run_thread(run, Some(team), false)
                    })
                })
                .collect();
            let leader = self.run_thread(run, Some(&team), true);
            let followers = followers.into_iter().map(|thread| thread.join().ok().flatten());
            first_failure(leader, followers.collect())
        })
    }

    /// The cores of one of its threads, as far as there are any.
    fn cores_of(&self, thread: usize) -> &[usize] {
        let each = self.settings.cores as usize;
        self.cores.chunks(each).nth(thread).unwrap_or_default()
    }

    fn run_thread(&self, run: &Run<'_>, team: Option<&Team>, leads: bool) -> Outcome {
        let outcome = catch(|| {
            let mut bencher = Bencher { session: Session::new(self, team, leads) };
            let result = run(&mut bencher);
            let finished = bencher.session.finish();
            result.and(finished)
        });
        let outcome = match outcome {
            Ok(result) => Some(result),
            Err((_, payload)) if payload.is::<TeamBroken>() => None,
            Err((failure, _)) => Some(Err(failure)),
        };
        // Whoever still waits for this thread would wait for ever.
        if let (Some(team), Some(Err(_)) | None) = (team, &outcome) {
            team.break_up();
        }
        outcome
    }
}

/// How one thread ended; `None` if another thread of its team failed.
type Outcome = Option<Result<Option<Samples>, Failure>>;

/// The failure of the thread that failed first hand, else what the leader measured.
fn first_failure(leader: Outcome, followers: Vec<Outcome>) -> Result<Option<Samples>, Failure> {
    let mut measured = None;
    for result in followers.into_iter().chain([leader]).flatten() {
        measured = Some(result?);
    }
    measured.ok_or_else(|| Failure::misused("every thread waited for another one that had failed"))
}
