//! Stored runs, changed as if something else had been measured.

use std::fs;
use std::path::PathBuf;

use serde_json::Value;

use super::program::Program;

/// Changes a document in place.
pub(crate) fn edit(path: &PathBuf, change: impl Fn(&mut Value)) {
    let text = fs::read_to_string(path).expect("the document can be read");
    let mut document: Value = serde_json::from_str(&text).expect("it is JSON");
    change(&mut document);
    fs::write(path, document.to_string()).expect("the document can be written");
}

/// The document of a program's baseline.
pub(crate) fn baseline(program: &Program, name: &str, target: &str) -> PathBuf {
    program.home().join(format!("baselines/{name}/{target}.json"))
}

/// Makes every time of the cases whose id contains this so many times as long.
pub(crate) fn stretch(path: &PathBuf, part: &str, factor: f64) {
    edit(path, |record| {
        for case in record["cases"].as_array_mut().expect("there are cases") {
            if !case["id"].as_str().is_some_and(|id| id.contains(part)) {
                continue;
            }
            let measured = &mut case["outcome"]["measured"];
            let minimum = &mut measured["time"]["minimum"]["value"];
            *minimum = Value::from(minimum.as_f64().expect("it is a number") * factor);
            for launch in measured["launches"].as_array_mut().expect("there are launches") {
                for sample in launch["samples_ns"].as_array_mut().expect("there are samples") {
                    *sample = Value::from(sample.as_f64().expect("it is a number") * factor);
                }
            }
        }
    });
}
