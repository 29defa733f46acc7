//! Bytes that start on a cache line.

/// One cache line: rows of whole lines start on a line, so that no vector load straddles two.
#[derive(Clone, Copy, PartialEq)]
#[repr(C, align(64))]
struct Line([u8; 64]);

/// A fixed number of bytes, the first of them at the start of a cache line.
///
/// At least one line of zeros follows them, so that a vector load of up to 64 bytes that starts within the bytes also
/// ends within the storage.
#[derive(Clone, PartialEq)]
pub(super) struct Storage {
    len: usize,
    lines: Vec<Line>,
}

impl Storage {
    /// The most bytes, so that no length or offset can overflow: what one allocation can have, without the slack.
    const MAX: usize = isize::MAX as usize - 2 * size_of::<Line>();

    /// `len` zero bytes; nothing when no allocation can be that large.
    pub(super) fn zeroed(len: usize) -> Option<Self> {
        let lines = (len <= Self::MAX).then(|| len.div_ceil(size_of::<Line>()) + 1)?;
        Some(Self { len, lines: vec![Line([0; 64]); lines] })
    }

    /// The bytes.
    #[inline]
    pub(super) fn bytes(&self) -> &[u8] {
        &self.with_slack()[..self.len]
    }

    /// The bytes, to be written.
    pub(super) fn bytes_mut(&mut self) -> &mut [u8] {
        // SAFETY: as in `with_slack`, and the borrow is unique.
        let all = unsafe {
            std::slice::from_raw_parts_mut(self.lines.as_mut_ptr().cast(), size_of_val(self.lines.as_slice()))
        };
        &mut all[..self.len]
    }

    /// The bytes and the zeros that follow them, 64 at least.
    #[inline]
    pub(super) fn with_slack(&self) -> &[u8] {
        // SAFETY: `Line` is 64 bytes without padding, any byte is valid, and the borrow of `lines` is passed on.
        unsafe { std::slice::from_raw_parts(self.lines.as_ptr().cast(), size_of_val(self.lines.as_slice())) }
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
