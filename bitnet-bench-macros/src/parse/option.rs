//! The options that the attributes know: one table.

/// What is written behind an option's `=`.
#[derive(Clone, Copy, PartialEq)]
pub(crate) enum Takes {
    /// A string that becomes part of case ids.
    Name,
    /// A list of strings or bare words.
    Words,
    /// A list of values: an axis.
    Values,
    /// A list of types.
    Types,
    /// A list of constant expressions.
    Consts,
    /// A function's path or a closure.
    Function,
    /// A closure over the axes.
    Condition,
    /// A closure over the axes, or an expression.
    Amount,
    /// A whole number, at least this.
    Count(u8),
    /// Seconds, a text or a `Duration`; whether it may be zero.
    Duration { zero: bool },
    /// A number between 0 and 1.
    Share,
    /// One of these words, which stand for variants of the `enum` in `config`.
    Choice { of: &'static str, words: &'static [(&'static str, &'static str)] },
    /// Nothing, or a string.
    Reason,
    /// The path of the framework crate.
    Crate,
}

/// One option.
pub(crate) struct Known {
    /// Its key.
    pub(crate) name: &'static str,
    /// What it takes.
    pub(crate) takes: Takes,
    /// How it is written.
    pub(crate) example: &'static str,
    /// Whether a group has it as well.
    pub(crate) of_groups: bool,
}

impl Known {
    /// The option of that name.
    pub(crate) fn find(name: &str) -> Option<&'static Self> {
        OPTIONS.iter().find(|known| known.name == name)
    }
}

const fn both(name: &'static str, takes: Takes, example: &'static str) -> Known {
    Known { name, takes, example, of_groups: true }
}

const fn benchmark(name: &'static str, takes: Takes, example: &'static str) -> Known {
    Known { name, takes, example, of_groups: false }
}

const OUTLIERS: Takes = Takes::Choice {
    of: "Outliers",
    words: &[("keep", "Keep"), ("remove_severe", "RemoveSevere"), ("remove_mild", "RemoveMild")],
};
const CACHE: Takes = Takes::Choice { of: "Cache", words: &[("warm", "Warm"), ("cold", "Cold")] };

/// Every option, in the order in which messages list them.
pub(crate) const OPTIONS: &[Known] = &[
    both("name", Takes::Name, "name = \"quantize\""),
    benchmark("group", Takes::Name, "group = \"quantization\""),
    both("tags", Takes::Words, "tags = [kernel, nightly]"),
    both("devices", Takes::Words, "devices = [cpu, wgpu]"),
    benchmark("sizes", Takes::Values, "sizes = [1024, 4096]"),
    both("threads", Takes::Values, "threads = [1, 2, 4]"),
    benchmark("types", Takes::Types, "types = [f32, f64]"),
    benchmark("consts", Takes::Consts, "consts = [16, 32]"),
    benchmark("inputs", Takes::Function, "inputs = |size| vec![1.0; size]"),
    benchmark("check", Takes::Function, "check = |out| out.is_finite()"),
    benchmark("bytes", Takes::Amount, "bytes = |size| size * 4"),
    benchmark("items", Takes::Amount, "items = |size| size"),
    benchmark("flops", Takes::Amount, "flops = |size| 2 * size"),
    benchmark("tokens", Takes::Amount, "tokens = 128"),
    both("samples", Takes::Count(1), "samples = 100"),
    both("launches", Takes::Count(1), "launches = 10"),
    both("warmup", Takes::Duration { zero: true }, "warmup = \"300ms\""),
    both("time", Takes::Duration { zero: false }, "time = \"1s\""),
    both("precision", Takes::Share, "precision = 0.01"),
    both("confidence", Takes::Share, "confidence = 0.95"),
    both("outliers", OUTLIERS, "outliers = remove_severe"),
    both("cache", CACHE, "cache = cold"),
    both("cores", Takes::Count(1), "cores = 2"),
    both("timeout", Takes::Duration { zero: false }, "timeout = \"60s\""),
    both("iterations", Takes::Count(1), "iterations = 1000"),
    both("warmup_iterations", Takes::Count(0), "warmup_iterations = 10"),
    both("seed", Takes::Count(0), "seed = 42"),
    benchmark("skip_if", Takes::Condition, "skip_if = |size| size > 4096"),
    both("ignore", Takes::Reason, "ignore = \"why\""),
    benchmark("executor", Takes::Function, "executor = my_runtime::block_on"),
    both("crate", Takes::Crate, "crate = my_bitnet_bench"),
];
