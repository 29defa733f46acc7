//! The programs behind `cargo bench`, built and used as a user would.

mod baselines;
mod configuration;
mod criterion;
mod gates;
#[cfg(target_os = "linux")]
mod incremental;
#[cfg(unix)]
mod interruption;
mod misbehaving;
mod nextest;
mod of_a_program;
mod outputs;
mod program;
mod quantization;
#[cfg(target_os = "linux")]
mod reach;
mod record;
mod refusals;
mod results;
mod runners;
mod schema;
mod selection;
mod shards;
mod stored;
mod suite;
mod testing;
