//! Results: which of them fail a case, and with which words.

use std::fmt;

use bitnet_bench::measure::FailureKind;
use bitnet_bench::{Bencher, bitnet_bench};

use super::{cases_of, test};

/// How the case of that name fails.
fn failure_of(name: &str) -> (FailureKind, String) {
    let cases = cases_of("outcomes");
    let case = cases.iter().find(|case| case.name() == name).unwrap_or_else(|| panic!("there is no {name}"));
    let failure = test(case).expect_err(name);
    (failure.kind, failure.message)
}

/// An error that has `Debug` alone.
#[derive(Debug)]
struct Undisplayed {
    code: u8,
}

/// An error that has neither.
struct Unshown;

/// An error that has both.
#[derive(Debug)]
struct Displayed;

impl fmt::Display for Displayed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("as displayed")
    }
}

/// An alias that the attribute cannot see through.
type Maybe<T, E = Displayed> = Result<T, E>;

#[bitnet_bench(group = "outcomes")]
fn displayed() -> Maybe<u8> {
    Err(Displayed)
}

#[bitnet_bench(group = "outcomes")]
fn undisplayed() -> Maybe<u8, Undisplayed> {
    Err(Undisplayed { code: 3 })
}

#[bitnet_bench(group = "outcomes")]
fn unshown() -> Result<u8, Unshown> {
    Err(Unshown)
}

#[bitnet_bench(group = "outcomes")]
async fn asynchronous() -> Maybe<u8> {
    Err(Displayed)
}

#[bitnet_bench(group = "outcomes")]
fn from_a_bencher(_b: &mut Bencher) -> Maybe<()> {
    Err(Displayed)
}

#[bitnet_bench(group = "outcomes", inputs = || vec![1])]
fn borrowing(values: &mut [u8]) -> Maybe<&mut u8> {
    values.get_mut(1).ok_or(Displayed)
}

#[bitnet_bench(group = "outcomes", inputs = || (1, vec![1]))]
fn beside_inputs_that_are_lent(_taken: u8, _lent: &[u8]) -> Maybe<u8> {
    Err(Displayed)
}

#[test]
fn an_error_fails_the_case_with_its_message() {
    let returned = |message: &str| (FailureKind::ReturnedError, message.to_owned());
    for name in ["displayed", "asynchronous", "from_a_bencher", "beside_inputs_that_are_lent"] {
        assert_eq!(failure_of(name), returned("as displayed"), "{name}");
    }
    assert_eq!(failure_of("borrowing"), returned("as displayed"));
    assert_eq!(failure_of("undisplayed"), returned("Undisplayed { code: 3 }"));
    assert_eq!(failure_of("unshown").0, FailureKind::ReturnedError);
}

#[bitnet_bench(group = "outcomes", check = |out| out.len() > 1   &&   out[0] == [1, 2][0])]
fn untrue() -> Vec<u8> {
    vec![1]
}

#[bitnet_bench(
    group = "outcomes",
    check = |out| {
        let sum: u8 = out.iter().sum();
        if sum == 1 { Err(Displayed) } else { Ok(()) }
    },
)]
fn refused() -> Vec<u8> {
    vec![1]
}

#[bitnet_bench(group = "outcomes", check = is_empty)]
fn untrue_by_a_function() -> Vec<u8> {
    vec![1]
}

fn is_empty(values: &[u8]) -> bool {
    values.is_empty()
}

#[bitnet_bench(group = "outcomes", check = |out| assert_eq!(out, &2))]
fn asserted() -> u8 {
    1
}

#[bitnet_bench(group = "outcomes", check = |out| *out == 2)]
fn untrue_value_of_a_result() -> Maybe<u8> {
    Ok(1)
}

#[bitnet_bench(group = "outcomes", check = |out| *out == 0)]
fn an_error_before_the_check() -> Maybe<u8> {
    Err(Displayed)
}

#[test]
fn a_check_fails_the_case_with_its_condition() {
    let failed = |message: &str| (FailureKind::CheckFailed, message.to_owned());
    assert_eq!(failure_of("untrue"), failed("`out.len() > 1 && out[0] == [1, 2][0]` does not hold"));
    assert_eq!(failure_of("refused"), failed("as displayed"));
    assert_eq!(failure_of("untrue_by_a_function"), failed("`is_empty` does not hold"));
    assert_eq!(failure_of("untrue_value_of_a_result"), failed("`*out == 2` does not hold"));
    assert_eq!(failure_of("an_error_before_the_check").0, FailureKind::ReturnedError);
    assert_eq!(failure_of("asserted").0, FailureKind::Panicked);
}
