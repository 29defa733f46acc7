//! `history`: the index over the stored runs.

use std::fs;
use std::path::PathBuf;

use bitnet_bench::record::Store;
use bitnet_bench::record::history::{Filter, History};
use bitnet_bench_tests::Synthetic;
use serde_json::Value;

use super::COMPANION;
use super::program::{Output, Program, Running};

const GEMV: &str = "kernels/gemv[size=64]@cpu";
const PACK: &str = "kernels/pack@cpu";

/// A store of made-up runs, and the companion beside it.
pub(crate) struct Made {
    pub(crate) program: Program,
    pub(crate) store: Store,
}

impl Made {
    pub(crate) fn new() -> Self {
        let program = Program::new(COMPANION);
        let store = Store::at(program.home());
        Self { program, store }
    }

    /// With so many runs, one a day, whose cases get slower by 1 ns a run.
    fn of(runs: usize) -> Self {
        let made = Self::new();
        (0..runs).for_each(|run| drop(made.save(&daily(run))));
        made
    }

    pub(crate) fn save(&self, run: &Synthetic) -> PathBuf {
        self.store.save(&run.record()).expect("the run can be saved")
    }

    pub(crate) fn run(&self, arguments: &[&str]) -> Output {
        Running::start(&mut self.program.command(arguments)).finish()
    }

    fn shown(&self, arguments: &[&str]) -> Value {
        let words = [&["history", "show"], arguments, &["--output-format", "json"]].concat();
        serde_json::from_str(&self.run(&words).ended(0).stdout).expect("it is JSON")
    }

    fn values(&self, case: &str) -> Vec<f64> {
        let shown = self.shown(&[case, "--limit", "1000"]);
        let figures = shown[0]["figures"].as_array().expect("there are figures").iter();
        figures.map(|figure| figure["value"].as_f64().expect("a number")).collect()
    }
}

fn daily(run: usize) -> Synthetic {
    let time = 100.0 + run as f64;
    let started = format!("2026-01-{:02}T12:00:00Z", 1 + run);
    Synthetic::new(&format!("run-{run:02}"), &started, &[(GEMV, time), (PACK, 2.0 * time)])
}

#[test]
fn a_case_is_shown_over_the_runs() {
    let made = Made::of(5);
    let output = made.run(&["history", "show", GEMV]).ended(0).prints("kernels/gemv[size=64]@cpu · time");
    let output = output.prints("2026-01-01 12:00").prints("104.0 ns").prints("±1.0 %");
    assert!(output.stdout.lines().all(|line| line.chars().count() <= 80), "{}", output.stdout);
    assert_eq!(made.values(GEMV), [100.0, 101.0, 102.0, 103.0, 104.0]);

    let both = made.shown(&["*", "--limit", "2"]);
    assert_eq!(both.as_array().map(Vec::len), Some(2));
    assert_eq!(both[1]["figures"][1]["value"], 208.0);
    let all = made.shown(&[PACK, "--metric", "all"]);
    let metrics: Vec<&str> = all.as_array().expect("cases").iter().filter_map(|case| case["metric"].as_str()).collect();
    assert_eq!(metrics, ["SQNR", "bytes/s", "time"]);
    assert_eq!(all[0]["direction"], "higher_is_better");

    let csv = made.run(&["history", "show", GEMV, "--output-format", "csv", "--since", "2026-01-05"]).ended(0).stdout;
    let rows: Vec<&str> = csv.lines().collect();
    assert_eq!(rows.len(), 2, "{csv}");
    assert!(rows[0].starts_with("case,metric,unit,run,") && rows[1].contains(",run-04,kernels,"), "{csv}");
}

#[test]
fn runs_are_listed() {
    let made = Made::of(3);
    let mut other = Synthetic { machine_key: "another-machine".to_owned(), ..daily(3) };
    other.target = "other".to_owned();
    made.save(&other);
    let output = made.run(&["history", "list"]).ended(0).prints("2026-01-03 12:00  kernels");
    assert!(!output.stdout.contains("other"));
    made.run(&["history", "list", "--machine", "all"]).ended(0).prints("other");
    made.run(&["history", "list", "--machine", "all", "--target", "other", "--limit", "1"])
        .ended(0)
        .prints("2026-01-04");
    let refused = made.run(&["history", "list", "--machine", "none"]).ended(2);
    refused.says("--machine all").says("another-machine");
}

#[test]
fn the_index_follows_the_documents() {
    let made = Made::of(3);
    assert_eq!(made.values(GEMV).len(), 3);
    made.save(&daily(3));
    assert_eq!(made.values(GEMV).len(), 4);
    fs::remove_file(made.program.home().join("runs/run-00.json")).expect("it can be removed");
    assert_eq!(made.values(GEMV), [101.0, 102.0, 103.0]);
    let changed = Synthetic { cases: vec![(GEMV.to_owned(), 555.5)], ..daily(1) };
    made.save(&changed);
    assert_eq!(made.values(GEMV), [555.5, 102.0, 103.0]);
    // What is not read again is what was there: an index that is thrown away says the same.
    fs::remove_file(made.program.home().join("history.sqlite")).expect("it can be removed");
    assert_eq!(made.values(GEMV), [555.5, 102.0, 103.0]);
    made.run(&["history", "rebuild"]).ended(0).prints("3 runs indexed");
    assert_eq!(made.values(GEMV), [555.5, 102.0, 103.0]);
}

#[test]
fn damaged_documents_are_named_and_passed_over() {
    let made = Made::of(2);
    let whole = fs::read_to_string(made.program.home().join("runs/run-00.json")).expect("it can be read");
    made.program.write("home/runs/half.json", &whole[..whole.len() / 2]);
    made.program.write("home/runs/empty.json", "");
    made.program.write("home/runs/list.json", "[1, 2]");
    made.program.write("home/runs/newer.json", whole.replacen("\"schema_version\":1", "\"schema_version\":99", 1));
    made.program.write("home/runs/copy.json", &whole);
    made.program.write("home/runs/.run-07.json.123.tmp", &whole[..9]);
    let output = made.run(&["history", "show", GEMV]).ended(0).prints("100.0 ns").prints("101.0 ns");
    for (name, reason) in [
        ("half.json", "EOF"),
        ("empty.json", "EOF"),
        ("list.json", "not a record"),
        ("newer.json", "schema version 99"),
        ("copy.json", "it holds the run `run-00`"),
    ] {
        let named = output.stderr.lines().any(|line| line.contains(name) && line.contains(reason));
        assert!(named, "{name}: {}", output.stderr);
    }
    assert_eq!(output.stderr.lines().count(), 5, "{}", output.stderr);
}

#[test]
fn a_damaged_or_newer_index_is_refused_and_can_be_made_anew() {
    let made = Made::of(2);
    let index =
        made.program.write("home/history.sqlite", "this is no database, and longer than a header of one would be");
    made.run(&["history", "show", GEMV]).ended(2).says("history.sqlite is damaged").says("history rebuild");
    made.run(&["history", "rebuild"]).ended(0).prints("2 runs indexed");
    assert_eq!(made.values(GEMV).len(), 2);

    let database = rusqlite::Connection::open(&index).expect("it can be opened");
    database.execute("INSERT INTO schema_versions (version) VALUES (99)", []).expect("it can be written");
    drop(database);
    made.run(&["history", "list"]).ended(2).says("schema version 99").says("update bitnet-bench");
    made.run(&["history", "rebuild"]).ended(0);
    assert_eq!(made.values(GEMV).len(), 2);
}

#[test]
fn an_index_that_another_process_holds_is_waited_for_and_then_named() {
    let made = Made::of(2);
    assert_eq!(made.values(GEMV).len(), 2);
    let mut holder = rusqlite::Connection::open(made.program.home().join("history.sqlite")).expect("it can be opened");
    let held = holder.transaction_with_behavior(rusqlite::TransactionBehavior::Immediate).expect("it can be held");
    // Who only reads is not held up.
    assert_eq!(made.values(GEMV).len(), 2);
    made.save(&daily(2));
    made.run(&["history", "list"]).ended(2).says("history.sqlite is held by another process").says("try again");
    drop(held);
    assert_eq!(made.values(GEMV).len(), 3);
}

#[test]
fn several_processes_may_index_at_once() {
    let made = Made::of(40);
    let mut processes: Vec<Running> =
        (0..4).map(|_| Running::start(&mut made.program.command(["history", "show", "*"]))).collect();
    for process in processes.drain(..) {
        process.finish().ended(0);
    }
    let mut history = History::of(&made.store).expect("the index can be opened");
    let selected = history.cases(GEMV, &Filter::default()).expect("the case is there");
    assert_eq!((selected.runs.len(), selected.cases[0].figures.len()), (40, 40));
}

#[test]
fn what_is_not_there_is_said_with_a_way_out() {
    let made = Made::new();
    made.run(&["history", "list"]).ended(2).says("there are no runs in").says("cargo bench");
    made.save(&daily(0));
    made.run(&["history", "show", "kernels/pakc@cpu"]).ended(2).says("did you mean `kernels/pack@cpu`?");
    made.run(&["history", "show", "gemv"]).ended(2).says("write `*gemv*`");
    made.run(&["history", "show", PACK, "--metric", "tiem"]).ended(2).says("bytes/s, time");
    made.run(&["history", "show", PACK, "--since", "soon"]).ended(2).says("`soon` is no time");
    made.run(&["history", "list", "--database", "postgres://nobody@127.0.0.1:1/none"])
        .ended(2)
        .says("127.0.0.1:1/none");
    made.run(&["history", "push"]).ended(2).says("BITNET_BENCH_DATABASE");
    for command in ["show", "list", "prune", "export", "import", "push", "rebuild"] {
        made.run(&["history", command, "--help"]).ended(0).prints("Usage: cargo bitnet-bench history");
    }
}

#[test]
fn pruning_says_what_goes_and_keeps_what_must_stay() {
    let made = Made::of(6);
    made.save(&Synthetic { target: "rare".to_owned(), id: "rare-00".to_owned(), ..daily(0) });
    made.store.save_baseline("main", &daily(1).record()).expect("it can be saved");
    let files = || fs::read_dir(made.program.home().join("runs")).expect("it is there").count();

    let dry = made.run(&["history", "prune", "--keep", "3", "--dry-run"]).ended(0);
    dry.prints("run-02  to be removed").prints("3 runs to be removed");
    made.run(&["history", "prune", "--keep", "3"]).ended(2).says("`--yes` removes it").says("nothing was removed");
    made.run(&["history", "prune"]).ended(2).says("--keep").says("--older-than");
    assert_eq!(files(), 7);

    let output = made.run(&["history", "prune", "--older-than", "2026-01-04", "--keep-baselines", "--yes"]).ended(0);
    let output =
        output.prints("run-00  removed").prints("run-02  removed").prints("rare-00  stays, the latest of its target");
    output.prints("run-01  stays, kept as a baseline").prints("2 runs removed");
    let target = made.shown(&[GEMV, "--target", "kernels"]);
    assert_eq!(target[0]["figures"].as_array().map(Vec::len), Some(4));
    assert!(made.store.baseline("main", "kernels").is_ok());

    made.run(&["history", "prune", "--keep", "0", "--yes"]).ended(0);
    assert_eq!(files(), 2, "the latest of each target stays");
    assert!(made.store.baseline("main", "kernels").is_ok());
}

#[test]
fn an_archive_carries_everything_to_another_store() {
    let made = Made::of(3);
    let archive = made.program.folder().join("all.jsonl").display().to_string();
    made.run(&["history", "export", &archive]).ended(0).prints("3 runs written");
    let lines = made.run(&["history", "export", "-"]).ended(0).stdout;
    assert_eq!(lines, fs::read_to_string(&archive).expect("it can be read"));

    let other = Made::new();
    other.save(&daily(1));
    other.run(&["history", "import", &archive]).ended(0).prints("2 runs added, 1 were there already");
    other.run(&["history", "import", &archive]).ended(0).prints("0 runs added, 3 were there already");
    assert_eq!(other.values(GEMV), made.values(GEMV));
    for run in 0..3 {
        let read = |made: &Made| {
            let path = made.program.home().join(format!("runs/run-{run:02}.json"));
            serde_json::to_value(Store::read(&path).expect("it is a record")).expect("it is JSON")
        };
        assert_eq!(read(&made), read(&other));
    }
}

#[test]
fn an_archive_that_contradicts_the_store_changes_nothing() {
    let made = Made::of(2);
    let archive = made.program.folder().join("all.jsonl").display().to_string();
    made.run(&["history", "export", &archive]).ended(0);
    let other = Made::new();
    other.save(&Synthetic { cases: vec![(GEMV.to_owned(), 7.0)], ..daily(1) });
    other.run(&["history", "import", &archive]).ended(2).says("line 2").says("run-01").says("nothing was imported");
    assert_eq!(other.values(GEMV), [7.0]);

    let escape = serde_json::to_string(&Synthetic { id: "../../escape".to_owned(), ..daily(0) }.record());
    let escape = other.program.write("escape.jsonl", escape.expect("it is JSON")).display().to_string();
    other.run(&["history", "import", &escape]).ended(2).says("cannot be a run's id");
    let torn = other.program.write("torn.jsonl", "{\"schema_version\":1,").display().to_string();
    other.run(&["history", "import", &torn]).ended(2).says("line 1: this is not JSON");
    other.run(&["history", "import", "/no/such/file"]).ended(2).says("/no/such/file");
}

#[test]
fn another_sqlite_file_can_be_the_team_s_database() {
    let made = Made::of(3);
    let database = made.program.folder().join("team.sqlite").display().to_string();
    made.run(&["history", "push", "--database", &database]).ended(0).prints("3 runs added");
    made.run(&["history", "push", "--database", &database]).ended(0).prints("0 runs added");
    let elsewhere = Made::new();
    elsewhere.run(&["history", "show", GEMV, "--database", &database]).ended(0).prints("102.0 ns");
    let mut command = elsewhere.program.command(["history", "list"]);
    Running::start(command.env("BITNET_BENCH_DATABASE", &database)).finish().ended(0).prints("2026-01-03");
}
