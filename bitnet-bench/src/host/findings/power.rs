//! What makes the clock rate of a core vary.

use super::{Finding, Root};
use crate::order::insert;

const CPUS: &str = "sys/devices/system/cpu";

pub(super) fn governor(root: &Root) -> Option<Finding> {
    let (mut cores, mut count, mut others) = (0, 0, Vec::new());
    for name in root.names(CPUS) {
        if name.strip_prefix("cpu").is_none_or(|rest| rest.parse::<usize>().is_err()) {
            continue;
        }
        let Some(governor) = root.text(format!("{CPUS}/{name}/cpufreq/scaling_governor")) else { continue };
        if !governor.bytes().all(|byte| byte.is_ascii_lowercase() || byte == b'_') {
            continue;
        }
        cores += 1;
        if governor != "performance" {
            count += 1;
            insert(&mut others, governor);
        }
    }
    (count > 0).then(|| {
        Finding::warning(
            "governor",
            format!(
                "the clock rate follows the load: the governor is `{}` on {count} of {cores} cores, so the first \
                 moments after idling are slower",
                others.join("`, `"),
            ),
        )
        .remedy("echo performance | sudo tee /sys/devices/system/cpu/cpu*/cpufreq/scaling_governor")
    })
}

pub(super) fn turbo(root: &Root) -> Option<Finding> {
    let intel = root.text(format!("{CPUS}/intel_pstate/no_turbo"));
    let boost = root.text(format!("{CPUS}/cpufreq/boost"));
    let remedy = match (intel.as_deref(), boost.as_deref()) {
        (Some("0"), _) => "echo 1 | sudo tee /sys/devices/system/cpu/intel_pstate/no_turbo",
        (None, Some("1")) => "echo 0 | sudo tee /sys/devices/system/cpu/cpufreq/boost",
        _ => return None,
    };
    let message = "turbo is on: the clock rate depends on heat and on what other cores do";
    Some(Finding::note("turbo", message).remedy(remedy))
}

pub(super) fn smt(root: &Root) -> Option<Finding> {
    if root.text(format!("{CPUS}/smt/active"))? != "1" {
        return None;
    }
    let finding = Finding::note("smt", "physical cores run two or more threads each, which take turns at its units");
    let switchable = root.text(format!("{CPUS}/smt/control")).as_deref() == Some("on");
    Some(if switchable { finding.remedy("echo off | sudo tee /sys/devices/system/cpu/smt/control") } else { finding })
}

pub(super) fn battery(root: &Root) -> Option<Finding> {
    let folder = "sys/class/power_supply";
    let discharging = root.names(folder).iter().any(|supply| {
        let says = |file: &str| root.text(format!("{folder}/{supply}/{file}"));
        // A mouse or a headset has a battery too: its scope is `Device`.
        says("type").as_deref() == Some("Battery")
            && says("scope").as_deref() != Some("Device")
            && says("status").as_deref() == Some("Discharging")
    });
    discharging.then(|| Finding::warning("battery", "the machine runs on its battery and saves power: plug it in"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::host::FakeRoot;

    #[test]
    fn a_governor_that_follows_the_load() {
        let path = |core: usize| format!("{CPUS}/cpu{core}/cpufreq/scaling_governor");
        let root = FakeRoot::new(&[(&path(0), "performance"), (&path(1), "powersave"), (&path(10), "powersave")]);
        let finding = governor(&root).unwrap();
        assert!(finding.message.contains("`powersave` on 2 of 3 cores"), "{}", finding.message);
        assert!(finding.remedy.is_some());
        root.write(&path(1), "performance");
        root.write(&path(10), "performance");
        assert_eq!(governor(&root), None);
    }

    #[test]
    fn turbo_of_both_kinds() {
        let root = FakeRoot::new(&[("sys/devices/system/cpu/cpufreq/boost", "1")]);
        assert!(turbo(&root).unwrap().remedy.unwrap().contains("echo 0"));
        root.write("sys/devices/system/cpu/intel_pstate/no_turbo", "0");
        assert!(turbo(&root).unwrap().remedy.unwrap().contains("echo 1"));
        root.write("sys/devices/system/cpu/intel_pstate/no_turbo", "1");
        assert_eq!(turbo(&root), None);
    }

    #[test]
    fn threads_that_share_a_core() {
        let root = FakeRoot::new(&[("sys/devices/system/cpu/smt/active", "1")]);
        assert_eq!(smt(&root).unwrap().remedy, None);
        root.write("sys/devices/system/cpu/smt/control", "on");
        assert!(smt(&root).unwrap().remedy.is_some());
        root.write("sys/devices/system/cpu/smt/active", "0");
        assert_eq!(smt(&root), None);
    }

    #[test]
    fn the_battery_of_the_machine_not_of_its_mouse() {
        let file = |supply: &str, name: &str| format!("sys/class/power_supply/{supply}/{name}");
        let root = FakeRoot::new(&[
            (&file("mouse", "type"), "Battery"),
            (&file("mouse", "scope"), "Device"),
            (&file("mouse", "status"), "Discharging"),
        ]);
        assert_eq!(battery(&root), None);
        root.write(&file("BAT0", "type"), "Battery");
        root.write(&file("BAT0", "status"), "Charging");
        assert_eq!(battery(&root), None);
        root.write(&file("BAT0", "status"), "Discharging");
        assert!(battery(&root).is_some());
    }
}
