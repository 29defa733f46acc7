//! The programs behind `cargo bench`, built and used as a user would.

mod baselines;
mod configuration;
mod gates;
#[cfg(unix)]
mod interruption;
mod misbehaving;
mod nextest;
mod of_a_program;
mod outputs;
mod program;
mod quantization;
mod record;
mod refusals;
mod results;
mod runners;
mod schema;
mod selection;
mod stored;
mod suite;
mod testing;
