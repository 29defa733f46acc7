//! The quantization suite: over a real model's tensors, and over a third party's quantizers.

use super::program::{Program, QUANTIZATION, Running, THIRD_PARTY};
use super::results::Results;

/// A safetensors file: a header of JSON behind its length, then the tensors' bytes.
fn safetensors(tensors: &[(&str, [usize; 2])]) -> Vec<u8> {
    let mut offset = 0;
    let mut header = serde_json::Map::new();
    let mut values = Vec::new();
    for (name, [rows, columns]) in tensors {
        let count = rows * columns;
        header.insert(
            (*name).to_owned(),
            serde_json::json!({ "dtype": "F32", "shape": [rows, columns], "data_offsets": [offset, offset + 4 * count] }),
        );
        offset += 4 * count;
        // Both signs, several magnitudes, and no pattern of the row's length.
        values.extend((0..count).map(|at| ((at * 7919 + 13) % 1009) as f32 / 500.0 - 1.0));
    }
    let header = serde_json::to_vec(&header).expect("the header is JSON");
    let values = values.into_iter().flat_map(f32::to_le_bytes);
    (header.len() as u64).to_le_bytes().into_iter().chain(header).chain(values).collect()
}

#[test]
fn every_tensor_of_a_model_is_quantized_with_its_quality() {
    let program = Program::new(QUANTIZATION);
    program.write("tiny.safetensors", safetensors(&[("blocks.0.attention", [32, 64]), ("blocks.0.ffn", [5, 129])]));
    let output = program.measure(&["--weights", "tiny.safetensors", "model/", "--output-format", "json"]).ended(0);
    let results = Results::from_lines(&output.stdout);
    let ids = results.that("measured");
    assert_eq!(ids.len(), 8, "two tensors, four quantizers: {ids:?}");
    let table = program.measure(&["--weights", "tiny.safetensors", "model/"]).ended(0);
    let table = table.prints("What is left of the model's weights; least, median and greatest over its tensors\n");
    assert!(
        table.stdout.lines().any(|line| line.trim_start().starts_with("int8-sym-group128          2")),
        "{}",
        table.stdout
    );
    let metric = |quantizer: &str, name: &str| {
        let id = format!("model/quantize[tensor=blocks.0.attention,quantizer={quantizer}]@cpu");
        let metrics = results.measured(&id)["metrics"].as_array().expect("a list").clone();
        let found = metrics.iter().find(|metric| metric["name"] == name);
        found.unwrap_or_else(|| panic!("{id} has no {name}"))["estimate"]["value"].as_f64().expect("a number")
    };
    // More bits, less noise: in the weights and in what the layer makes of them.
    let quantizers = ["int2-sym-group128", "int4-sym-group128", "int8-sym-group128"];
    for pair in quantizers.windows(2) {
        for name in ["SQNR", "output SQNR"] {
            assert!(metric(pair[0], name) + 3.0 < metric(pair[1], name), "{pair:?}, {name}");
        }
        assert!(metric(pair[0], "bits/weight") < metric(pair[1], "bits/weight"));
    }
    assert!((metric("absmean", "sparsity") - 0.25).abs() < 0.02, "of values that are spread evenly, a quarter is 0");
}

/// Cargo runs a bench target in its package's folder, and people type paths where they are.
#[test]
fn a_path_is_found_where_it_was_typed() {
    let program = Program::new(QUANTIZATION);
    let file = program.write("elsewhere/tiny.safetensors", safetensors(&[("w", [2, 4])]));
    let mut command = program.command(["--list", "--bench", "--weights", "tiny.safetensors", "model/"]);
    let output = Running::start(command.env("PWD", file.parent().expect("a folder"))).finish().ended(0);
    output.prints("model/quantize[tensor=w,quantizer=absmean]@cpu");
}

#[test]
fn a_model_that_cannot_be_read_is_told_before_anything_is_measured() {
    let program = Program::new(QUANTIZATION);
    let whole = safetensors(&[("w", [8, 8])]);
    program.write("cut.safetensors", &whole[..whole.len() - 5]);
    program.write("text.safetensors", "this is a text, and a long one at that");
    program.write("empty.safetensors", "");
    for file in ["cut.safetensors", "text.safetensors", "empty.safetensors", "missing.safetensors"] {
        let output = program.measure(&["--weights", file, "model/"]).ended(2).says(file);
        assert_eq!(output.stdout, "");
        assert!(output.stderr.starts_with("error: ") && !output.stderr.contains("panicked"), "{}", output.stderr);
    }
}

#[test]
fn quality_stands_against_size_and_speed_below_the_table() {
    let output = Program::new(QUANTIZATION).measure(&["weights/quantize", "--skip", "int8", "--skip", "int2"]).ended(0);
    let output = output.prints("Quality against size and speed, 640x2560; * is on the Pareto front\n");
    let front = output.stdout.split("Pareto front\n").nth(1).expect("the table");
    assert!(front.lines().any(|line| line.starts_with("* absmean ")), "nothing is smaller: {front}");
}

#[test]
fn the_configuration_chooses_the_points() {
    let program = Program::new(QUANTIZATION);
    program.write(
        "bitnet-bench.toml",
        "[quantization]\nbit_widths = [1.58, 8.0]\ntensor_sizes = [[3, 257]]\ncalibration_samples = [7]\n",
    );
    let listed = program.run(&["--list", "--bench", "weights/", "calibration/"]).ended(0).stdout;
    assert!(listed.contains("quantize[quantizer=absmean,size=3x257]") && listed.contains("quantizer=int8-sym-tensor"));
    assert!(!listed.contains("int4") && !listed.contains("int2") && listed.contains("samples=7]"), "{listed}");
}

#[test]
fn a_wrong_quantizer_of_a_third_party_has_no_time() {
    let program = Program::new(THIRD_PARTY);
    let settings = [("TIME", "20ms"), ("WARMUP", "5ms"), ("LAUNCHES", "5")];
    let variables = settings.map(|(name, value)| (format!("BITNET_BENCH_{name}"), value));
    let output = Running::start(program.command([""; 0]).envs(variables)).finish().ended(0);
    let lines: Vec<&str> = output.stdout.lines().collect();
    assert_eq!(lines.len(), 4, "{lines:?}");
    for line in lines {
        let expected =
            if line.contains("lost-signs") { "check failed: weight 0 (row 0, column 0) of -" } else { " µs" };
        assert!(line.contains(expected), "{line}");
    }
}
