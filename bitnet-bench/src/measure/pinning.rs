//! Pinning: which core a subject runs on, and keeping it there.
//!
//! A thread that stays on one core keeps its caches and is not moved in the middle of a sample.
//! Core 0 is the last choice, with its siblings: most kernels serve interrupts and timers there.

use core_affinity::CoreId;

use crate::host::{self, Root};
use crate::order::order;

/// A logical core with what speaks for and against it.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Candidate {
    // In the order of importance: the smallest candidate is the best.
    /// How many of its siblings come before it: a team first has physical cores of its own.
    turn: usize,
    shared_with_others: bool,
    slow: bool,
    near_core_0: bool,
    interrupted: bool,
    core: usize,
}

/// Chooses cores for a team of `threads` threads, the best first: physical cores of their own as
/// long as there are any, isolated ones before others, fast ones before slow ones, and core 0 and
/// those that serve many interrupts last.
///
/// Only allowed cores are chosen, so a thread that is pinned already is given its own core: choose
/// before pinning. Where fewer cores are allowed than there are threads, there are fewer in the
/// answer; it is empty where the system does not tell which are allowed.
pub fn choose(threads: usize) -> Vec<usize> {
    let allowed = core_affinity::get_core_ids().unwrap_or_default();
    let mut cores = ranked(&Root::system(), ids(&allowed));
    cores.truncate(threads);
    cores
}

fn ids(cores: &[CoreId]) -> Vec<usize> {
    cores.iter().map(|core| core.id).collect()
}

/// All allowed cores, the best first.
fn ranked(root: &Root, mut allowed: Vec<usize>) -> Vec<usize> {
    let online = host::online(root);
    let mut isolated = host::isolated(root);
    isolated.retain(|core| online.contains(core));
    // The kernel leaves isolated cores out of what a process may use by default. If nothing else
    // is left out, nobody has chosen cores for this process, and they are there to be chosen.
    let mut default = online;
    default.retain(|core| !isolated.contains(core));
    if !default.is_empty() && default == allowed {
        allowed.extend(&isolated);
    }
    let speeds = speeds(root, &allowed);
    let fastest = speeds.iter().max().copied().unwrap_or(0);
    let interrupts = interrupts(root, &allowed);
    let mean = interrupts.iter().sum::<u64>() / (allowed.len() as u64).max(1);
    let mut candidates = Vec::new();
    for (at, &core) in allowed.iter().enumerate() {
        let siblings = host::siblings(root, core).unwrap_or_else(|| vec![core]);
        candidates.push(Candidate {
            turn: siblings.iter().filter(|&&other| other < core && allowed.contains(&other)).count(),
            shared_with_others: !isolated.contains(&core),
            // Cores of one kind differ by a few per cent at most.
            slow: speeds[at] < fastest / 10 * 9,
            near_core_0: siblings.contains(&0),
            interrupted: interrupts[at] > mean.saturating_mul(2),
            core,
        });
    }
    let best = order(candidates.len(), &|one, other| candidates[one].cmp(&candidates[other]));
    best.into_iter().map(|at| candidates[at].core).collect()
}

/// How fast each core is, on a scale of the system's own; all alike where it does not tell.
fn speeds(root: &Root, cores: &[usize]) -> Vec<u64> {
    let mut speeds = Vec::new();
    for core in cores {
        speeds.push(root.value(format!("sys/devices/system/cpu/cpu{core}/cpu_capacity")).unwrap_or(0));
    }
    speeds
}

/// How many interrupts of devices each core has served since boot.
fn interrupts(root: &Root, cores: &[usize]) -> Vec<u64> {
    let table = root.text("proc/interrupts").unwrap_or_default();
    let mut lines = table.lines();
    let header: Vec<&str> = lines.next().unwrap_or_default().split_whitespace().collect();
    let mut columns = Vec::new();
    for core in cores {
        columns.push(header.iter().position(|&name| name == format!("CPU{core}")));
    }
    let mut totals = vec![0_u64; cores.len()];
    for line in lines {
        // Lines of devices start with a number, those of the kernel's own interrupts with a name.
        let Some((name, counts)) = line.split_once(':') else { continue };
        if name.trim().parse::<u32>().is_err() {
            continue;
        }
        let counts: Vec<&str> = counts.split_whitespace().collect();
        for (total, column) in totals.iter_mut().zip(&columns) {
            let count = column.and_then(|column| counts.get(column)?.parse::<u64>().ok());
            *total = total.saturating_add(count.unwrap_or(0));
        }
    }
    totals
}

/// Pins the calling thread to a core, and verifies that it is.
///
/// # Errors
/// If the system cannot or does not do it; the text says why.
pub fn pin(core: usize) -> Result<(), String> {
    if cfg!(target_vendor = "apple") {
        return Err("macOS cannot bind a thread to a core: its scheduler alone decides".to_owned());
    }
    // The most that core_affinity's fixed-size masks can hold.
    let most = if cfg!(windows) { 64 } else { 1024 };
    if core >= most {
        return Err(format!("core {core} is beyond the {most} cores that can be named"));
    }
    if !core_affinity::set_for_current(CoreId { id: core }) {
        return Err(format!(
            "the system refused core {core} ({}): it may be switched off, or outside the cores that a container or \
             cgroup allows (`taskset --cpu-list --pid $$` shows them)",
            std::io::Error::last_os_error()
        ));
    }
    // On Windows the answer is that of the process, which says nothing of the thread.
    let now = core_affinity::get_core_ids().unwrap_or_default();
    if !cfg!(windows) && now != [CoreId { id: core }] {
        return Err(format!("the thread was pinned to core {core}, but may run on {:?}", ids(&now)));
    }
    Ok(())
}

/// A thread that is pinned to one core, for as long as this lives let loose on several: a thread inherits
/// the cores of the one that starts it, so those that a subject starts would all be on that one core.
pub(crate) struct Spread {
    #[cfg_attr(not(target_os = "linux"), allow(dead_code, reason = "threads inherit their cores on Linux only"))]
    before: Option<Affinity>,
}

impl Spread {
    /// Lets the calling thread run on these cores; with less than two it stays where it is. Where the
    /// system refuses, it stays as well.
    pub(crate) fn over(cores: &[usize]) -> Self {
        let before = if cores.len() < 2 { None } else { Affinity::current().ok() };
        #[cfg(target_os = "linux")]
        if before.is_some() {
            // One of the cores may be gone by now; the subject is measured all the same.
            let _ = Affinity::of(cores).restore();
        }
        Self { before }
    }
}

impl Drop for Spread {
    fn drop(&mut self) {
        if let Some(before) = &self.before {
            // A thread that stays loose is measured less evenly at worst.
            let _ = before.restore();
        }
    }
}

/// The cores that a thread may run on, remembered so that a pin can be taken back.
#[derive(Clone)]
pub struct Affinity {
    #[cfg(target_os = "linux")]
    mask: libc::cpu_set_t,
}

impl Affinity {
    /// Remembers what the calling thread may run on.
    ///
    /// # Errors
    /// If the system does not tell; the text says why.
    #[cfg(target_os = "linux")]
    pub fn current() -> Result<Self, String> {
        let mut mask = std::mem::MaybeUninit::<libc::cpu_set_t>::zeroed();
        // SAFETY: the pointer is valid for writing as many bytes as are named; 0 is this thread.
        let status = unsafe { libc::sched_getaffinity(0, size_of::<libc::cpu_set_t>(), mask.as_mut_ptr()) };
        if status != 0 {
            return Err(format!("the system does not tell the thread's cores: {}", std::io::Error::last_os_error()));
        }
        // SAFETY: a mask of zeros is valid, and the call only sets bits in it.
        Ok(Self { mask: unsafe { mask.assume_init() } })
    }

    /// That of a thread which may run on these cores.
    #[cfg(target_os = "linux")]
    fn of(cores: &[usize]) -> Self {
        // SAFETY: a mask of zeros is valid.
        let mut mask = unsafe { std::mem::zeroed::<libc::cpu_set_t>() };
        let most = libc::CPU_SETSIZE as usize;
        for &core in cores.iter().filter(|&&core| core < most) {
            // SAFETY: the core is one that the mask has a bit for.
            unsafe { libc::CPU_SET(core, &mut mask) };
        }
        Self { mask }
    }

    /// Lets the calling thread run on the remembered cores again.
    ///
    /// # Errors
    /// If the system refuses; the text says why.
    #[cfg(target_os = "linux")]
    pub fn restore(&self) -> Result<(), String> {
        // SAFETY: the pointer is valid for reading as many bytes as are named; 0 is this thread.
        if unsafe { libc::sched_setaffinity(0, size_of::<libc::cpu_set_t>(), &self.mask) } == 0 {
            return Ok(());
        }
        Err(format!("the thread's cores could not be restored: {}", std::io::Error::last_os_error()))
    }

    /// Remembers what the calling thread may run on.
    ///
    /// # Errors
    /// Always: a pin can be taken back on Linux only.
    #[cfg(not(target_os = "linux"))]
    pub fn current() -> Result<Self, String> {
        Err(format!("bitnet-bench cannot take back a pin on {}", std::env::consts::OS))
    }

    /// Lets the calling thread run on the remembered cores again.
    ///
    /// # Errors
    /// Never: nothing is remembered here.
    #[cfg(not(target_os = "linux"))]
    pub fn restore(&self) -> Result<(), String> {
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::host::FakeRoot;

    fn machine(online: &str, siblings: &[&str]) -> FakeRoot {
        let root = FakeRoot::new(&[("sys/devices/system/cpu/online", online)]);
        for (core, list) in siblings.iter().enumerate() {
            root.write(&format!("sys/devices/system/cpu/cpu{core}/topology/core_cpus_list"), list);
        }
        root
    }

    #[test]
    fn away_from_core_0_and_its_sibling_and_physical_cores_first() {
        let root = machine("0-5", &["0,3", "1,4", "2,5", "0,3", "1,4", "2,5"]);
        assert_eq!(ranked(&root, vec![0, 1, 2, 3, 4, 5]), [1, 2, 0, 4, 5, 3]);
        assert_eq!(ranked(&root, vec![0, 3, 4]), [4, 0, 3]);
        assert_eq!(ranked(&root, vec![3]), [3]);
        assert_eq!(ranked(&root, vec![]), [0; 0]);
    }

    #[test]
    fn isolated_cores_unless_the_user_chose_others() {
        let root = machine("0-3", &[]);
        root.write("sys/devices/system/cpu/isolated", "2");
        assert_eq!(ranked(&root, vec![0, 1, 3]), [2, 1, 3, 0]);
        assert_eq!(ranked(&root, vec![0, 1, 2, 3]), [2, 1, 3, 0]);
        assert_eq!(ranked(&root, vec![0, 3]), [3, 0], "someone left out core 1 on purpose");
    }

    #[test]
    fn fast_cores_and_few_interrupts() {
        let root = machine("0-3", &[]);
        for (core, capacity) in ["1024", "446", "1024", "1024"].iter().enumerate() {
            root.write(&format!("sys/devices/system/cpu/cpu{core}/cpu_capacity"), capacity);
        }
        root.write(
            "proc/interrupts",
            "      CPU0 CPU1 CPU2 CPU3\n 24: 1 0 9000 5 net\nLOC: 1 1 1 99999999 timers\n 25: x\nERR: 0\n",
        );
        assert_eq!(ranked(&root, vec![0, 1, 2, 3]), [3, 2, 0, 1]);
        root.write("proc/interrupts", [0xff, b'\n', b'1', b':']);
        assert_eq!(ranked(&root, vec![0, 1, 2, 3]), [2, 3, 0, 1]);
    }

    #[test]
    fn without_any_knowledge() {
        assert_eq!(ranked(&FakeRoot::new(&[]), vec![0, 1, 2]), [1, 2, 0]);
    }

    #[test]
    #[cfg(target_os = "linux")]
    fn a_thread_is_pinned_and_released() {
        std::thread::spawn(|| {
            let before = core_affinity::get_core_ids().unwrap();
            let affinity = Affinity::current().unwrap();
            for core in choose(2) {
                pin(core).unwrap();
                // SAFETY: the call takes and changes nothing.
                assert_eq!(usize::try_from(unsafe { libc::sched_getcpu() }), Ok(core));
                assert_eq!(choose(2), [core], "a pinned thread is allowed its own core only");
            }
            affinity.restore().unwrap();
            assert_eq!(core_affinity::get_core_ids().unwrap(), before);
        })
        .join()
        .unwrap();
    }

    #[test]
    #[cfg(target_os = "linux")]
    fn threads_that_a_subject_starts_spread_over_its_cores() {
        let allowed = || ids(&core_affinity::get_core_ids().unwrap());
        std::thread::spawn(move || {
            let mut cores = choose(2);
            pin(cores[0]).unwrap();
            let spread = Spread::over(&cores);
            let started = std::thread::spawn(allowed).join().unwrap();
            cores.sort_unstable();
            assert_eq!(started, cores);
            drop(spread);
            assert_eq!(allowed().len(), 1);
            drop(Spread::over(&cores[..1]));
            assert_eq!(allowed().len(), 1);
        })
        .join()
        .unwrap();
    }

    #[test]
    fn a_core_that_is_not_there_is_refused() {
        for core in [1023, 1024, usize::MAX] {
            let reason = std::thread::spawn(move || pin(core)).join().unwrap().unwrap_err();
            assert!(!reason.is_empty());
        }
    }
}
