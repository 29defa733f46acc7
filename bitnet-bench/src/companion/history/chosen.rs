//! Which history is meant, and which runs of it.

use std::time::SystemTime;

use clap::Args;

use crate::companion::error::CommandError;
use crate::companion::place::Place;
use crate::host::Host;
use crate::record::history::{Filter, History, Synchronised};

/// The variable that names a team's database. It may hold a password, so it is no part of the configuration, which goes into
/// every record.
const DATABASE: &str = "BITNET_BENCH_DATABASE";

/// The database that is meant.
#[derive(Debug, Args)]
pub(in crate::companion) struct DatabaseArguments {
    /// A team's database instead of the local store: postgres://… or an SQLite file [env: BITNET_BENCH_DATABASE].
    #[arg(long, value_name = "URL")]
    database: Option<String>,
}

impl DatabaseArguments {
    /// The database that is named, if one is.
    pub(super) fn url(&self) -> Option<String> {
        let of_environment = || std::env::var(DATABASE).ok().filter(|url| !url.is_empty());
        self.database.clone().or_else(of_environment)
    }

    /// Opens it: a team's database as it is, the local index brought up to date.
    pub(in crate::companion) fn open(&self, place: &Place) -> Result<History, CommandError> {
        if let Some(url) = self.url() {
            return Ok(History::at(&url)?);
        }
        if !place.store.home().join("runs").is_dir() {
            let home = place.store.home().display();
            return Err(CommandError::refused(format!("there are no runs in {home}; `cargo bench` makes one")));
        }
        let mut history = History::of(&place.store)?;
        warn(&history.synchronise(&place.store)?);
        Ok(history)
    }
}

/// Names what was passed over.
pub(super) fn warn(done: &Synchronised) {
    for error in &done.passed_over {
        eprintln!("warning: {error}; passed over");
    }
}

/// The runs that are meant.
#[derive(Debug, Args)]
pub(in crate::companion) struct RunArguments {
    /// A machine key, or `all` [default: this machine].
    #[arg(long, value_name = "KEY")]
    machine: Option<String>,
    /// Only runs of this bench target.
    #[arg(long, value_name = "NAME")]
    target: Option<String>,
    /// Only runs since then: a date such as 2026-01-31, or a time ago such as 90d.
    #[arg(long, value_name = "WHEN")]
    since: Option<String>,
}

impl RunArguments {
    pub(in crate::companion) fn filter(&self) -> Result<Filter, CommandError> {
        let machine = match self.machine.as_deref() {
            Some("all") => None,
            Some(key) => Some(key.to_owned()),
            None => Some(Host::describe().machine_key),
        };
        let since = self.since.as_deref().map(start).transpose()?;
        Ok(Filter { machine, target: self.target.clone(), since, ..Filter::default() })
    }

    /// Why there is nothing, where there are runs that were not meant.
    pub(in crate::companion) fn nothing(&self, history: &mut History) -> Result<CommandError, CommandError> {
        let all = history.runs(&Filter::default())?;
        let mut machines: Vec<&str> = all.iter().map(|run| run.machine_key.as_str()).collect();
        machines.sort_unstable();
        machines.dedup();
        let asked = self.machine.as_deref().map_or("this machine".to_owned(), |key| format!("`--machine {key}`"));
        Ok(CommandError::refused(format!(
            "nothing was found for {asked} and what else was asked for; there are {} runs, of {}; \
             `--machine all` takes every machine",
            all.len(),
            if machines.is_empty() { "no machine".to_owned() } else { machines.join(", ") }
        )))
    }
}

/// A time as the index has it: from a date or time, or so long ago.
pub(super) fn start(text: &str) -> Result<String, CommandError> {
    if let Ok(ago) = humantime::parse_duration(text) {
        let at = SystemTime::now().checked_sub(ago).unwrap_or(SystemTime::UNIX_EPOCH);
        return Ok(humantime::format_rfc3339_seconds(at).to_string());
    }
    let whole = if text.len() == 10 { format!("{text}T00:00:00Z") } else { text.to_owned() };
    let at = humantime::parse_rfc3339_weak(&whole).map_err(|_| {
        CommandError::refused(format!("`{text}` is no time: write 2026-01-31, 2026-01-31T12:00:00Z, or 90d"))
    })?;
    Ok(humantime::format_rfc3339_seconds(at).to_string())
}

#[cfg(test)]
mod tests {
    use super::start;

    #[test]
    fn a_time_is_a_date_or_so_long_ago() {
        assert_eq!(start("2026-01-31").expect("a date"), "2026-01-31T00:00:00Z");
        assert_eq!(start("2026-01-31T12:00:00Z").expect("a time"), "2026-01-31T12:00:00Z");
        assert!(start("90d").expect("so long ago") < start("1h").expect("so long ago"));
        for wrong in ["", "yesterday", "2026-13-01", "10/12/2026"] {
            assert!(start(wrong).is_err(), "{wrong}");
        }
    }
}
