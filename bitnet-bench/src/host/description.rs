//! The description of the machine.

use std::env::consts::{ARCH, OS};

use serde::{Deserialize, Serialize};

use super::key::Identity;
use super::processor::Processor;
use super::root::Root;
use super::stated::Stated;
use super::{Cache, CacheKind, caches, cpus, memory, virtualization};

/// The machine that a run was measured on.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Host {
    /// The stable identity of the hardware: the architecture and a hash over what decides how fast
    /// code can run. Figures of different keys are never compared silently.
    pub machine_key: String,
    /// The name of the processor.
    pub cpu: Stated<String>,
    /// Who made the processor.
    pub vendor: Stated<String>,
    /// The architecture that this program was built for, such as `x86_64`.
    pub architecture: String,
    /// How many logical cores are switched on.
    pub logical_cores: Stated<usize>,
    /// How many physical cores are switched on.
    pub physical_cores: Stated<usize>,
    /// Whether physical cores run several threads each (simultaneous multithreading).
    pub smt: Stated<bool>,
    /// The caches of the first core.
    pub caches: Stated<Vec<Cache>>,
    /// The memory that the kernel can use, in bytes.
    pub memory_bytes: Stated<u64>,
    /// The operating system, such as `linux`.
    pub os: String,
    /// The distribution or release of the operating system.
    pub distribution: Stated<String>,
    /// The version of the kernel.
    pub kernel: Stated<String>,
    /// The hypervisor that the machine runs under; `None` if it runs under none.
    pub hypervisor: Stated<Option<String>>,
    /// Which instruction sets that matter to BitNet kernels the processor has: `avx2`, `avx512f`,
    /// `avx512_vnni`, `avx_vnni`, `amx_int8`, `neon`, `dotprod`, `i8mm`.
    pub features: Stated<Vec<String>>,
}

impl Host {
    /// Describes this machine.
    pub fn describe() -> Self {
        #[cfg(target_os = "macos")]
        return super::macos::describe();
        #[cfg(not(target_os = "macos"))]
        from_files(&Root::system())
    }

    /// The size in bytes of the last cache level that holds data, if the caches are known.
    pub fn last_level_cache_bytes(&self) -> Option<u64> {
        let holds_data = |cache: &&Cache| cache.kind != CacheKind::Instruction;
        self.caches.known()?.iter().filter(holds_data).max_by_key(|cache| cache.level).map(|cache| cache.bytes)
    }
}

/// From `/proc`, `/sys` and `/etc`; a system without them leaves most of it unknown.
#[cfg_attr(target_os = "macos", allow(dead_code, reason = "a Mac is described by sysctl"))]
fn from_files(root: &Root) -> Host {
    let processor = Processor::read(root);
    let caches = caches::read(root);
    let memory = memory::total(root);
    let hypervisor = virtualization::hypervisor(root, &processor);
    let physical = cpus::physical(root);
    let count = |cores: Vec<usize>| (!cores.is_empty()).then_some(cores.len());
    let logical = count(cpus::online(root)).or((processor.logical > 0).then_some(processor.logical));
    let identity = Identity {
        architecture: ARCH,
        vendor: processor.vendor.as_deref(),
        family: processor.family.as_deref(),
        name: processor.name.as_deref(),
        cores: count(cpus::present(root)).or(logical),
        caches: &caches,
        memory_bytes: memory,
        is_virtual: hypervisor.known().map(Option::is_some),
    };
    Host {
        machine_key: identity.key(),
        features: stated(processor.tells_features().then(|| processor.features()), "/proc/cpuinfo"),
        cpu: stated(processor.name, "/proc/cpuinfo"),
        vendor: stated(processor.vendor, "/proc/cpuinfo"),
        architecture: ARCH.to_owned(),
        logical_cores: stated(logical, "/sys/devices/system/cpu/online"),
        physical_cores: stated(physical, "/sys/devices/system/cpu/cpu*/topology"),
        smt: stated(smt(root, logical, physical), "/sys/devices/system/cpu/smt/active"),
        caches: stated((!caches.is_empty()).then_some(caches), "/sys/devices/system/cpu/cpu0/cache"),
        memory_bytes: stated(memory, "/proc/meminfo"),
        os: OS.to_owned(),
        distribution: stated(distribution(root), "/etc/os-release"),
        kernel: stated(root.text("proc/sys/kernel/osrelease"), "/proc/sys/kernel/osrelease"),
        hypervisor,
    }
}

fn stated<T>(value: Option<T>, source: &str) -> Stated<T> {
    value.map_or_else(|| Stated::Unknown(format!("{source} does not tell")), Stated::Known)
}

fn smt(root: &Root, logical: Option<usize>, physical: Option<usize>) -> Option<bool> {
    match root.text("sys/devices/system/cpu/smt/active").as_deref() {
        Some("1") => Some(true),
        Some("0") => Some(false),
        _ => Some(logical? > physical?),
    }
}

fn distribution(root: &Root) -> Option<String> {
    let release = root.text("etc/os-release")?;
    let name = release.lines().find_map(|line| line.strip_prefix("PRETTY_NAME="))?.trim_matches('"');
    (!name.is_empty()).then(|| name.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::host::FakeRoot;

    const CPUINFO: &str = "processor : 0\nvendor_id : GenuineIntel\ncpu family : 6\nmodel : 143\n\
        model name : Xeon\nmicrocode : 0x1\ncpu MHz : 2600.000\nflags : fpu avx2 hypervisor\nbogomips : 5200.00\n\n\
        processor : 1\nmodel name : Xeon\n";

    fn machine() -> FakeRoot {
        FakeRoot::new(&[
            ("proc/cpuinfo", CPUINFO),
            ("proc/meminfo", "MemTotal: 16265480 kB\n"),
            ("proc/sys/kernel/osrelease", "6.1.0\n"),
            ("proc/sys/kernel/hostname", "one\n"),
            ("sys/devices/system/cpu/online", "0-1\n"),
            ("sys/devices/system/cpu/present", "0-1\n"),
            ("sys/devices/system/cpu/cpu0/topology/core_cpus_list", "0-1\n"),
            ("sys/devices/system/cpu/cpu1/topology/core_cpus_list", "0-1\n"),
            ("sys/devices/system/cpu/cpu0/cache/index0/level", "1"),
            ("sys/devices/system/cpu/cpu0/cache/index0/type", "Data"),
            ("sys/devices/system/cpu/cpu0/cache/index0/size", "48K"),
            ("etc/os-release", "ID=x\nPRETTY_NAME=\"Some Linux 12\"\n"),
        ])
    }

    #[test]
    fn a_whole_machine() {
        let host = from_files(&machine());
        assert_eq!(host.cpu, Stated::Known("Xeon".to_owned()));
        assert_eq!(host.vendor, Stated::Known("GenuineIntel".to_owned()));
        assert_eq!((&host.logical_cores, &host.physical_cores), (&Stated::Known(2), &Stated::Known(1)));
        assert_eq!(host.smt, Stated::Known(true));
        assert_eq!((host.caches.known().map(Vec::len), host.last_level_cache_bytes()), (Some(1), Some(48 << 10)));
        assert_eq!(host.memory_bytes, Stated::Known(16_265_480 << 10));
        assert_eq!(host.kernel, Stated::Known("6.1.0".to_owned()));
        assert_eq!(host.distribution, Stated::Known("Some Linux 12".to_owned()));
        assert_eq!(host.hypervisor, Stated::Known(Some("unnamed".to_owned())));
        assert_eq!(host.features, Stated::Known(vec!["avx2".to_owned()]));
    }

    #[test]
    fn the_key_stays_when_only_the_boot_differs() {
        let root = machine();
        let key = from_files(&root).machine_key;
        let boot = CPUINFO.replace("2600.000", "3412.7").replace("5200.00", "5199.98").replace("0x1", "0x2b0");
        root.write("proc/cpuinfo", boot);
        root.write("proc/sys/kernel/osrelease", "6.18.44");
        root.write("proc/sys/kernel/hostname", "two");
        root.write("proc/meminfo", "MemTotal: 16201004 kB\n");
        root.write("sys/devices/system/clocksource/clocksource0/available_clocksource", "tsc kvm-clock");
        root.write("sys/devices/system/cpu/smt/active", "0");
        root.write("sys/devices/system/cpu/online", "0");
        root.write("etc/os-release", "PRETTY_NAME=\"Some Linux 13\"\n");
        let host = from_files(&root);
        assert_eq!((host.machine_key, host.logical_cores), (key, Stated::Known(1)));
    }

    #[test]
    fn the_key_changes_with_the_hardware() {
        let key = from_files(&machine()).machine_key;
        let differs = |path: &str, content: &str| {
            let root = machine();
            root.write(path, content);
            assert_ne!(from_files(&root).machine_key, key, "{path}");
        };
        differs("proc/cpuinfo", &CPUINFO.replace("model : 143", "model : 207"));
        differs("proc/cpuinfo", &CPUINFO.replace("Xeon", "Core"));
        differs("proc/cpuinfo", &CPUINFO.replace(" hypervisor", ""));
        differs("proc/meminfo", "MemTotal: 32767000 kB\n");
        differs("sys/devices/system/cpu/present", "0-3\n");
        differs("sys/devices/system/cpu/cpu0/cache/index0/size", "32K");
    }

    #[test]
    fn nothing_and_garbage_are_described_as_unknown() {
        let empty = from_files(&FakeRoot::new(&[]));
        assert!(matches!(&empty.cpu, Stated::Unknown(reason) if reason.contains("/proc/cpuinfo")));
        assert_eq!(empty.smt.known(), None);
        assert!(empty.machine_key.starts_with(std::env::consts::ARCH));
        let root = machine();
        for path in ["proc/cpuinfo", "proc/meminfo", "sys/devices/system/cpu/online", "etc/os-release"] {
            root.write(path, [0xff, 0x00, b':', b'\n', 0xfe]);
        }
        assert_eq!(from_files(&root).memory_bytes.known(), None);
    }

    #[test]
    fn this_machine_is_the_same_twice_and_in_json() {
        let host = Host::describe();
        assert_eq!(host, Host::describe());
        let json = serde_json::to_string(&host).unwrap();
        assert_eq!(serde_json::from_str::<Host>(&json).unwrap(), host);
    }
}
