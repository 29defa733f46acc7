//! Lesson 7: a run as a library call, with typed results.
//!
//! ```text
//! cargo run --release -p bitnet-bench-examples
//! ```

use std::error::Error;

use bitnet_bench::config::{Config, Sources};
use bitnet_bench::registry::Definition;
use bitnet_bench::{Amount, Suite};

fn main() -> Result<(), Box<dyn Error>> {
    // The program starts itself anew for each launch, so what stands here is run there too, up to
    // `Suite::run`.
    let mut packing = Definition::new("pack", bitnet_bench::source!());
    let size = packing.sizes([4_096, 65_536]);
    packing.amount(Amount::Items, move |point| point.at(size));
    packing.body(move |bencher, point| {
        let trits: Vec<u8> = (0..point.at(size)).map(|n| (n % 3) as u8).collect();
        bencher.iter(|| pack(&trits));
        Ok(())
    });

    let config = Config::load(Sources::new(std::env::current_dir()?).program("time", "200ms"))?;
    let run = Suite::new(bitnet_bench::target!(), config).benchmark(packing).run()?;
    for case in run.cases() {
        match (case.throughput("items"), case.failure()) {
            (Some(rate), _) => println!(
                "{}: {:.2} G weights/s ± {:.1} %",
                case.id(),
                rate.value / 1e9,
                100.0 * rate.relative_half_width()
            ),
            (None, Some(failure)) => println!("{}: {failure}", case.id()),
            (None, None) => println!("{}: not measured", case.id()),
        }
    }
    Ok(())
}

/// Five trits a byte.
fn pack(trits: &[u8]) -> Vec<u8> {
    trits.chunks(5).map(|five| five.iter().rev().fold(0, |byte, trit| byte * 3 + trit)).collect()
}
