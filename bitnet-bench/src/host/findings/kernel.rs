//! What the kernel is set to.

use super::{Finding, Root};

/// Bit of the personality that switches address randomisation off (`ADDR_NO_RANDOMIZE`).
const NO_RANDOMIZATION: u32 = 0x0004_0000;

pub(super) fn address_randomization(root: &Root) -> Option<Finding> {
    (root.text("proc/sys/kernel/randomize_va_space")? == "0").then(|| {
        Finding::warning(
            "address randomisation",
            "address randomisation is off: all launches see the same memory layout, whose luck does not average out",
        )
        .remedy("sudo sysctl kernel.randomize_va_space=2")
    })
}

pub(super) fn process_randomization(root: &Root) -> Option<Finding> {
    let personality = u32::from_str_radix(&root.text("proc/self/personality")?, 16).ok()?;
    (personality & NO_RANDOMIZATION != 0).then(|| {
        Finding::warning(
            "address randomisation",
            "this process was started without address randomisation (`setarch -R`, or by a debugger): all launches \
             see the same memory layout, whose luck does not average out",
        )
    })
}

pub(super) fn clock(root: &Root) -> Option<Finding> {
    let folder = "sys/devices/system/clocksource/clocksource0";
    let current = root.text(format!("{folder}/current_clocksource"))?;
    let available = root.text(format!("{folder}/available_clocksource")).unwrap_or_default();
    let offers_tsc = available.split_whitespace().any(|clock| clock == "tsc");
    let (what, slow) = match current.as_str() {
        // These are read by the program itself, if a little more slowly than the TSC.
        "kvm-clock" => ("the hypervisor's `kvm-clock`", false),
        "hyperv_clocksource_tsc_page" => ("the hypervisor's clock page", false),
        // Each reading is a call of the kernel, which asks a device.
        "hpet" => ("the slow `hpet`", true),
        "acpi_pm" => ("the slow `acpi_pm`", true),
        "jiffies" => ("the coarse `jiffies`", true),
        "xen" => ("the slow `xen`", true),
        _ => return None,
    };
    let message = format!("the kernel's clock is {what}, not the processor's time stamp counter");
    let finding = if slow { Finding::warning("clock", message) } else { Finding::note("clock", message) };
    Some(if offers_tsc {
        finding.remedy(format!("echo tsc | sudo tee /{folder}/current_clocksource"))
    } else {
        finding
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::host::FakeRoot;
    use crate::host::findings::Severity;

    #[test]
    fn randomisation_off_for_all_or_for_this_process() {
        let root = FakeRoot::new(&[("proc/sys/kernel/randomize_va_space", "0"), ("proc/self/personality", "00040000")]);
        assert!(address_randomization(&root).unwrap().remedy.is_some());
        assert!(process_randomization(&root).is_some());
        root.write("proc/sys/kernel/randomize_va_space", "2");
        root.write("proc/self/personality", "00000008");
        assert_eq!((address_randomization(&root), process_randomization(&root)), (None, None));
    }

    #[test]
    fn clocks_other_than_the_tsc() {
        let folder = "sys/devices/system/clocksource/clocksource0";
        let root = FakeRoot::new(&[(&format!("{folder}/current_clocksource"), "hpet")]);
        let finding = clock(&root).unwrap();
        assert_eq!((finding.severity, finding.remedy), (Severity::Warning, None));
        root.write(&format!("{folder}/current_clocksource"), "kvm-clock");
        root.write(&format!("{folder}/available_clocksource"), "kvm-clock tsc hpet");
        let finding = clock(&root).unwrap();
        assert!(finding.severity == Severity::Note && finding.remedy.is_some());
        for good in ["tsc", "arch_sys_counter"] {
            root.write(&format!("{folder}/current_clocksource"), good);
            assert_eq!(clock(&root), None);
        }
    }
}
