//! The recipes of docs/sharding.md, as they stand there, run where their engine's variables are set by hand.

use std::fs;
use std::path::PathBuf;
use std::process::Command;

use super::COMPANION;
use super::program::{Program, QUICK, Running, WELL_BEHAVED};
use super::results::files;

const PAGE: &str = include_str!("../../../docs/sharding.md");

/// What stands in a script after a line, up to the first line that is indented less; the indent removed.
fn script(after: &str) -> String {
    let mut lines = PAGE.lines().skip_while(|line| line.trim() != after).skip(1).peekable();
    let indent = lines.peek().map_or(0, |line| line.len() - line.trim_start().len());
    let belongs = |line: &&str| !line.starts_with("```") && (line.is_empty() || line[..indent].trim().is_empty());
    let script: Vec<&str> = lines.take_while(belongs).map(|line| line.get(indent..).unwrap_or_default()).collect();
    assert!(script.len() >= 2, "the page has no `{after}`");
    script.join("\n")
}

/// A program that measures quickly whatever else it is told, under a name and in a folder of its own.
fn quick(program: &Program, name: &str) -> PathBuf {
    let words = QUICK[1..].join(" ");
    let path = program.write(name, format!("#!/bin/sh\nexec {WELL_BEHAVED} \"$@\" {words} kernels/pack body\n"));
    let made = Command::new("chmod").arg("+x").arg(&path).status().expect("chmod can be started");
    assert!(made.success());
    path
}

/// Runs a script as one of the jobs that its engine would start.
fn run(program: &Program, shell: &str, script: &str, variables: &[(&str, &str)]) {
    let mut command = program.command_of(shell.as_ref(), ["-euc", script]);
    command.envs(variables.iter().copied());
    Running::start(&mut command).finish().ended(0);
}

/// Merges what the jobs wrote.
fn merge(program: &Program, parts: &str) {
    let parts = files(&program.folder().join(parts));
    assert_eq!(parts.len(), 3, "{parts:?}");
    let words: Vec<String> = parts.iter().map(|part| part.display().to_string()).collect();
    let mut command = program.command_of(COMPANION.as_ref(), [&["merge".to_owned()], &words[..]].concat());
    Running::start(&mut command).finish().ended(0).prints("well_behaved: 3 of 3 shards, 3 cases");
}

#[test]
fn slurm() {
    let program = Program::new(WELL_BEHAVED);
    let bench = quick(&program, "bench").display().to_string();
    let script = script("#!/bin/bash");
    // An array's tasks are numbered as `--array=1-8` says.
    assert!(script.contains("#SBATCH --array=1-8"));
    for task in ["1", "2", "3"] {
        let variables = [("BENCH", bench.as_str()), ("SLURM_ARRAY_TASK_ID", task), ("SLURM_ARRAY_TASK_COUNT", "3")];
        run(&program, "bash", &script, &variables);
    }
    merge(&program, "parts");
}

#[test]
fn kubernetes() {
    let program = Program::new(WELL_BEHAVED);
    quick(&program, "bin/kernels-bench");
    let path = std::env::var("PATH").unwrap_or_default();
    let path = format!("{}:{path}", program.folder().join("bin").display());
    fs::create_dir(program.folder().join("parts")).expect("a folder can be made");
    let script = script("- |").replace("/parts/", "parts/").replace("/tmp/bitnet-bench", "scratch");
    // The indices begin at 0.
    for index in ["0", "1", "2"] {
        run(&program, "sh", &script, &[("PATH", &path), ("SHARDS", "3"), ("JOB_COMPLETION_INDEX", index)]);
    }
    merge(&program, "parts");
}

/// The bench that a CI service's step starts is `cargo bench`; here it is what cargo would start.
#[test]
fn continuous_integration() {
    let program = Program::new(WELL_BEHAVED);
    // `cargo bench --bench kernels -- …`
    let bench = quick(&program, "bench").display().to_string();
    program.write("bin/cargo", format!("#!/bin/sh\nshift 4\nexec {bench} --bench \"$@\"\n"));
    let cargo = program.folder().join("bin/cargo");
    assert!(Command::new("chmod").arg("+x").arg(&cargo).status().expect("chmod can be started").success());
    let path = std::env::var("PATH").unwrap_or_default();
    let path = format!("{}:{path}", program.folder().join("bin").display());

    let github = script("run: |");
    let gitlab = PAGE.lines().find(|line| line.contains("$CI_NODE_INDEX/$CI_NODE_TOTAL")).expect("the recipe is there");
    let gitlab = gitlab.trim_start().trim_start_matches("- ");
    for node in ["1", "2", "3"] {
        let github = github.replace("${{ matrix.shard }}/4", &format!("{node}/3"));
        run(
            &program,
            "bash",
            &format!("mkdir -p parts\n{github}\nmv part.jsonl parts/{node}.jsonl"),
            &[("PATH", &path)],
        );
        let variables = [("PATH", path.as_str()), ("CI_NODE_INDEX", node), ("CI_NODE_TOTAL", "3")];
        run(&program, "sh", &format!("mkdir -p gitlab && cd gitlab\n{gitlab}"), &variables);
    }
    merge(&program, "parts");
    merge(&program, "gitlab");
}
