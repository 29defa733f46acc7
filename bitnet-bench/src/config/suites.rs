//! The sections of the suites: what a file says about the points that suites measure at. A suite
//! reads them in its axes; what a file does not give, the suite has an own value for.

use super::error::Problem;
use super::node::{Entry, Node, Value};
use super::origin::{Origin, Position};
use super::table::{Form, legible, one_line};
use super::value::{SettingValue, named};

named! {
    /// The order in which blocks are allocated and freed.
    AllocationPattern {
        /// In the order of their addresses.
        Sequential = "sequential",
        /// In a shuffled order.
        Random = "random",
        /// Allocations and frees of all sizes interleaved.
        Mixed = "mixed",
    }
}

named! {
    /// How much a memory pool records about its blocks.
    TrackingLevel {
        /// Nothing.
        None = "none",
        /// Totals.
        Basic = "basic",
        /// Every block.
        Detailed = "detailed",
    }
}

named! {
    /// A kind of processor.
    PlatformKind {
        /// Processor cores.
        Cpu = "cpu",
        /// A graphics processor.
        Gpu = "gpu",
        /// A neural engine.
        NeuralEngine = "neural_engine",
    }
}

named! {
    /// The form of a report.
    ReportFormat {
        /// A page for a browser.
        Html = "html",
        /// JSON.
        Json = "json",
        /// Comma-separated values.
        Csv = "csv",
        /// Markdown.
        Markdown = "markdown",
    }
}

/// What reads a key of a suite's section.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ReadBy {
    /// Benchmarks, in their axes: the key has an effect on those that do.
    Benchmarks,
    /// Nothing in this version: the key is checked and has no effect.
    Nothing,
}

/// One key of a suite's section.
#[derive(Debug)]
pub struct SectionKey {
    /// The section.
    pub section: &'static str,
    /// The key within it.
    pub name: &'static str,
    /// Its documentation.
    pub meaning: &'static str,
    /// What it takes, in words.
    pub takes: &'static str,
    /// What reads it.
    pub read_by: ReadBy,
}

impl SectionKey {
    /// Its documentation on one line.
    pub fn meaning_line(&self) -> String {
        one_line(self.meaning)
    }
}

/// A key that a file gave, with the value's text in TOML.
#[derive(Clone, Debug)]
pub(super) struct Given {
    pub(super) key: &'static SectionKey,
    pub(super) text: String,
    pub(super) origin: Origin,
}

/// The mistakes in one value.
pub(super) type Problems = Vec<(Position, Problem)>;

const FLAG: &str = "`true` or `false`";

/// Declares the sections, their keys and how each is read from a file.
macro_rules! sections {
    ($(
        $(#[doc = $section_doc:literal])+
        $section:ident: $type:ident {
            $( $(#[doc = $doc:literal])+ $key:ident, $or:ident: [$item:ty]; $each:literal, $valid:expr; $read_by:ident; )+
            $( flags { $( $(#[doc = $flag_doc:literal])+ $flag:ident; $flag_read_by:ident; )+ } )?
        }
    )+) => {
        $(
            $(#[doc = $section_doc])+
            #[derive(Clone, Debug, Default, PartialEq)]
            pub struct $type {
                $( $(#[doc = $doc])+ pub $key: Option<Vec<$item>>, )+
                $($( $(#[doc = $flag_doc])+ pub $flag: Option<bool>, )+)?
            }

            impl $type {
                $(
                    #[doc = concat!("[`Self::", stringify!($key), "`], or these values where no file gives any.")]
                    pub fn $or(&self, otherwise: &[$item]) -> Vec<$item> {
                        self.$key.clone().unwrap_or_else(|| otherwise.to_vec())
                    }
                )+
            }
        )+

        /// What a file says about the points that suites measure at; `None` where it says nothing.
        #[derive(Clone, Debug, Default, PartialEq)]
        pub struct SuiteSections {
            $( $(#[doc = $section_doc])+ pub $section: $type, )+
        }

        impl SuiteSections {
            /// Takes one key of a section from a file, and gives back its text in TOML.
            pub(super) fn set(&mut self, section: &'static str, entry: &Entry) -> Result<String, Problems> {
                match (section, entry.key.as_str()) {
                    $(
                        $( (stringify!($section), stringify!($key)) => {
                            let name = concat!(stringify!($section), ".", stringify!($key));
                            let (items, text) = list::<$item>(name, &entry.node, $each, $valid)?;
                            self.$section.$key = Some(items);
                            Ok(text)
                        } )+
                        $($( (stringify!($section), stringify!($flag)) => {
                            let name = concat!(stringify!($section), ".", stringify!($flag));
                            let value = flag(name, &entry.node)?;
                            self.$section.$flag = Some(value);
                            Ok(value.to_string())
                        } )+)?
                    )+
                    _ => Err(vec![(entry.at, no_key(section, &entry.key))]),
                }
            }
        }

        /// Every key of every section, in the order of the table.
        pub const SECTION_KEYS: &[SectionKey] = &[
            $(
                $( SectionKey {
                    section: stringify!($section),
                    name: stringify!($key),
                    meaning: concat!($($doc, "\n"),+),
                    takes: concat!("a list, each item ", $each),
                    read_by: ReadBy::$read_by,
                }, )+
                $($( SectionKey {
                    section: stringify!($section),
                    name: stringify!($flag),
                    meaning: concat!($($flag_doc, "\n"),+),
                    takes: FLAG,
                    read_by: ReadBy::$flag_read_by,
                }, )+)?
            )+
        ];
    };
}

sections! {
    /// Suites of memory pools.
    memory: MemorySection {
        /// Sizes of the blocks to allocate, in bytes.
        allocation_sizes, allocation_sizes_or: [usize]; "a positive whole number", positive; Benchmarks;
        /// Orders in which blocks are allocated and freed.
        allocation_patterns, allocation_patterns_or: [AllocationPattern]; "`sequential`, `random` or `mixed`", |_| true; Benchmarks;
        /// How much the pool records about its blocks.
        tracking_levels, tracking_levels_or: [TrackingLevel]; "`none`, `basic` or `detailed`", |_| true; Benchmarks;
    }
    /// Suites of quantizers.
    quantization: QuantizationSection {
        /// Bits a weight.
        bit_widths, bit_widths_or: [f32]; "a number above 0, up to 64", |bits| *bits > 0.0 && *bits <= 64.0; Benchmarks;
        /// Shapes of the tensors, as rows and columns.
        tensor_sizes, tensor_sizes_or: [[usize; 2]]; "rows and columns such as `[1024, 1024]`, of elements that fit into memory", addressable; Benchmarks;
        /// Numbers of samples to calibrate from.
        calibration_samples, calibration_samples_or: [usize]; "a positive whole number", positive; Benchmarks;
    }
    /// Suites of inference engines.
    inference: InferenceSection {
        /// Names of model sizes.
        model_sizes, model_sizes_or: [String]; "a name such as `7B`", |name| !name.is_empty(); Benchmarks;
        /// Requests in a batch.
        batch_sizes, batch_sizes_or: [usize]; "a positive whole number", positive; Benchmarks;
        /// Tokens in a sequence.
        sequence_lengths, sequence_lengths_or: [usize]; "a positive whole number", positive; Benchmarks;
    }
    /// The hardware to compare.
    hardware: HardwareSection {
        /// Kinds of processor.
        platforms, platforms_or: [PlatformKind]; "`cpu`, `gpu` or `neural_engine`", |_| true; Nothing;
        /// Names of processors; `auto` is the one at hand.
        devices, devices_or: [String]; "a name such as `auto` or `m1_pro`", |name| !name.is_empty(); Nothing;
    }
    /// What becomes of the results.
    reporting: ReportingSection {
        /// Forms of the report.
        formats, formats_or: [ReportFormat]; "`html`, `json`, `csv` or `markdown`", |_| true; Nothing;
        flags {
            /// Whether reports have charts.
            charts; Nothing;
            /// Whether the dashboard shows the results.
            dashboard; Nothing;
            /// Whether results are uploaded.
            upload_results; Nothing;
        }
    }
}

/// A length that something in memory can have.
fn positive(length: &usize) -> bool {
    (1..=isize::MAX as usize).contains(length)
}

/// A shape whose elements, of up to 8 bytes each, can be in memory at once.
fn addressable([rows, columns]: &[usize; 2]) -> bool {
    let bytes = rows.checked_mul(*columns).and_then(|elements| elements.checked_mul(8));
    bytes.as_ref().is_some_and(positive)
}

/// A list of one or more, each valid and none twice, since two would be two cases with one id; with
/// its text in TOML.
fn list<T: SettingValue>(
    key: &'static str,
    node: &Node,
    each: &'static str,
    valid: fn(&T) -> bool,
) -> Result<(Vec<T>, String), Problems> {
    let mut items = Vec::new();
    let text = read_list(key, node, each, T::FORM, &mut |text| {
        let item = T::parse(text).filter(valid)?;
        let shown = item.show();
        items.push(item);
        Some(shown)
    })?;
    Ok((items, text))
}

/// Reads each item of a list with `item`, which takes its text and shows what it took, and gives
/// the text of the list in TOML.
fn read_list(
    key: &'static str,
    node: &Node,
    each: &'static str,
    form: Form,
    item: &mut dyn FnMut(&str) -> Option<String>,
) -> Result<String, Problems> {
    let nodes = match &node.value {
        Value::List(nodes) if !nodes.is_empty() => nodes,
        _ => return Err(vec![(node.at, Problem::NoList { key, each, text: legible(&node.show()) })]),
    };
    let mut problems = Problems::new();
    let mut items = Vec::new();
    for node in nodes {
        let shown = node.text(form).and_then(|text| item(&text)).map(|shown| match form {
            Form::Shape => format!("[{}]", shown.replace('x', ", ")),
            _ => super::show::in_toml(&shown),
        });
        let text = || legible(&node.show());
        match shown {
            Some(shown) if items.contains(&shown) => problems.push((node.at, Problem::Twice { key, text: text() })),
            Some(shown) => items.push(shown),
            None => problems.push((node.at, Problem::Item { key, each, text: text() })),
        }
    }
    if problems.is_empty() { Ok(format!("[{}]", items.join(", "))) } else { Err(problems) }
}

fn flag(key: &'static str, node: &Node) -> Result<bool, Problems> {
    let value = node.text(Form::Plain).and_then(|text| bool::parse(&text));
    value.ok_or_else(|| {
        vec![(node.at, Problem::Takes { key: key.to_owned(), takes: FLAG, text: legible(&node.show()) })]
    })
}

fn no_key(section: &str, key: &str) -> Problem {
    let mut known = Vec::new();
    for key in SECTION_KEYS {
        if key.section == section {
            known.push(key.name);
        }
    }
    Problem::NoKey {
        section: section.to_owned(),
        key: legible(key),
        suggestion: super::suggest(key, known).map(str::to_owned),
    }
}
