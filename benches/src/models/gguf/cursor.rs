//! A place in the bytes of a header.

use crate::models::Problem;

/// Reads little-endian values one after the other, and knows where it is.
pub(super) struct Cursor<'a> {
    file: &'a [u8],
    at: usize,
}

impl<'a> Cursor<'a> {
    pub(super) fn new(file: &'a [u8]) -> Self {
        Self { file, at: 0 }
    }

    /// Bytes from the start of the file.
    pub(super) fn at(&self) -> usize {
        self.at
    }

    /// Something wrong `back` bytes before this place.
    pub(super) fn damaged(&self, back: usize, what: impl Into<String>) -> Problem {
        Problem::Damaged { offset: self.at - back, what: what.into() }
    }

    /// The next `len` bytes, which are part of `what`.
    pub(super) fn take(&mut self, len: u64, what: &str) -> Result<&'a [u8], Problem> {
        let rest = &self.file[self.at..];
        let taken = usize::try_from(len).ok().and_then(|len| rest.get(..len));
        let taken = taken
            .ok_or_else(|| self.damaged(0, format!("{what} takes {len} bytes, but only {} are left", rest.len())))?;
        self.at += taken.len();
        Ok(taken)
    }

    pub(super) fn u32(&mut self, what: &str) -> Result<u32, Problem> {
        Ok(u32::from_le_bytes(self.array(what)?))
    }

    pub(super) fn u64(&mut self, what: &str) -> Result<u64, Problem> {
        Ok(u64::from_le_bytes(self.array(what)?))
    }

    fn array<const N: usize>(&mut self, what: &str) -> Result<[u8; N], Problem> {
        let mut bytes = [0; N];
        bytes.copy_from_slice(self.take(N as u64, what)?);
        Ok(bytes)
    }
}
