//! What a header tells: which tensors there are, and where.

use std::ops::Range;

use super::encoding::Encoding;
use super::{Problem, safetensors};

/// A two-dimensional tensor that can be read.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Tensor {
    pub(super) name: String,
    pub(super) shape: [usize; 2],
    pub(super) encoding: Encoding,
    /// Its place in the file, within the file's length.
    pub(super) bytes: Range<usize>,
}

/// A two-dimensional tensor of a type that is not read.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Unreadable {
    pub(super) name: String,
    pub(super) stored: String,
}

/// The tensors of a file.
#[derive(Debug, Default)]
pub(super) struct Tensors {
    /// Two-dimensional tensors that can be read, in the order of the file.
    pub(super) readable: Vec<Tensor>,
    /// Two-dimensional tensors of other types.
    pub(super) unreadable: Vec<Unreadable>,
    /// How many have fewer or more dimensions.
    pub(super) others: usize,
}

impl Tensors {
    /// Reads the header of a file of either format.
    pub(super) fn read(file: &[u8]) -> Result<Self, Problem> {
        let tensors = match Format::of(file)? {
            Format::Safetensors => safetensors::read(file)?,
            Format::Gguf => read_gguf(file)?,
        };
        match (tensors.readable.is_empty(), tensors.unreadable.first()) {
            (false, _) => Ok(tensors),
            (true, Some(first)) => {
                Err(Problem::Unreadable { tensor: first.name.clone(), stored: first.stored.clone() })
            }
            (true, None) => Err(Problem::NoWeights { tensors: tensors.others }),
        }
    }
}

impl Tensor {
    /// The values, row by row.
    pub(super) fn load(&self, file: &[u8]) -> Result<Vec<f32>, Problem> {
        let decoded = match file.get(self.bytes.clone()) {
            Some(bytes) => self.encoding.decode(bytes, self.shape),
            None => Err(format!("takes the bytes {:?} of {}", self.bytes, file.len())),
        };
        decoded.map_err(|what| Problem::Tensor { tensor: self.name.clone(), what })
    }
}

/// The two formats that are read.
enum Format {
    Safetensors,
    Gguf,
}

impl Format {
    /// The format that a file's first bytes show: GGUF has a magic number; safetensors has the length of its header, in
    /// eight bytes, and then the header, a JSON object.
    fn of(file: &[u8]) -> Result<Self, Problem> {
        match file {
            [] => Err(Problem::Empty),
            [b'G', b'G', b'U', b'F', ..] => Ok(Self::Gguf),
            [_, _, _, _, _, _, _, _, b'{', ..] => Ok(Self::Safetensors),
            _ => Err(Problem::NotAModel { start: file[..file.len().min(8)].to_vec() }),
        }
    }
}

#[cfg(feature = "gguf")]
fn read_gguf(file: &[u8]) -> Result<Tensors, Problem> {
    super::gguf::read(file)
}

#[cfg(not(feature = "gguf"))]
fn read_gguf(_: &[u8]) -> Result<Tensors, Problem> {
    Err(Problem::GgufNotBuilt)
}
