//! The header of a safetensors file.

use safetensors::tensor::{Dtype, Metadata, TensorInfo};
use safetensors::{SafeTensorError, SafeTensors};

use super::Problem;
use super::encoding::Encoding;
use super::tensors::{Tensor, Tensors, Unreadable};

/// Bytes of the number in front of the header, which is the header's length.
const LENGTH: usize = 8;

/// Reads the header; the crate checks that the tensors lie side by side, are of the sizes that their shapes and types
/// ask for, and end where the file ends.
pub(super) fn read(file: &[u8]) -> Result<Tensors, Problem> {
    let (header, metadata) = SafeTensors::read_metadata(file).map_err(|error| problem(error, file))?;
    Ok(list(&metadata, LENGTH + header))
}

/// The tensors, whose data starts at byte `start`.
fn list(metadata: &Metadata, start: usize) -> Tensors {
    let mut found: Vec<_> = metadata.tensors().into_iter().collect();
    found.sort_by(|(one, a), (other, b)| a.data_offsets.cmp(&b.data_offsets).then_with(|| one.cmp(other)));

    let mut tensors = Tensors::default();
    for (name, TensorInfo { dtype, shape, data_offsets: (first, end) }) in found {
        let &[rows, columns] = shape.as_slice() else {
            tensors.others += 1;
            continue;
        };
        match encoding(*dtype) {
            Some(encoding) => {
                let bytes = start + first..start + end;
                tensors.readable.push(Tensor { name, shape: [rows, columns], encoding, bytes });
            }
            None => tensors.unreadable.push(Unreadable { name, stored: dtype.to_string() }),
        }
    }
    tensors
}

fn encoding(dtype: Dtype) -> Option<Encoding> {
    match dtype {
        Dtype::F32 => Some(Encoding::F32),
        Dtype::F16 => Some(Encoding::F16),
        Dtype::BF16 => Some(Encoding::Bf16),
        _ => None,
    }
}

/// The crate's error with its place in the file.
fn problem(error: SafeTensorError, file: &[u8]) -> Problem {
    let damaged = |offset, what| Problem::Damaged { offset, what };
    match error {
        SafeTensorError::InvalidOffset(tensor) => {
            Problem::Tensor { tensor, what: "does not start where the one before it ends".to_owned() }
        }
        SafeTensorError::MetadataIncompleteBuffer => {
            damaged(file.len(), "the file ends, but not the last of the tensors in its header".to_owned())
        }
        SafeTensorError::InvalidHeader(error) => {
            damaged(LENGTH + error.valid_up_to(), "the header is not UTF-8".to_owned())
        }
        SafeTensorError::InvalidHeaderLength | SafeTensorError::HeaderTooLarge | SafeTensorError::HeaderTooSmall => {
            let length = file.first_chunk::<LENGTH>().map_or(0, |bytes| u64::from_le_bytes(*bytes));
            damaged(0, format!("a header of {length} bytes is announced in a file of {}", file.len()))
        }
        other => damaged(LENGTH, format!("the header is wrong ({other})")),
    }
}
