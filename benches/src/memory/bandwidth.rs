//! How fast memory itself is: what bounds every kernel that reads weights.
//!
//! `copy` and `triad` are those of STREAM (McCalpin 1995): bytes are counted as the program sees them, so a write counts
//! once although the processor may read the line first. STREAM wants buffers of four times the last level of cache;
//! the default is smaller, so that the suite stays short, and each case says how its buffer compares with that cache.

use std::cell::RefCell;
use std::hint::black_box;
use std::sync::Mutex;

use bitnet_bench::host::Host;
use bitnet_bench::registry::Definition;
use bitnet_bench::{Bencher, Direction, Failure};

use super::read;

/// Bytes of a buffer.
const BUFFER: usize = 64 << 20;
/// Buffers that make the last level of cache small on most machines.
const LARGE_BUFFER: usize = 1 << 30;
/// Values in a cache line.
const LINE: usize = 8;
/// What `triad` multiplies by: STREAM's own.
const SCALE: f64 = 3.0;

/// What is done to memory.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[allow(non_camel_case_types, reason = "the names are those in case ids")]
enum Access {
    read,
    write,
    copy,
    triad,
    read_random,
    write_random,
}

const ACCESSES: [Access; 6] =
    [Access::read, Access::write, Access::copy, Access::triad, Access::read_random, Access::write_random];

/// The benchmarks of memory's bandwidth, at one and two threads, and of huge pages.
pub fn definitions() -> Vec<Definition> {
    let mut large = accesses("large", LARGE_BUFFER);
    large.ignore("three buffers of 1 GiB for each thread");
    vec![accesses("memory", BUFFER), large, huge_pages::definition()]
}

fn accesses(name: &str, bytes: usize) -> Definition {
    let mut definition = begin(name);
    let access = definition.axis("access", ACCESSES);
    definition.threads([1, 2]);
    definition.body(move |bencher, point| run(bencher, point.at(access), bytes));
    definition
}

fn begin(name: &str) -> Definition {
    let mut definition = Definition::new(name, bitnet_bench::source!());
    definition.group("bandwidth").tags(["memory", "bandwidth"]);
    definition.settings().launches(5_u32).time("400ms").warmup("50ms").precision(0.03);
    definition
}

/// Three buffers, as many as the triad needs.
struct Buffers {
    a: Vec<f64>,
    b: Vec<f64>,
    c: Vec<f64>,
}

impl Buffers {
    fn new(bytes: usize) -> Self {
        let values = bytes / size_of::<f64>();
        // Counted up and not constant, so that the pages are written to and sums tell whether all was read.
        let counted = |from: usize| (from..from + values).map(|value| value as f64).collect();
        Self { a: counted(0), b: counted(1), c: counted(2) }
    }
}

fn run(bencher: &mut Bencher<'_>, access: Access, bytes: usize) -> Result<(), Failure> {
    let sets = bencher.cached(format!("buffers of {bytes} bytes"), || [const { Mutex::new(None) }; 16]);
    // Each thread of a case takes a set of its own, which stays for the cases after it.
    let set = sets.iter().find_map(|set| set.try_lock().ok());
    let mut set = set.ok_or_else(|| Failure::skip("there are buffers for 16 threads"))?;
    let buffers = RefCell::new(set.get_or_insert_with(|| Buffers::new(bytes)));
    report_size(bencher, bytes);
    let moved = match access {
        Access::read | Access::write | Access::read_random | Access::write_random => bytes,
        Access::copy => 2 * bytes,
        Access::triad => 3 * bytes,
    };
    bencher.bytes(moved).iter_checked(
        || apply(access, &mut buffers.borrow_mut()),
        |&outcome| check(access, outcome, &buffers.borrow()),
    );
    Ok(())
}

/// How the buffer compares with the last level of cache: below 4 times, some of it is read from there.
fn report_size(bencher: &mut Bencher<'_>, bytes: usize) {
    let cache = bencher.cached("last level of cache", || Host::describe().last_level_cache_bytes());
    if let Some(cache) = *cache {
        bencher.metric("buffer/cache", bytes as f64 / cache as f64, "x", Direction::HigherIsBetter);
    }
}

/// Reads give a sum of bits, and writes nothing.
fn apply(access: Access, Buffers { a, b, c }: &mut Buffers) -> u64 {
    match access {
        Access::read => return read::sum::<4, 1, 2048>(bytes(a)),
        Access::write => a.fill(black_box(SCALE)),
        Access::copy => c.copy_from_slice(a),
        Access::triad => a.iter_mut().zip(&*b).zip(&*c).for_each(|((a, b), c)| *a = b + SCALE * c),
        Access::read_random => {
            return lines(a.len()).fold(0, |sum: u64, line| sum.wrapping_add(a[line].to_bits()));
        }
        Access::write_random => lines(a.len()).for_each(|line| a[line] = SCALE),
    }
    black_box((a, c));
    0
}

/// The bytes of values.
fn bytes(values: &[f64]) -> &[u8] {
    // SAFETY: a number is 8 bytes without padding, and any byte is valid; the borrow is passed on.
    unsafe { std::slice::from_raw_parts(values.as_ptr().cast(), size_of_val(values)) }
}

/// The first value of each line once, in an order in which the next is neither near nor waits for memory: a linear
/// congruential sequence of full period (Hull and Dobell 1962).
fn lines(values: usize) -> impl Iterator<Item = usize> {
    let lines = values / LINE;
    assert!(lines.is_power_of_two(), "the sequence needs a power of two");
    let mut line = 0;
    (0..lines).map(move |_| {
        line = (line * 0x5851_F42D + 0x3C6E_F35F) & (lines - 1);
        line * LINE
    })
}

fn check(access: Access, outcome: u64, Buffers { a, b, c }: &Buffers) -> Result<(), Failure> {
    let bits =
        |values: &mut dyn Iterator<Item = &f64>| values.fold(0, |sum: u64, value| sum.wrapping_add(value.to_bits()));
    let holds = match access {
        Access::read => outcome == bits(&mut a.iter()),
        Access::read_random => outcome == bits(&mut a.iter().step_by(LINE)),
        Access::write => a.iter().all(|&value| value == SCALE),
        Access::write_random => a.iter().step_by(LINE).all(|&value| value == SCALE),
        Access::copy => a == c,
        Access::triad => a.iter().zip(b).zip(c).all(|((a, b), c)| *a == b + SCALE * c),
    };
    if holds { Ok(()) } else { Err(Failure::check(format!("{access:?} did not do what it should"))) }
}

#[cfg(test)]
mod validation {
    use super::*;

    #[test]
    fn every_access_passes_its_own_check_and_no_other_state_does() {
        for access in ACCESSES {
            let mut buffers = Buffers::new(1 << 12);
            let outcome = apply(access, &mut buffers);
            assert_eq!(check(access, outcome, &buffers), Ok(()), "{access:?}");
            buffers.a[LINE * 7] = -1.0;
            assert!(check(access, outcome, &buffers).is_err(), "{access:?}");
        }
    }

    #[test]
    fn random_order_visits_every_line_once() {
        let mut seen: Vec<usize> = lines(1 << 14).collect();
        let near = seen.windows(2).filter(|pair| pair[0].abs_diff(pair[1]) < 8 * LINE).count();
        assert!(near < seen.len() / 50, "{near} steps are near");
        seen.sort_unstable();
        assert!(seen.into_iter().eq((0..1 << 14).step_by(LINE)));
    }
}

mod huge_pages {
    use memmap2::MmapMut;

    use super::*;

    /// What the kernel is asked to back a mapping with.
    #[derive(Clone, Copy, Debug, PartialEq, Eq)]
    #[allow(non_camel_case_types, reason = "the names are those in case ids")]
    enum Pages {
        small,
        huge,
    }

    /// Random reads, of which each needs the address of another page.
    pub(super) fn definition() -> Definition {
        let mut definition = begin("huge_pages");
        let pages = definition.axis("pages", [Pages::small, Pages::huge]);
        definition.body(move |bencher, point| {
            let map = map(point.at(pages)).map_err(Failure::skip)?;
            let lines = BUFFER / 64;
            bencher.items(lines).iter(|| {
                super::lines(lines * LINE).fold(0_u64, |sum, value| sum.wrapping_add(u64::from(map[value * 8])))
            });
            Ok(())
        });
        definition
    }

    /// A buffer that was written to, or why there is none.
    #[cfg(target_os = "linux")]
    fn map(pages: Pages) -> Result<MmapMut, String> {
        use memmap2::Advice;
        const ENABLED: &str = "/sys/kernel/mm/transparent_hugepage/enabled";
        let enabled = std::fs::read_to_string(ENABLED).map_err(|error| format!("{ENABLED}: {error}"))?;
        if pages == Pages::huge && enabled.contains("[never]") {
            return Err(format!("this kernel gives no huge pages: {ENABLED} says {}", enabled.trim()));
        }
        let mut map = MmapMut::map_anon(BUFFER).map_err(|error| error.to_string())?;
        let advice = if pages == Pages::huge { Advice::HugePage } else { Advice::NoHugePage };
        map.advise(advice).map_err(|error| format!("the kernel refuses {advice:?}: {error}"))?;
        map.fill(1);
        Ok(map)
    }

    #[cfg(not(target_os = "linux"))]
    fn map(pages: Pages) -> Result<MmapMut, String> {
        if pages == Pages::huge {
            return Err("only Linux is asked for huge pages here".to_owned());
        }
        let mut map = MmapMut::map_anon(BUFFER).map_err(|error| error.to_string())?;
        map.fill(1);
        Ok(map)
    }
}
