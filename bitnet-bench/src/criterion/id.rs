//! Ids: criterion's `group/function/parameter`, and what the harness makes of it.

use std::fmt;

/// A benchmark's name within its group: a function, a parameter, or both.
#[derive(Clone, PartialEq, Eq, Hash)]
pub struct BenchmarkId {
    pub(super) function: Option<String>,
    pub(super) parameter: Option<String>,
}

impl BenchmarkId {
    /// A function at a parameter.
    pub fn new<S: Into<String>, P: fmt::Display>(function_name: S, parameter: P) -> Self {
        Self { function: Some(function_name.into()), parameter: Some(parameter.to_string()) }
    }

    /// The group's one function at a parameter.
    pub fn from_parameter<P: fmt::Display>(parameter: P) -> Self {
        Self { function: None, parameter: Some(parameter.to_string()) }
    }

    pub(super) fn of_its_group() -> Self {
        Self { function: None, parameter: None }
    }
}

mod sealed {
    pub trait Sealed {}
    impl Sealed for super::BenchmarkId {}
    impl<S: Into<String>> Sealed for S {}
}

/// What names a benchmark: a [`BenchmarkId`], or a text.
pub trait IntoBenchmarkId: sealed::Sealed {
    /// The id.
    fn into_benchmark_id(self) -> BenchmarkId;
}

impl IntoBenchmarkId for BenchmarkId {
    fn into_benchmark_id(self) -> BenchmarkId {
        self
    }
}

impl<S: Into<String>> IntoBenchmarkId for S {
    fn into_benchmark_id(self) -> BenchmarkId {
        let function = self.into();
        assert!(!function.is_empty(), "Function name must not be empty.");
        BenchmarkId { function: Some(function), parameter: None }
    }
}

/// A benchmark's whole id; shown as criterion shows it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Id {
    pub(super) group: String,
    pub(super) within: BenchmarkId,
}

/// The group of what has none: `Criterion::bench_function`, and groups whose benchmarks are parameters.
pub(super) const GROUPLESS: &str = "criterion";

impl Id {
    /// The harness' group and name.
    ///
    /// A group whose benchmarks have no function names is one benchmark, of the group's name.
    pub(super) fn place(&self) -> (String, String) {
        match &self.within.function {
            Some(function) => (plain(&self.group), plain(function)),
            None => (GROUPLESS.to_owned(), plain(&self.group)),
        }
    }

    /// The value of the axis `parameter`, if it has one.
    pub(super) fn parameter(&self) -> Option<Parameter> {
        self.within.parameter.clone().map(Parameter)
    }
}

impl fmt::Display for Id {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.group)?;
        [&self.within.function, &self.within.parameter].into_iter().flatten().try_for_each(|part| write!(f, "/{part}"))
    }
}

impl fmt::Debug for BenchmarkId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("BenchmarkId").field("function", &self.function).field("parameter", &self.parameter).finish()
    }
}

/// A parameter, whose label is its text.
#[derive(Clone)]
pub(super) struct Parameter(String);

impl fmt::Debug for Parameter {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// A name without the characters that case ids give a meaning to, and on one line.
fn plain(name: &str) -> String {
    let plain = |c: char| if matches!(c, '[' | ']' | ',' | '=' | '@') || c.is_control() { '.' } else { c };
    name.chars().map(plain).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn id(group: &str, within: BenchmarkId) -> Id {
        Id { group: group.to_owned(), within }
    }

    #[test]
    fn ids_are_criterion_s_and_their_place_is_ours() {
        let whole = id("fib", BenchmarkId::new("recursive", 20));
        assert_eq!((whole.to_string(), whole.place()), ("fib/recursive/20".into(), ("fib".into(), "recursive".into())));
        let parameter = id("fib", BenchmarkId::from_parameter(20));
        assert_eq!((parameter.to_string(), parameter.place()), ("fib/20".into(), ("criterion".into(), "fib".into())));
        let alone = id("fib 20", BenchmarkId::of_its_group());
        assert_eq!((alone.to_string(), alone.place()), ("fib 20".into(), ("criterion".into(), "fib 20".into())));
        assert_eq!(id("a", "f[x]=1,@".into_benchmark_id()).place().1, "f.x..1..");
    }
}
