//! The processor's caches.

use serde::{Deserialize, Serialize};

use super::root::Root;

/// What a cache holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub enum CacheKind {
    /// Data only.
    Data,
    /// Instructions only.
    Instruction,
    /// Both.
    Unified,
}

/// One cache as the first core sees it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Cache {
    /// The level, from 1.
    pub level: u8,
    /// What it holds.
    pub kind: CacheKind,
    /// Its size in bytes: that of one instance, whoever shares it.
    pub bytes: u64,
}

/// The caches of the first core, by level; none if the system does not tell.
pub(super) fn read(root: &Root) -> Vec<Cache> {
    let folder = "sys/devices/system/cpu/cpu0/cache";
    let mut caches: Vec<Cache> = Vec::new();
    for name in root.names(folder) {
        if name.starts_with("index")
            && let Some(cache) = read_one(root, &format!("{folder}/{name}"))
        {
            let place = caches.partition_point(|other| *other < cache);
            caches.insert(place, cache);
        }
    }
    caches
}

fn read_one(root: &Root, folder: &str) -> Option<Cache> {
    let kind = match root.text(format!("{folder}/type"))?.as_str() {
        "Data" => CacheKind::Data,
        "Instruction" => CacheKind::Instruction,
        "Unified" => CacheKind::Unified,
        _ => return None,
    };
    let level = root.value(format!("{folder}/level"))?;
    let bytes = size(&root.text(format!("{folder}/size"))?)?;
    Some(Cache { level, kind, bytes })
}

/// Reads a size such as `48K`.
fn size(text: &str) -> Option<u64> {
    let digits = text.trim_end_matches(|c: char| c.is_ascii_alphabetic());
    let unit = match &text[digits.len()..] {
        "" => 1,
        "K" => 1 << 10,
        "M" => 1 << 20,
        "G" => 1 << 30,
        _ => return None,
    };
    digits.parse::<u64>().ok()?.checked_mul(unit).filter(|&bytes| bytes > 0)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::host::FakeRoot;

    #[test]
    fn sizes_with_units() {
        assert_eq!(size("48K"), Some(48 << 10));
        assert_eq!(size("2M"), Some(2 << 20));
        assert_eq!(size("64"), Some(64));
        for garbage in ["", "K", "-1K", "48Q", "0K", "99999999999999999999G", "18446744073709551615K"] {
            assert_eq!(size(garbage), None, "{garbage}");
        }
    }

    #[test]
    fn a_broken_index_costs_only_itself() {
        let index = |number: usize, file: &str| format!("sys/devices/system/cpu/cpu0/cache/index{number}/{file}");
        let root = FakeRoot::new(&[
            (&index(0, "level"), "2"),
            (&index(0, "type"), "Unified"),
            (&index(0, "size"), "1024K"),
            (&index(1, "level"), "1"),
            (&index(1, "type"), "Data"),
            (&index(1, "size"), "32K"),
            (&index(2, "level"), "many"),
            (&index(2, "type"), "Data"),
            (&index(2, "size"), "32K"),
        ]);
        assert_eq!(
            read(&root),
            [
                Cache { level: 1, kind: CacheKind::Data, bytes: 32 << 10 },
                Cache { level: 2, kind: CacheKind::Unified, bytes: 1 << 20 },
            ]
        );
    }
}
