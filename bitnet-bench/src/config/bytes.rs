//! How much memory a worker may take.

use super::value::SettingValue;

/// The most memory that a worker may take.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum MemoryLimit {
    /// What the framework derives from the machine's memory.
    Auto,
    /// As much as there is.
    Off,
    /// This many bytes.
    Bytes(u64),
}

impl MemoryLimit {
    /// The units, from small to large. The first five are those that sizes are shown in.
    const UNITS: [(&'static str, u64); 9] = [
        ("B", 1),
        ("KiB", 1 << 10),
        ("MiB", 1 << 20),
        ("GiB", 1 << 30),
        ("TiB", 1 << 40),
        ("kB", 1_000),
        ("MB", 1_000_000),
        ("GB", 1_000_000_000),
        ("TB", 1_000_000_000_000),
    ];

    fn bytes(text: &str) -> Option<u64> {
        let digits = text.find(|c: char| c.is_ascii_alphabetic()).unwrap_or(text.len());
        let (number, unit) = (&text[..digits], text[digits..].trim());
        let unit = match unit {
            "" => 1,
            name => Self::UNITS.iter().find(|(unit, _)| unit.eq_ignore_ascii_case(name))?.1,
        };
        u64::parse(number)?.checked_mul(unit)
    }
}

/// A whole number of bytes, with or without a unit: `2GiB`, `500 MB`, `1073741824`.
impl SettingValue for MemoryLimit {
    fn parse(text: &str) -> Option<Self> {
        match text.trim() {
            "auto" => Some(Self::Auto),
            "off" => Some(Self::Off),
            size => Self::bytes(size).map(Self::Bytes),
        }
    }

    fn show(&self) -> String {
        match *self {
            Self::Auto => "auto".to_owned(),
            Self::Off => "off".to_owned(),
            Self::Bytes(bytes) => {
                let whole =
                    Self::UNITS[..5].iter().rev().find(|(_, unit)| bytes.is_multiple_of(*unit) && bytes >= *unit);
                let (name, unit) = whole.unwrap_or(&Self::UNITS[0]);
                format!("{}{name}", bytes / unit)
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{MemoryLimit, SettingValue};

    #[test]
    fn sizes_have_binary_and_decimal_units() {
        let bytes = |text: &str| match MemoryLimit::parse(text) {
            Some(MemoryLimit::Bytes(bytes)) => bytes,
            other => panic!("{text}: {other:?}"),
        };
        assert_eq!(bytes("2GiB"), 2 << 30);
        assert_eq!(bytes(" 500 mb "), 500_000_000);
        assert_eq!(bytes("1048576"), 1 << 20);
        assert_eq!(bytes("1_024 KiB"), 1 << 20);
    }

    #[test]
    fn a_size_is_shown_in_its_largest_whole_unit_and_read_back() {
        for (bytes, shown) in
            [(2 << 30, "2GiB"), (1_500_000_000, "1500000000B"), ((1 << 30) + 1024, "1048577KiB"), (0, "0B")]
        {
            assert_eq!(MemoryLimit::Bytes(bytes).show(), shown);
            assert_eq!(MemoryLimit::parse(shown), Some(MemoryLimit::Bytes(bytes)));
        }
        assert_eq!(MemoryLimit::parse(&MemoryLimit::Bytes(u64::MAX).show()), Some(MemoryLimit::Bytes(u64::MAX)));
    }

    #[test]
    fn what_is_no_size_is_refused() {
        for text in ["", "GiB", "-1GiB", "1.5GiB", "17000000TiB", "2 giga", "2GiBi", "1 2 GiB", "２GiB", "2ä"] {
            assert_eq!(MemoryLimit::parse(text), None, "{text:?}");
        }
    }
}
