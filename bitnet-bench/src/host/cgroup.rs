//! The limits that control groups (version 1 or 2) set to this process: containers, services and
//! CI jobs run in them.

use std::path::{Component, Path, PathBuf};

use super::root::Root;

/// The directories of the groups that limit this process, its own first, then those above it.
fn groups(root: &Root, controller: &str) -> Vec<PathBuf> {
    let table = root.text("proc/self/cgroup").unwrap_or_default();
    // Each line is `number:controllers:path`; version 2 has one line, without controllers.
    let mount = Path::new("sys/fs/cgroup");
    let mut of_version_2 = None;
    for line in table.lines() {
        let entry = line.split_once(':').and_then(|(_, entry)| entry.split_once(':'));
        let Some((controllers, path)) = entry else { continue };
        if controllers.is_empty() {
            of_version_2 = of_version_2.or(Some(path));
        } else if controllers.split(',').any(|name| name == controller) {
            return chain(root, mount.join(controller), path);
        }
    }
    let unified = mount.join("unified");
    let mount = if root.path(&unified).is_dir() { unified } else { mount.to_owned() };
    of_version_2.map_or_else(Vec::new, |path| chain(root, mount, path))
}

fn chain(root: &Root, mount: PathBuf, path: &str) -> Vec<PathBuf> {
    let inner = Path::new(path.trim_start_matches('/'));
    let plain = inner.components().all(|part| matches!(part, Component::Normal(_)));
    let own = mount.join(inner);
    // A container sees its own part of the tree only, while the path may be that of the machine.
    let own = if plain && root.path(&own).is_dir() { own } else { mount.clone() };
    let mut groups = Vec::new();
    for folder in own.ancestors() {
        if !folder.starts_with(&mount) {
            break;
        }
        groups.push(folder.to_owned());
    }
    groups
}

/// How many cores' worth of time this process may use; `None` if it is not limited.
pub(super) fn cpu_quota(root: &Root) -> Option<f64> {
    let mut least: Option<f64> = None;
    for group in groups(root, "cpu") {
        if let Some(quota) = quota(root, &group) {
            least = Some(least.map_or(quota, |least| least.min(quota)));
        }
    }
    least
}

fn quota(root: &Root, group: &Path) -> Option<f64> {
    let (quota, period): (f64, f64) = match root.text(group.join("cpu.max")) {
        Some(limit) => {
            let (quota, period) = limit.split_once(' ')?;
            (quota.parse().ok()?, period.parse().ok()?)
        }
        None => (root.value(group.join("cpu.cfs_quota_us"))?, root.value(group.join("cpu.cfs_period_us"))?),
    };
    // Version 1 says -1 for no limit.
    let cores = quota / period;
    (cores.is_finite() && cores > 0.0).then_some(cores)
}

/// The groups that limit this process' time, to ask again and again how long they stopped it.
#[derive(Clone, Debug, Default)]
pub(super) struct Throttles(Vec<PathBuf>);

impl Throttles {
    pub(super) fn find(root: &Root) -> Self {
        let mut files = Vec::new();
        for group in groups(root, "cpu") {
            if quota(root, &group).is_some() {
                files.push(group.join("cpu.stat"));
            }
        }
        Self(files)
    }

    /// How long this process' groups have been stopped so far for having used up their time, in
    /// nanoseconds: 0 where nothing limits them, `None` where they do not tell.
    pub(super) fn read(&self, root: &Root) -> Option<u64> {
        let mut sum = 0;
        for file in &self.0 {
            sum += throttled(&root.text(file)?)?;
        }
        Some(sum)
    }
}

fn throttled(stat: &str) -> Option<u64> {
    stat.lines().find_map(|line| {
        let (name, value) = line.split_once(' ')?;
        let value: u64 = value.trim().parse().ok()?;
        match name {
            "throttled_usec" => value.checked_mul(1000),
            "throttled_time" => Some(value),
            _ => None,
        }
    })
}

/// How many bytes this process' groups still allow; `None` if they do not limit it.
pub(super) fn memory_left(root: &Root) -> Option<u64> {
    let mut least: Option<u64> = None;
    for group in groups(root, "memory") {
        if let Some(left) = left(root, &group) {
            least = Some(least.map_or(left, |least| least.min(left)));
        }
    }
    least
}

fn left(root: &Root, group: &Path) -> Option<u64> {
    let either = |new: &str, old: &str| root.value::<u64>(group.join(new)).or_else(|| root.value(group.join(old)));
    let limit = either("memory.max", "memory.limit_in_bytes")?;
    let used = either("memory.current", "memory.usage_in_bytes")?;
    // Pages of files that nobody has touched of late are counted as used, but make way at once.
    let stat = root.text(group.join("memory.stat")).unwrap_or_default();
    let idle = stat.lines().find_map(|line| {
        let (name, value) = line.split_once(' ')?;
        matches!(name, "inactive_file" | "total_inactive_file").then(|| value.trim().parse::<u64>().ok())?
    });
    Some(limit.saturating_sub(used.saturating_sub(idle.unwrap_or(0))))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::host::FakeRoot;

    #[test]
    fn version_2() {
        let root = FakeRoot::new(&[
            ("proc/self/cgroup", "0::/jobs/one\n"),
            ("sys/fs/cgroup/jobs/one/cpu.max", "max 100000\n"),
            ("sys/fs/cgroup/jobs/cpu.max", "150000 100000\n"),
            ("sys/fs/cgroup/jobs/cpu.stat", "usage_usec 5\nnr_throttled 3\nthrottled_usec 7\n"),
            ("sys/fs/cgroup/jobs/memory.max", "1000"),
            ("sys/fs/cgroup/jobs/memory.current", "900"),
            ("sys/fs/cgroup/jobs/memory.stat", "anon 1\ninactive_file 250\n"),
        ]);
        assert_eq!(cpu_quota(&root), Some(1.5));
        assert_eq!(Throttles::find(&root).read(&root), Some(7_000));
        assert_eq!(memory_left(&root), Some(350));
    }

    #[test]
    fn version_1() {
        let root = FakeRoot::new(&[
            ("proc/self/cgroup", "2:cpu,cpuacct:/\n1:memory:/gone\n0::/\n"),
            ("sys/fs/cgroup/cpu/cpu.cfs_quota_us", "50000\n"),
            ("sys/fs/cgroup/cpu/cpu.cfs_period_us", "100000\n"),
            ("sys/fs/cgroup/cpu/cpu.stat", "nr_periods 9\nnr_throttled 3\nthrottled_time 12\n"),
            ("sys/fs/cgroup/memory/memory.limit_in_bytes", "9223372036854771712\n"),
            ("sys/fs/cgroup/memory/memory.usage_in_bytes", "100\n"),
        ]);
        assert_eq!(cpu_quota(&root), Some(0.5));
        assert_eq!(Throttles::find(&root).read(&root), Some(12));
        assert_eq!(memory_left(&root), Some(9_223_372_036_854_771_612));
        root.write("sys/fs/cgroup/cpu/cpu.cfs_quota_us", "-1\n");
        assert_eq!(cpu_quota(&root), None);
        assert_eq!(Throttles::find(&root).read(&root), Some(0));
    }

    #[test]
    fn garbage_limits_nothing() {
        let root = FakeRoot::new(&[("proc/self/cgroup", "0::/../../..\n:::\nx\n")]);
        for garbage in ["", "max", "1", "a b", "1 0", "-5 1", "nan nan", "\u{fffd}"] {
            for file in ["cpu.max", "cpu.stat", "memory.max", "memory.current", "memory.stat"] {
                root.write(&format!("sys/fs/cgroup/{file}"), garbage);
            }
            assert_eq!(cpu_quota(&root), None, "{garbage:?}");
            assert_eq!(memory_left(&root).unwrap_or(0), 0, "{garbage:?}");
        }
        assert_eq!(groups(&root, "cpu"), [PathBuf::from("sys/fs/cgroup")]);
        root.write("sys/fs/cgroup/cpu.max", "1 1");
        assert_eq!(Throttles::find(&root).read(&root), None);
    }
}
