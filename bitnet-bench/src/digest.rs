//! Fingerprints: the same in every release and on every platform, unlike the hash of the standard library.

use std::fs::File;
use std::io::{self, BufReader, Read};
use std::path::Path;

/// FNV-1a, 64 bits (Fowler, Noll, Vo). It tells things apart that differ by accident, and guards against nobody.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Digest(u64);

impl Digest {
    pub(crate) const fn new() -> Self {
        Self(0xcbf2_9ce4_8422_2325)
    }

    /// Of bytes alone.
    pub(crate) fn of(bytes: &[u8]) -> Self {
        let mut digest = Self::new();
        digest.add(bytes);
        digest
    }

    /// Of a file's content.
    ///
    /// # Errors
    /// If it cannot be read.
    pub(crate) fn of_file(path: &Path) -> io::Result<Self> {
        let mut reader = BufReader::new(File::open(path)?);
        let mut digest = Self::new();
        let mut buffer = [0_u8; 1 << 16];
        loop {
            match reader.read(&mut buffer)? {
                0 => return Ok(digest),
                length => digest.add(&buffer[..length]),
            }
        }
    }

    fn add(&mut self, bytes: &[u8]) {
        self.0 = bytes.iter().fold(self.0, |hash, &byte| (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3));
    }

    /// Adds a part with its length, so that no two lists of parts read alike.
    pub(crate) fn part(&mut self, bytes: &[u8]) {
        self.add(&(bytes.len() as u64).to_le_bytes());
        self.add(bytes);
    }

    pub(crate) fn number(self) -> u64 {
        self.0
    }

    /// As sixteen digits.
    pub(crate) fn text(self) -> String {
        format!("{:016x}", self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::Digest;

    #[test]
    fn it_is_fnv1a() {
        // The published test vectors.
        assert_eq!(Digest::of(b"").number(), 0xcbf2_9ce4_8422_2325);
        assert_eq!(Digest::of(b"a").number(), 0xaf63_dc4c_8601_ec8c);
        assert_eq!(Digest::of(b"foobar").text(), "85944171f73967e8");
    }

    #[test]
    fn lists_of_parts_do_not_run_together() {
        let of = |parts: &[&str]| {
            let mut digest = Digest::new();
            parts.iter().for_each(|part| digest.part(part.as_bytes()));
            digest.number()
        };
        assert_ne!(of(&["ab", "c"]), of(&["a", "bc"]));
        assert_ne!(of(&["ab"]), of(&["ab", ""]));
    }

    #[test]
    fn a_file_is_its_content() {
        let path = std::env::temp_dir().join(format!("bitnet-bench-digest-{}", std::process::id()));
        std::fs::write(&path, b"foobar").expect("the file can be written");
        assert_eq!(Digest::of_file(&path).expect("the file can be read").text(), "85944171f73967e8");
        std::fs::remove_file(&path).expect("the file can be removed");
        assert!(Digest::of_file(&path).is_err());
    }
}
