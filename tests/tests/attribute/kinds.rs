//! The three kinds of function: how often each part runs, and with what.

use std::cell::RefCell;

use bitnet_bench::{Bencher, bitnet_bench};

use super::{cases_of, test};

thread_local! {
    /// What happened, in order.
    static LOG: RefCell<Vec<String>> = const { RefCell::new(Vec::new()) };
}

fn log(what: impl Into<String>) {
    LOG.with_borrow_mut(|log| log.push(what.into()));
}

/// Tests the case of that name and tells what happened.
fn log_of(name: &str) -> Vec<String> {
    LOG.take();
    for case in cases_of("kinds").iter().filter(|case| case.name() == name) {
        test(case).unwrap_or_else(|failure| panic!("{}: {failure}", case.id()));
    }
    LOG.take()
}

/// A value that tells when it is dropped.
struct Watched(&'static str);

impl Drop for Watched {
    fn drop(&mut self) {
        log(format!("{} dropped", self.0));
    }
}

#[bitnet_bench(group = "kinds", a = [1, 2], b = ["x"], check = |out, b, a| { log(format!("check {out} {b} {a}")); })]
fn whole(a: u8, b: &str) -> String {
    log(format!("call {a} {b}"));
    format!("{a}{b}")
}

#[test]
fn the_whole_call_is_the_subject() {
    assert_eq!(log_of("whole"), ["call 1 x", "check 1x x 1", "call 2 x", "check 2x x 2"]);
}

#[bitnet_bench(group = "kinds", sizes = [3])]
fn with_a_bencher(b: &mut Bencher, size: usize) {
    log(format!("outside {size}"));
    b.iter(|| log("subject"));
}

#[test]
fn a_function_with_a_bencher_is_called_once() {
    assert_eq!(log_of("with_a_bencher"), ["outside 3", "subject"]);
}

#[bitnet_bench(
    group = "kinds",
    sizes = [2],
    inputs = |size| {
        log("make");
        (vec![7_u8; size], Watched("input"))
    },
    check = |out, inputs| *out == inputs.0.len(),
)]
fn reads_its_inputs(values: &[u8], _watched: &Watched) -> usize {
    log("call");
    values.len()
}

#[test]
fn inputs_that_are_only_read_are_made_once_and_seen_by_the_check() {
    assert_eq!(log_of("reads_its_inputs"), ["make", "call", "input dropped"]);
}

#[bitnet_bench(
    group = "kinds",
    inputs = || (Watched("lent"), Watched("taken")),
    check = |out| {
        log("check");
        *out == 1
    },
)]
fn takes_some_inputs(lent: &Watched, taken: Watched) -> u8 {
    log(format!("call {} {}", lent.0, taken.0));
    1
}

#[test]
fn inputs_that_are_only_lent_outlive_the_call() {
    assert_eq!(log_of("takes_some_inputs"), ["call lent taken", "taken dropped", "check", "lent dropped"]);
}

#[bitnet_bench(group = "kinds", sizes = [2], step = [10], inputs = make_values, check = |out| *out == 11)]
fn changes_its_inputs(values: &mut [u32], step: u32) -> u32 {
    values[0] += step;
    values[0]
}

fn make_values(size: usize) -> Vec<u32> {
    vec![1; size]
}

#[test]
fn inputs_that_are_changed_are_fresh_each_time() {
    assert!(log_of("changes_its_inputs").is_empty());
}

#[bitnet_bench(group = "kinds", inputs = |seed, device| { log(format!("{seed} {device}")); seed })]
fn knows_the_seed(_seed: &u64) {}

#[test]
fn inputs_may_ask_for_seed_and_device() {
    assert_eq!(log_of("knows_the_seed"), ["42 cpu"]);
}

#[bitnet_bench(group = "kinds", check = |out| *out == 6)]
async fn asynchronous() -> u32 {
    let mut polled = false;
    // Pending once: a runner that polls only once would hang or fail here.
    let later = std::future::poll_fn(|context| {
        context.waker().wake_by_ref();
        if std::mem::replace(&mut polled, true) { std::task::Poll::Ready(6) } else { std::task::Poll::Pending }
    });
    later.await
}

#[bitnet_bench(group = "kinds", executor = |future| { log("executor"); pollster_of_ours(future) })]
async fn with_an_executor() -> u32 {
    log("future");
    1
}

fn pollster_of_ours<F: Future>(future: F) -> F::Output {
    let mut context = std::task::Context::from_waker(std::task::Waker::noop());
    match std::pin::pin!(future).poll(&mut context) {
        std::task::Poll::Ready(output) => output,
        std::task::Poll::Pending => unreachable!("the future never waits"),
    }
}

#[test]
fn futures_are_run_to_their_end() {
    assert!(log_of("asynchronous").is_empty());
    assert_eq!(log_of("with_an_executor"), ["executor", "future"]);
}
