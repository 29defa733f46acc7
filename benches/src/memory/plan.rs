//! The plan: which benchmarks there are, at which points.

use std::ops::RangeInclusive;

use bitnet_bench::config::{Overrides, TrackingLevel};
use bitnet_bench::registry::{Definition, Key};

use super::cases::{Work, some_of};
use super::entrant::{Abilities, Entrant};
use super::trace::{AllocationPattern, Trace};
use crate::reference::shapes::BITNET_2B_4T;

/// A small block is no larger: below it, pools keep released blocks at hand.
const SMALL: usize = 64 << 10;
/// Larger blocks are not written to: what that takes is the same for each byte.
const MOST_TOUCHED: usize = 16 << 20;
/// Requests in a trace, at most.
const REQUESTS: usize = 1_000;
/// Requests in a forward pass.
const PASS: usize = 661;
/// Operations after which a pool is looked at.
const OPERATIONS: [usize; 2] = [10_000, 1_000_000];

/// What the benchmarks are made from.
pub(super) struct Plan {
    pub(super) entrants: Vec<Entrant>,
    pub(super) patterns: Vec<AllocationPattern>,
    pub(super) sizes: Vec<usize>,
    pub(super) latency_sizes: Vec<usize>,
    pub(super) levels: Vec<TrackingLevel>,
    pub(super) tokens: Vec<usize>,
    pub(super) overrides: Overrides,
    /// Requests of each case in each launch, if that is settled.
    pub(super) requests: Option<u64>,
}

impl Plan {
    /// Every benchmark that has points.
    pub(super) fn definitions(&self) -> Vec<Definition> {
        let small = within(&self.sizes, 0..=SMALL);
        let touched = within(&self.sizes, SMALL..=MOST_TOUCHED);
        let planned = [
            self.by_size("allocation/allocate_release", &self.sizes, |size| Work::AllocateRelease { size }),
            self.by_size("allocation/allocate_touch_release", &touched, |size| Work::AllocateTouchRelease { size }),
            self.at_once(&few(&small)),
            self.every_size(),
            self.latency("latency/small", 0..=SMALL),
            self.latency("latency/large", SMALL + 1..=usize::MAX),
            self.in_patterns(if small.is_empty() { &self.sizes } else { &small }),
            self.passes("transformer/forward_pass", &self.tokens),
            self.long_passes(),
            self.aged(),
            self.where_able("pressure/fill", |of| of.has_limits, || Work::FillToLimit),
            self.where_able("pressure/refuse", |of| of.has_limits, || Work::Refuse),
            self.tracked_sizes(&few(&small)),
            self.tracked_passes(),
            self.where_able("reclaim/cleanup", |of| of.knows_itself, || Work::Cleanup),
            self.where_able("reclaim/find_leaks", |of| of.knows_itself, || Work::FindLeaks),
        ];
        planned.into_iter().flatten().collect()
    }

    /// A benchmark, named with its group, without axes yet, of which an iteration makes about so many requests.
    fn begin(&self, path: &'static str, requests: usize) -> Definition {
        let (group, name) = path.split_once('/').unwrap_or(("memory", path));
        let mut definition = Definition::new(name, bitnet_bench::source!());
        definition.group(group).tags(["memory"]);
        *definition.settings() = self.overrides.clone();
        if let Some(all) = self.requests {
            definition.settings().iterations((all / requests as u64).max(1));
        }
        definition
    }

    /// The axis of those pools that are able to do what is measured; `None` if none is.
    fn pools(&self, definition: &mut Definition, able: impl Fn(Abilities) -> bool) -> Option<Key<Entrant>> {
        let able: Vec<Entrant> = self.entrants.iter().filter(|entrant| able(entrant.abilities())).cloned().collect();
        (!able.is_empty()).then(|| definition.axis("pool", able))
    }

    fn by_size(&self, path: &'static str, sizes: &[usize], work: fn(usize) -> Work) -> Option<Definition> {
        let mut definition = self.begin(path, 1);
        let size = axis_of(&mut definition, sizes)?;
        let pool = self.pools(&mut definition, |_| true)?;
        definition.body(move |bencher, point| point.at_ref(pool).run(bencher, &work(point.at(size))));
        Some(definition)
    }

    /// As `allocate_release`, by several threads on one pool.
    fn at_once(&self, sizes: &[usize]) -> Option<Definition> {
        let mut definition = self.by_size("allocation/at_once", sizes, |size| Work::AllocateRelease { size })?;
        definition.threads([1, 2]);
        Some(definition)
    }

    fn every_size(&self) -> Option<Definition> {
        let sizes: Vec<usize> = (4..=27).map(|power| 1 << power).collect();
        let mut definition = self.by_size("allocation/every_size", &sizes, |size| Work::AllocateRelease { size })?;
        definition.ignore("every power of two from 16 B to 128 MiB");
        Some(definition)
    }

    fn latency(&self, path: &'static str, range: RangeInclusive<usize>) -> Option<Definition> {
        self.by_size(path, &within(&self.latency_sizes, range), |size| Work::Latency { size })
    }

    fn in_patterns(&self, sizes: &[usize]) -> Option<Definition> {
        let sizes = sizes.to_vec();
        let blocks = some_of(*sizes.iter().max()?, REQUESTS);
        let mut definition = self.begin("pattern/replay", blocks);
        let pattern = definition.axis("pattern", self.patterns.iter().map(|&pattern| Named(pattern, pattern.name())));
        let pool = self.pools(&mut definition, |_| true)?;
        definition.body(move |bencher, point| {
            let work = match point.at_ref(pattern).0 {
                AllocationPattern::ProducerConsumer => Work::HandOver { sizes: sizes.clone(), blocks },
                pattern => Work::Replay(Trace::pattern(pattern, &sizes, blocks, bencher.seed())),
            };
            point.at_ref(pool).run(bencher, &work)
        });
        Some(definition)
    }

    fn passes(&self, path: &'static str, tokens: &[usize]) -> Option<Definition> {
        let mut definition = self.begin(path, PASS);
        let tokens = definition.axis("tokens", tokens.iter().copied());
        let pool = self.pools(&mut definition, |_| true)?;
        definition.body(move |bencher, point| {
            bencher.tokens(point.at(tokens));
            point.at_ref(pool).run(bencher, &Work::Replay(Trace::forward_pass(&BITNET_2B_4T, point.at(tokens))))
        });
        Some(definition)
    }

    fn long_passes(&self) -> Option<Definition> {
        let mut definition = self.passes("transformer/long_pass", &[256, 512, 1024, 2048])?;
        definition.ignore("forward passes of up to 2048 tokens, which take up to 2 GiB");
        Some(definition)
    }

    fn aged(&self) -> Option<Definition> {
        let mut definition = self.begin("fragmentation/aged", REQUESTS / 2);
        let operations = definition.axis("operations", OPERATIONS);
        let pool = self.pools(&mut definition, |of| of.knows_itself)?;
        definition.body(move |bencher, point| {
            point.at_ref(pool).run(bencher, &Work::Aged { operations: point.at(operations) })
        });
        Some(definition)
    }

    fn where_able(&self, path: &'static str, able: fn(Abilities) -> bool, work: fn() -> Work) -> Option<Definition> {
        let mut definition = self.begin(path, REQUESTS);
        let pool = self.pools(&mut definition, able)?;
        definition.body(move |bencher, point| point.at_ref(pool).run(bencher, &work()));
        Some(definition)
    }

    fn tracked_sizes(&self, sizes: &[usize]) -> Option<Definition> {
        let mut definition = self.begin("tracking/allocate_release", 1);
        let size = axis_of(&mut definition, sizes)?;
        let level = definition.axis("level", self.levels.iter().copied().map(named));
        let pool = self.pools(&mut definition, |of| of.tracks)?;
        definition.body(move |bencher, point| {
            let level = point.at_ref(level).0;
            point.at_ref(pool).run(bencher, &Work::Tracked { level, size: point.at(size) })
        });
        Some(definition)
    }

    fn tracked_passes(&self) -> Option<Definition> {
        let mut definition = self.begin("tracking/forward_pass", PASS);
        let tokens = definition.axis("tokens", self.tokens.iter().copied());
        let level = definition.axis("level", self.levels.iter().copied().map(named));
        let pool = self.pools(&mut definition, |of| of.tracks)?;
        definition.body(move |bencher, point| {
            let (level, trace) = (point.at_ref(level).0, Trace::forward_pass(&BITNET_2B_4T, point.at(tokens)));
            point.at_ref(pool).run(bencher, &Work::TrackedReplay { level, trace })
        });
        Some(definition)
    }
}

/// A value that case ids show by its name.
#[derive(Clone)]
struct Named<T>(T, &'static str);

impl<T> std::fmt::Debug for Named<T> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.1)
    }
}

/// The level with its name in configurations.
fn named(level: TrackingLevel) -> Named<TrackingLevel> {
    let name = match level {
        TrackingLevel::None => "none",
        TrackingLevel::Basic => "basic",
        TrackingLevel::Detailed => "detailed",
    };
    Named(level, name)
}

/// The smallest, the middle and the largest.
fn few(sizes: &[usize]) -> Vec<usize> {
    let mut sizes = sizes.to_vec();
    sizes.sort_unstable();
    match sizes.len() {
        0..=3 => sizes,
        len => vec![sizes[0], sizes[len / 2], sizes[len - 1]],
    }
}

fn within(sizes: &[usize], range: RangeInclusive<usize>) -> Vec<usize> {
    sizes.iter().copied().filter(|size| range.contains(size)).collect()
}

fn axis_of(definition: &mut Definition, sizes: &[usize]) -> Option<Key<usize>> {
    (!sizes.is_empty()).then(|| definition.sizes(sizes.iter().copied()))
}

#[cfg(test)]
mod validation {
    use super::*;

    #[test]
    fn a_forward_pass_makes_as_many_requests() {
        assert_eq!(Trace::forward_pass(&BITNET_2B_4T, 3).allocations(), PASS);
    }

    #[test]
    fn a_few_are_the_ends_and_the_middle() {
        assert_eq!(few(&[5, 1, 4, 2, 3]), [1, 3, 5]);
        assert_eq!(few(&[2, 1]), [1, 2]);
    }
}
