//! The bytes of a matrix, and what a vector load may read beyond them.

use crate::reference::lines::Lines;

/// A fixed number of bytes, the first of them at the start of a cache line.
///
/// At least one line of zeros follows them, so that a vector load of up to 64 bytes that starts within the bytes also
/// ends within the storage.
#[derive(Clone, PartialEq)]
pub(super) struct Storage {
    len: usize,
    lines: Lines,
}

impl Storage {
    /// The most bytes, so that no length or offset can overflow: what one allocation can have, without the slack.
    const MAX: usize = isize::MAX as usize / 2;
    /// Bytes that follow.
    const SLACK: usize = 64;

    /// `len` zero bytes; nothing when no allocation can be that large.
    pub(super) fn zeroed(len: usize) -> Option<Self> {
        (len <= Self::MAX).then(|| Self { len, lines: Lines::filled(len + Self::SLACK, 0) })
    }

    /// The bytes.
    #[inline]
    pub(super) fn bytes(&self) -> &[u8] {
        &self.lines[..self.len]
    }

    /// The bytes, to be written.
    pub(super) fn bytes_mut(&mut self) -> &mut [u8] {
        &mut self.lines[..self.len]
    }

    /// The bytes and the zeros that follow them, 64 at least.
    #[inline]
    pub(super) fn with_slack(&self) -> &[u8] {
        &self.lines
    }
}

#[cfg(test)]
mod validation {
    use super::*;

    #[test]
    fn bytes_start_on_a_line_and_a_line_of_zeros_follows() {
        for len in [0, 1, 63, 64, 65, 1000] {
            let mut storage = Storage::zeroed(len).unwrap();
            storage.bytes_mut().fill(0xFF);
            assert_eq!(storage.bytes(), vec![0xFF; len]);
            assert_eq!(storage.bytes().as_ptr().align_offset(64), 0);
            let slack = &storage.with_slack()[len..];
            assert!(slack.len() >= 64 && slack.iter().all(|&byte| byte == 0), "{len} bytes, then {slack:?}");
        }
    }

    #[test]
    fn more_than_an_allocation_can_have_is_refused() {
        for len in [usize::MAX, isize::MAX as usize, Storage::MAX + 1] {
            assert!(Storage::zeroed(len).is_none(), "{len}");
        }
    }
}
