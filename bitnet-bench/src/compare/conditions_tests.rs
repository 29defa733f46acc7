//! Each line of the rule.

use super::*;

fn conditions() -> Conditions {
    let configured = |value: &str| Configured { value: value.to_owned(), origin: "default".to_owned() };
    Conditions {
        run: "one".to_owned(),
        target: BenchTarget { package: None, name: "gemv".to_owned() },
        machine_key: "x86_64-1".to_owned(),
        kernel: "6.1".to_owned(),
        toolchain: Toolchain {
            rustc: "rustc 1.89.0".to_owned(),
            target: "x86_64-unknown-linux-gnu".to_owned(),
            opt_level: "3".to_owned(),
            debug_assertions: false,
            profile: Some("release".to_owned()),
            instruction_sets: Vec::new(),
        },
        runner: String::new(),
        in_process: false,
        harness_version: "0.1.0".to_owned(),
        interrupted: false,
        settings: BTreeMap::from([("run.pin".to_owned(), configured("auto"))]),
    }
}

/// What is said of a run that differs from an old one in so much.
fn changed(change: impl Fn(&mut Conditions), across: bool) -> Result<Vec<String>, Incomparable> {
    let mut new = Conditions { run: "two".to_owned(), ..conditions() };
    change(&mut new);
    check(&conditions(), &new, across)
}

/// Alters the conditions of the new run.
type Altering = fn(&mut Conditions);

#[test]
fn the_same_conditions_are_no_remark() {
    assert_eq!(changed(|_| (), false), Ok(Vec::new()));
    assert_eq!(changed(|new| new.run = "one".to_owned(), false), Ok(vec!["both are the same run".to_owned()]));
}

#[test]
fn another_machine_or_runner_must_be_asked_for() {
    let changes: [(Altering, &str); 2] = [
        (|new| new.machine_key = "x86_64-2".to_owned(), "the machine differs: `x86_64-2` now, `x86_64-1` before"),
        (|new| new.runner = "ssh host".to_owned(), "the runner differs: `ssh host` now, `none` before"),
    ];
    for (change, text) in changes {
        let refused = changed(change, false).expect_err("it is refused");
        assert_eq!(refused.to_string(), format!("{text}; `--across-machines` compares them all the same"));
        assert_eq!(changed(change, true), Ok(vec![text.to_owned()]));
    }
}

#[test]
fn a_debug_build_is_never_compared_with_an_optimised_one() {
    for change in [(|new| new.toolchain.opt_level = "0".to_owned()) as fn(&mut Conditions), |new| {
        new.toolchain.debug_assertions = true
    }] {
        let refused = changed(change, true).expect_err("it is refused").to_string();
        assert!(refused.starts_with("the new run was measured by a debug build"), "{refused}");
        // Two debug builds are alike.
        let (mut old, mut new) = (conditions(), Conditions { run: "two".to_owned(), ..conditions() });
        change(&mut old);
        change(&mut new);
        assert_eq!(check(&old, &new, false), Ok(Vec::new()));
    }
}

#[test]
fn what_may_be_the_question_is_flagged() {
    let changes: [(Altering, &str); 9] = [
        (|new| new.toolchain.rustc = "rustc 1.90.0".to_owned(), "the compiler differs"),
        (|new| new.toolchain.target = "x86_64-unknown-linux-musl".to_owned(), "the compiler's target differs"),
        (|new| new.toolchain.opt_level = "2".to_owned(), "the optimisation level differs"),
        (|new| new.toolchain.profile = Some("fat".to_owned()), "the profile differs"),
        (|new| new.harness_version = "0.2.0".to_owned(), "bitnet-bench differs"),
        (|new| new.target.name = "gemm".to_owned(), "the bench target differs"),
        (|new| new.kernel = "6.2".to_owned(), "the kernel differs"),
        (|new| new.in_process = true, "in-process measuring differs"),
        (|new| new.interrupted = true, "the new run was interrupted"),
    ];
    for (change, text) in changes {
        let flagged = changed(change, false).expect("it is compared");
        assert!(flagged.len() == 1 && flagged[0].starts_with(text), "{flagged:?}");
    }
    let repinned = |new: &mut Conditions| {
        new.settings.entry("run.pin".to_owned()).and_modify(|pin| pin.value = "off".to_owned());
    };
    assert_eq!(changed(repinned, false), Ok(vec!["`pin` differs: `off` now, `auto` before".to_owned()]));
}

#[test]
fn what_an_older_record_does_not_say_is_no_difference() {
    assert_eq!(changed(|new| new.toolchain.profile = None, false), Ok(Vec::new()));
}
