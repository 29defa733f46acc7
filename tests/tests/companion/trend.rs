//! `trend`: which commits changed a case.

use std::path::Path;
use std::process::Command;

use bitnet_bench_tests::Synthetic;
use serde_json::Value;

use super::history::Made;

const CASE: &str = "kernels/gemv@cpu";

fn git(folder: &Path, arguments: &[&str], day: usize) -> String {
    // Days after 2026-01-01, as git takes them.
    let date = format!("{} +0000", 1_767_225_600 + day * 86_400);
    let output = Command::new("git")
        .args(["-c", "user.name=A", "-c", "user.email=a@example.org", "-c", "commit.gpgsign=false"])
        .args(arguments)
        .current_dir(folder)
        .env("GIT_AUTHOR_DATE", &date)
        .env("GIT_COMMITTER_DATE", &date)
        .env("GIT_CONFIG_GLOBAL", "/dev/null")
        .output()
        .expect("git can be run");
    assert!(output.status.success(), "{arguments:?}: {}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).expect("git prints text").trim().to_owned()
}

/// A repository in the companion's folder with so many commits on `main`, one a day; their hashes.
fn repository(made: &Made, commits: usize) -> Vec<String> {
    let folder = made.program.folder();
    git(folder, &["init", "-q", "-b", "main"], 0);
    (0..commits)
        .map(|day| {
            git(folder, &["commit", "-q", "--allow-empty", "-m", &format!("Commit {day}")], day);
            git(folder, &["rev-parse", "HEAD"], day)
        })
        .collect()
}

/// A run of a commit. Its start says nothing of the order of the commits: it was measured later, the newest first.
fn run_of(commits: &[String], at: usize, time: f64) -> Synthetic {
    let started = format!("2026-03-01T{:02}:{:02}:00Z", (commits.len() - at) / 60, (commits.len() - at) % 60);
    let run = Synthetic::new(&format!("run-{at:02}"), &started, &[(CASE, time)]);
    Synthetic { commit: Some((commits[at].clone(), false)), ..run }
}

/// A deterministic scatter of ±0.5 %.
fn scatter(at: usize) -> f64 {
    1.0 + 0.01 * ((at * 7919 % 101) as f64 / 101.0 - 0.5)
}

fn json(made: &Made, arguments: &[&str]) -> Value {
    let words = [&["trend"], arguments, &["--output-format", "json"]].concat();
    serde_json::from_str(&made.run(&words).ended(0).stdout).expect("it is JSON")
}

/// Forty commits, and 5 % more time from the thirtieth on.
fn stepped() -> (Made, Vec<String>) {
    let made = Made::new();
    let commits = repository(&made, 40);
    for at in 0..40 {
        made.save(&run_of(&commits, at, scatter(at) * if at < 30 { 100.0 } else { 105.0 }));
    }
    (made, commits)
}

#[test]
fn the_commits_of_a_change_are_named_in_first_parent_order() {
    let (made, commits) = stepped();
    let trend = &json(&made, &[CASE])[0];
    assert_eq!(trend["points"].as_array().map(Vec::len), Some(40));
    assert_eq!(trend["changes"].as_array().map(Vec::len), Some(1));
    let change = &trend["changes"][0];
    assert_eq!(change["verdict"], "regressed");
    let commit = |place: &Value| trend["points"][place.as_u64().expect("a place") as usize]["commit"].clone();
    assert_eq!(commit(&change["last_before"]), commits[29].as_str());
    assert_eq!(commit(&change["first_after"]), commits[30].as_str());
    let ratio = &change["ratio"];
    assert!(ratio["lower"].as_f64() < Some(1.05) && ratio["upper"].as_f64() > Some(1.05), "{ratio}");

    let output = made.run(&["trend"]).ended(0).prints("regressed +5.").prints(&commits[29][..10]);
    let output = output.prints(&commits[30][..10]).prints("9 before the newest").prints("40 commits").prints("█");
    assert!(output.stdout.lines().all(|line| line.chars().count() <= 80), "{}", output.stdout);
    assert!(made.run(&["trend", "--ascii"]).ended(0).prints("#").stdout.chars().all(|c| !('▁'..='█').contains(&c)));
    let table = made.run(&["trend", "--output-format", "markdown"]).ended(0);
    table.prints("| **regressed** +5.").prints(&format!("`{}..{}`", &commits[29][..10], &commits[30][..10]));
}

#[test]
fn a_gate_looks_at_recent_commits_and_at_the_direction() {
    let (made, _) = stepped();
    made.run(&["trend", "--fail-on", "regression"]).ended(3).prints("regressed");
    made.run(&["trend", "--fail-on", "regression", "--recent", "9"]).ended(0);
    // The throughput fell at the same commit, and is better when it is higher.
    made.run(&["trend", "--metric", "bytes/s", "--fail-on", "regression"]).ended(3).prints("regressed −4.8 %");
    made.run(&["trend", "--metric", "SQNR", "--fail-on", "regression"]).ended(0).prints("no change of level");
    made.run(&["trend", "--fail-on", "rain"]).ended(2).says("regression");
}

#[test]
fn what_is_beside_the_line_does_not_count() {
    let (made, commits) = stepped();
    let folder = made.program.folder();
    git(folder, &["checkout", "-q", "-b", "side", &commits[20]], 50);
    git(folder, &["commit", "-q", "--allow-empty", "-m", "Elsewhere"], 51);
    let side = git(folder, &["rev-parse", "HEAD"], 51);
    git(folder, &["checkout", "-q", "main"], 52);
    git(folder, &["merge", "-q", "--no-ff", "-m", "Join", "side"], 52);
    let beside = Synthetic { id: "beside".to_owned(), commit: Some((side, false)), ..run_of(&commits, 0, 500.0) };
    made.save(&beside);
    made.save(&Synthetic { id: "dirty".to_owned(), commit: Some((commits[5].clone(), true)), ..beside.clone() });
    made.save(&Synthetic {
        id: "again".to_owned(),
        commit: Some((commits[5].clone(), false)),
        ..run_of(&commits, 5, 100.1)
    });

    let trend = &json(&made, &[])[0];
    assert_eq!((&trend["left_out"], &trend["points"][5]["runs"]), (&2.into(), &2.into()));
    assert!(trend["points"].as_array().expect("points").iter().all(|point| point["value"].as_f64() < Some(110.0)));
    assert_eq!(json(&made, &["--dirty"])[0]["points"][5]["runs"], 3);
    // On the side branch's own line the history ends at its parent.
    assert_eq!(json(&made, &["--branch", "side"])[0]["points"].as_array().map(Vec::len), Some(22));
    made.run(&["trend", "--branch", "nowhere"]).ended(2).says("does not know the branch `nowhere`");
    made.run(&["trend", "--branch", "--all"]).ended(2);
}

#[test]
fn without_a_repository_runs_are_in_the_order_of_time() {
    let made = Made::new();
    for at in 0..20 {
        let started = format!("2026-01-{:02}T00:00:00Z", 1 + at);
        let time = scatter(at) * if at < 10 { 100.0 } else { 90.0 };
        made.save(&Synthetic::new(&format!("run-{:02}", 99 - at), &started, &[(CASE, time)]));
    }
    let output = made.run(&["trend"]).ended(0).prints("improved −9.9 %").prints("20 runs");
    output.prints("after 2026-01-10").prints("up to 2026-01-11");
}

#[test]
fn a_history_that_is_too_short_says_so() {
    let made = Made::new();
    let commits = repository(&made, 4);
    (0..4).for_each(|at| drop(made.save(&run_of(&commits, at, 100.0))));
    made.run(&["trend", "--fail-on", "regression"]).ended(0).prints("a change needs 10").prints("there are 4");
    made.run(&["trend", "nothing"]).ended(2).says("no case in the history is `nothing`");
}

#[test]
fn machines_are_not_mixed() {
    let (made, commits) = stepped();
    for at in 0..40 {
        let other = Synthetic {
            id: format!("other-{at}"),
            machine_key: "slow".to_owned(),
            ..run_of(&commits, at, 200.0 * scatter(at))
        };
        made.save(&other);
    }
    let both = json(&made, &["--machine", "all"]);
    let changes: Vec<usize> =
        both.as_array().expect("two").iter().map(|trend| trend["changes"].as_array().map_or(9, Vec::len)).collect();
    assert_eq!(changes.iter().sum::<usize>(), 1, "{changes:?}");
    assert_eq!(json(&made, &[]).as_array().map(Vec::len), Some(1));
    made.run(&["trend", "--machine", "all"]).ended(0).prints("· slow");
}
