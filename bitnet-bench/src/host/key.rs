//! The machine key: a short name for the hardware that figures belong to.
//!
//! It names what decides how fast code can run and stays the same for as long as the hardware
//! does: architecture; the processor's vendor, family, model and name; how many logical cores the
//! hardware *has* (not how many are switched on: turning SMT off is a setting); the sizes of the
//! caches; the memory; and whether there is a hypervisor between (its name is told in ways that a
//! kernel update can change). Clock rates, bogomips, microcode, kernel and host name stay out, as
//! they vary between boots of one machine or between machines that are the same.

use crate::digest::Digest;

/// What the key is made of. A part that is not known is `None`.
#[derive(Clone, Debug)]
pub(super) struct Identity<'a> {
    pub(super) architecture: &'a str,
    pub(super) vendor: Option<&'a str>,
    pub(super) family: Option<&'a str>,
    pub(super) name: Option<&'a str>,
    pub(super) cores: Option<usize>,
    pub(super) caches: &'a [super::Cache],
    pub(super) memory_bytes: Option<u64>,
    pub(super) is_virtual: Option<bool>,
}

impl Identity<'_> {
    /// The key, such as `x86_64-a1b2c3d4e5f60718`.
    pub(super) fn key(&self) -> String {
        let mut caches = Vec::new();
        for cache in self.caches {
            caches.push(format!("{}{:?}{}", cache.level, cache.kind, cache.bytes));
        }
        // One part a line, in a fixed order, each with its name, so that no two identities read alike.
        let text = format!(
            "architecture={}\nvendor={}\nfamily={}\nname={}\ncores={}\ncaches={}\nmemory={}\nvirtual={}\n",
            self.architecture,
            stated(self.vendor),
            stated(self.family),
            stated(self.name),
            stated(self.cores),
            caches.join(","),
            stated(self.memory_bytes.map(installed_gib)),
            stated(self.is_virtual),
        );
        format!("{}-{}", self.architecture, Digest::of(text.as_bytes()).text())
    }
}

fn stated(part: Option<impl ToString>) -> String {
    part.map_or_else(|| "?".to_owned(), |part| part.to_string())
}

/// The installed memory in GiB, from what the kernel can use.
///
/// A kernel keeps some per cent for itself, and another version keeps a little more or less. So the
/// figure is rounded up, to whole GiB or to an eighth of the power of two below it: memory comes
/// in such amounts, and the kernel's share is smaller than the step.
fn installed_gib(bytes: u64) -> u64 {
    let gib = bytes.div_ceil(1 << 30).max(1);
    let step = (gib.next_power_of_two() / 16).max(1);
    gib.div_ceil(step) * step
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn memory_as_installed() {
        // MemTotal in KiB as Linux shows it on machines of known size.
        for (kib, gib) in [(24_684_084, 24), (16_265_480, 16), (32_767_000, 32), (65_700_000, 64), (527_900_000, 512)] {
            assert_eq!(installed_gib(kib << 10), gib, "{kib}");
            assert_eq!(installed_gib((kib << 10) - (100 << 20)), gib, "{kib} and 100 MiB less");
        }
        assert_eq!(installed_gib(36 << 30), 36);
        assert_eq!(installed_gib(1000), 1);
        assert_eq!(installed_gib(u64::MAX), 1 << 34);
    }

    #[test]
    fn each_part_counts() {
        let machine = Identity {
            architecture: "x86_64",
            vendor: Some("GenuineIntel"),
            family: Some("6/143"),
            name: Some("Xeon"),
            cores: Some(2),
            caches: &[],
            memory_bytes: Some(16 << 30),
            is_virtual: Some(true),
        };
        let cache = [crate::host::Cache { level: 1, kind: crate::host::CacheKind::Data, bytes: 32768 }];
        let others = [
            Identity { vendor: None, ..machine.clone() },
            Identity { family: Some("6/144"), ..machine.clone() },
            Identity { name: Some("Core"), ..machine.clone() },
            Identity { cores: Some(4), ..machine.clone() },
            Identity { caches: &cache, ..machine.clone() },
            Identity { memory_bytes: Some(32 << 30), ..machine.clone() },
            Identity { is_virtual: Some(false), ..machine.clone() },
        ];
        let mut keys: Vec<String> = others.iter().map(Identity::key).collect();
        keys.push(machine.key());
        keys.sort();
        keys.dedup();
        assert_eq!(keys.len(), others.len() + 1);
        assert!(keys.iter().all(|key| key.starts_with("x86_64-") && key.len() == "x86_64-".len() + 16));
    }
}
