//! The definition of a benchmark: what the attribute, or a program, says of it.

use std::sync::Arc;

use super::axis::{Axis, AxisValue, Key, Point, Size};
use crate::config::Overrides;
use crate::measure::{Amount, Bencher, Count, Failure};

/// Where a benchmark is defined.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Source {
    /// The path of the module, as `module_path!()` gives it.
    pub module: &'static str,
    /// The file, as `file!()` gives it.
    pub file: &'static str,
    /// The line, from 1.
    pub line: u32,
}

/// The [`Source`] of the place where it stands.
#[macro_export]
macro_rules! source {
    () => {
        $crate::registry::Source { module: ::core::module_path!(), file: ::core::file!(), line: ::core::line!() }
    };
}

/// Runs a benchmark at a point: makes the inputs and hands the subject to the [`Bencher`].
pub type Body = dyn Fn(&mut Bencher<'_>, &Point) -> Result<(), Failure> + Send + Sync;
type Skip = dyn Fn(&Point) -> bool + Send + Sync;
type AmountOf = dyn Fn(&Point) -> f64 + Send + Sync;

/// A benchmark: its name and place, its axes, its settings and its body.
///
/// `#[bitnet_bench]` makes one from a function. A program can make them too:
///
/// ```
/// use bitnet_bench::registry::Definition;
///
/// let mut sum = Definition::new("sum", bitnet_bench::source!());
/// let size = sum.sizes([1_000, 10_000]);
/// sum.body(move |bencher, point| {
///     let numbers: Vec<u64> = (0..point.at(size) as u64).collect();
///     bencher.iter(|| numbers.iter().sum::<u64>());
///     Ok(())
/// });
/// ```
#[derive(Clone)]
pub struct Definition {
    pub(super) name: String,
    pub(super) source: Source,
    pub(super) group: Option<String>,
    pub(super) tags: Vec<String>,
    pub(super) ignored: Option<String>,
    pub(super) axes: Vec<Axis>,
    pub(super) devices: Option<Vec<String>>,
    pub(super) threads: Option<Vec<usize>>,
    pub(super) threads_at: Option<usize>,
    pub(super) overrides: Overrides,
    pub(super) skip: Option<Arc<Skip>>,
    pub(super) amounts: Vec<(Amount, Arc<AmountOf>)>,
    pub(super) body: Option<Arc<Body>>,
}

impl Definition {
    /// A benchmark without axes and without a body.
    pub fn new(name: impl Into<String>, source: Source) -> Self {
        Self {
            name: name.into(),
            source,
            group: None,
            tags: Vec::new(),
            ignored: None,
            axes: Vec::new(),
            devices: None,
            threads: None,
            threads_at: None,
            overrides: Overrides::default(),
            skip: None,
            amounts: Vec::new(),
            body: None,
        }
    }

    /// The group; without it, the group is that of the module, or the module's path.
    pub fn group(&mut self, group: impl Into<String>) -> &mut Self {
        self.group = Some(group.into());
        self
    }

    /// Adds tags to select the benchmark by.
    pub fn tags<T: Into<String>>(&mut self, tags: impl IntoIterator<Item = T>) -> &mut Self {
        self.tags.extend(tags.into_iter().map(Into::into));
        self
    }

    /// Leaves the benchmark out unless it is asked for with `--ignored` or `--include-ignored`;
    /// the reason is shown, and may be empty.
    pub fn ignore(&mut self, reason: impl Into<String>) -> &mut Self {
        self.ignored = Some(reason.into());
        self
    }

    /// The settings that this benchmark overrides.
    pub fn settings(&mut self) -> &mut Overrides {
        &mut self.overrides
    }

    /// Adds an axis.
    pub fn axis<T: AxisValue>(&mut self, name: &'static str, values: impl IntoIterator<Item = T>) -> Key<T> {
        self.push(Axis::new(name, values))
    }

    /// Adds the axis `size`.
    pub fn sizes<T: Size>(&mut self, sizes: impl IntoIterator<Item = T>) -> Key<T> {
        self.push(Axis::new("size", sizes))
    }

    /// Adds an axis whose values are known by their labels only, such as types;
    /// [`Point::index`] tells which one is meant.
    pub fn labels(&mut self, name: &'static str, labels: &[&'static str]) -> Key<String> {
        self.push(Axis::of_labels(name, labels.iter().map(|&label| label.to_owned())))
    }

    /// Adds the axis of devices: the built-in `cpu`, `wgpu`, `vulkan`, `metal`, `dx12` and `gl`,
    /// or a device that someone registers.
    pub fn devices<T: Into<String>>(&mut self, devices: impl IntoIterator<Item = T>) -> &mut Self {
        self.devices = Some(devices.into_iter().map(Into::into).collect());
        self
    }

    /// Adds the axis of thread counts. At `n` threads, `n` of them run the body, wait for each
    /// other before every sample, and run the subject at once.
    pub fn threads(&mut self, threads: impl IntoIterator<Item = usize>) -> Key<usize> {
        let threads: Vec<usize> = threads.into_iter().collect();
        self.threads = Some(threads.clone());
        self.threads_at = Some(self.axes.len());
        self.push(Axis::new("threads", threads))
    }

    fn push<T>(&mut self, axis: Axis) -> Key<T> {
        self.axes.push(axis);
        Key::at(self.axes.len() - 1)
    }

    /// Removes the points for which the condition holds.
    pub fn skip_if(&mut self, condition: impl Fn(&Point) -> bool + Send + Sync + 'static) -> &mut Self {
        self.skip = Some(Arc::new(condition));
        self
    }

    /// Says how much one iteration processes, so that a throughput can be given.
    pub fn amount<C: Count>(&mut self, amount: Amount, of: impl Fn(&Point) -> C + Send + Sync + 'static) -> &mut Self {
        self.amounts.push((amount, Arc::new(move |point| of(point).count())));
        self
    }

    /// Sets what is run at a point.
    pub fn body(
        &mut self,
        body: impl Fn(&mut Bencher<'_>, &Point) -> Result<(), Failure> + Send + Sync + 'static,
    ) -> &mut Self {
        self.body = Some(Arc::new(body));
        self
    }
}

/// What `#[bitnet_bench_group]` says of the benchmarks in a module.
#[derive(Clone)]
pub struct Group {
    pub(super) name: String,
    pub(super) source: Source,
    pub(super) tags: Vec<String>,
    pub(super) ignored: Option<String>,
    pub(super) devices: Option<Vec<String>>,
    pub(super) threads: Option<Vec<usize>>,
    pub(super) overrides: Overrides,
}

impl Group {
    /// The group of the benchmarks in the module of `source`, whose `module` is the path of the
    /// annotated module itself.
    pub fn new(name: impl Into<String>, source: Source) -> Self {
        Self {
            name: name.into(),
            source,
            tags: Vec::new(),
            ignored: None,
            devices: None,
            threads: None,
            overrides: Overrides::default(),
        }
    }

    /// Tags that each of its benchmarks has besides its own.
    pub fn tags<T: Into<String>>(&mut self, tags: impl IntoIterator<Item = T>) -> &mut Self {
        self.tags.extend(tags.into_iter().map(Into::into));
        self
    }

    /// Leaves all its benchmarks out unless they are asked for.
    pub fn ignore(&mut self, reason: impl Into<String>) -> &mut Self {
        self.ignored = Some(reason.into());
        self
    }

    /// The settings of its benchmarks, which their own attributes override.
    pub fn settings(&mut self) -> &mut Overrides {
        &mut self.overrides
    }

    /// The devices of its benchmarks that name none.
    pub fn devices<T: Into<String>>(&mut self, devices: impl IntoIterator<Item = T>) -> &mut Self {
        self.devices = Some(devices.into_iter().map(Into::into).collect());
        self
    }

    /// The thread counts of its benchmarks that name none.
    pub fn threads(&mut self, threads: impl IntoIterator<Item = usize>) -> &mut Self {
        self.threads = Some(threads.into_iter().collect());
        self
    }
}
