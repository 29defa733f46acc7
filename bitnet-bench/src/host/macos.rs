//! The description of a Mac, from `sysctl`.

use std::ffi::CString;

use super::description::Host;
use super::key::Identity;
use super::{Cache, CacheKind, Stated};

pub(super) fn describe() -> Host {
    let cpu = text("machdep.cpu.brand_string");
    // Apple's own processors do not name their vendor.
    let vendor = text("machdep.cpu.vendor")
        .or_else(|| cpu.as_deref().is_some_and(|name| name.starts_with("Apple")).then(|| "Apple".to_owned()));
    let family = number("hw.cpufamily").map(|family| family.to_string());
    let caches = caches();
    let memory = number("hw.memsize");
    let (logical, physical) = (cores("hw.logicalcpu"), cores("hw.physicalcpu"));
    let is_virtual = number("kern.hv_vmm_present").map(|present| present == 1);
    let identity = Identity {
        architecture: std::env::consts::ARCH,
        vendor: vendor.as_deref(),
        family: family.as_deref(),
        name: cpu.as_deref(),
        cores: cores("hw.logicalcpu_max").or(logical),
        caches: &caches,
        memory_bytes: memory,
        is_virtual,
    };
    Host {
        machine_key: identity.key(),
        cpu: stated(cpu, "machdep.cpu.brand_string"),
        vendor: stated(vendor, "machdep.cpu.vendor"),
        architecture: std::env::consts::ARCH.to_owned(),
        logical_cores: stated(logical, "hw.logicalcpu"),
        physical_cores: stated(physical, "hw.physicalcpu"),
        smt: stated(logical.zip(physical).map(|(logical, physical)| logical > physical), "hw.physicalcpu"),
        caches: stated((!caches.is_empty()).then_some(caches), "hw.l1dcachesize"),
        memory_bytes: stated(memory, "hw.memsize"),
        os: std::env::consts::OS.to_owned(),
        distribution: stated(
            text("kern.osproductversion").map(|version| format!("macOS {version}")),
            "kern.osproductversion",
        ),
        kernel: stated(text("kern.osrelease"), "kern.osrelease"),
        hypervisor: stated(is_virtual.map(|guest| guest.then(|| "unnamed".to_owned())), "kern.hv_vmm_present"),
        features: Stated::Known(features()),
    }
}

fn stated<T>(value: Option<T>, name: &str) -> Stated<T> {
    value.map_or_else(|| Stated::Unknown(format!("`sysctl {name}` does not tell")), Stated::Known)
}

fn cores(name: &str) -> Option<usize> {
    number(name).and_then(|count| usize::try_from(count).ok()).filter(|&count| count > 0)
}

/// On chips with several kinds of core, level 0 is the fastest kind.
fn caches() -> Vec<Cache> {
    let size = |name: &str| number(&format!("hw.perflevel0.{name}")).or_else(|| number(&format!("hw.{name}")));
    [
        (1, CacheKind::Data, "l1dcachesize"),
        (1, CacheKind::Instruction, "l1icachesize"),
        (2, CacheKind::Unified, "l2cachesize"),
        (3, CacheKind::Unified, "l3cachesize"),
    ]
    .into_iter()
    .filter_map(|(level, kind, name)| size(name).filter(|&bytes| bytes > 0).map(|bytes| Cache { level, kind, bytes }))
    .collect()
}

fn features() -> Vec<String> {
    [
        ("hw.optional.avx2_0", "avx2"),
        ("hw.optional.avx512f", "avx512f"),
        ("hw.optional.avx512vnni", "avx512_vnni"),
        ("hw.optional.AdvSIMD", "neon"),
        ("hw.optional.arm.FEAT_DotProd", "dotprod"),
        ("hw.optional.arm.FEAT_I8MM", "i8mm"),
    ]
    .into_iter()
    .filter(|(name, _)| number(name) == Some(1))
    .map(|(_, feature)| feature.to_owned())
    .collect()
}

fn text(name: &str) -> Option<String> {
    let bytes = read(name)?;
    let end = bytes.iter().position(|&byte| byte == 0).unwrap_or(bytes.len());
    let text = String::from_utf8_lossy(&bytes[..end]).trim().to_owned();
    (!text.is_empty()).then_some(text)
}

fn number(name: &str) -> Option<u64> {
    let bytes = read(name)?;
    // The kernel answers in the width of the variable.
    match bytes.len() {
        4 => Some(u64::from(u32::from_ne_bytes(bytes.try_into().ok()?))),
        8 => Some(u64::from_ne_bytes(bytes.try_into().ok()?)),
        _ => None,
    }
}

/// The raw value of a variable.
fn read(name: &str) -> Option<Vec<u8>> {
    let name = CString::new(name).ok()?;
    let mut bytes = vec![0_u8; 512];
    let mut length = bytes.len();
    // SAFETY: `name` ends with a zero byte; `bytes` is valid for writing `length` bytes, and the
    // call stores in `length` how many it wrote; nothing is set, so the last pair is null and zero.
    let status =
        unsafe { libc::sysctlbyname(name.as_ptr(), bytes.as_mut_ptr().cast(), &mut length, std::ptr::null_mut(), 0) };
    if status != 0 {
        return None;
    }
    bytes.truncate(length);
    Some(bytes)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_mac_is_described() {
        let host = describe();
        assert!(host.cpu.known().is_some() && host.logical_cores.known().is_some());
        assert_eq!(host, describe());
        assert_eq!(number("no.such.variable"), None);
    }
}
