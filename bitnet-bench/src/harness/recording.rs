//! What the record keeps of a run's settings and cases.

use std::collections::BTreeMap;

use super::HarnessError;
use super::plan::{Planned, State};
use crate::config::{Config, Origin};
use crate::record::{AxisLabel, CaseRecord, Configured, Outcome, analyse};

/// The settings of a case without an attribute of its own, and the options.
pub(super) fn configuration(config: &Config) -> Result<BTreeMap<String, Configured>, HarnessError> {
    let shown = config.show()?;
    let configured = shown.into_iter().map(|row| {
        let key = if row.section == "measure" { row.key.to_owned() } else { format!("{}.{}", row.section, row.key) };
        (key, Configured { value: row.value, origin: row.origin.to_string() })
    });
    Ok(configured.collect())
}

/// Those settings of a case that its attribute or its group gives.
pub(super) fn own_settings(planned: &Planned) -> BTreeMap<String, Configured> {
    let own = planned.settings.to_texts().into_iter().filter_map(|(key, value)| {
        let origin = planned.origins.of(key);
        let is_own = matches!(origin, Origin::Attribute { .. } | Origin::Group { .. });
        is_own.then(|| (key.to_owned(), Configured { value, origin: origin.to_string() }))
    });
    own.collect()
}

/// What the record keeps of a case.
pub(super) fn case_record(planned: Planned, interrupted: bool) -> CaseRecord {
    let settings = own_settings(&planned);
    let Planned { case, settings: resolved, launches, state, .. } = planned;
    let label = |(axis, label): (&str, &str)| AxisLabel { axis: axis.to_owned(), label: label.to_owned() };
    let mut carried_from = None;
    let outcome = match state {
        State::Failed(failure, launch) => Outcome::Failed { failure, launch, launches },
        State::Skipped(reason) => Outcome::Skipped { reason },
        State::Carried(from, measured) => {
            carried_from = Some(from);
            Outcome::Measured(measured)
        }
        State::Pending | State::Done => match analyse(launches, &resolved, case.threads()) {
            Some(measured) => Outcome::Measured(Box::new(measured)),
            None if interrupted => Outcome::Skipped { reason: "the run was interrupted before its turn".to_owned() },
            None => Outcome::Skipped { reason: "no launch measured it".to_owned() },
        },
    };
    CaseRecord {
        id: case.id().to_owned(),
        group: case.group().to_owned(),
        name: case.name().to_owned(),
        point: case.labels().map(label).collect(),
        device: case.device().to_owned(),
        tags: case.tags().map(ToOwned::to_owned).collect(),
        source: format!("{}:{}", case.source().file, case.source().line),
        settings,
        carried_from,
        outcome,
    }
}
