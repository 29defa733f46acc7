//! What disturbed a stretch of time: the difference between a snapshot before and one after.

use std::sync::OnceLock;

use serde::{Deserialize, Serialize};

use super::cgroup::Throttles;
use super::root::Root;

/// What disturbed the calling thread between two [`Snapshot`]s. `None`: not known.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Disturbance {
    /// The share of the processor's time, 0 to 1, that the hypervisor gave to others. The kernel
    /// counts it in steps of 10 ms: it is not known for less, and coarse below a second.
    pub steal: Option<f64>,
    /// How often the kernel took the processor away from the thread (elsewhere than on Linux: from
    /// any thread of the process).
    pub involuntary_switches: Option<u64>,
    /// How long the process was stopped because its control group had used up its time, in
    /// nanoseconds.
    pub throttled_ns: Option<u64>,
}

/// The state of the counts that a [`Disturbance`] is the difference of. Taking one costs some
/// microseconds.
#[derive(Clone, Debug, PartialEq)]
pub struct Snapshot {
    /// The core whose time it is; `None`: all cores.
    core: Option<usize>,
    time: Option<Time>,
    involuntary_switches: Option<u64>,
    throttled_ns: Option<u64>,
}

/// A processor's time since boot, in ticks of the kernel.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Time {
    all: u64,
    stolen: u64,
}

impl Snapshot {
    /// Takes a snapshot for the calling thread. Time stolen is that of the given core, which the
    /// thread is pinned to, or of all cores.
    pub fn take(core: Option<usize>) -> Self {
        static THROTTLES: OnceLock<Throttles> = OnceLock::new();
        let root = Root::system();
        let throttled_ns =
            if cfg!(target_os = "linux") { THROTTLES.get_or_init(|| Throttles::find(&root)).read(&root) } else { None };
        let time = Time::read(&root, core);
        Self { core, time, involuntary_switches: involuntary_switches(), throttled_ns }
    }

    /// What happened between an earlier snapshot of the same thread and this one.
    pub fn since(&self, earlier: &Self) -> Disturbance {
        let difference = |now: Option<u64>, then: Option<u64>| now?.checked_sub(then?);
        Disturbance {
            steal: self.stolen_share_since(earlier),
            involuntary_switches: difference(self.involuntary_switches, earlier.involuntary_switches),
            throttled_ns: difference(self.throttled_ns, earlier.throttled_ns),
        }
    }
}

impl Snapshot {
    fn stolen_share_since(&self, earlier: &Self) -> Option<f64> {
        // The times of different cores have no difference.
        if self.core != earlier.core {
            return None;
        }
        self.time?.stolen_share_since(earlier.time?)
    }
}

impl Time {
    /// The time since boot of the given core, or of all.
    pub(super) fn read(root: &Root, core: Option<usize>) -> Option<Self> {
        let name = core.map_or_else(|| "cpu".to_owned(), |core| format!("cpu{core}"));
        let stat = root.text("proc/stat")?;
        let line = stat.lines().find_map(|line| line.strip_prefix(&name)?.strip_prefix(' '))?;
        // user, nice, system, idle, iowait, irq, softirq, steal; the guests' time after them is
        // within user and nice already.
        let mut fields = line.split_whitespace();
        let mut time = Self { all: 0, stolen: 0 };
        for _ in 0..8 {
            time.stolen = fields.next()?.parse().ok()?;
            time.all = time.all.checked_add(time.stolen)?;
        }
        Some(time)
    }

    fn stolen_share_since(self, earlier: Self) -> Option<f64> {
        let all = self.all.checked_sub(earlier.all).filter(|&all| all > 0)?;
        let stolen = self.stolen.checked_sub(earlier.stolen)?;
        Some(stolen as f64 / all as f64)
    }

    /// The share of the time since boot that was stolen.
    pub(super) fn stolen_share(self) -> Option<f64> {
        self.stolen_share_since(Self { all: 0, stolen: 0 })
    }
}

#[cfg(unix)]
fn involuntary_switches() -> Option<u64> {
    #[cfg(target_os = "linux")]
    const WHOSE: libc::c_int = libc::RUSAGE_THREAD;
    #[cfg(not(target_os = "linux"))]
    const WHOSE: libc::c_int = libc::RUSAGE_SELF;
    let mut usage = std::mem::MaybeUninit::<libc::rusage>::zeroed();
    // SAFETY: the pointer is valid for writing an `rusage`, which the call fills in.
    if unsafe { libc::getrusage(WHOSE, usage.as_mut_ptr()) } != 0 {
        return None;
    }
    // SAFETY: the memory was zeroed, which is a valid `rusage`, and then written by the call.
    let usage = unsafe { usage.assume_init() };
    u64::try_from(usage.ru_nivcsw).ok()
}

#[cfg(not(unix))]
fn involuntary_switches() -> Option<u64> {
    None
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::host::FakeRoot;

    fn snapshot(stat: &str, core: Option<usize>) -> Snapshot {
        let root = FakeRoot::new(&[("proc/stat", stat)]);
        Snapshot { core, time: Time::read(&root, core), involuntary_switches: Some(5), throttled_ns: None }
    }

    #[test]
    fn steal_of_one_core_and_of_all() {
        let before = "cpu  100 0 0 100 0 0 0 0 0 0\ncpu0 50 0 0 50 0 0 0 0 0 0\ncpu1 50 0 0 50 0 0 0 0 0 0\n";
        let after = "cpu  150 0 0 140 0 0 0 10 50 0\ncpu0 100 0 0 50 0 0 0 0 50 0\ncpu1 50 0 0 90 0 0 0 10 0 0\n";
        let steal = |core| snapshot(after, core).since(&snapshot(before, core)).steal;
        assert_eq!(steal(None), Some(0.1));
        assert_eq!(steal(Some(0)), Some(0.0));
        assert_eq!(steal(Some(1)), Some(0.2));
        assert_eq!(steal(Some(2)), None);
        assert_eq!(snapshot(after, Some(1)).since(&snapshot(before, None)).steal, None, "not the same cores");
    }

    #[test]
    fn what_cannot_be_told_is_not_zero() {
        let some = "cpu  100 0 0 100 0 0 0 3\n";
        assert_eq!(snapshot(some, None).since(&snapshot(some, None)).steal, None, "no tick has passed");
        for garbage in ["", "cpu", "cpu  1 2 3", "cpu  1 2 3 4 5 6 7 x", "cpu  18446744073709551615 1 1 1 1 1 1 1"] {
            assert_eq!(snapshot(garbage, None).time, None, "{garbage}");
        }
        let backwards = snapshot("cpu  1 0 0 1 0 0 0 0\n", None).since(&snapshot(some, None));
        assert_eq!(backwards, Disturbance { steal: None, involuntary_switches: Some(0), throttled_ns: None });
    }

    #[test]
    #[cfg(target_os = "linux")]
    fn a_live_snapshot() {
        let before = Snapshot::take(None);
        let start = std::time::Instant::now();
        let mut spins = 0_u64;
        while start.elapsed().as_millis() < 50 {
            spins = std::hint::black_box(spins + 1);
        }
        let disturbance = Snapshot::take(None).since(&before);
        assert!(disturbance.steal.is_some_and(|steal| (0.0..=1.0).contains(&steal)));
        assert!(disturbance.involuntary_switches.is_some());
    }
}
