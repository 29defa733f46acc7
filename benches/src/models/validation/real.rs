//! The models that `scripts/models.sh` downloads, against sums that another program found in the same files.

use std::io::Write;
use std::path::PathBuf;

use super::*;

/// The variable that lists, separated by commas, what must be there for the tests.
const REQUIRE: &str = "BITNET_BENCH_REQUIRE";

/// What an independent reader, in Python with exact sums, found of one weight: name, shape, type, Σ w and Σ w².
type Expected = (&'static str, [usize; 2], &'static str, f64, f64);

/// The path of a downloaded model; none, and a line that says so, when it is not there and not required.
fn downloaded(name: &str) -> Option<PathBuf> {
    let path = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../target/models").join(name);
    if path.exists() {
        return Some(path);
    }
    let required = std::env::var(REQUIRE).unwrap_or_default();
    let required = required.split(',').any(|word| word.trim() == "models");
    assert!(!required, "{REQUIRE} lists models, and {} is not there: run scripts/models.sh", path.display());
    // Not `eprintln!`, which a passing test captures. That the skip cannot be shown is no reason to fail.
    let _ = writeln!(std::io::stderr(), "SKIPPED: needs models: run scripts/models.sh to download {name}");
    None
}

fn check(file: &str, weights: usize, values: usize, expected: &[Expected]) {
    let Some(path) = downloaded(file) else { return };
    let model = Model::open(path).unwrap();
    assert_eq!(model.weights().len(), weights);
    assert_eq!(model.weights().map(|weight| weight.shape().iter().product::<usize>()).sum::<usize>(), values);
    for &(name, shape, stored, sum, squares) in expected {
        let weight = model.weight(name).unwrap();
        assert_eq!((weight.shape(), weight.stored()), (shape, stored), "{name}");
        let values = weight.load().unwrap();
        let found: f64 = values.iter().map(|&value| f64::from(value)).sum();
        let found_squares: f64 = values.iter().map(|&value| f64::from(value).powi(2)).sum();
        assert!((found - sum).abs() < 1e-6 * squares, "{name}: {found} is not {sum}");
        assert!((found_squares - squares).abs() < 1e-6 * squares, "{name}: {found_squares} is not {squares}");
    }
}

#[test]
fn all_minilm_l6_v2() {
    check(
        "all-MiniLM-L6-v2.safetensors",
        40,
        22_682_112,
        &[
            ("embeddings.token_type_embeddings.weight", [2, 384], "F32", 0.499_034_824_972, 0.449_601_305_612),
            ("encoder.layer.0.attention.self.query.weight", [384, 384], "F32", 13.528_194_088_6, 1_343.638_775_161_9),
            ("encoder.layer.5.output.dense.weight", [384, 1536], "F32", -53.198_491_074_5, 886.644_513_961_9),
        ],
    );
}

#[cfg(feature = "gguf")]
#[test]
fn smollm2_135m() {
    check(
        "SmolLM2-135M-Instruct.Q4_1.gguf",
        211,
        134_479_872,
        &[
            ("token_embd.weight", [49_152, 576], "Q8_0", -15_353.044_494_152_1, 520_415.715_447_640),
            ("blk.0.attn_q.weight", [576, 576], "Q4_1", 59.223_220_825_2, 26_749.573_275_085),
            ("blk.0.ffn_down.weight", [576, 1536], "Q4_1", 150.635_772_705, 33_220.119_950_97),
            ("blk.29.ffn_down.weight", [576, 1536], "Q4_1", 49.835_708_618, 29_667.074_891_592),
        ],
    );
}
