//! The mission's `benchmark_config.yaml`, and the same in TOML.

use std::path::Path;
use std::time::Duration;

use crate::config::discovery::Language;
use crate::config::file;
use crate::config::sections::Contents;
use crate::config::{AllocationPattern, Origins, PlatformKind, ReportFormat, Settings, SuiteSections, TrackingLevel};

#[cfg(feature = "yaml")]
const YAML: &str = r#"# benchmark_config.yaml
framework:
  iterations: 1000
  warmup_iterations: 100
  confidence_level: 0.95
  timeout_seconds: 300
  
memory:
  allocation_sizes: [1024, 4096, 1048576, 16777216]
  allocation_patterns: ["sequential", "random", "mixed"]
  tracking_levels: ["none", "basic", "detailed"]
  
quantization:
  bit_widths: [1.58, 2.0, 4.0, 8.0]
  tensor_sizes: [[1024, 1024], [2048, 2048], [4096, 4096]]
  calibration_samples: [128, 512, 2048]
  
inference:
  model_sizes: ["7B", "13B", "30B"]
  batch_sizes: [1, 8, 16, 32, 64]
  sequence_lengths: [512, 1024, 2048, 4096]
  
hardware:
  platforms: ["cpu", "gpu", "neural_engine"]
  devices: ["auto", "m1_pro", "m2_max", "a100"]
  
reporting:
  formats: ["html", "json", "csv"]
  charts: true
  dashboard: true
  upload_results: false
"#;

const TOML: &str = r#"
[framework]
iterations = 1000
warmup_iterations = 100
confidence_level = 0.95
timeout_seconds = 300

[memory]
allocation_sizes = [1024, 4096, 1048576, 16777216]
allocation_patterns = ["sequential", "random", "mixed"]
tracking_levels = ["none", "basic", "detailed"]

[quantization]
bit_widths = [1.58, 2.0, 4.0, 8.0]
tensor_sizes = [[1024, 1024], [2048, 2048], [4096, 4096]]
calibration_samples = [128, 512, 2048]

[inference]
model_sizes = ["7B", "13B", "30B"]
batch_sizes = [1, 8, 16, 32, 64]
sequence_lengths = [512, 1024, 2048, 4096]

[hardware]
platforms = ["cpu", "gpu", "neural_engine"]
devices = ["auto", "m1_pro", "m2_max", "a100"]

[reporting]
formats = ["html", "json", "csv"]
charts = true
dashboard = true
upload_results = false
"#;

fn read(language: Language, text: &str) -> Contents {
    let mut mistakes = Vec::new();
    let contents = file::parse(Path::new("c"), language, text, &mut mistakes);
    assert!(mistakes.is_empty(), "{mistakes:?}");
    contents
}

fn names(names: &[&str]) -> Option<Vec<String>> {
    Some(names.iter().map(|name| (*name).to_owned()).collect())
}

fn means_what_it_says(contents: &Contents) {
    let mut settings = Settings::default();
    contents.layer.apply_settings(&mut settings, &mut Origins::default());
    let expected = Settings {
        iterations: Some(1000),
        warmup_iterations: Some(100),
        confidence: 0.95,
        timeout: Duration::from_secs(300),
        ..Settings::default()
    };
    assert_eq!(settings, expected);

    let mut suites = SuiteSections::default();
    suites.memory.allocation_sizes = Some(vec![1024, 4096, 1 << 20, 1 << 24]);
    suites.memory.allocation_patterns =
        Some(vec![AllocationPattern::Sequential, AllocationPattern::Random, AllocationPattern::Mixed]);
    suites.memory.tracking_levels = Some(vec![TrackingLevel::None, TrackingLevel::Basic, TrackingLevel::Detailed]);
    suites.quantization.bit_widths = Some(vec![1.58, 2.0, 4.0, 8.0]);
    suites.quantization.tensor_sizes = Some(vec![[1024, 1024], [2048, 2048], [4096, 4096]]);
    suites.quantization.calibration_samples = Some(vec![128, 512, 2048]);
    suites.inference.model_sizes = names(&["7B", "13B", "30B"]);
    suites.inference.batch_sizes = Some(vec![1, 8, 16, 32, 64]);
    suites.inference.sequence_lengths = Some(vec![512, 1024, 2048, 4096]);
    suites.hardware.platforms = Some(vec![PlatformKind::Cpu, PlatformKind::Gpu, PlatformKind::NeuralEngine]);
    suites.hardware.devices = names(&["auto", "m1_pro", "m2_max", "a100"]);
    suites.reporting.formats = Some(vec![ReportFormat::Html, ReportFormat::Json, ReportFormat::Csv]);
    suites.reporting.charts = Some(true);
    suites.reporting.dashboard = Some(true);
    suites.reporting.upload_results = Some(false);
    assert_eq!(contents.suites, suites);
}

#[cfg(feature = "yaml")]
#[test]
fn the_missions_file_loads_verbatim() {
    means_what_it_says(&read(Language::Yaml, YAML));
}

#[test]
fn the_same_in_toml_means_the_same() {
    means_what_it_says(&read(Language::Toml, TOML));
}

#[test]
fn a_suite_asks_the_file_first_and_has_own_values_otherwise() {
    let suites = read(Language::Toml, TOML).suites;
    assert_eq!(suites.quantization.tensor_sizes_or(&[[1, 1]]).len(), 3);
    assert_eq!(SuiteSections::default().quantization.tensor_sizes_or(&[[1, 1]]), [[1, 1]]);
    assert_eq!(SuiteSections::default().inference.batch_sizes_or(&[]), [0; 0]);
}
