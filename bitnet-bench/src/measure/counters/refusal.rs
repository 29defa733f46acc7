//! Why the kernel refused a counter, in words, with what to do about it.

use std::io;

use super::CounterKind;
use crate::host::{self, Root};

const FORBIDDEN: &str = "no permission: a container, a sandbox or a security module forbids perf_event_open; a container \
    allows it with `--cap-add=PERFMON --security-opt seccomp=unconfined`";

/// The reason for an error of `perf_event_open`.
pub(super) fn reason(root: &Root, kind: CounterKind, error: &io::Error) -> String {
    match error.raw_os_error() {
        Some(libc::ENOENT | libc::ENODEV | libc::EOPNOTSUPP | libc::EINVAL | libc::ENXIO) => unsupported(root, kind),
        Some(libc::EACCES) => not_permitted(root, kind),
        // The kernel itself answers EACCES; EPERM is the answer of seccomp in a container.
        Some(libc::EPERM) => FORBIDDEN.to_owned(),
        Some(libc::ENOSYS) => {
            "the kernel or a sandbox has no perf_event_open; outside of the container, or on a kernel with \
             CONFIG_PERF_EVENTS, it works"
                .to_owned()
        }
        Some(libc::EMFILE | libc::ENFILE) => {
            "too many files are open to open a counter: `ulimit -n 4096` allows more".to_owned()
        }
        Some(libc::EBUSY) => {
            "another program has the performance monitoring unit to itself; end it (`perf`, a profiler, or the NMI \
             watchdog: `sudo sysctl kernel.nmi_watchdog=0`)"
                .to_owned()
        }
        _ => format!("perf_event_open failed: {error}"),
    }
}

fn unsupported(root: &Root, kind: CounterKind) -> String {
    if kind == CounterKind::Software {
        return "this kernel does not count the event".to_owned();
    }
    if has_monitoring_unit(root) {
        return "the processor's performance monitoring unit has no such event".to_owned();
    }
    if host::is_virtual(root) {
        return "no performance monitoring unit: the virtual machine is given none; measure on a physical machine, or \
                have the host give it one (KVM: `-cpu host,pmu=on`)"
            .to_owned();
    }
    "no performance monitoring unit: the kernel found none that it knows".to_owned()
}

/// Whether the kernel drives a unit that belongs to the processor's cores: `cpu` on x86, `cpu_core`
/// and `cpu_atom` on hybrid x86, `armv8_…` and the like on Arm.
fn has_monitoring_unit(root: &Root) -> bool {
    let is_of_cores = |name: &String| name.starts_with("cpu") || name.starts_with("arm") || name.contains("_pmu");
    root.names("sys/bus/event_source/devices").iter().any(is_of_cores)
}

fn not_permitted(root: &Root, kind: CounterKind) -> String {
    // At level 2 a program may count itself in user mode, at 1 in the kernel too, where software
    // events happen. Higher levels are an addition of distributions.
    let enough = if kind == CounterKind::Software { 1 } else { 2 };
    match root.value::<i64>("proc/sys/kernel/perf_event_paranoid") {
        Some(level) if level > enough => format!(
            "no permission: perf_event_paranoid is {level}; `sudo sysctl kernel.perf_event_paranoid=1` (or \
             CAP_PERFMON) allows it"
        ),
        _ => FORBIDDEN.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::host::FakeRoot;

    fn why(root: &Root, kind: CounterKind, code: i32) -> String {
        reason(root, kind, &io::Error::from_raw_os_error(code))
    }

    #[test]
    fn without_a_monitoring_unit() {
        let root = FakeRoot::new(&[("sys/bus/event_source/devices/software/type", "1")]);
        assert!(why(&root, CounterKind::Hardware, libc::ENOENT).contains("the kernel found none"));
        root.write("proc/cpuinfo", "flags : fpu hypervisor");
        for code in [libc::ENOENT, libc::ENODEV, libc::EOPNOTSUPP] {
            assert!(why(&root, CounterKind::Hardware, code).contains("virtual machine"));
        }
        root.write("sys/bus/event_source/devices/cpu/type", "4");
        assert!(why(&root, CounterKind::Hardware, libc::ENOENT).contains("no such event"));
    }

    #[test]
    fn without_permission() {
        let root = FakeRoot::new(&[("proc/sys/kernel/perf_event_paranoid", "3")]);
        let reason = why(&root, CounterKind::Hardware, libc::EACCES);
        assert!(reason.contains("perf_event_paranoid is 3; `sudo sysctl kernel.perf_event_paranoid=1`"), "{reason}");
        root.write("proc/sys/kernel/perf_event_paranoid", "2");
        assert!(why(&root, CounterKind::Software, libc::EACCES).contains("perf_event_paranoid=1`"));
        assert!(why(&root, CounterKind::Hardware, libc::EACCES).contains("container"));
        assert!(why(&root, CounterKind::Software, libc::EPERM).contains("container"));
        root.write("proc/sys/kernel/perf_event_paranoid", "garbage");
        assert!(why(&root, CounterKind::Hardware, libc::EACCES).contains("container"));
    }

    #[test]
    fn every_error_has_words() {
        let root = FakeRoot::new(&[]);
        for code in 1..134 {
            for kind in [CounterKind::Hardware, CounterKind::Software] {
                assert!(why(&root, kind, code).len() > 20);
            }
        }
        assert!(why(&root, CounterKind::Hardware, libc::EMFILE).contains("ulimit"));
        assert!(why(&root, CounterKind::Hardware, libc::ENOSYS).contains("container"));
    }
}
