//! libtest's bencher lines, which github-action-benchmark (`tool: cargo`), cargo-benchcmp and Bencher (`rust_bench`)
//! read:
//!
//! ```text
//! test gemv/ternary[size=2560x2560]@cpu ... bench:  182,030.5 ns/iter (+/- 728.12)
//! ```
//!
//! Always `ns/iter`, no exponent, and nothing behind the bracket: readers pass over a line that is other in silence.
//! A name has no blanks; those of an id are escaped as in a URL. The figure is the median; behind it stands half the
//! width of its interval, or the samples' standard deviation where that is unbounded.

use std::fmt::Write;

use super::names::without_blanks;
use super::{Exported, Lost};
use crate::record::{Measured, Outcome};

/// The runs as bencher lines. A case that failed or was skipped is `FAILED` or `ignored`, as libtest writes it.
pub fn render(runs: &[Exported<'_>], lost: &mut Lost) -> String {
    let mut text = String::new();
    for run in runs {
        for case in &run.record.cases {
            // Writing to a string cannot fail.
            let _ = match &case.outcome {
                Outcome::Measured(measured) => write_measured(&mut text, &case.id, measured, lost),
                Outcome::Failed { .. } => {
                    lost.add("the reason of a failure", &case.id);
                    writeln!(text, "test {} ... FAILED", without_blanks(&case.id))
                }
                Outcome::Skipped { .. } => {
                    lost.add("the reason of a skip", &case.id);
                    writeln!(text, "test {} ... ignored", without_blanks(&case.id))
                }
            };
        }
    }
    text
}

fn write_measured(text: &mut String, id: &str, measured: &Measured, lost: &mut Lost) -> std::fmt::Result {
    let median = measured.time.median;
    if !median.value.is_finite() {
        lost.add("a time that is no number", id);
        return Ok(());
    }
    if !(measured.metrics.is_empty() && measured.throughput.is_empty()) {
        lost.add("throughput and metrics", id);
    }
    let half = (median.upper - median.lower) / 2.0;
    let spread = if half.is_finite() { half } else { measured.time.scatter_within * median.value };
    let name = without_blanks(id);
    writeln!(text, "test {name} ... bench: {:>14} ns/iter (+/- {})", grouped(median.value), grouped(spread))
}

/// All digits, in groups of three before the point.
fn grouped(value: f64) -> String {
    let text = value.to_string();
    let (whole, decimals) = text.find('.').map_or((text.as_str(), ""), |point| text.split_at(point));
    let (sign, digits) = whole.strip_prefix('-').map_or(("", whole), |digits| ("-", digits));
    let mut grouped = sign.to_owned();
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at) % 3 == 0 {
            grouped.push(',');
        }
        grouped.push(digit);
    }
    grouped + decimals
}

#[cfg(test)]
mod tests {
    use super::grouped;

    #[test]
    fn digits_come_in_groups() {
        let shown =
            [(0.004_2, "0.0042"), (999.0, "999"), (70_012.5, "70,012.5"), (1e21, "1,000,000,000,000,000,000,000")];
        for (value, text) in shown {
            assert_eq!(grouped(value), text);
        }
    }
}
