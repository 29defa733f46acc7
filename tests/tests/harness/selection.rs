//! Which cases are meant.

use super::program::{Program, Running, WELL_BEHAVED};

/// The cases that are listed for a program, with these arguments.
#[track_caller]
fn listed(arguments: &[&str]) -> Vec<String> {
    let program = Program::new(WELL_BEHAVED);
    let output = program.run(&[&["--list", "--format", "terse"], arguments].concat()).ended(0);
    let lines = output.stdout.lines().map(|line| line.strip_suffix(": test").expect("a line of libtest").to_owned());
    lines.collect()
}

#[test]
fn cases_are_the_product_of_the_axes_in_natural_order() {
    assert_eq!(
        listed(&["kernels/"]),
        [
            "kernels/gemv[size=8x64,bits=1.58]@cpu",
            "kernels/gemv[size=8x64,bits=1.58]@npu",
            "kernels/gemv[size=8x64,bits=2.0]@cpu",
            "kernels/gemv[size=8x64,bits=2.0]@npu",
            "kernels/gemv[size=64x64,bits=1.58]@cpu",
            "kernels/gemv[size=64x64,bits=1.58]@npu",
            "kernels/pack[size=64]@cpu",
            "kernels/pack[size=640]@cpu",
        ]
    );
    assert_eq!(listed(&[]).len(), 19);
}

#[test]
fn the_list_for_a_person_has_tags_and_reasons() {
    let output = Program::new(WELL_BEHAVED).run(&["--bench", "--list", "pack", "ignored"]).ended(0);
    let expected = "kernels/pack[size=64]@cpu  #pack #kernel\n\
                    kernels/pack[size=640]@cpu  #pack #kernel\n\
                    well_behaved/ignored@cpu  #pack  (ignored: takes a week)\n\
                    \n3 cases\n";
    assert_eq!(output.stdout, expected);
}

#[test]
fn a_filter_is_a_part_of_an_id_and_several_are_alternatives() {
    assert_eq!(listed(&["fut", "allo"]), ["well_behaved/allocates@cpu", "well_behaved/future@cpu"]);
}

#[test]
fn a_regex_is_one() {
    let pattern = "^kernels/pack.*=64[0\\]].*@cpu$";
    assert_eq!(listed(&["--regex", pattern, "--skip", "=64\\]"]), ["kernels/pack[size=640]@cpu"]);
    assert_eq!(listed(&["--regex", "size=(8|9)x64", "--device", "cpu"]).len(), 2, "also where it looks like an axis");
}

#[test]
fn exact_means_the_whole_id() {
    assert_eq!(listed(&["--exact", "kernels/pack[size=64]@cpu"]), ["kernels/pack[size=64]@cpu"]);
}

#[test]
fn skip_leaves_out() {
    assert_eq!(listed(&["kernels", "--skip", "gemv", "--skip", "640"]), ["kernels/pack[size=64]@cpu"]);
}

#[test]
fn tags_are_those_of_the_benchmark_and_of_its_group() {
    assert_eq!(listed(&["--tag", "kernel"]).len(), 8);
    let pack = ["kernels/pack[size=64]@cpu", "kernels/pack[size=640]@cpu", "well_behaved/ignored@cpu"];
    assert_eq!(listed(&["--tag", "pack"]), pack);
    assert_eq!(listed(&["--tag", "pack", "--tag", "kernel"]).len(), 9, "one of them is enough");
}

#[test]
fn a_device_is_that_of_the_case() {
    assert_eq!(listed(&["--device", "npu"]).len(), 3);
    assert_eq!(listed(&["--device", "npu", "bits=2.0"]), ["kernels/gemv[size=8x64,bits=2.0]@npu"]);
}

#[test]
fn values_of_one_axis_are_alternatives_and_axes_must_all_hold() {
    assert_eq!(listed(&["size=64"]), ["kernels/pack[size=64]@cpu"], "a value is meant as a whole");
    let both = ["kernels/gemv[size=8x64,bits=1.58]@cpu", "kernels/gemv[size=64x64,bits=1.58]@cpu"];
    assert_eq!(listed(&["size=8x64", "size=64x64", "bits=1.58", "--device", "cpu"]), both);
}

#[test]
fn ignored_cases_are_listed_for_tools_as_libtest_does() {
    assert_eq!(listed(&["--ignored"]), ["well_behaved/ignored@cpu"]);
    assert_eq!(listed(&["--include-ignored"]).len(), 19);
}

#[test]
fn what_matches_nothing_is_refused_with_what_was_probably_meant() {
    for (arguments, asked, meant) in [
        (&["gemw"][..], "`gemw`", "did you mean `gemv`?"),
        (&["kernels/pck"], "`kernels/pck`", "did you mean `kernels/pack`?"),
        (&["size=8x65"], "`size=8x65`", "did you mean `size=8x64`?"),
        (&["--exact", "well_behaved/bodi@cpu"], "`well_behaved/bodi@cpu`", "did you mean `well_behaved/body@cpu`?"),
        (&["--regex", "^nothing$"], "`^nothing$`", "`--list`"),
        (&["--tag", "kernl"], "--tag kernl", "`--list`"),
        (&["--device", "tpu"], "--device tpu", "`--list`"),
        (&["gemv", "--skip", "gemv"], "--skip gemv", "`--list`"),
    ] {
        let output = Program::new(WELL_BEHAVED).measure(arguments).ended(2).says(asked).says(meant);
        assert_eq!(output.stdout, "");
    }
}

/// Cargo hands a filter to every bench target of a package: those that do not have it let the others run.
#[test]
fn a_filter_that_another_bench_target_may_have_is_no_failure() {
    let program = Program::new(WELL_BEHAVED);
    for (targets, code) in [("[[bench]]\nname = 'one'", 2), ("[[bench]]\nname = 'one'\n[[bench]]\nname = 'two'", 0)] {
        program.write("Cargo.toml", targets);
        let mut command = program.command(["--bench", "elsewhere"]);
        let output = Running::start(command.env("CARGO_MANIFEST_DIR", program.folder())).finish().ended(code);
        output.says("no case matches `elsewhere`");
    }
}

#[test]
fn a_suggestion_is_never_what_was_written() {
    for arguments in [&["--exact", "body"][..], &["--ignored", "gemv"]] {
        let output = Program::new(WELL_BEHAVED).measure(arguments).ended(2).says("no case matches");
        let written = format!("did you mean `{}`", arguments[1]);
        assert!(!output.stderr.contains(&written), "{}", output.stderr);
    }
}
