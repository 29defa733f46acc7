//! Whether the machine is a virtual one, and whose.

use super::processor::Processor;
use super::root::Root;
use super::stated::Stated;

/// The hypervisor that the machine runs under; `None` if it runs under none.
pub(super) fn hypervisor(root: &Root, processor: &Processor) -> Stated<Option<String>> {
    // x86 hypervisors set a bit in CPUID; elsewhere only the firmware and the kernel tell.
    let on_x86 = processor.tells_features() && processor.has("fpu");
    match (processor.has("hypervisor"), name(root)) {
        (_, Some(name)) => Stated::Known(Some(name)),
        (true, None) => Stated::Known(Some("unnamed".to_owned())),
        (false, None) if on_x86 || root.text("sys/class/dmi/id/sys_vendor").is_some() => Stated::Known(None),
        (false, None) => {
            Stated::unknown("neither /proc/cpuinfo nor the firmware (/sys/class/dmi/id) tells of a hypervisor")
        }
    }
}

/// Whether this machine is known to be a virtual one.
#[cfg(target_os = "linux")]
pub(crate) fn is_virtual(root: &Root) -> bool {
    matches!(hypervisor(root, &Processor::read(root)), Stated::Known(Some(_)))
}

fn name(root: &Root) -> Option<String> {
    let is_xen = root.text("sys/hypervisor/type").as_deref() == Some("xen");
    is_xen.then(|| "Xen".to_owned()).or_else(|| from_firmware(root)).or_else(|| from_clocks(root))
}

/// From the maker and the model that the firmware states.
fn from_firmware(root: &Root) -> Option<String> {
    let vendor = root.text("sys/class/dmi/id/sys_vendor").unwrap_or_default();
    let product = root.text("sys/class/dmi/id/product_name").unwrap_or_default();
    let name = match vendor.as_str() {
        "QEMU" => "KVM",
        "VMware, Inc." => "VMware",
        "innotek GmbH" => "VirtualBox",
        "Xen" => "Xen",
        "Microsoft Corporation" if product == "Virtual Machine" => "Hyper-V",
        "Google" if product == "Google Compute Engine" => "KVM (Google Compute Engine)",
        // Amazon's machines without a hypervisor are named `….metal`.
        "Amazon EC2" if !product.ends_with(".metal") => "Amazon EC2",
        _ if product.contains("KVM") => "KVM",
        _ => return None,
    };
    Some(name.to_owned())
}

/// From the clocks that only a guest of the hypervisor is given.
fn from_clocks(root: &Root) -> Option<String> {
    let clocks = root.text("sys/devices/system/clocksource/clocksource0/available_clocksource")?;
    clocks.split_whitespace().find_map(|clock| match clock {
        "kvm-clock" => Some("KVM".to_owned()),
        "xen" => Some("Xen".to_owned()),
        _ if clock.starts_with("hyperv") => Some("Hyper-V".to_owned()),
        _ => None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::host::FakeRoot;

    fn found(files: &[(&str, &str)]) -> Stated<Option<String>> {
        let root = FakeRoot::new(files);
        hypervisor(&root, &Processor::read(&root))
    }

    #[test]
    fn a_guest_is_named_by_its_clock_or_firmware() {
        let guest = ("proc/cpuinfo", "flags : fpu hypervisor\n");
        let clocks = "sys/devices/system/clocksource/clocksource0/available_clocksource";
        assert_eq!(found(&[guest]), Stated::Known(Some("unnamed".to_owned())));
        assert_eq!(found(&[guest, (clocks, "tsc kvm-clock\n")]), Stated::Known(Some("KVM".to_owned())));
        assert_eq!(found(&[guest, ("sys/hypervisor/type", "xen\n")]), Stated::Known(Some("Xen".to_owned())));
        assert_eq!(
            found(&[guest, ("sys/class/dmi/id/sys_vendor", "VMware, Inc.\n")]),
            Stated::Known(Some("VMware".to_owned()))
        );
    }

    #[test]
    fn without_a_hypervisor() {
        assert_eq!(found(&[("proc/cpuinfo", "flags : fpu\n")]), Stated::Known(None));
        let metal = [
            ("proc/cpuinfo", "Features : asimd\n"),
            ("sys/class/dmi/id/sys_vendor", "Amazon EC2\n"),
            ("sys/class/dmi/id/product_name", "c7g.metal\n"),
        ];
        assert_eq!(found(&metal), Stated::Known(None));
        assert!(matches!(found(&[("proc/cpuinfo", "Features : asimd\n")]), Stated::Unknown(_)));
        assert!(matches!(found(&[]), Stated::Unknown(_)));
    }
}
