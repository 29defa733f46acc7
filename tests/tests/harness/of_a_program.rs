//! What a bench target's program can add to the harness.

use super::program::{OF_A_PROGRAM, Program};
use super::results::Results;

#[test]
fn benchmarks_that_a_function_makes_are_found_beside_the_annotated() {
    let output = Program::new(OF_A_PROGRAM).run(&["--list", "--bench"]).ended(0);
    for id in
        ["of_a_program/backwards[limit=10]@cpu", "of_a_program/forwards[limit=10]@cpu", "of_a_program/elsewhere@cpu"]
    {
        assert!(output.stdout.contains(id), "{}", output.stdout);
    }
}

#[test]
fn a_flag_of_its_own_reaches_the_axes_of_every_worker() {
    let output = Program::new(OF_A_PROGRAM).measure(&["--limit=25", "--output-format", "json"]).ended(0);
    let results = Results::from_lines(&output.stdout);
    let amounts = &results.measured("of_a_program/forwards[limit=25]@cpu")["launches"][4]["amounts"];
    assert_eq!(amounts["items"], 25.0, "{amounts}");
    assert!(!output.stdout.contains("cases have a time"), "the closing word is for people");
}

#[test]
fn a_flag_of_its_own_stands_in_the_help_and_in_suggestions() {
    let output = Program::new(OF_A_PROGRAM).run(&["--help"]).ended(0);
    output.prints("Of this bench target:\n  --limit <N>\n        Sum the numbers below this one.\n");
    Program::new(OF_A_PROGRAM).measure(&["--limt", "3"]).ended(2).says("did you mean --limit?");
    Program::new(OF_A_PROGRAM).measure(&["--limit"]).ended(2).says("--limit takes a value: --limit <N>");
}

#[test]
fn the_closing_word_stands_below_the_table() {
    for format in ["terminal", "markdown"] {
        let output = Program::new(OF_A_PROGRAM).measure(&["--output-format", format]).ended(0);
        assert!(output.stdout.ends_with("\n2 of 3 cases have a time\n"), "{}", output.stdout);
    }
}

#[test]
fn a_case_that_cannot_be_run_here_is_skipped_with_its_reason() {
    let program = Program::new(OF_A_PROGRAM);
    program.measure(&["elsewhere"]).ended(0).prints("this is for another machine").prints("1 skipped");
    program.run(&["--test"]).ended(0).prints("elsewhere@cpu ... ignored, this is for another machine");
}
