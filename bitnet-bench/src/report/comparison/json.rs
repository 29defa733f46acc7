//! Comparisons as one JSON document, for a program. docs/comparing.md describes it.
//!
//! ```text
//! {"type":"comparison","schema_version":1,"targets":[{"target":"gemv","runs":[{"run":"latest",
//!  "comparison":{"baseline":"main","cases":[…],"unmatched":[…],"warnings":[…]}}]}],"gate":{…}}
//! ```

use serde::Serialize;

use super::Compared;
use crate::compare::Comparison;
use crate::compare::gate::GateOutcome;

/// The version of the document.
const SCHEMA_VERSION: u32 = 1;

#[derive(Serialize)]
struct Document<'a> {
    r#type: &'static str,
    schema_version: u32,
    targets: Vec<Target<'a>>,
    gate: Option<&'a GateOutcome>,
}

#[derive(Serialize)]
struct Target<'a> {
    target: Option<&'a str>,
    runs: Vec<Run<'a>>,
}

#[derive(Serialize)]
struct Run<'a> {
    run: &'a str,
    comparison: &'a Comparison,
}

/// The document, on one line with its line feed; `gate` is `null` where none was asked for.
///
/// # Errors
/// If a value cannot be written as JSON.
pub fn json(compared: &[Compared<'_>], gate: Option<&GateOutcome>) -> serde_json::Result<String> {
    let mut targets = Vec::new();
    for compared in compared {
        let mut runs = Vec::new();
        for (run, comparison) in &compared.runs {
            runs.push(Run { run, comparison });
        }
        targets.push(Target { target: compared.target, runs });
    }
    let document = Document { r#type: "comparison", schema_version: SCHEMA_VERSION, targets, gate };
    Ok(serde_json::to_string(&document)? + "\n")
}
