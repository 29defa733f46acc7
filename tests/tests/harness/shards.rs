//! Runs in parts that know nothing of each other.

use std::collections::BTreeSet;
use std::fs;

use super::program::{Program, QUICK, Running, SLOW, WELL_BEHAVED};
use super::results::{Results, files};

/// The cases of a target, or of a part of them.
fn listed(program: &Program, arguments: &[&str]) -> Vec<String> {
    let words = [&["--bench", "--list", "--format", "terse"], arguments].concat();
    let lines = program.run(&words).ended(0).stdout;
    lines.lines().filter_map(|line| line.strip_suffix(": test").map(str::to_owned)).collect()
}

fn shard(number: usize, of: usize) -> String {
    format!("{number}/{of}")
}

#[test]
fn every_case_is_in_one_part_whatever_is_chosen() {
    let program = Program::new(WELL_BEHAVED);
    for filter in
        [&[][..], &["kernels"], &["--skip", "team", "--include-ignored"], &["--exact", "well_behaved/body@cpu"]]
    {
        let all = listed(&program, filter);
        for of in [1, 2, 3, 8, 40] {
            let parts: Vec<Vec<String>> =
                (1..=of).map(|number| listed(&program, &[filter, &["--shard", &shard(number, of)]].concat())).collect();
            let (least, most) = (parts.iter().map(Vec::len).min(), parts.iter().map(Vec::len).max());
            // What is marked `ignore`, or is for another device, may come on top.
            assert!(most <= least.map(|least| least + 2), "{of}: {parts:?}");
            let mut joined = parts.concat();
            joined.sort();
            let mut sorted = all.clone();
            sorted.sort();
            assert_eq!(joined, sorted, "{of} parts of {filter:?}");
        }
    }
}

#[test]
fn a_record_says_which_part_it_is() {
    let program = Program::new(WELL_BEHAVED);
    let measure = |number| {
        let text = shard(number, 3);
        let output = program.measure(&["kernels", "--shard", &text, "--output-format", "json"]).ended(0);
        Results::from_lines(&output.says(&format!("shard {text}: ")).stdout)
    };
    let parts = [1, 2, 3].map(measure);
    let split = |part: &Results| part.head["run"]["shard"]["split"].as_str().map(str::to_owned);
    for (number, part) in (1..).zip(&parts) {
        let shard = &part.head["run"]["shard"];
        assert_eq!((shard["number"].as_u64(), shard["of"].as_u64()), (Some(number), Some(3)));
        assert_eq!(split(part), split(&parts[0]));
    }
    let ids: BTreeSet<_> = parts.iter().flat_map(|part| part.cases.keys()).collect();
    assert_eq!(ids.len(), listed(&program, &["kernels"]).len());
    // Another filter, another split.
    let output = program.measure(&["gemv", "--shard", "1/3", "--output-format", "json"]).ended(0);
    assert_ne!(split(&Results::from_lines(&output.stdout)), split(&parts[0]));
    let whole = program.measure(&["body", "--output-format", "json"]).ended(0);
    assert!(Results::from_lines(&whole.stdout).head["run"]["shard"].is_null());
}

#[test]
fn a_part_without_a_case_ends_well() {
    let program = Program::new(WELL_BEHAVED);
    let output = program.measure(&["body", "fallible", "--shard", "5/6", "--output-format", "json"]).ended(0);
    let results = Results::from_lines(&output.stdout);
    assert!(results.cases.is_empty());
    assert!(Results::only_in(&program.home()).cases.is_empty());
    output.says("shard 5/6 has no case: there are 2 for 6 shards");
    assert!(files(&program.home().join("partial")).is_empty());
}

#[test]
fn what_is_no_part_is_refused() {
    let program = Program::new(WELL_BEHAVED);
    for (part, why) in [
        ("0/8", "the first part is number 1"),
        ("9/8", "there are 8 parts"),
        ("2/0", "no parts"),
        ("abc", "a part such as 2/8"),
    ] {
        program.measure(&["--shard", part]).ended(2).says(why);
    }
    program.measure(&["--shard-by", "latest"]).ended(2).says("give both");
    program.measure(&["--shard", "1/2", "--shard-by", "nothing"]).ended(2).says("--shard-by nothing");
    assert!(files(&program.home().join("runs")).is_empty());
}

/// The launches of a case, if it was measured.
fn launches(case: &mut serde_json::Value) -> impl Iterator<Item = &mut serde_json::Value> {
    case.pointer_mut("/outcome/measured/launches").and_then(|launches| launches.as_array_mut()).into_iter().flatten()
}

/// By what a run took, the parts take as long: here one case takes as long as all others together.
#[test]
fn cases_are_split_by_what_they_took() {
    let program = Program::new(WELL_BEHAVED);
    program.measure(&["kernels/gemv", "team", "body", "--save-baseline", "main"]).ended(0);
    let path = program.home().join("baselines/main/well_behaved.json");
    let mut record: serde_json::Value =
        serde_json::from_str(&fs::read_to_string(&path).expect("it is there")).expect("JSON");
    for case in record["cases"].as_array_mut().expect("there are cases") {
        let long = case["id"] == "well_behaved/body@cpu";
        for launch in launches(case) {
            assert!(launch["wall_ns"].as_f64() > Some(1e6), "a launch of 4 ms takes longer than one: {launch}");
            launch["wall_ns"] = if long { 9e9 } else { 1e9 }.into();
        }
    }
    let file = program.write("by.json", record.to_string()).display().to_string();
    let part = |number, by: &str| {
        let words = ["kernels/gemv", "team", "body", "--device", "cpu", "--shard", number, "--shard-by", by];
        listed(&program, &words)
    };
    let alone = ["1/2", "2/2"].map(|number| part(number, &file));
    assert!(alone.contains(&vec!["well_behaved/body@cpu".to_owned()]), "{alone:?}");
    // The baseline itself has it among equals.
    let even = ["1/2", "2/2"].map(|number| part(number, "main").len());
    assert_eq!(even.iter().sum::<usize>(), alone.iter().map(Vec::len).sum::<usize>());
}

/// Two parts under way in one store: each goes on with its own.
#[cfg(unix)]
#[test]
fn an_interrupted_part_is_resumed_and_no_other() {
    let program = Program::new(SLOW);
    let settings = ["--bench", "--time", "500ms", "--launches", "5", "--warmup", "5ms", "--precision", "0.0001"];
    let words = |part: &'static str| [&settings[..], &["--shard", part, "--output-format", "json"]].concat();
    let measured = |count| {
        let lines = |path| fs::read_to_string(path).unwrap_or_default().matches("\"measured\"").count();
        let least = files(&program.home().join("partial")).into_iter().map(lines).min();
        (least >= Some(count)).then_some(())
    };
    let mut runs: Vec<_> =
        ["1/2", "2/2"].into_iter().map(|part| Running::start(&mut program.command(words(part)))).collect();
    runs[0].wait_for("two journals", || (files(&program.home().join("partial")).len() == 2).then_some(()));
    runs[0].wait_for("results", || measured(2));
    for run in runs {
        let process = i32::try_from(run.id()).expect("a process's number is an i32");
        // SAFETY: the process is one that this test started; no memory is touched.
        assert_eq!(unsafe { libc::kill(process, libc::SIGINT) }, 0);
        run.finish().ended(130);
    }
    program.run(&[&settings[..], &["--resume"]].concat()).ended(2).says("no interrupted run of `slow`");
    program.run(&[&words("1/3")[..], &["--resume"]].concat()).ended(2).says("of shard 1/3 of `slow`");
    let resumed = |part| {
        let output = program.run(&[&words(part)[..], &["--resume"]].concat()).ended(0);
        Results::from_lines(&output.stdout)
    };
    let (second, first) = (resumed("2/2"), resumed("1/2"));
    assert_eq!((first.cases.len(), second.cases.len()), (2, 2));
    assert!(first.cases.keys().all(|id| !second.cases.contains_key(id)));
    assert!(first.cases.keys().all(|id| first.launches(id) == [0, 1, 2, 3, 4]));
    assert!(files(&program.home().join("partial")).is_empty());
}

/// Parts that begin in the same second, in processes of the same number on other machines, have names of their own.
#[test]
fn a_part_s_id_names_it() {
    let program = Program::new(WELL_BEHAVED);
    program.run(&[&QUICK[..], &["kernels/pack", "--shard", "2/2"]].concat()).ended(0);
    let runs = files(&program.home().join("runs"));
    assert!(runs[0].display().to_string().contains("-well_behaved-2of2-"), "{runs:?}");
}
