//! The published schema is that of what is written.

use serde_json::Value;

use super::program::{MISBEHAVING, Program, WELL_BEHAVED};
use super::results::files;

/// The schema in `docs/`, read by somebody else's implementation of JSON Schema.
fn schema() -> jsonschema::Validator {
    let text = include_str!("../../../docs/schema/record-1.json");
    let schema: Value = serde_json::from_str(text).expect("the schema is JSON");
    jsonschema::validator_for(&schema).expect("the schema is a schema")
}

/// The only record of a program's store.
fn record(program: &Program) -> Value {
    let runs = files(&program.home().join("runs"));
    let text = std::fs::read_to_string(&runs[0]).expect("the record can be read");
    serde_json::from_str(&text).expect("a record is JSON")
}

#[test]
fn records_are_as_the_schema_says() {
    let (well_behaved, misbehaving) = (Program::new(WELL_BEHAVED), Program::new(MISBEHAVING));
    well_behaved.measure(&[]).ended(0);
    misbehaving.measure(&["--exact", "bad/panics@cpu", "good/prints_garbage@cpu"]).ended(1);
    for program in [well_behaved, misbehaving] {
        let record = record(&program);
        let errors: Vec<String> = schema().iter_errors(&record).map(|error| error.to_string()).collect();
        assert!(errors.is_empty(), "{errors:#?}");
    }
}

#[test]
fn what_is_no_record_does_not_pass() {
    let program = Program::new(WELL_BEHAVED);
    program.measure(&["body"]).ended(0);
    let mut record = record(&program);
    record["cases"][0]["outcome"]["measured"]["time"]["median"]["value"] = Value::from("fast");
    assert!(!schema().is_valid(&record));
}
