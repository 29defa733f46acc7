//! How times are shown in criterion's way, for measurements that lean on [`WallTime`](super::measurement::WallTime)'s.

use super::measurement::ValueFormatter;
use super::options::Throughput;

/// Formats nanoseconds.
pub(super) struct DurationFormatter;

/// A unit, from the value on at which it suits.
type Units = [(f64, &'static str); 4];

const BYTES: Units =
    [(1.0, "  B/s"), (1024.0, "KiB/s"), (1024.0 * 1024.0, "MiB/s"), (1024.0 * 1024.0 * 1024.0, "GiB/s")];
const DECIMAL_BYTES: Units = [(1.0, "  B/s"), (1e3, "KB/s"), (1e6, "MB/s"), (1e9, "GB/s")];
const ELEMENTS: Units = [(1.0, " elem/s"), (1e3, "Kelem/s"), (1e6, "Melem/s"), (1e9, "Gelem/s")];
const BITS: Units = [(1.0, "  b/s"), (1e3, "Kb/s"), (1e6, "Mb/s"), (1e9, "Gb/s")];

impl ValueFormatter for DurationFormatter {
    fn scale_values(&self, ns: f64, values: &mut [f64]) -> &'static str {
        let (factor, unit) = match ns {
            ns if ns < 1.0 => (1e3, "ps"),
            ns if ns < 1e3 => (1.0, "ns"),
            ns if ns < 1e6 => (1e-3, "µs"),
            ns if ns < 1e9 => (1e-6, "ms"),
            _ => (1e-9, "s"),
        };
        values.iter_mut().for_each(|value| *value *= factor);
        unit
    }

    fn scale_throughputs(&self, typical: f64, throughput: &Throughput, values: &mut [f64]) -> &'static str {
        let (amount, units) = match *throughput {
            Throughput::Bits(bits) => (bits, &BITS),
            Throughput::Bytes(bytes) => (bytes, &BYTES),
            Throughput::BytesDecimal(bytes) => (bytes, &DECIMAL_BYTES),
            Throughput::Elements(elements) | Throughput::ElementsAndBytes { elements, .. } => (elements, &ELEMENTS),
        };
        let per_second = |ns: f64| amount as f64 * 1e9 / ns;
        let suits = |unit: &&(f64, &str)| unit.0 <= per_second(typical);
        let (factor, unit) = *units.iter().rev().find(suits).unwrap_or(&units[0]);
        values.iter_mut().for_each(|value| *value = per_second(*value) / factor);
        unit
    }

    fn scale_for_machines(&self, _: &mut [f64]) -> &'static str {
        "ns"
    }
}

/// A number in five digits.
pub(super) fn short(value: f64) -> String {
    match value {
        value if value < 10.0 => format!("{value:.4}"),
        value if value < 100.0 => format!("{value:.3}"),
        value if value < 1_000.0 => format!("{value:.2}"),
        value if value < 10_000.0 => format!("{value:.1}"),
        value => format!("{value:.0}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_and_rates_read_as_criterion_s_do() {
        let formatter = DurationFormatter;
        assert_eq!(formatter.format_value(0.25), "250.00 ps");
        assert_eq!(formatter.format_value(1_234.5), "1.2345 µs");
        assert_eq!(formatter.format_value(2.5e9), "2.5000 s");
        assert_eq!(formatter.format_throughput(&Throughput::Bytes(2048), 1e9), "2.0000 KiB/s");
        assert_eq!(formatter.format_throughput(&Throughput::BytesDecimal(2048), 1e9), "2.0480 KB/s");
        assert_eq!(formatter.format_throughput(&Throughput::Elements(5), 1e9), "5.0000  elem/s");
        assert_eq!(formatter.format_throughput(&Throughput::Bits(8), 1.0), "8.0000 Gb/s");
    }
}
