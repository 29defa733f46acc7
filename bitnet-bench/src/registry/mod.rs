//! The registry: what the attributes of all linked crates submitted → benchmarks → cases.

mod axis;
mod case;
mod definition;
mod natural;
mod select;

use std::fmt::Display;
use std::sync::Arc;

use crate::measure::catch;
pub use axis::{Axis, AxisValue, Key, Point, Size};
pub use case::Case;
pub use definition::{Body, Definition, Group, Source};
pub(crate) use natural::compare as compare_naturally;
pub use select::{Ignored, Selection, SelectionError};

/// What `#[bitnet_bench]` and [`register!`](crate::register) submit to the inventory: how to make the
/// definitions.
pub struct Entry {
    define: Define,
}

#[derive(Clone, Copy)]
enum Define {
    One(fn() -> Definition),
    Many(fn() -> Result<Vec<Definition>, String>),
}

impl Entry {
    /// An entry that is defined by that function when the registry is collected.
    pub const fn new(define: fn() -> Definition) -> Self {
        Self { define: Define::One(define) }
    }

    /// An entry of as many benchmarks as that function makes when the registry is collected.
    ///
    /// Its error is what the program ends with, before anything is measured.
    pub const fn many(define: fn() -> Result<Vec<Definition>, String>) -> Self {
        Self { define: Define::Many(define) }
    }

    fn define(&self) -> Result<Vec<Definition>, String> {
        match self.define {
            Define::One(define) => Ok(vec![define()]),
            Define::Many(define) => define(),
        }
    }
}

/// What a function that makes benchmarks may give back: a list of them, or a `Result` of one.
pub trait Definitions {
    /// The benchmarks.
    ///
    /// # Errors
    /// Why there are none, for the person who wanted to measure.
    fn definitions(self) -> Result<Vec<Definition>, String>;
}

impl Definitions for Vec<Definition> {
    fn definitions(self) -> Result<Vec<Definition>, String> {
        Ok(self)
    }
}

impl<E: Display> Definitions for Result<Vec<Definition>, E> {
    fn definitions(self) -> Result<Vec<Definition>, String> {
        self.map_err(|error| error.to_string())
    }
}

/// Registers the benchmarks that a function makes, for `cargo bench` to find beside those with the
/// attribute. The function takes nothing and gives back a `Vec<Definition>`, or a `Result` of one whose
/// error ends the program before anything is measured. It is called in the harness and in each worker, and
/// must make the same benchmarks every time.
///
/// ```
/// use bitnet_bench::registry::Definition;
///
/// fn sums() -> Vec<Definition> {
///     let sum_to = |limit: u64| {
///         let mut sum = Definition::new(format!("sum to {limit}"), bitnet_bench::source!());
///         sum.body(move |bencher, _| {
///             bencher.iter(|| (0..std::hint::black_box(limit)).sum::<u64>());
///             Ok(())
///         });
///         sum
///     };
///     [100, 1_000].map(sum_to).into()
/// }
///
/// bitnet_bench::register!(sums);
/// # fn main() {}
/// ```
#[macro_export]
macro_rules! register {
    ($define:expr) => {
        $crate::__private::inventory::submit! { $crate::registry::Entry::many(|| $crate::registry::Definitions::definitions(($define)())) }
    };
}

inventory::collect!(Entry);

/// What `#[bitnet_bench_group]` submits to the inventory.
pub struct GroupEntry {
    define: fn() -> Group,
}

impl GroupEntry {
    /// An entry that is defined by that function when the registry is collected.
    pub const fn new(define: fn() -> Group) -> Self {
        Self { define }
    }
}

inventory::collect!(GroupEntry);

/// Every case of the executable, in natural order.
#[derive(Clone, Debug)]
pub struct Registry {
    cases: Vec<Case>,
}

/// What is wrong with the registered benchmarks.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{}", problems.join("\n"))]
pub struct RegistryError {
    /// Each problem, in words, with its place.
    pub problems: Vec<String>,
}

impl Registry {
    /// Collects what all linked crates submitted.
    ///
    /// # Errors
    /// If two cases have one id, or an axis has no values.
    pub fn collect() -> Result<Self, RegistryError> {
        Self::with(Vec::new())
    }

    /// Collects what all linked crates submitted, and the definitions given.
    ///
    /// # Errors
    /// As [`Registry::collect`].
    pub fn with(more: Vec<Definition>) -> Result<Self, RegistryError> {
        let (submitted, problems) = defined();
        let groups: Vec<Arc<Group>> =
            inventory::iter::<GroupEntry>.into_iter().map(|entry| Arc::new((entry.define)())).collect();
        if !problems.is_empty() {
            return Err(RegistryError { problems });
        }
        Self::new(submitted.into_iter().chain(more), &groups)
    }

    /// Collects the definitions given, and nothing else.
    ///
    /// # Errors
    /// As [`Registry::collect`].
    pub fn of(definitions: Vec<Definition>) -> Result<Self, RegistryError> {
        Self::new(definitions.into_iter(), &[])
    }

    fn new(definitions: impl Iterator<Item = Definition>, groups: &[Arc<Group>]) -> Result<Self, RegistryError> {
        let mut problems = Vec::new();
        let mut cases = Vec::new();
        for definition in definitions {
            let wrong = wrong_axes(&definition);
            if !wrong.is_empty() {
                problems.extend(wrong);
                continue;
            }
            let group = innermost(groups, definition.source.module);
            cases.extend(case::cases_of(definition, group));
        }
        sort(&mut cases);
        problems.extend(duplicates(&cases));
        if !problems.is_empty() {
            return Err(RegistryError { problems });
        }
        Ok(Self { cases })
    }

    /// All cases.
    pub fn cases(&self) -> &[Case] {
        &self.cases
    }

    /// The case of that id.
    pub fn find(&self, id: &str) -> Option<&Case> {
        self.cases.iter().find(|case| case.id() == id)
    }
}

/// What the attributes submitted, and what went wrong where an axis' expression panicked.
fn defined() -> (Vec<Definition>, Vec<String>) {
    let (mut definitions, mut problems) = (Vec::new(), Vec::new());
    for entry in inventory::iter::<Entry> {
        match catch(|| entry.define()) {
            Ok(Ok(defined)) => definitions.extend(defined),
            Ok(Err(problem)) => problems.push(problem),
            Err((failure, _)) => problems.push(format!("a benchmark cannot be defined: an axis {failure}")),
        }
    }
    (definitions, problems)
}

/// Orders cases by group and name, and within a benchmark by their ids.
fn sort(cases: &mut [Case]) {
    cases.sort_by(|a, b| {
        natural::compare(a.group(), b.group())
            .then_with(|| natural::compare(a.name(), b.name()))
            .then_with(|| natural::compare(a.id(), b.id()))
    });
}

/// The group whose module is the longest prefix of the path.
fn innermost(groups: &[Arc<Group>], module: &str) -> Option<Arc<Group>> {
    let holds = |group: &&Arc<Group>| {
        module.strip_prefix(group.source.module).is_some_and(|rest| rest.is_empty() || rest.starts_with("::"))
    };
    groups.iter().filter(holds).max_by_key(|group| group.source.module.len()).cloned()
}

/// More points than this are a mistake: nobody measures a million cases of one benchmark.
const MOST_POINTS: usize = 1_000_000;

fn wrong_axes(definition: &Definition) -> Vec<String> {
    let (place, name) = (place(definition.source), &definition.name);
    let empty = definition.axes.iter().filter(|axis| axis.labels().len() == 0);
    let mut wrong: Vec<String> =
        empty.map(|axis| format!("{place}: the axis `{}` of `{name}` has no values", axis.name())).collect();
    if case::points(&definition.axes).is_none_or(|points| points > MOST_POINTS) {
        wrong.push(format!("{place}: the axes of `{name}` have more than {MOST_POINTS} points: list fewer values"));
    }
    wrong
}

/// Cases with one id, which are neighbours in the sorted list.
fn duplicates(cases: &[Case]) -> Vec<String> {
    let mut problems = Vec::new();
    for pair in cases.windows(2).filter(|pair| pair[0].id() == pair[1].id()) {
        let (id, name) = (pair[0].id(), pair[0].name());
        let (one, other) = (place(pair[0].source()), place(pair[1].source()));
        problems.push(if one == other {
            format!("{one}: an axis of `{name}` lists a value twice: there are two cases `{id}`")
        } else {
            format!("{one} and {other} both define `{id}`: give one of them another `name` or `group`")
        });
    }
    problems
}

fn place(source: Source) -> String {
    format!("{}:{}", source.file, source.line)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn definition(name: &str, module: &'static str, line: u32) -> Definition {
        Definition::new(name, Source { module, file: "benches/kernels.rs", line })
    }

    fn ids(definitions: Vec<Definition>, groups: Vec<Group>) -> Vec<String> {
        let groups: Vec<_> = groups.into_iter().map(Arc::new).collect();
        let registry = Registry::new(definitions.into_iter(), &groups).expect("the definitions are sound");
        registry.cases().iter().map(|case| case.id().to_owned()).collect()
    }

    #[test]
    fn cases_are_the_product_of_the_axes_in_natural_order() {
        let mut gemv = definition("gemv", "kernels", 3);
        let size = gemv.sizes([[4096, 64], [640, 64]]);
        gemv.axis("bits", [1.58, 2.0]);
        gemv.skip_if(move |point| point.at(size) == [640, 64] && point.labels().any(|label| label == ("bits", "2.0")));
        gemv.devices(["cpu", "wgpu"]);
        assert_eq!(
            ids(vec![gemv], Vec::new()),
            [
                "kernels/gemv[size=640x64,bits=1.58]@cpu",
                "kernels/gemv[size=640x64,bits=1.58]@wgpu",
                "kernels/gemv[size=4096x64,bits=1.58]@cpu",
                "kernels/gemv[size=4096x64,bits=1.58]@wgpu",
                "kernels/gemv[size=4096x64,bits=2.0]@cpu",
                "kernels/gemv[size=4096x64,bits=2.0]@wgpu",
            ]
        );
    }

    #[test]
    fn a_group_holds_for_its_module_and_those_within() {
        let source = |module| Source { module, file: "benches/kernels.rs", line: 1 };
        let mut outer = Group::new("outer", source("k::a"));
        outer.threads([2]).devices(["wgpu"]);
        let inner = Group::new("inner", source("k::a::b"));
        let definitions = ["k", "k::a", "k::ab", "k::a::b::c"].map(|module| definition("f", module, 2));
        assert_eq!(
            ids(definitions.into(), vec![outer, inner]),
            ["inner/f@cpu", "k/f@cpu", "k/ab/f@cpu", "outer/f[threads=2]@wgpu"]
        );
    }

    #[test]
    fn duplicate_ids_name_both_places() {
        let both = vec![definition("f", "k", 10), definition("f", "k", 20)];
        let error = Registry::new(both.into_iter(), &[]).expect_err("the ids are the same");
        let text = error.to_string();
        assert!(text.contains("benches/kernels.rs:10") && text.contains("benches/kernels.rs:20"), "{text}");
        assert!(text.contains("`k/f@cpu`"), "{text}");
    }

    #[test]
    fn an_axis_without_values_is_an_error() {
        let mut empty = definition("f", "k", 10);
        empty.axis("path", Vec::<u32>::new());
        let error = Registry::new([empty].into_iter(), &[]).expect_err("there is nothing to measure");
        assert_eq!(error.problems, ["benches/kernels.rs:10: the axis `path` of `f` has no values"]);
    }
}
