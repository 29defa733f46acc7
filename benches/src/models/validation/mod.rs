//! Checks of the readers against files written byte by byte, against damage, and against real models.

mod damage;
#[cfg(feature = "gguf")]
mod gguf_files;
mod real;
mod safetensors_files;

use super::encoding::Encoding;
use super::tensors::{Tensor, Tensors};
use super::{Model, ModelError, Problem};

/// Name, shape, type and values of every weight.
type Loaded = Vec<(String, [usize; 2], &'static str, Vec<f32>)>;

/// Reads a file that is in memory.
fn load(file: &[u8]) -> Result<Loaded, Problem> {
    let one = |tensor: &Tensor| -> Result<_, Problem> {
        Ok((tensor.name.clone(), tensor.shape, tensor.encoding.name(), tensor.load(file)?))
    };
    Tensors::read(file)?.readable.iter().map(one).collect()
}

/// Opens those bytes as a file, which is gone afterwards.
fn open(name: &str, file: &[u8]) -> Result<Loaded, ModelError> {
    let path = std::env::temp_dir().join(format!("bitnet-models-{}-{name}", std::process::id()));
    std::fs::write(&path, file).unwrap();
    let loaded = Model::open(&path).and_then(|model| {
        let one = |weight: super::Weight<'_>| -> Result<_, ModelError> {
            Ok((weight.name().to_owned(), weight.shape(), weight.stored(), weight.load()?))
        };
        model.weights().map(one).collect()
    });
    std::fs::remove_file(&path).unwrap();
    loaded
}

/// What the user reads about the problem.
fn message(file: &[u8]) -> String {
    load(file).unwrap_err().to_string()
}

#[test]
fn what_is_no_model_is_refused_with_advice() {
    let says = |path: &std::path::Path, words: &[&str]| {
        let error = Model::open(path).unwrap_err();
        assert_eq!(error.path(), path);
        let message = error.to_string();
        assert!(message.contains(&path.display().to_string()), "{message}");
        assert!(words.iter().all(|word| message.contains(word)), "{message}");
    };
    says("/no/such/model.gguf".as_ref(), &["no such file", "scripts/models.sh"]);
    says(&std::env::temp_dir(), &["is a directory", ".safetensors"]);

    assert!(open("empty", &[]).unwrap_err().to_string().contains("empty: download it again"));
    assert!(message(b"PK\x03\x04 a zip").contains(r#"it starts with "PK\x03\x04 a z""#));
    assert!(message(b"PK").contains(r#"it starts with "PK""#));
    assert!(matches!(load(&[]), Err(Problem::Empty)));
}

#[test]
fn a_matrix_has_the_bytes_of_its_shape_and_no_others() {
    for bytes in [&[0; 7][..], &[0; 9]] {
        let error = Encoding::F32.decode(bytes, [2, 1]).unwrap_err();
        assert!(error.contains("takes 8 bytes"), "{error}");
    }
    assert!(Encoding::F16.size([usize::MAX, 2]).unwrap_err().contains("more than memory can hold"));
}

#[cfg(not(feature = "gguf"))]
#[test]
fn without_the_feature_a_gguf_file_is_refused_with_advice() {
    let error = open("feature", b"GGUF\x03\0\0\0").unwrap_err();
    assert!(matches!(error.problem(), Problem::GgufNotBuilt));
    assert!(error.to_string().contains("add `--features gguf`"), "{error}");
}
