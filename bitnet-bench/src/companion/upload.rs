//! `upload`.

use std::time::Duration;

use clap::Args;

use super::error::CommandError;
use super::place::Place;
use super::{Ended, runs};
use crate::harness::print;
use crate::record::upload::{Server, Token, UploadError};

/// The variable that holds the token.
const TOKEN: &str = "BITNET_BENCH_TOKEN";

/// Sends runs to a server, such as a dashboard.
#[derive(Debug, Args)]
#[command(after_help = HELP)]
pub(super) struct Arguments {
    /// The runs [default: latest].
    #[arg(value_name = "RUN")]
    runs: Vec<String>,
    /// Where to: each run is the body of a POST to this address.
    #[arg(long, value_name = "URL")]
    url: String,
    /// How often to try again when the server does not answer, or says that it is busy or broken.
    #[arg(long, value_name = "N", default_value_t = 3)]
    retries: u32,
    /// How long an attempt may take, in seconds.
    #[arg(long, value_name = "SECONDS", default_value_t = 60, value_parser = clap::value_parser!(u64).range(1..))]
    timeout: u64,
}

const HELP: &str = "\
The token that the server asks for stands in the variable BITNET_BENCH_TOKEN. It
is never shown, goes to no other host, and not over plain http, except to this
machine. Sending a run again does no harm: its id is the request's
`Idempotency-Key`.

Examples:
  cargo bitnet-bench upload --url https://bench.example.org/api/runs
  cargo bitnet-bench upload main latest --url http://localhost:8080/api/runs";

pub(super) fn run(arguments: &Arguments, place: &Place) -> Result<Ended, CommandError> {
    let token = match std::env::var_os(TOKEN) {
        Some(token) if !token.is_empty() => Some(Token::new(token.to_str().ok_or(UploadError::Token)?)?),
        _ => None,
    };
    let mut server = Server::new(&arguments.url, token)?;
    server.retries = arguments.retries;
    server.timeout = Duration::from_secs(arguments.timeout);
    let latest = ["latest".to_owned()];
    let names = if arguments.runs.is_empty() { &latest } else { arguments.runs.as_slice() };
    for name in names {
        for record in runs::named(name, &place.store)? {
            let known = server.send(&record)?.is_client_error();
            let what = if known { "was there already" } else { "sent" };
            print(&format!("{}: {what}\n", record.run.id))?;
        }
    }
    Ok(Ended::Well)
}
