//! How much memory there is, and how much of it a process can still have.

use super::cgroup;
use super::root::Root;

/// How many bytes this process can still allocate without swapping or being killed: what the
/// kernel says is available, or less if a control group allows less. `None` where that is not
/// known (elsewhere than on Linux).
pub fn memory_available() -> Option<u64> {
    available(&Root::system())
}

fn available(root: &Root) -> Option<u64> {
    let machine = meminfo(root, "MemAvailable");
    [machine, cgroup::memory_left(root)].into_iter().flatten().min()
}

/// The memory that the kernel can use, in bytes.
pub(super) fn total(root: &Root) -> Option<u64> {
    meminfo(root, "MemTotal").filter(|&bytes| bytes > 0)
}

fn meminfo(root: &Root, field: &str) -> Option<u64> {
    let meminfo = root.text("proc/meminfo")?;
    let value = meminfo.lines().find_map(|line| line.strip_prefix(field)?.strip_prefix(':'))?;
    value.trim().strip_suffix("kB")?.trim().parse::<u64>().ok()?.checked_mul(1024)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::host::FakeRoot;

    const MEMINFO: (&str, &str) =
        ("proc/meminfo", "MemTotal:        1000 kB\nMemFree:          100 kB\nMemAvailable:     500 kB\n");

    #[test]
    fn of_the_machine() {
        let root = FakeRoot::new(&[MEMINFO]);
        assert_eq!(total(&root), Some(1000 << 10));
        assert_eq!(available(&root), Some(500 << 10));
        for garbage in ["", "MemAvailable", "MemAvailable: x kB", "MemAvailable: 99999999999999999999 kB", "\u{0}"] {
            root.write("proc/meminfo", garbage);
            assert_eq!(available(&root), None, "{garbage:?}");
        }
    }

    #[test]
    fn a_control_group_allows_less() {
        let root = FakeRoot::new(&[
            MEMINFO,
            ("proc/self/cgroup", "0::/jobs/one\n"),
            ("sys/fs/cgroup/jobs/one/memory.max", "max\n"),
            ("sys/fs/cgroup/jobs/memory.max", "300000\n"),
            ("sys/fs/cgroup/jobs/memory.current", "100000\n"),
        ]);
        assert_eq!(available(&root), Some(200_000));
    }

    #[test]
    #[cfg(target_os = "linux")]
    fn of_this_machine() {
        let available = memory_available().expect("Linux tells");
        assert!(available > 1 << 20 && available <= total(&Root::system()).unwrap());
    }
}
