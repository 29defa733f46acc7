//! Results as a user's own program would read them: JSON, and nothing of the framework.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use serde_json::Value;

/// The results of one run.
#[derive(Debug)]
pub(crate) struct Results {
    /// The record without its cases.
    pub(crate) head: Value,
    /// The cases by their ids.
    pub(crate) cases: BTreeMap<String, Value>,
}

impl Results {
    /// From JSON lines of one run, each of which must be one of the three kinds.
    #[track_caller]
    pub(crate) fn from_lines(text: &str) -> Self {
        let (mut heads, mut cases, mut ends) = (Vec::new(), BTreeMap::new(), Vec::new());
        for line in text.lines() {
            let value: Value = serde_json::from_str(line).unwrap_or_else(|error| panic!("{error}: {line}"));
            match value["type"].as_str() {
                Some("run") => heads.push(value),
                Some("case") => assert!(cases.insert(id(&value), value).is_none(), "a case comes twice"),
                Some("end") => ends.push(value),
                _ => panic!("this is no line of a run: {line}"),
            }
        }
        assert_eq!((heads.len(), ends.len()), (1, 1), "a run has a head and an end");
        let counted: u64 = ["measured", "failed", "skipped"].iter().filter_map(|kind| ends[0][kind].as_u64()).sum();
        assert_eq!(counted, cases.len() as u64, "the end counts the cases");
        Self { head: heads.remove(0), cases }
    }

    /// From a record's file.
    #[track_caller]
    pub(crate) fn from_file(path: &Path) -> Self {
        let text = fs::read(path).expect("the record can be read");
        let head: Value = serde_json::from_slice(&text).expect("a record is JSON");
        let cases = head["cases"].as_array().expect("a record has cases");
        Self { cases: cases.iter().map(|case| (id(case), case.clone())).collect(), head }
    }

    /// From the only record of a store.
    #[track_caller]
    pub(crate) fn only_in(home: &Path) -> Self {
        let files = files(&home.join("runs"));
        assert_eq!(files.len(), 1, "{files:?}");
        Self::from_file(&files[0])
    }

    /// What became of a case.
    #[track_caller]
    pub(crate) fn outcome(&self, id: &str) -> &Value {
        &self.cases.get(id).unwrap_or_else(|| panic!("there is no case `{id}`"))["outcome"]
    }

    /// The figures of a case that was measured.
    #[track_caller]
    pub(crate) fn measured(&self, id: &str) -> &Value {
        let outcome = self.outcome(id);
        outcome.get("measured").unwrap_or_else(|| panic!("`{id}` was not measured: {outcome}"))
    }

    /// The ids of the cases that came to such an outcome: `measured`, `failed` or `skipped`.
    pub(crate) fn that(&self, came_to: &str) -> Vec<&str> {
        let has = |case: &Value| case["outcome"].get(came_to).is_some();
        self.cases.iter().filter(|(_, case)| has(case)).map(|(id, _)| id.as_str()).collect()
    }

    /// The numbers of the launches that measured a case.
    #[track_caller]
    pub(crate) fn launches(&self, id: &str) -> Vec<u64> {
        let launches = self.measured(id)["launches"].as_array().expect("there are launches");
        launches.iter().map(|launch| launch["launch"].as_u64().expect("a launch has a number")).collect()
    }
}

fn id(case: &Value) -> String {
    case["id"].as_str().expect("a case has an id").to_owned()
}

/// Calls every case in a store precise, as it would have been if the machine did nothing else.
pub(crate) fn call_precise(home: &Path) {
    for run in files(&home.join("runs")) {
        let text = fs::read_to_string(&run).expect("the record can be read");
        fs::write(&run, text.replace("\"precise\":false", "\"precise\":true")).expect("the record can be written");
    }
}

/// The files of a folder, sorted; none if there is no such folder.
pub(crate) fn files(folder: &Path) -> Vec<PathBuf> {
    let mut files: Vec<_> = fs::read_dir(folder).into_iter().flatten().flatten().map(|entry| entry.path()).collect();
    files.sort();
    files
}
