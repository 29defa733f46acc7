//! `diff REVISION` and `bisect` on a repository whose `cargo` is a script: it "builds" a copy of the fixture
//! `kernels`, as slow as the file `slower-by` in the checked-out tree says.

use std::path::{Path, PathBuf};
use std::process::Command;

use super::COMPANION;
use super::program::{Output, Program, Running};

const KERNELS: &str = env!("CARGO_BIN_EXE_kernels");

/// A repository, and the script that builds it.
struct Repository {
    program: Program,
    cargo: PathBuf,
}

impl Repository {
    fn new() -> Self {
        let program = Program::new(KERNELS);
        let cargo = program.write("cargo", CARGO.replace("KERNELS", KERNELS));
        let executable = std::os::unix::fs::PermissionsExt::from_mode(0o755);
        std::fs::set_permissions(&cargo, executable).expect("the script can be made executable");
        let repository = Self { program, cargo };
        repository.program.write("repository/.gitignore", "target\nCargo.lock\n");
        repository.git(&["init", "--quiet", "--initial-branch", "main"]);
        repository
    }

    fn folder(&self) -> PathBuf {
        self.program.folder().join("repository")
    }

    fn git(&self, arguments: &[&str]) -> String {
        let who = ["-c", "user.name=A", "-c", "user.email=a@example.org"];
        let output = Command::new("git").args(who).args(arguments).current_dir(self.folder()).output();
        let output = output.expect("git can be started");
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        String::from_utf8_lossy(&output.stdout).trim().to_owned()
    }

    fn write(&self, name: &str, content: &str) {
        self.program.write(&format!("repository/{name}"), content);
    }

    /// Commits a tree that is so many per cent slower.
    fn commit(&self, slower_by: &str, subject: &str) {
        self.write("slower-by", slower_by);
        self.write("subject", subject);
        self.git(&["add", "--all"]);
        self.git(&["commit", "--quiet", "-m", subject]);
    }

    fn run(&self, arguments: &[&str]) -> Output {
        let mut command = self.program.command_of(Path::new(COMPANION), arguments);
        Running::start(command.current_dir(self.folder()).env("CARGO", &self.cargo)).finish()
    }
}

const CARGO: &str = r#"#!/bin/sh
set -e
target=${CARGO_TARGET_DIR:-$PWD/target}
case $1 in
metadata)
    printf '{"target_directory":"%s","packages":[]}' "$PWD/target"
    ;;
bench)
    if [ -f broken ]; then echo "error: it is broken" >&2; exit 101; fi
    mkdir -p "$target/built"
    rm -f "$target/built/kernels"
    cp KERNELS "$target/built/kernels"
    cp slower-by "$target/built/slower-by"
    printf '{"reason":"compiler-artifact","manifest_path":"%s/Cargo.toml","target":{"name":"kernels","kind":["bench"]},"executable":"%s"}\n' "$PWD" "$target/built/kernels"
    ;;
esac
"#;

#[test]
fn the_working_tree_is_calibrated_without_naming_an_executable() {
    let repository = Repository::new();
    repository.commit("0", "as it was");
    let calibrate = |words: &[&str]| repository.run(&[&["calibrate", "--launches", "20"], words].concat());
    calibrate(&["one_us"]).ended(0).says("kernels/one_us@cpu: it was not calibrated before").prints("in 2 verdicts");
    // It holds for whatever builds the same bench target, and is not measured again.
    assert_eq!(calibrate(&["one_us"]).ended(0).stderr, "");
    calibrate(&["no_such_case"]).ended(2).says("has no case that can be measured");
    repository.write("broken", "");
    calibrate(&["one_us"]).ended(2).says("it is broken").says("`cargo bench --no-run`");
}

const QUICK: [&str; 3] = ["one_us", "--launches", "10"];

#[test]
fn the_working_tree_is_compared_with_a_revision() {
    let repository = Repository::new();
    repository.commit("0", "as it was");
    repository.commit("200", "three times the work");
    let diff = |words: &[&str]| repository.run(&[&["diff"], words, &QUICK].concat());

    let output = diff(&["HEAD~1", "--fail-on", "regression"]).ended(3);
    output.prints("× slower").prints("1 regressed").says("as it was").says("three times the work");
    // The tree as it is, and not what was committed.
    repository.write("slower-by", "0");
    diff(&["HEAD~1", "--fail-on", "regression"]).ended(0).says("not committed");
    diff(&["HEAD"]).ended(0).prints("× faster");
    // Two revisions, whatever the tree is.
    diff(&["main..HEAD~1"]).ended(0).prints("× faster");
    assert_eq!(repository.git(&["status", "--porcelain"]), "M slower-by");
}

#[test]
fn reports_are_written_beside_the_table() {
    let repository = Repository::new();
    repository.commit("0", "as it was");
    repository.write("slower-by", "100");
    let reports = ["--report", "markdown=diff.md", "--report", "junit=diff.xml", "--report", "json=diff.json"];
    repository.run(&[&["diff", "HEAD"], &QUICK[..], &reports].concat()).ended(0);
    let read = |name: &str| std::fs::read_to_string(repository.folder().join(name)).expect("the report is there");
    assert!(read("diff.md").contains("one_us"));
    assert!(read("diff.xml").contains("type=\"regression\""));
    let json: serde_json::Value = serde_json::from_str(&read("diff.json")).expect("it is JSON");
    let case = &json["targets"][0]["runs"][0]["comparison"]["cases"][0];
    assert_eq!((&case["id"], &case["time"]["verdict"]), (&"kernels/one_us@cpu".into(), &"regressed".into()));
    repository.run(&["diff", "HEAD", "--report", "html=a.html"]).ended(2).says("none of markdown, junit and json");
}

#[test]
fn what_cannot_be_compared_is_refused() {
    let repository = Repository::new();
    repository.commit("0", "as it was");
    repository.run(&["diff", "no-such-branch"]).ended(2).says("there is no revision `no-such-branch`");
    repository.run(&["diff", "--output=evil"]).ended(2);
    repository.write("broken", "");
    repository.commit("0", "broken");
    // The new side: `git bisect run` is to skip it. The old side: nothing can be said of anything.
    repository.run(&["diff", "HEAD~1"]).ended(125).says("it is broken").says("the new side cannot be measured");
    repository.run(&["diff", "HEAD..HEAD~1"]).ended(2).says("`HEAD` cannot be measured");
    let elsewhere = Program::new(KERNELS);
    let mut outside = elsewhere.command_of(Path::new(COMPANION), ["diff", "HEAD"]);
    Running::start(&mut outside).finish().ended(2).says("needs a git repository");
}

#[test]
fn a_bisection_finds_the_commit_and_leaves_the_tree_alone() {
    let repository = Repository::new();
    for (slower_by, subject) in [("0", "one"), ("0", "two"), ("100", "the culprit"), ("100", "four"), ("100", "five")] {
        repository.commit(slower_by, subject);
    }
    repository.write("slower-by", "7");
    let head = repository.git(&["rev-parse", "HEAD"]);
    let bisect = |words: &[&str]| repository.run(&[&["bisect"], words, &["--launches", "10"]].concat());
    let output = bisect(&["HEAD~4", "HEAD", "one_us"]).ended(0);
    output.prints("the first slow commit is").prints("the culprit");
    assert_eq!(repository.git(&["rev-parse", "HEAD"]), head);
    assert_eq!(repository.git(&["status", "--porcelain"]), "M slower-by");

    bisect(&["HEAD~4", "HEAD~3", "one_us"]).ended(2).says("did not become slower");
    bisect(&["HEAD", "HEAD~4", "one_us"]).ended(2).says("no ancestor");
    bisect(&["HEAD~4", "HEAD", "kernels"]).ended(2).says("is in the ids of 3 cases");
}

#[test]
fn git_s_own_bisection_can_be_run_with_it() {
    let repository = Repository::new();
    for (slower_by, subject) in [("0", "one"), ("0", "two"), ("100", "the culprit"), ("100", "four")] {
        repository.commit(slower_by, subject);
    }
    let good = repository.git(&["rev-parse", "HEAD~3"]);
    repository.git(&["bisect", "start", "HEAD", &good]);
    let words = ["bisect", "run", COMPANION, "diff", &good, "one_us", "--launches", "10", "--fail-on", "regression"];
    let mut command = repository.program.command_of(Path::new("git"), words);
    let output = Running::start(command.current_dir(repository.folder()).env("CARGO", &repository.cargo)).finish();
    output.ended(0).prints("is the first bad commit").prints("the culprit");

    // What is no fault of the commit's must not be taken for one.
    let mistyped = |words: &[&str]| repository.run(&[&["diff", &good], words].concat());
    mistyped(&["--no-such-flag"]).ended(128).says("--no-such-flag");
    mistyped(&["no_such_case"]).ended(128).says("do the filters match");
    repository.git(&["bisect", "reset"]);
    mistyped(&["--no-such-flag"]).ended(2);
}
