//! The gate as `--show-config` prints it: sections of a TOML file, each table with its origin.

use std::fmt;

use super::gate::{GateSection, SeverityLimits, Threshold};
use super::show::in_toml;

impl fmt::Display for GateSection {
    /// Nothing, where nothing was said of a gate.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if *self == Self::default() {
            return Ok(());
        }
        let conditions: Vec<String> = self.fail_on.iter().map(|condition| in_toml(&condition.show())).collect();
        writeln!(f, "\n[gate]\nfail_on  = [{}]", conditions.join(", "))?;
        let SeverityLimits { moderate, major, critical } = self.severity;
        let [moderate, major, critical] = [moderate, major, critical].map(|limit| Threshold::Share(limit).show());
        writeln!(f, "severity = {{ moderate = \"{moderate}\", major = \"{major}\", critical = \"{critical}\" }}")?;
        for rule in &self.rules {
            writeln!(f, "\n[[gate.rule]]  # {}\ncases = {}", rule.origin, in_toml(&rule.cases))?;
            given(f, "metric", rule.metric.as_deref())?;
            let shown = |threshold: Option<Threshold>| threshold.map_or("off".to_owned(), |threshold| threshold.show());
            given(f, "regression", rule.regression.map(shown).as_deref())?;
            given(f, "inconclusive", rule.inconclusive.map(|on| if on { "on" } else { "off" }))?;
        }
        for allowed in &self.allowed {
            writeln!(f, "\n[[gate.allow]]  # {}\ncases = {}", allowed.origin, in_toml(&allowed.cases))?;
            given(f, "metric", allowed.metric.as_deref())?;
            writeln!(f, "until = \"{}\"\nreason = {}", allowed.until, in_toml(&allowed.reason))?;
        }
        Ok(())
    }
}

fn given(f: &mut fmt::Formatter<'_>, key: &str, value: Option<&str>) -> fmt::Result {
    value.map_or(Ok(()), |value| writeln!(f, "{key} = {}", in_toml(value)))
}
