//! Quality against size and speed: which quantizers are worth having.

use std::fmt::Write;

use bitnet_bench::Run;

use super::results::QuantizationResult;

/// A quantizer's figures at one size: the three that are weighed against each other, and what follows from
/// them for a layer.
#[derive(Clone, Debug, PartialEq)]
struct Candidate {
    quantizer: String,
    bits: f64,
    sqnr: f64,
    output_sqnr: Option<f64>,
    speed: f64,
}

impl Candidate {
    fn of(result: &QuantizationResult) -> Option<Self> {
        Some(Self {
            quantizer: result.subject.clone(),
            bits: result.bits_per_weight?,
            sqnr: result.sqnr?,
            output_sqnr: result.output_sqnr,
            speed: result.gigabytes_per_second?,
        })
    }

    /// Whether it is at least as good in all three and better in one. What nobody would choose by counts as
    /// equal: half a per cent of the bits, a tenth of a decibel, and 5 % of the speed, which is measured.
    fn dominates(&self, other: &Self) -> bool {
        let (bits, sqnr, speed) = (self.bits / other.bits, self.sqnr - other.sqnr, self.speed / other.speed);
        let no_worse = bits <= 1.005 && sqnr >= -0.1 && speed >= 0.95;
        no_worse && (bits < 0.995 || sqnr > 0.1 || speed > 1.05)
    }
}

/// What a run says about quantizers of weights: for each size a table of bits, quality and speed, smallest
/// first, in which the Pareto front is marked. Empty if the run has less than two quantizers at any size.
pub fn pareto(run: &Run) -> String {
    let mut sizes: Vec<(String, Vec<Candidate>)> = Vec::new();
    for result in run.cases().filter_map(QuantizationResult::of) {
        let (Some(size), Some(candidate)) = (result.size.clone(), Candidate::of(&result)) else { continue };
        let size = result.distribution.map_or_else(|| size.clone(), |weights| format!("{size}, {weights} weights"));
        match sizes.iter_mut().find(|(known, _)| *known == size) {
            Some((_, candidates)) => candidates.push(candidate),
            None => sizes.push((size, vec![candidate])),
        }
    }
    sizes.retain(|(_, candidates)| candidates.len() > 1);
    sizes.iter().map(|(size, candidates)| table(size, candidates)).collect::<Vec<_>>().join("\n")
}

/// [`pareto`], and what a run says about the tensors of a model: for each quantizer the medians over them.
pub fn summary(run: &Run) -> String {
    let results: Vec<QuantizationResult> = run.cases().filter_map(QuantizationResult::of).collect();
    let mut parts = vec![pareto(run), of_model(&results)];
    parts.retain(|part| !part.is_empty());
    parts.join("\n")
}

fn of_model(results: &[QuantizationResult]) -> String {
    let of_tensors: Vec<_> = results.iter().filter(|result| result.tensor.is_some() && result.time.is_some()).collect();
    let mut names: Vec<&str> = of_tensors.iter().map(|result| result.subject.as_str()).collect();
    names.sort_unstable();
    names.dedup();
    if names.is_empty() {
        return String::new();
    }
    let mut text = "What is left of the model's weights; least, median and greatest over its tensors\n".to_owned();
    let _ = writeln!(text, "  {:<20}{:>8}{:>7}{:>22}{:>21}", "quantizer", "tensors", "bits", "SQNR dB", "output dB");
    for name in names {
        let of = || of_tensors.iter().filter(|result| result.subject == name);
        let spread = |figure: &dyn Fn(&QuantizationResult) -> Option<f64>| {
            let mut values: Vec<f64> = of().filter_map(|result| figure(result)).collect();
            values.sort_by(f64::total_cmp);
            match (values.first(), values.last()) {
                (Some(least), Some(most)) => format!("{least:.1} {:.1} {most:.1}", values[values.len() / 2]),
                _ => String::new(),
            }
        };
        let bits = of().filter_map(|result| result.bits_per_weight).fold(0.0, f64::max);
        let (sqnr, output) = (spread(&|result| result.sqnr), spread(&|result| result.output_sqnr));
        let _ = writeln!(text, "  {name:<20}{:>8}{bits:>7.2}{sqnr:>22}{output:>21}", of().count());
    }
    text
}

fn table(size: &str, candidates: &[Candidate]) -> String {
    let mut candidates = candidates.to_vec();
    candidates.sort_by(|a, b| a.bits.total_cmp(&b.bits).then(b.sqnr.total_cmp(&a.sqnr)));
    let mut text = format!("Quality against size and speed, {size}; * is on the Pareto front\n");
    let _ =
        writeln!(text, "  {:<24}{:>12}{:>10}{:>13}{:>10}", "quantizer", "bits/weight", "SQNR dB", "output dB", "GB/s");
    for candidate in &candidates {
        let mark = if candidates.iter().any(|other| other.dominates(candidate)) { ' ' } else { '*' };
        let output = candidate.output_sqnr.map_or_else(String::new, |sqnr| format!("{sqnr:.2}"));
        let Candidate { quantizer, bits, sqnr, speed, .. } = candidate;
        let _ = writeln!(text, "{mark} {quantizer:<24}{bits:>12.3}{sqnr:>10.2}{output:>13}{speed:>10.2}");
    }
    text
}

#[cfg(test)]
mod validation {
    use super::*;

    fn candidate(quantizer: &str, bits: f64, sqnr: f64, speed: f64) -> Candidate {
        Candidate { quantizer: quantizer.to_owned(), bits, sqnr, output_sqnr: Some(sqnr / 2.0), speed }
    }

    #[test]
    fn the_front_is_what_nothing_dominates() {
        let candidates = [
            candidate("small", 2.0, 6.0, 1.0),
            candidate("good", 8.0, 40.0, 2.0),
            candidate("worse", 8.0, 38.0, 2.0),
            candidate("fast", 8.0, 30.0, 3.0),
            candidate("as fast as good", 8.0, 40.0, 2.05),
        ];
        let text = table("4x8", &candidates);
        let marked: Vec<&str> =
            text.lines().filter_map(|line| line.strip_prefix("* ")).map(|line| line[..24].trim_end()).collect();
        assert_eq!(marked, ["small", "good", "as fast as good", "fast"], "{text}");
        assert!(text.lines().all(|line| line.chars().count() <= 80), "{text}");
    }

    #[test]
    fn nothing_dominates_itself() {
        let one = candidate("one", 2.0, 6.0, 1.0);
        assert!(!one.dominates(&one));
    }
}
