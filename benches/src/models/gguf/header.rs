//! The header of a GGUF file: a list of metadata, of which only the alignment matters here, and a list of tensors.

use super::Blocks;
use super::cursor::Cursor;
use crate::models::Problem;
use crate::models::encoding::Encoding;
use crate::models::tensors::{Tensor, Tensors, Unreadable};

/// Where the data of tensors may start, unless the metadata say otherwise: at multiples of this.
const ALIGNMENT: u32 = 32;
/// ggml's limit.
const MOST_DIMENSIONS: u32 = 4;
/// Arrays of arrays deeper than this are no metadata of any model.
const MOST_NESTED: u32 = 8;

/// Codes of the types of metadata that are handled one by one; all others have a fixed size.
const U32: u32 = 4;
const STRING: u32 = 8;
const ARRAY: u32 = 9;

/// What the header says of one tensor.
struct Entry {
    name: String,
    /// Columns first, as in the file.
    dimensions: Vec<u64>,
    kind: u32,
    /// From the start of the data.
    offset: u64,
}

/// Reads the header, and checks that every tensor that can be read lies within the file.
pub(in crate::models) fn read(file: &[u8]) -> Result<Tensors, Problem> {
    let mut header = Header::start(file)?;
    let tensors = header.length("the number of tensors")?;
    let metadata = header.length("the number of metadata")?;

    let mut alignment = ALIGNMENT;
    for _ in 0..metadata {
        alignment = header.metadata()?.unwrap_or(alignment);
    }
    let mut entries = Vec::new();
    for _ in 0..tensors {
        entries.push(header.entry()?);
    }
    let start = header.cursor.at().next_multiple_of(alignment as usize);
    list(entries, alignment, start, file.len())
}

/// The tensors, whose data starts at byte `start` of a file of `len` bytes.
fn list(entries: Vec<Entry>, alignment: u32, start: usize, len: usize) -> Result<Tensors, Problem> {
    let mut tensors = Tensors::default();
    for Entry { name, dimensions, kind, offset } in entries {
        let &[columns, rows] = dimensions.as_slice() else {
            tensors.others += 1;
            continue;
        };
        let Some(encoding) = encoding(kind) else {
            tensors.unreadable.push(Unreadable { name, stored: name_of(kind) });
            continue;
        };
        match place(encoding, [rows, columns], offset, alignment, start, len) {
            Ok((shape, bytes)) => tensors.readable.push(Tensor { name, shape, encoding, bytes }),
            Err(what) => return Err(Problem::Tensor { tensor: name, what }),
        }
    }
    tensors.readable.sort_by_key(|tensor| tensor.bytes.start);
    Ok(tensors)
}

/// The shape of a tensor and its bytes in the file, or what is wrong with them.
fn place(
    encoding: Encoding,
    [rows, columns]: [u64; 2],
    offset: u64,
    alignment: u32,
    start: usize,
    len: usize,
) -> Result<([usize; 2], std::ops::Range<usize>), String> {
    let too_large = |_| format!("has {rows} rows of {columns} columns, more than memory can hold");
    let shape = [usize::try_from(rows).map_err(too_large)?, usize::try_from(columns).map_err(too_large)?];
    let size = encoding.size(shape)?;
    if !offset.is_multiple_of(u64::from(alignment)) {
        return Err(format!("starts {offset} bytes into the data, which is no multiple of {alignment}"));
    }
    let bytes = usize::try_from(offset)
        .ok()
        .and_then(|offset| start.checked_add(offset))
        .and_then(|first| Some(first..first.checked_add(size)?))
        .filter(|bytes| bytes.end <= len);
    let bytes = bytes.ok_or_else(|| {
        format!("takes {size} bytes, {offset} bytes into the data at byte {start}, but the file has {len} bytes")
    })?;
    Ok((shape, bytes))
}

fn encoding(kind: u32) -> Option<Encoding> {
    match kind {
        0 => Some(Encoding::F32),
        1 => Some(Encoding::F16),
        30 => Some(Encoding::Bf16),
        _ => Blocks::of(kind).map(Encoding::Blocks),
    }
}

/// The name of a type that is not read; I2_S is the one of *bitnet.cpp*.
fn name_of(kind: u32) -> String {
    match kind {
        34 => "TQ1_0".to_owned(),
        35 => "TQ2_0".to_owned(),
        36 => "I2_S".to_owned(),
        _ => format!("ggml's type {kind}"),
    }
}

/// A header that is being read.
struct Header<'a> {
    cursor: Cursor<'a>,
    version: u32,
}

impl<'a> Header<'a> {
    /// Reads the magic number and the version.
    fn start(file: &'a [u8]) -> Result<Self, Problem> {
        let mut cursor = Cursor::new(file);
        cursor.take(4, "the magic number")?;
        let version = cursor.u32("the version")?;
        match version {
            1..=3 => Ok(Self { cursor, version }),
            _ => Err(cursor.damaged(4, format!("the version is {version}, and only 1, 2 and 3 are known"))),
        }
    }

    /// A count or a length: 32 bits in version 1, 64 since.
    fn length(&mut self, what: &str) -> Result<u64, Problem> {
        match self.version {
            1 => self.cursor.u32(what).map(u64::from),
            _ => self.cursor.u64(what),
        }
    }

    fn string(&mut self, what: &str) -> Result<&'a [u8], Problem> {
        let len = self.length(what)?;
        self.cursor.take(len, what)
    }

    /// One key and its value, which is given back if it is the alignment.
    fn metadata(&mut self) -> Result<Option<u32>, Problem> {
        let key = self.string("a key")?;
        let kind = self.cursor.u32("the type of a value")?;
        if key != b"general.alignment" || kind != U32 {
            return self.skip(kind, 0).map(|()| None);
        }
        let alignment = self.cursor.u32("the alignment")?;
        // A power of two: the format asks for a multiple of 8, and the bound keeps the data within reach.
        if alignment.is_power_of_two() && (8..=1 << 20).contains(&alignment) {
            Ok(Some(alignment))
        } else {
            Err(self.cursor.damaged(4, format!("the alignment is {alignment}, not a power of two from 8 to 2^20")))
        }
    }

    /// Passes over one value.
    fn skip(&mut self, kind: u32, nested: u32) -> Result<(), Problem> {
        match kind {
            STRING => self.string("a text").map(drop),
            ARRAY if nested == MOST_NESTED => Err(self.cursor.damaged(4, "arrays are nested too deeply")),
            ARRAY => {
                let kind = self.cursor.u32("the type of an array")?;
                let len = self.length("the length of an array")?;
                match fixed_size(kind) {
                    Some(size) => self.cursor.take(len.saturating_mul(size), "an array").map(drop),
                    None => (0..len).try_for_each(|_| self.skip(kind, nested + 1)),
                }
            }
            _ => match fixed_size(kind) {
                Some(size) => self.cursor.take(size, "a value").map(drop),
                None => Err(self.cursor.damaged(4, format!("{kind} is the code of no type of metadata"))),
            },
        }
    }

    fn entry(&mut self) -> Result<Entry, Problem> {
        let name = String::from_utf8_lossy(self.string("the name of a tensor")?).into_owned();
        let dimensions = self.cursor.u32("the number of dimensions")?;
        if dimensions > MOST_DIMENSIONS {
            return Err(self.cursor.damaged(4, format!("tensor `{name}` has {dimensions} dimensions, not 1 to 4")));
        }
        let dimensions = (0..dimensions).map(|_| self.length("a dimension")).collect::<Result<_, _>>()?;
        let kind = self.cursor.u32("the type of a tensor")?;
        let offset = self.cursor.u64("the offset of a tensor")?;
        Ok(Entry { name, dimensions, kind, offset })
    }
}

/// Bytes of a value of metadata, for the types whose values all take the same.
fn fixed_size(kind: u32) -> Option<u64> {
    match kind {
        0 | 1 | 7 => Some(1),
        2 | 3 => Some(2),
        4..=6 => Some(4),
        10..=12 => Some(8),
        _ => None,
    }
}
