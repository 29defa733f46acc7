//! A suite as the first real one will be, and what it was compared with.

use super::sample::{Change, case, estimate, failed, record, skipped};
use crate::compare::{self, Absence, CaseComparison, Comparison, MetricComparison, Unmatched, Verdict};
use crate::host::{Finding, Severity};
use crate::measure::Direction;
use crate::record::Record;

/// Several benchmarks, one failure, a missing device.
pub(super) fn suite() -> Record {
    let mut cases = Vec::new();
    for (size, ns) in [("2560x2560", 1_934_412.0), ("2560x6912", 5_223_871.0), ("6912x2560", 5_301_200.0)] {
        let weights = size.split('x').map(|side| side.parse::<f64>().unwrap()).product::<f64>();
        let size = [("size", size)];
        cases.push(
            case("quantization/absmean_ternary", &size, ns)
                .throughput("bytes", weights * 4.0)
                .metric("sqnr", 5.62 + ns / 1e8, "dB")
                .counted(ns * 3.1, ns * 2.45),
        );
        cases.push(skipped(
            "quantization/absmean_ternary",
            &size,
            "wgpu",
            "no adapter: this machine has no graphics driver",
        ));
    }
    cases.sort_by(|one, other| one.device.cmp(&other.device));
    for (tokens, ns) in [("1", 712.3), ("16", 10_981.0), ("512", 352_004.0)] {
        let elements = tokens.parse::<f64>().unwrap() * 2560.0;
        let one = case("quantization/absmax_int8", &[("tokens", tokens)], ns)
            .throughput("items", elements)
            .counted(ns * 4.0, ns * 2.4);
        cases.push(if tokens == "16" {
            one.noted(0.062, "2 of 10 launches were disturbed by another process")
        } else {
            one
        });
    }
    for (kernel, size, ns) in [
        ("avx2", "2560x2560", 182_030.0),
        ("avx2", "2560x6912", 490_331.0),
        ("scalar", "2560x2560", 6_812_000.0),
        ("scalar", "2560x6912", 18_393_003.0),
    ] {
        let weights = size.split('x').map(|side| side.parse::<f64>().unwrap()).product::<f64>();
        let one = case("gemv/ternary", &[("size", size), ("kernel", kernel)], ns)
            .throughput("bytes", weights / 4.0)
            .throughput("flops", weights * 2.0)
            .counted(ns * 2.0, ns * 2.45);
        cases.push(if kernel == "scalar" { one.noted(0.021, "") } else { one });
    }
    let message = "index out of bounds: the len is 0 but the index is 0";
    let output = format!(
        "thread 'main' panicked at benches/gemv.rs:41:9:\n{message}\n\
         note: run with `RUST_BACKTRACE=1` environment variable to display a backtrace"
    );
    cases.push(failed("gemv/ternary", &[("size", "0x0"), ("kernel", "avx2")], message, &output));
    cases.push(case("ops/popcount", &[], 0.56).counted(1.0, 1.4));
    cases.push(
        case("ops/unpack_2bit", &[("bytes", "65536")], 9_120.0)
            .throughput("bytes", 65_536.0)
            .counted(9_000.0, 22_000.0),
    );
    let mut record = record(cases);
    record.findings = vec![
        finding(Severity::Note, "virtual machine", "the machine is a virtual one: others share its caches", None),
        finding(
            Severity::Warning,
            "governor",
            "the governor is `powersave` on 2 of 2 cores: the clock rate follows the load",
            Some("cpupower frequency-set --governor performance"),
        ),
    ];
    record
}

/// A comparison of the suite with a baseline.
pub(super) fn comparison() -> Comparison {
    let judged = [
        ("quantization/absmean_ternary[size=2560x2560]@cpu", Verdict::Regressed, 1.052),
        ("quantization/absmean_ternary[size=2560x6912]@cpu", Verdict::Unchanged, 1.002),
        ("quantization/absmean_ternary[size=6912x2560]@cpu", Verdict::Unchanged, 0.999),
        ("quantization/absmax_int8[tokens=1]@cpu", Verdict::Improved, 0.969),
        ("quantization/absmax_int8[tokens=16]@cpu", Verdict::Inconclusive, 1.021),
        ("gemv/ternary[size=2560x2560,kernel=avx2]@cpu", Verdict::Improved, 0.29),
        ("gemv/ternary[size=2560x6912,kernel=avx2]@cpu", Verdict::Improved, 0.31),
        ("gemv/ternary[size=2560x2560,kernel=scalar]@cpu", Verdict::Unchanged, 1.0),
        ("ops/popcount@cpu", Verdict::Unchanged, 1.0),
    ];
    let cases = judged.into_iter().map(|(id, verdict, ratio)| CaseComparison {
        id: id.to_owned(),
        time: MetricComparison {
            metric: "time".to_owned(),
            unit: "ns".to_owned(),
            direction: Direction::LowerIsBetter,
            old: 1_000.0,
            new: 1_000.0 * ratio,
            change: compare::Change::Ratio(estimate(ratio, 0.006)),
            verdict,
            p_adjusted: 0.001,
            detectable: 0.012,
            floor: 0.03,
            follows_time: false,
        },
        metrics: Vec::new(),
    });
    Comparison {
        baseline: "main".to_owned(),
        cases: cases.collect(),
        unmatched: vec![Unmatched { id: "ops/removed@cpu".to_owned(), why: Absence::Removed }],
        warnings: vec!["the baseline was built by rustc 1.94.0".to_owned()],
    }
}

fn finding(severity: Severity, probe: &str, message: &str, remedy: Option<&str>) -> Finding {
    Finding { probe: probe.to_owned(), severity, message: message.to_owned(), remedy: remedy.map(str::to_owned) }
}
