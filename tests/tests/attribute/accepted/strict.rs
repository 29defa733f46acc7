//! Every kind of function, where no warning is allowed.

#![deny(warnings, missing_docs, unused, nonstandard_style, unreachable_pub)]
#![deny(unused_results, unused_qualifications, let_underscore_drop, trivial_casts, single_use_lifetimes)]
#![forbid(unsafe_code)]

use bitnet_bench::{Bencher, Device, bitnet_bench, bitnet_bench_group};

#[bitnet_bench]
fn whole() -> u32 {
    3_u32.count_ones()
}

#[bitnet_bench()]
fn with_nothing_said() {}

#[bitnet_bench(sizes = [[16, 16], [32, 32]], bits = [1.58, 2.0], devices = [cpu, "wgpu"], threads = [1, 2])]
fn with_a_bencher(b: &mut Bencher<'_>, size: [usize; 2], bits: f32, threads: usize, device: &Device) {
    b.iter(|| (size[0] * threads) as f32 * bits * device.name().len() as f32);
}

/// A production function.
#[bitnet_bench(
    sizes = [16, 32],
    inputs = |size, seed, device| (vec![seed as f32; size], device.name().len()),
    bytes = |size| size * 4,
    items = |size, threads| { let items = size * threads; items + 1 },
    flops = 5_000_000_000,
    threads = THREADS,
    check = |out, size, inputs| out.len() == size && inputs.1 > 0,
    skip_if = |size| { if size > 1_000_000 { return true; } false },
    samples = 10,
    time = "10ms",
    warmup = 0,
    outliers = remove_severe,
    cache = warm,
    tags = [kernel, "nightly"],
    group = "kernels/vector",
    name = "scale",
    ignore = "only to be compiled",
)]
#[inline]
#[must_use]
pub(super) fn production(weights: &[f32], scale: &usize) -> Vec<f32> {
    weights.iter().map(|weight| weight * *scale as f32).collect()
}

const THREADS: &[usize] = &[1, 2];
const SIZES: &[usize] = &[16, 32];
const NAMES: &[&str] = &["a", "b"];

fn zeros(size: usize) -> Vec<f32> {
    vec![0.0; size]
}

fn is_sorted(out: &[f32]) -> Result<(), String> {
    if out.is_sorted() { Ok(()) } else { Err("not sorted".to_owned()) }
}

#[bitnet_bench(sizes = SIZES, inputs = zeros, check = is_sorted)]
fn by_value(mut weights: Vec<f32>) -> Vec<f32> {
    weights.sort_by(f32::total_cmp);
    weights
}

#[bitnet_bench(sizes = 4..6, inputs = zeros)]
fn in_place(weights: &mut [f32]) {
    weights.reverse();
}

#[bitnet_bench(inputs = || (vec![1.0], vec![2.0], vec![3.0]))]
fn mixed(kept: &[f32], used: Vec<f32>, changed: &mut Vec<f32>) -> usize {
    changed.extend_from_slice(kept);
    changed.len() + used.len()
}

#[bitnet_bench(inputs = || -> Vec<u8> { panic!("no inputs today") }, bytes = || -> u64 { return 3 }, ignore)]
fn inputs_that_fail(bytes: &[u8]) -> usize {
    bytes.len()
}

#[bitnet_bench(sizes = [2], inputs = |size| -> (Vec<u8>, _) { (vec![0; size], 1) }, items = |size| -> usize { size })]
fn closures_that_declare_their_type(bytes: &[u8], more: &usize) -> usize {
    bytes.len() + more
}

#[bitnet_bench(inputs = || { (1, 2) }, bytes = { 1 + 1 }, skip_if = || { false })]
fn closures_in_braces(one: &u8, two: &u8) -> u8 {
    one + two
}

#[bitnet_bench(inputs = || vec![1.0])]
fn borrowing(weights: &mut [f32]) -> Option<&mut f32> {
    weights.first_mut()
}

#[bitnet_bench(inputs = || (vec![1.0], 0))]
fn borrowing_beside_a_value(weights: &mut [f32], at: usize) -> Result<&mut f32, String> {
    weights.get_mut(at).ok_or_else(|| "empty".to_owned())
}

#[bitnet_bench]
#[cfg(any())]
fn not_compiled() -> DoesNotExist {}

#[bitnet_bench(names = NAMES, shapes = [vec![1], vec![1, 2]], letters = ['a', 'b'])]
fn by_reference(names: &str, shapes: &[usize], letters: &char) -> usize {
    names.len() + shapes.len() + letters.len_utf8()
}

#[bitnet_bench(texts = ["a", "b"], option = [None, Some(3)], mode = [Mode::Fast, Mode::Exact])]
fn of_any_type(texts: &'static str, option: Option<u8>, mode: Mode) -> usize {
    texts.len() + usize::from(option.unwrap_or_default()) + mode as usize
}

#[derive(Clone, Copy, Debug)]
enum Mode {
    Fast,
    Exact,
}

type Outcome<T> = Result<T, std::num::ParseIntError>;

#[bitnet_bench(check = |out| *out == 3)]
fn fallible() -> Outcome<u32> {
    "3".parse()
}

#[bitnet_bench]
fn fallible_with_a_bencher(b: &mut Bencher) -> Outcome<()> {
    let number: u32 = "3".parse()?;
    b.iter(|| number.pow(2));
    Ok(())
}

#[bitnet_bench(check = |out| assert_eq!(*out, 3))]
async fn asynchronous() -> u32 {
    std::future::ready(3).await
}

fn my_block_on<F: Future>(future: F) -> F::Output {
    let waker = std::task::Waker::noop();
    match std::pin::pin!(future).poll(&mut std::task::Context::from_waker(waker)) {
        std::task::Poll::Ready(output) => output,
        std::task::Poll::Pending => unreachable!("these futures are ready"),
    }
}

#[bitnet_bench(executor = my_block_on, inputs = || String::new(), ignore)]
async fn with_an_executor(text: &str) -> usize {
    std::future::ready(text.len()).await
}

#[bitnet_bench(executor = |future| { let run = future; my_block_on(run) }, ignore)]
async fn with_a_closure_as_executor() {
    std::future::ready(()).await;
}

#[bitnet_bench(sizes = [1])]
const fn constant(size: usize) -> usize {
    size + 1
}

#[bitnet_bench(_size = [1], r#type = ["a"])]
fn unusual_names(_size: u8, r#type: &str) -> usize {
    r#type.len()
}

#[deprecated = "replaced"]
#[bitnet_bench]
fn deprecated() {}

#[cfg_attr(all(), bitnet_bench(sizes = [1]))]
fn behind_a_condition(size: usize) -> usize {
    size
}

#[bitnet_bench_group("kernels/inner", tags = [slow], devices = [cpu], threads = [1], time = 0.1, ignore)]
mod kernels {
    //! The content stays as it is.

    use bitnet_bench::bitnet_bench;

    #[bitnet_bench]
    fn kernel() {}

    #[bitnet_bench]
    #[cfg(any())]
    fn not_compiled() -> DoesNotExist {}
}

#[bitnet_bench_group]
mod named_by_itself {}

#[test]
fn in_a_function() {
    #[bitnet_bench]
    fn local() {}
}
