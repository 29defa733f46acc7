//! Ids as names that a format can carry: two ids never become one name.

use std::collections::HashSet;

use super::Exported;
use crate::escapes::escape;

/// The first id that two of the runs' cases have, for formats in which a name stands once.
pub fn same_twice<'a>(runs: &[Exported<'a>]) -> Option<&'a str> {
    let mut seen = HashSet::new();
    let mut ids = runs.iter().flat_map(|run| run.record.cases.iter().map(|case| case.id.as_str()));
    ids.find(|id| !seen.insert(*id))
}

/// The name without blanks and control characters: each of their bytes, and of a percent sign, becomes `%` and two
/// hexadecimal digits, as in a URL.
pub(super) fn without_blanks(name: &str) -> String {
    escape(name, &|c| c.is_whitespace() || c.is_control() || c == BYTE_ORDER_MARK)
}

/// The name without control characters, likewise.
pub(super) fn without_controls(name: &str) -> String {
    // XML has no place for these either.
    escape(name, &|c| c.is_control() || matches!(c, '\u{fffe}' | '\u{ffff}'))
}

/// JavaScript calls it a blank, and Unicode does not.
const BYTE_ORDER_MARK: char = '\u{feff}';

/// The name in at most so many bytes: what is too long ends in a hash of the whole.
pub(super) fn at_most(name: &str, bytes: usize) -> String {
    if name.len() <= bytes {
        return name.to_owned();
    }
    let hash = format!("~{:016x}", hash(name));
    format!("{}{hash}", beginning(name, bytes.saturating_sub(hash.len())))
}

/// The name of a folder on any file system: a readable beginning, and a hash of the name that tells it apart also
/// where letters differ in their case alone.
pub(super) fn folder(name: &str) -> String {
    const READABLE: usize = 64;
    let safe = |c: char| if c.is_ascii_alphanumeric() || "-_.=,@".contains(c) { c } else { '_' };
    let readable: String = beginning(name, READABLE).chars().map(safe).collect();
    format!("{}-{:016x}", readable.trim_start_matches('.'), hash(name))
}

fn beginning(name: &str, bytes: usize) -> &str {
    let end = (0..=bytes.min(name.len())).rev().find(|&end| name.is_char_boundary(end));
    &name[..end.unwrap_or(0)]
}

/// FNV-1a, 64 bits.
fn hash(name: &str) -> u64 {
    name.bytes().fold(0xcbf2_9ce4_8422_2325, |hash, byte| (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3))
}

#[cfg(test)]
mod tests {
    use super::*;

    const HOSTILE: [&str; 9] =
        ["a b", "a%20b", "a\tb", "a\u{a0}b", "a\u{feff}b", "100%", "ü/\"x\",'y'", "a\nb\u{1b}[31m", "%zz%é"];

    #[test]
    fn no_blank_is_left() {
        for name in HOSTILE {
            let escaped = without_blanks(name);
            assert!(!escaped.contains(|c: char| c.is_whitespace() || c.is_control()), "{escaped:?}");
        }
        assert_eq!(without_blanks("group/name[size=2x3]@cpu"), "group/name[size=2x3]@cpu");
    }

    #[test]
    fn different_names_stay_different() {
        let long = |end: &str| format!("{}{end}", "é".repeat(1_000));
        let names: Vec<String> = HOSTILE.iter().map(|&name| name.to_owned()).chain([long("1"), long("2")]).collect();
        let kinds: [fn(&str) -> String; 4] = [without_blanks, without_controls, folder, |name| at_most(name, 64)];
        for kind in kinds {
            let distinct: HashSet<String> = names.iter().map(|name| kind(name)).collect();
            assert_eq!(distinct.len(), names.len());
        }
        assert_ne!(folder("A").to_lowercase(), folder("a").to_lowercase());
        assert!(names.iter().all(|name| folder(name).len() <= 81 && at_most(name, 64).len() <= 64));
        assert_eq!(at_most("short", 64), "short");
    }
}
