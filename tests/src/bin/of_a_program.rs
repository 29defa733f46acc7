//! A bench target whose program adds to the harness: benchmarks that a function makes, a flag of its
//! own, a closing word, and a benchmark that finds out only when it runs that it cannot.

use bitnet_bench::config::flag;
use bitnet_bench::registry::Definition;
use bitnet_bench::{Bencher, Failure, bitnet_bench};

bitnet_bench::main! {
    flags: [("limit", "N", "Sum the numbers below this one.")],
    summary: |run| format!("{} of {} cases have a time\n", run.cases().filter(|case| case.time().is_some()).count(), run.cases().len()),
}

/// As many benchmarks as names, at the point that the flag gives.
fn sums() -> Vec<Definition> {
    ["forwards", "backwards"].map(sum).into()
}

fn sum(name: &'static str) -> Definition {
    let mut sum = Definition::new(name, bitnet_bench::source!());
    let limit = sum.axis("limit", [flag("limit").and_then(|limit| limit.parse().ok()).unwrap_or(10_u64)]);
    sum.body(move |bencher, point| {
        let numbers: Vec<u64> = (0..point.at(limit)).collect();
        bencher.items(numbers.len()).iter(|| match name {
            "forwards" => numbers.iter().sum::<u64>(),
            _ => numbers.iter().rev().sum(),
        });
        Ok(())
    });
    sum
}

bitnet_bench::register!(sums);

/// Says so when it runs.
#[bitnet_bench]
fn elsewhere(b: &mut Bencher) -> Result<(), Failure> {
    let _ = b;
    Err(Failure::skip("this is for another machine"))
}
