//! What on the machine disturbs measurements, found before a run. Only what is known to be true is
//! said; nothing is changed.

mod contention;
mod kernel;
mod power;

use serde::{Deserialize, Serialize};

use super::root::Root;

/// How much a finding matters.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub enum Severity {
    /// Good to know when reading the figures.
    Note,
    /// The figures scatter more, or are other than they would be.
    Warning,
}

/// One thing on the machine that disturbs measurements.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Finding {
    /// What was looked at, such as `governor`.
    pub probe: String,
    /// How much it matters.
    pub severity: Severity,
    /// What was found, and its effect.
    pub message: String,
    /// The command that ends it, where there is one.
    pub remedy: Option<String>,
}

impl Finding {
    fn note(probe: &str, message: impl Into<String>) -> Self {
        Self { probe: probe.to_owned(), severity: Severity::Note, message: message.into(), remedy: None }
    }

    fn warning(probe: &str, message: impl Into<String>) -> Self {
        Self { severity: Severity::Warning, ..Self::note(probe, message) }
    }

    fn remedy(self, command: impl Into<String>) -> Self {
        Self { remedy: Some(command.into()), ..self }
    }
}

/// Looks at one thing; `None` if it is in order or not known.
type Probe = fn(&Root) -> Option<Finding>;

const PROBES: [Probe; 12] = [
    power::governor,
    power::turbo,
    power::smt,
    power::battery,
    contention::load,
    contention::pressure,
    contention::few_cores,
    contention::quota,
    contention::virtual_machine,
    kernel::address_randomization,
    kernel::process_randomization,
    kernel::clock,
];

/// What on this machine disturbs measurements, as far as it is known.
pub fn findings() -> Vec<Finding> {
    if cfg!(any(target_os = "linux", target_os = "android")) {
        return found(&Root::system());
    }
    vec![Finding::note(
        "system",
        format!("bitnet-bench does not look for what disturbs measurements on {}", std::env::consts::OS),
    )]
}

fn found(root: &Root) -> Vec<Finding> {
    let mut findings = Vec::new();
    for probe in PROBES {
        findings.extend(probe(root));
    }
    findings
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::host::FakeRoot;

    const FILES: [&str; 22] = [
        "proc/cpuinfo",
        "proc/loadavg",
        "proc/pressure/cpu",
        "proc/self/cgroup",
        "proc/self/personality",
        "proc/self/status",
        "proc/stat",
        "proc/sys/kernel/randomize_va_space",
        "sys/class/dmi/id/sys_vendor",
        "sys/class/power_supply/BAT0/type",
        "sys/class/power_supply/BAT0/status",
        "sys/devices/system/clocksource/clocksource0/available_clocksource",
        "sys/devices/system/clocksource/clocksource0/current_clocksource",
        "sys/devices/system/cpu/cpu0/cpufreq/scaling_governor",
        "sys/devices/system/cpu/cpufreq/boost",
        "sys/devices/system/cpu/intel_pstate/no_turbo",
        "sys/devices/system/cpu/online",
        "sys/devices/system/cpu/smt/active",
        "sys/devices/system/cpu/smt/control",
        "sys/fs/cgroup/cpu.max",
        "sys/fs/cgroup/cpu.stat",
        "sys/hypervisor/type",
    ];

    #[test]
    fn an_empty_machine_gives_no_finding() {
        assert_eq!(found(&FakeRoot::new(&[])), []);
        let empty: Vec<(&str, &str)> = FILES.iter().map(|&file| (file, "")).collect();
        assert_eq!(found(&FakeRoot::new(&empty)), []);
    }

    #[test]
    fn garbage_in_any_file_does_no_harm() {
        for garbage in [&b"\xff\xfe\x00"[..], b"-1", b"99999999999999999999999", b"a b c : d,e-f/g", b"nan nan", b"::"]
        {
            let root = FakeRoot::new(&[]);
            for file in FILES {
                root.write(file, garbage);
                let found: Vec<String> = found(&root).into_iter().map(|finding| finding.probe).collect();
                assert!(found.is_empty(), "{garbage:?} in {file}: {found:?}");
            }
        }
    }

    #[test]
    fn a_quiet_machine_gives_none() {
        let root = FakeRoot::new(&[
            ("proc/cpuinfo", "flags : fpu\n"),
            ("proc/loadavg", "0.10 0.20 0.30 1/200 42\n"),
            ("proc/pressure/cpu", "some avg10=0.50 avg60=0.00 avg300=0.00 total=1\n"),
            ("proc/self/personality", "00000000\n"),
            ("proc/sys/kernel/randomize_va_space", "2\n"),
            ("sys/class/power_supply/AC/type", "Mains\n"),
            ("sys/class/power_supply/AC/online", "1\n"),
            ("sys/devices/system/clocksource/clocksource0/current_clocksource", "tsc\n"),
            ("sys/devices/system/cpu/cpu0/cpufreq/scaling_governor", "performance\n"),
            ("sys/devices/system/cpu/intel_pstate/no_turbo", "1\n"),
            ("sys/devices/system/cpu/online", "0-7\n"),
            ("sys/devices/system/cpu/smt/active", "0\n"),
        ]);
        assert_eq!(found(&root), []);
    }

    #[test]
    fn this_machine_is_looked_at() {
        for finding in findings() {
            assert!(!finding.message.is_empty() && !finding.probe.is_empty(), "{finding:?}");
            let json = serde_json::to_string(&finding).unwrap();
            assert_eq!(serde_json::from_str::<Finding>(&json).unwrap(), finding);
        }
    }
}
