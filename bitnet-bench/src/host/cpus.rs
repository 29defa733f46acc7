//! Which logical cores there are, and which of them share a physical core.

use super::root::Root;
use crate::order::insert;

const CPUS: &str = "sys/devices/system/cpu";

/// More cores than any machine has: what a file says beyond it is garbage.
const LIMIT: usize = 1 << 16;

/// Reads a list as the kernel writes it, such as `0-3,8`; `None` if it is none.
fn parse(list: &str) -> Option<Vec<usize>> {
    let mut cores = Vec::new();
    for part in list.trim().split(',').filter(|part| !part.is_empty()) {
        let (first, last) = part.split_once('-').unwrap_or((part, part));
        let (first, last): (usize, usize) = (first.trim().parse().ok()?, last.trim().parse().ok()?);
        if first > last || last >= LIMIT {
            return None;
        }
        for core in first..=last {
            insert(&mut cores, core);
        }
    }
    Some(cores)
}

fn list(root: &Root, path: &str) -> Vec<usize> {
    root.text(path).and_then(|text| parse(&text)).unwrap_or_default()
}

/// The logical cores that are switched on; none if that is not known.
pub(crate) fn online(root: &Root) -> Vec<usize> {
    list(root, &format!("{CPUS}/online"))
}

/// The logical cores that the hardware has, switched on or not; none if that is not known.
pub(super) fn present(root: &Root) -> Vec<usize> {
    list(root, &format!("{CPUS}/present"))
}

/// The cores that the scheduler keeps its hands off (`isolcpus`).
pub(crate) fn isolated(root: &Root) -> Vec<usize> {
    list(root, &format!("{CPUS}/isolated"))
}

/// The cores that this process may run on; none if that is not known.
pub(super) fn allowed(root: &Root) -> Vec<usize> {
    let status = root.text("proc/self/status").unwrap_or_default();
    let field = status.lines().find_map(|line| line.strip_prefix("Cpus_allowed_list:"));
    field.and_then(parse).unwrap_or_default()
}

/// The logical cores of the physical core that `core` belongs to, itself among them; `None` if
/// that is not known.
pub(crate) fn siblings(root: &Root, core: usize) -> Option<Vec<usize>> {
    // The first name is the current one, the second that of kernels before 5.2.
    ["core_cpus_list", "thread_siblings_list"].iter().find_map(|file| {
        let cores = parse(&root.text(format!("{CPUS}/cpu{core}/topology/{file}"))?)?;
        cores.contains(&core).then_some(cores)
    })
}

/// How many physical cores are switched on; `None` if that is not known.
pub(super) fn physical(root: &Root) -> Option<usize> {
    let mut firsts = Vec::new();
    for core in online(root) {
        insert(&mut firsts, *siblings(root, core)?.first()?);
    }
    (!firsts.is_empty()).then_some(firsts.len())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::host::FakeRoot;

    #[test]
    fn lists_as_the_kernel_writes_them() {
        assert_eq!(parse("0-3,8\n"), Some(vec![0, 1, 2, 3, 8]));
        assert_eq!(parse("5"), Some(vec![5]));
        assert_eq!(parse("1,0-1"), Some(vec![0, 1]));
        assert_eq!(parse(""), Some(vec![]));
        for garbage in ["a", "3-1", "0-", "-", "0-4294967295", "1;2", "99999999999999999999"] {
            assert_eq!(parse(garbage), None, "{garbage}");
        }
    }

    #[test]
    fn two_threads_of_each_of_two_cores() {
        let topology = |core: usize| format!("sys/devices/system/cpu/cpu{core}/topology/core_cpus_list");
        let root = FakeRoot::new(&[
            ("sys/devices/system/cpu/online", "0-3\n"),
            (&topology(0), "0,2\n"),
            (&topology(1), "1,3\n"),
            (&topology(2), "0,2\n"),
            (&topology(3), "1,3\n"),
        ]);
        assert_eq!(physical(&root), Some(2));
        assert_eq!(siblings(&root, 3), Some(vec![1, 3]));
        root.write(&topology(3), "garbage");
        assert_eq!(siblings(&root, 3), None);
        assert_eq!(physical(&root), None);
    }

    #[test]
    fn what_the_process_may_use() {
        let root = FakeRoot::new(&[("proc/self/status", "Name:\tx\nCpus_allowed_list:\t2-3\nMems_allowed:\t1\n")]);
        assert_eq!(allowed(&root), [2, 3]);
        assert_eq!(allowed(&FakeRoot::new(&[])), [0; 0]);
    }
}
