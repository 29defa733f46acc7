//! What a program reads.

use serde_json::{Value, to_value};

use super::super::json_lines::{LinesError, read, render};
use super::sample::*;
use super::suite::*;
use crate::record::{Record, SCHEMA_VERSION};

fn other() -> Record {
    let mut record = record(vec![case("ops/popcount", &[], 0.56)]);
    record.run.id = "20261123T143100Z-ops-1".to_owned();
    record
}

#[test]
fn runs_come_back_as_they_were_even_concatenated() {
    let (one, two) = (suite(), other());
    let text = render(&one).unwrap() + "\n" + &render(&two).unwrap();
    let back = read(&text).unwrap();
    assert!(same(&to_value(&back).unwrap(), &to_value([&one, &two]).unwrap()));
}

/// Whether two values are the same, numbers but for the last bits, which serde_json's faster
/// parser does not promise.
fn same(one: &Value, other: &Value) -> bool {
    match (one, other) {
        (Value::Object(one), Value::Object(other)) => {
            one.len() == other.len() && one.iter().all(|(key, value)| other.get(key).is_some_and(|o| same(value, o)))
        }
        (Value::Array(one), Value::Array(other)) => {
            one.len() == other.len() && one.iter().zip(other).all(|(one, other)| same(one, other))
        }
        (Value::Number(one), Value::Number(other)) => {
            let (one, other) = (one.as_f64().unwrap(), other.as_f64().unwrap());
            (one - other).abs() <= 1e-15 * one.abs()
        }
        _ => one == other,
    }
}

#[test]
fn each_line_says_what_it_is_and_of_which_run() {
    let text = render(&suite()).unwrap();
    let lines: Vec<Value> = text.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    assert_eq!(lines.len(), 18);
    assert_eq!((lines[0]["type"].as_str(), lines[0].get("cases")), (Some("run"), None));
    let id = &lines[0]["run"]["id"];
    assert!(lines[1..17].iter().all(|line| line["type"] == "case" && line["run"] == *id && line["id"].is_string()));
    let end = &lines[17];
    assert_eq!((&end["type"], &end["run"]), (&"end".into(), id));
    assert_eq!((&end["measured"], &end["failed"], &end["skipped"]), (&12.into(), &1.into(), &3.into()));
}

#[test]
fn what_is_missing_or_strange_is_an_error_that_says_where() {
    let text = render(&suite()).unwrap();
    let lines: Vec<&str> = text.lines().collect();
    assert!(matches!(read(&lines[..17].join("\n")), Err(LinesError::Incomplete { .. })));
    let gap = [&lines[..3], &lines[4..]].concat().join("\n");
    assert!(matches!(read(&gap), Err(LinesError::Incomplete { .. })));
    assert!(matches!(read(lines[1]), Err(LinesError::Stray { line: 1, .. })));
    assert!(matches!(read(&format!("{}\nnonsense", lines[0])), Err(LinesError::Malformed { line: 2, .. })));
    let newer = text.replacen("\"schema_version\":1", "\"schema_version\":99", 1);
    let error = read(&newer).unwrap_err();
    assert!(matches!(error, LinesError::Newer { line: 1, found: 99 }), "{error}");
    assert!(error.to_string().contains(&format!("up to {SCHEMA_VERSION}")));
    assert!(read("").unwrap().is_empty());
}
