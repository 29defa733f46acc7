//! The weights of a real model, from a file: [safetensors](https://github.com/huggingface/safetensors) with tensors
//! of F32, F16 and BF16, and, with the feature `gguf`,
//! [GGUF](https://github.com/ggml-org/ggml/blob/master/docs/gguf.md) with those and ggml's block-quantized types.
//!
//! The file is mapped, not read: opening a model takes its header only, and [`Weight::load`] touches no other tensor.
//! What the file claims is checked against its length before anything is allocated, so a damaged file is an error that
//! says where, and no panic. `scripts/models.sh` downloads one model of each format.
//!
//! ```no_run
//! use bitnet_benchmarks::models::Model;
//!
//! let model = Model::open("target/models/model.safetensors")?;
//! for weight in model.select("attention")? {
//!     let [rows, columns] = weight.shape();
//!     let values: Vec<f32> = weight.load()?;
//!     println!("{}: {rows} by {columns}, first {}", weight.name(), values[0]);
//! }
//! # Ok::<(), bitnet_benchmarks::models::ModelError>(())
//! ```

use std::fs::File;
use std::path::{Path, PathBuf};

use memmap2::Mmap;
use tensors::{Tensor, Tensors};

mod encoding;
mod error;
#[cfg(feature = "gguf")]
mod gguf;
mod safetensors;
mod tensors;
#[cfg(test)]
mod validation;

pub use error::{ModelError, Problem};

/// A model file whose header has been read and checked.
pub struct Model {
    path: PathBuf,
    map: Mmap,
    tensors: Tensors,
}

impl Model {
    /// Opens a safetensors or GGUF file; its first bytes decide which, not its name.
    ///
    /// The file must not change while the model is open.
    ///
    /// # Errors
    ///
    /// [`ModelError`] when the file cannot be read, is no model, is damaged or cut short, or holds no weights of a type
    /// that can be read.
    pub fn open(path: impl AsRef<Path>) -> Result<Self, ModelError> {
        let path = path.as_ref();
        let failed = |problem| ModelError::new(path, problem);
        let map = map(path).map_err(failed)?;
        let tensors = Tensors::read(&map).map_err(failed)?;
        Ok(Self { path: path.to_owned(), map, tensors })
    }

    /// The path that it was opened by.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// The weights: every tensor of two dimensions and of a type that can be read, in the order of the file.
    pub fn weights(&self) -> impl ExactSizeIterator<Item = Weight<'_>> {
        self.tensors.readable.iter().map(|tensor| Weight { model: self, tensor })
    }

    /// The weights whose names contain `part`, at least one; every weight for an empty `part`.
    ///
    /// # Errors
    ///
    /// [`Problem::NoMatch`] when there is none, [`Problem::Unreadable`] when there are only some of other types.
    pub fn select(&self, part: &str) -> Result<Vec<Weight<'_>>, ModelError> {
        let found: Vec<_> = self.weights().filter(|weight| weight.name().contains(part)).collect();
        if found.is_empty() { Err(self.missing(part, |name| name.contains(part))) } else { Ok(found) }
    }

    /// The weight of exactly that name.
    ///
    /// # Errors
    ///
    /// As for [`select`](Self::select).
    pub fn weight(&self, name: &str) -> Result<Weight<'_>, ModelError> {
        let found = self.weights().find(|weight| weight.name() == name);
        found.ok_or_else(|| self.missing(name, |other| other == name))
    }

    /// Why no weight is `wanted`.
    fn missing(&self, part: &str, wanted: impl Fn(&str) -> bool) -> ModelError {
        let other = self.tensors.unreadable.iter().find(|tensor| wanted(&tensor.name));
        let problem = other.map_or_else(
            || Problem::NoMatch {
                part: part.to_owned(),
                names: self.weights().map(|weight| weight.name().to_owned()).collect(),
            },
            |tensor| Problem::Unreadable { tensor: tensor.name.clone(), stored: tensor.stored.clone() },
        );
        ModelError::new(&self.path, problem)
    }
}

impl std::fmt::Debug for Model {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Model {{ path: {:?}, weights: {} }}", self.path, self.tensors.readable.len())
    }
}

/// A weight matrix of a [`Model`], not loaded yet.
#[derive(Clone, Copy, Debug)]
pub struct Weight<'m> {
    model: &'m Model,
    tensor: &'m Tensor,
}

impl<'m> Weight<'m> {
    /// The tensor's name, such as `encoder.layer.0.output.dense.weight`.
    pub fn name(&self) -> &'m str {
        &self.tensor.name
    }

    /// The shape `[N, K]`: N rows (outputs) by K columns (inputs).
    pub fn shape(&self) -> [usize; 2] {
        self.tensor.shape
    }

    /// How the file stores it, such as `F16` or `Q4_1`.
    pub fn stored(&self) -> &'static str {
        self.tensor.encoding.name()
    }

    /// Bytes that it takes in the file.
    pub fn stored_bytes(&self) -> usize {
        self.tensor.bytes.len()
    }

    /// The N · K values, row by row, as `f32`; every other type is widened to it or dequantized.
    ///
    /// # Errors
    ///
    /// [`ModelError`] when the stored bytes cannot be decoded.
    pub fn load(&self) -> Result<Vec<f32>, ModelError> {
        self.tensor.load(&self.model.map).map_err(|problem| ModelError::new(&self.model.path, problem))
    }
}

/// Maps a file that is not empty.
fn map(path: &Path) -> Result<Mmap, Problem> {
    let file = File::open(path).map_err(Problem::Io)?;
    let metadata = file.metadata().map_err(Problem::Io)?;
    if metadata.is_dir() {
        return Err(Problem::Directory);
    }
    if metadata.len() == 0 {
        return Err(Problem::Empty);
    }
    // SAFETY: the map is read only. That no one changes the file meanwhile is beyond what can be checked; `open` asks
    // for it, as every reader of mapped models does.
    unsafe { Mmap::map(&file) }.map_err(Problem::Io)
}
