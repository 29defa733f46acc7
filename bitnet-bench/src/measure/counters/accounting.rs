//! The kernel's own accounts of a thread, which it shows to everybody: the source of software
//! events where `perf_event_open` is not permitted, as in most containers.

use std::mem::MaybeUninit;

/// The accounts of the calling thread since it started.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Accounts {
    task_clock_ns: u64,
    minor_faults: u64,
    major_faults: u64,
    context_switches: u64,
}

impl Accounts {
    /// Whether an event of this name is kept an account of.
    pub(super) fn keep(name: &str) -> bool {
        Self::default().get(name).is_some()
    }

    /// Reads the accounts: two system calls.
    pub(super) fn read() -> Option<Self> {
        let mut usage = MaybeUninit::<libc::rusage>::zeroed();
        let mut clock = MaybeUninit::<libc::timespec>::zeroed();
        // SAFETY: the pointers are valid for writing an `rusage` and a `timespec`.
        let statuses = unsafe {
            [
                libc::getrusage(libc::RUSAGE_THREAD, usage.as_mut_ptr()),
                libc::clock_gettime(libc::CLOCK_THREAD_CPUTIME_ID, clock.as_mut_ptr()),
            ]
        };
        if statuses != [0, 0] {
            return None;
        }
        // SAFETY: both were zeroed, which is a valid value of either, and then written by the calls.
        let (usage, clock) = unsafe { (usage.assume_init(), clock.assume_init()) };
        let count = |count: libc::c_long| u64::try_from(count).unwrap_or(0);
        Some(Self {
            task_clock_ns: (clock.tv_sec as u64).wrapping_mul(1_000_000_000).wrapping_add(clock.tv_nsec as u64),
            minor_faults: count(usage.ru_minflt),
            major_faults: count(usage.ru_majflt),
            context_switches: count(usage.ru_nvcsw).saturating_add(count(usage.ru_nivcsw)),
        })
    }

    /// Adds what happened between two readings.
    pub(super) fn add(&mut self, from: &Self, to: &Self) {
        self.task_clock_ns += to.task_clock_ns.saturating_sub(from.task_clock_ns);
        self.minor_faults += to.minor_faults.saturating_sub(from.minor_faults);
        self.major_faults += to.major_faults.saturating_sub(from.major_faults);
        self.context_switches += to.context_switches.saturating_sub(from.context_switches);
    }

    /// The account of an event, if there is one.
    pub(super) fn get(&self, name: &str) -> Option<u64> {
        match name {
            "task-clock" => Some(self.task_clock_ns),
            "page-faults" => Some(self.minor_faults + self.major_faults),
            "minor-faults" => Some(self.minor_faults),
            "major-faults" => Some(self.major_faults),
            "context-switches" => Some(self.context_switches),
            _ => None,
        }
    }
}
