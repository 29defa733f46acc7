//! The processor, as `/proc/cpuinfo` tells of it.

use super::root::Root;

/// What `/proc/cpuinfo` says; nothing of it varies between boots.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Processor {
    pub(super) vendor: Option<String>,
    /// The name of the model; a chip with several kinds of core has them joined by ` + `.
    pub(super) name: Option<String>,
    /// Numbers that tell models of the same name apart: family and model, or Arm's part.
    pub(super) family: Option<String>,
    /// How many logical cores are listed.
    pub(super) logical: usize,
    /// Instruction sets and the like, in the kernel's words.
    flags: Vec<String>,
}

impl Processor {
    pub(super) fn read(root: &Root) -> Self {
        Self::parse(&root.text("proc/cpuinfo").unwrap_or_default())
    }

    fn parse(cpuinfo: &str) -> Self {
        let vendor = first(cpuinfo, "vendor_id")
            .map(str::to_owned)
            .or_else(|| first(cpuinfo, "CPU implementer").map(arm_vendor));
        let names = ["model name", "cpu model", "uarch", "cpu"];
        let name = names.iter().find_map(|key| joined(cpuinfo, key, &str::to_owned));
        let parts = joined(cpuinfo, "CPU part", &|part| arm_core(first(cpuinfo, "CPU implementer"), part));
        let family = match (first(cpuinfo, "cpu family"), first(cpuinfo, "model")) {
            (Some(family), Some(model)) => Some(format!("{family}/{model}")),
            _ => joined(cpuinfo, "CPU part", &str::to_owned),
        };
        let flags = first(cpuinfo, "flags").or_else(|| first(cpuinfo, "Features")).unwrap_or_default();
        Self {
            vendor,
            name: name.or(parts),
            family,
            logical: all(cpuinfo, "processor").len(),
            flags: flags.split_whitespace().map(str::to_owned).collect(),
        }
    }

    pub(super) fn has(&self, flag: &str) -> bool {
        self.flags.iter().any(|known| known == flag)
    }

    /// Whether the processor tells of its instruction sets at all.
    pub(super) fn tells_features(&self) -> bool {
        !self.flags.is_empty()
    }

    /// The instruction sets that matter to BitNet kernels, in the words that Rust uses.
    pub(super) fn features(&self) -> Vec<String> {
        const KNOWN: [(&str, &str); 8] = [
            ("avx2", "avx2"),
            ("avx512f", "avx512f"),
            ("avx512_vnni", "avx512_vnni"),
            ("avx_vnni", "avx_vnni"),
            ("amx_int8", "amx_int8"),
            ("asimd", "neon"),
            ("asimddp", "dotprod"),
            ("i8mm", "i8mm"),
        ];
        let mut features = Vec::new();
        for (flag, name) in KNOWN {
            if self.has(flag) {
                features.push(name.to_owned());
            }
        }
        features
    }
}

/// The values of a key, in order.
fn all<'a>(cpuinfo: &'a str, key: &str) -> Vec<&'a str> {
    let mut values = Vec::new();
    for line in cpuinfo.lines() {
        match line.split_once(':') {
            Some((name, value)) if name.trim() == key && !value.trim().is_empty() => values.push(value.trim()),
            _ => {}
        }
    }
    values
}

fn first<'a>(cpuinfo: &'a str, key: &str) -> Option<&'a str> {
    all(cpuinfo, key).first().copied()
}

/// The different values of a key, in order, joined; `None` without any.
fn joined(cpuinfo: &str, key: &str, show: &dyn Fn(&str) -> String) -> Option<String> {
    let mut different: Vec<String> = Vec::new();
    for value in all(cpuinfo, key) {
        let value = show(value);
        if !different.contains(&value) {
            different.push(value);
        }
    }
    (!different.is_empty()).then(|| different.join(" + "))
}

/// The designer of an Arm core; the codes are those of the register MIDR_EL1.
fn arm_vendor(code: &str) -> String {
    let name = match code {
        "0x41" => "Arm",
        "0x46" => "Fujitsu",
        "0x48" => "HiSilicon",
        "0x4e" => "NVIDIA",
        "0x51" => "Qualcomm",
        "0x61" => "Apple",
        "0x6d" => "Microsoft",
        "0xc0" => "Ampere",
        other => return format!("implementer {other}"),
    };
    name.to_owned()
}

/// The name of an Arm core; the codes are those of the register MIDR_EL1.
fn arm_core(vendor: Option<&str>, part: &str) -> String {
    let name = match (vendor.unwrap_or_default(), part) {
        ("0x41", "0xd03") => "Cortex-A53",
        ("0x41", "0xd05") => "Cortex-A55",
        ("0x41", "0xd08") => "Cortex-A72",
        ("0x41", "0xd0b") => "Cortex-A76",
        ("0x41", "0xd0c") => "Neoverse-N1",
        ("0x41", "0xd40") => "Neoverse-V1",
        ("0x41", "0xd49") => "Neoverse-N2",
        ("0x41", "0xd4f") => "Neoverse-V2",
        ("0x41", "0xd83") => "Neoverse-V3AE",
        ("0x41", "0xd84") => "Neoverse-V3",
        ("0x41", "0xd8e") => "Neoverse-N3",
        ("0xc0", "0xac3") => "Ampere-1",
        ("0xc0", "0xac4") => "Ampere-1A",
        (_, other) => return format!("part {other}"),
    };
    name.to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_x86_processor() {
        let cpu = Processor::parse(
            "processor\t: 0\nvendor_id\t: GenuineIntel\ncpu family\t: 6\nmodel\t\t: 143\n\
             model name\t: Intel(R) Xeon(R)\nflags\t\t: fpu avx2 avx512f avx512_vnni hypervisor\n\n\
             processor\t: 1\nmodel name\t: Intel(R) Xeon(R)\n",
        );
        assert_eq!(cpu.vendor.as_deref(), Some("GenuineIntel"));
        assert_eq!(cpu.name.as_deref(), Some("Intel(R) Xeon(R)"));
        assert_eq!(cpu.family.as_deref(), Some("6/143"));
        assert_eq!(cpu.logical, 2);
        assert_eq!(cpu.features(), ["avx2", "avx512f", "avx512_vnni"]);
        assert!(cpu.has("hypervisor"));
    }

    #[test]
    fn an_arm_processor_with_two_kinds_of_core() {
        let cpu = Processor::parse(
            "processor\t: 0\nFeatures\t: fp asimd asimddp i8mm\nCPU implementer\t: 0x41\nCPU part\t: 0xd05\n\n\
             processor\t: 1\nCPU implementer\t: 0x41\nCPU part\t: 0xd0b\n\n\
             processor\t: 2\nCPU implementer\t: 0x41\nCPU part\t: 0xd0b\n",
        );
        assert_eq!(cpu.vendor.as_deref(), Some("Arm"));
        assert_eq!(cpu.name.as_deref(), Some("Cortex-A55 + Cortex-A76"));
        assert_eq!(cpu.family.as_deref(), Some("0xd05 + 0xd0b"));
        assert_eq!(cpu.features(), ["neon", "dotprod", "i8mm"]);
    }

    #[test]
    fn garbage_tells_nothing() {
        for garbage in ["", ":", "\0\0\0", "flags", "processor", "model name:\nvendor_id:  \n"] {
            assert_eq!(Processor::parse(garbage), Processor::default(), "{garbage:?}");
        }
    }
}
