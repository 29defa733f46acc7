//! The open counters of a thread.

use std::io;

use perf_event::{Builder, CountAndTime, Group};

use super::accounting::Accounts;
use super::events::{self, Named};
use super::refusal;
use super::{Counter, CounterKind, Counters, MissingCounter};
use crate::host::Root;

/// The counters of the thread that opened them.
///
/// Counters of the processor count in user mode only, which needs no more than
/// `perf_event_paranoid` 2; those of the kernel count wherever the event happens.
pub(crate) struct CounterSet {
    /// In the order in which they are switched on: the kernel's first, so that the processor's
    /// count as little as possible of the switching.
    groups: Vec<OpenGroup>,
    /// Names of software events that perf refused, but the kernel keeps an account of.
    accounted: Vec<&'static str>,
    /// What the accounts had when counting began.
    opened: Option<Accounts>,
    /// What they gained while counting was on.
    gained: Accounts,
    missing: Vec<MissingCounter>,
}

/// Counters that are switched on and off by one call, and count at the same times.
struct OpenGroup {
    group: Group,
    counters: Vec<OpenCounter>,
    /// Why what was counted cannot be trusted, if it cannot.
    broken: Option<io::Error>,
}

struct OpenCounter {
    name: &'static str,
    kind: CounterKind,
    counter: perf_event::Counter,
    /// The reading that counts as zero. The kernel can reset a count, but not its times.
    zero: CountAndTime,
}

impl CounterSet {
    /// Opens every counter that the machine gives, for the calling thread; they are off.
    ///
    /// It costs about a millisecond, and some tens of them where nobody else on the machine has
    /// counters open: open a set once a thread, and [`CounterSet::reset`] it between cases.
    pub(crate) fn open() -> Self {
        let root = Root::system();
        let mut set = Self {
            groups: Vec::new(),
            accounted: Vec::new(),
            opened: None,
            gained: Accounts::default(),
            missing: Vec::new(),
        };
        for events in [events::of_software(), events::of_hardware()] {
            // Each kind starts a group of its own, and the processor's as many as it takes.
            let first = set.groups.len();
            for event in events {
                set.add(&root, first, &event);
            }
        }
        set
    }

    fn add(&mut self, root: &Root, first_group: usize, event: &Named) {
        let last = self.groups.get_mut(first_group..).and_then(<[OpenGroup]>::last_mut);
        // A group that is full, and one that cannot hold the event, both answer with an error:
        // only a group of its own tells why.
        if last.is_some_and(|group| group.add(event).is_ok()) {
            return;
        }
        match OpenGroup::with(event) {
            Ok(group) => self.groups.push(group),
            Err(_) if event.kind == CounterKind::Software && Accounts::keep(event.name) => {
                self.accounted.push(event.name);
            }
            Err(error) => self.missing.push(MissingCounter {
                name: event.name.to_owned(),
                reason: refusal::reason(root, event.kind, &error),
            }),
        }
    }

    /// Starts to count: one system call a group.
    #[inline]
    pub(crate) fn enable(&mut self) {
        if !self.accounted.is_empty() {
            self.opened = Accounts::read();
        }
        for group in &mut self.groups {
            if let Err(error) = group.group.enable() {
                group.broken = Some(error);
            }
        }
    }

    /// Stops to count; what was counted is kept, and grows when counting starts again.
    #[inline]
    pub(crate) fn disable(&mut self) {
        for group in self.groups.iter_mut().rev() {
            if let Err(error) = group.group.disable() {
                group.broken = Some(error);
            }
        }
        if let Some((from, to)) = self.opened.take().and_then(|from| Some((from, Accounts::read()?))) {
            self.gained.add(&from, &to);
        }
    }

    /// Forgets what was counted.
    pub(crate) fn reset(&mut self) {
        self.gained = Accounts::default();
        for group in &mut self.groups {
            group.broken = None;
            for counter in &mut group.counters {
                match counter.counter.read_count_and_time() {
                    Ok(now) => counter.zero = now,
                    Err(error) => group.broken = Some(error),
                }
            }
        }
    }

    /// What was counted since the counters were opened or reset, of one of so many iterations.
    pub(crate) fn read(&mut self, iterations: u64) -> Counters {
        let iterations = iterations.max(1) as f64;
        let mut counters = Counters { counts: Vec::new(), missing: self.missing.clone() };
        for group in &mut self.groups {
            for counter in &mut group.counters {
                match counter.read(iterations, group.broken.as_ref()) {
                    Ok(count) => counters.counts.push(count),
                    Err(missing) => counters.missing.push(missing),
                }
            }
        }
        counters.counts.extend(self.accounted.iter().filter_map(|&name| {
            let per_iteration = self.gained.get(name)? as f64 / iterations;
            Some(Counter { name: name.to_owned(), kind: CounterKind::Software, per_iteration, running: None })
        }));
        counters
    }
}

impl OpenGroup {
    fn with(event: &Named) -> io::Result<Self> {
        let mut group = Self { group: Group::new()?, counters: Vec::new(), broken: None };
        group.add(event)?;
        Ok(group)
    }

    fn add(&mut self, event: &Named) -> io::Result<()> {
        let mut builder = Builder::new().group(&mut self.group).kind(event.event.clone());
        // The kernel switches threads in kernel mode: without it, it would count no switch.
        builder.exclude_kernel(event.kind == CounterKind::Hardware);
        let counter = builder.build()?;
        let zero = CountAndTime { count: 0, time_enabled: 0, time_running: 0 };
        self.counters.push(OpenCounter { name: event.name, kind: event.kind, counter, zero });
        Ok(())
    }
}

impl OpenCounter {
    // Each counter is read by itself, not by `Group::read`, which panics in a group that has ever
    // refused a member. They are off when they are read, so their figures still belong together.
    fn read(&mut self, iterations: f64, broken: Option<&io::Error>) -> Result<Counter, MissingCounter> {
        let missing = |reason| MissingCounter { name: self.name.to_owned(), reason };
        if let Some(error) = broken {
            return Err(missing(format!("the counter could not be switched: {error}")));
        }
        let now = match self.counter.read_count_and_time() {
            Ok(now) => now,
            Err(error) => return Err(missing(format!("the counter could not be read: {error}"))),
        };
        let scaled = match self.kind {
            CounterKind::Hardware => scaled(&self.zero, &now),
            // The kernel counts its own events all the time.
            _ => Some((now.count.saturating_sub(self.zero.count) as f64, None)),
        };
        let (count, running) = scaled.ok_or_else(|| {
            missing(
                "it had no turn on the performance monitoring unit, which other counters held; \
                 `sudo sysctl kernel.nmi_watchdog=0` frees one"
                    .to_owned(),
            )
        })?;
        Ok(Counter { name: self.name.to_owned(), kind: self.kind, per_iteration: count / iterations, running })
    }
}

/// The count between two readings, scaled to the whole time, and the share of that time in which
/// the counter ran if it did not run all the time; `None` if it never ran though it was on.
fn scaled(from: &CountAndTime, to: &CountAndTime) -> Option<(f64, Option<f64>)> {
    let count = to.count.saturating_sub(from.count) as f64;
    let enabled = to.time_enabled.saturating_sub(from.time_enabled);
    let running = to.time_running.saturating_sub(from.time_running);
    match (enabled, running) {
        (0, _) => Some((0.0, None)),
        (_, 0) => None,
        _ if running >= enabled => Some((count, None)),
        _ => {
            let share = running as f64 / enabled as f64;
            Some((count / share, Some(share)))
        }
    }
}

#[cfg(test)]
mod tests;
