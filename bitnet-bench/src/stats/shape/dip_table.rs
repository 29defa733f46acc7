//! How large the dip of uniform samples is.

/// The probabilities of a larger dip to which the columns of [`ROWS`] belong.
const PROBABILITIES: [f64; 15] =
    [0.99, 0.95, 0.9, 0.8, 0.7, 0.5, 0.3, 0.2, 0.1, 0.05, 0.02, 0.01, 0.005, 0.001, 0.0005];

/// √n·dip of n uniform samples that is exceeded with each of the [`PROBABILITIES`]: simulated with
/// 200,000 lists a row (100,000 in the last) by the ignored test `regenerate` of this file.
#[rustfmt::skip]
#[expect(clippy::approx_constant, reason = "0.5236 is no sixth of a turn here")]
const ROWS: [(f64, [f64; 15]); 12] = [
    (8.0, [0.1768, 0.2090, 0.2318, 0.2609, 0.2819, 0.3141, 0.3409, 0.3550, 0.4017, 0.4361, 0.4699, 0.4898, 0.5073, 0.5505, 0.5661]),
    (11.0, [0.1992, 0.2321, 0.2499, 0.2705, 0.2845, 0.3098, 0.3535, 0.3795, 0.4144, 0.4445, 0.4851, 0.5102, 0.5331, 0.5774, 0.5951]),
    (16.0, [0.2127, 0.2358, 0.2472, 0.2710, 0.2910, 0.3251, 0.3621, 0.3892, 0.4285, 0.4617, 0.5027, 0.5299, 0.5532, 0.6047, 0.6254]),
    (23.0, [0.2100, 0.2396, 0.2565, 0.2789, 0.2965, 0.3317, 0.3717, 0.3986, 0.4390, 0.4745, 0.5167, 0.5456, 0.5738, 0.6275, 0.6457]),
    (32.0, [0.2175, 0.2441, 0.2607, 0.2843, 0.3029, 0.3379, 0.3789, 0.4064, 0.4477, 0.4848, 0.5278, 0.5580, 0.5863, 0.6456, 0.6685]),
    (50.0, [0.2221, 0.2495, 0.2664, 0.2901, 0.3091, 0.3454, 0.3873, 0.4158, 0.4586, 0.4961, 0.5416, 0.5726, 0.6023, 0.6631, 0.6835]),
    (75.0, [0.2257, 0.2540, 0.2713, 0.2953, 0.3147, 0.3512, 0.3942, 0.4228, 0.4671, 0.5059, 0.5517, 0.5839, 0.6125, 0.6742, 0.6976]),
    (120.0, [0.2300, 0.2580, 0.2756, 0.3001, 0.3197, 0.3568, 0.4004, 0.4294, 0.4734, 0.5137, 0.5606, 0.5925, 0.6237, 0.6892, 0.7100]),
    (250.0, [0.2348, 0.2634, 0.2813, 0.3060, 0.3258, 0.3635, 0.4080, 0.4381, 0.4831, 0.5236, 0.5721, 0.6065, 0.6384, 0.7047, 0.7271]),
    (500.0, [0.2378, 0.2671, 0.2852, 0.3101, 0.3301, 0.3683, 0.4130, 0.4433, 0.4891, 0.5295, 0.5785, 0.6130, 0.6465, 0.7185, 0.7484]),
    (1000.0, [0.2408, 0.2696, 0.2876, 0.3126, 0.3329, 0.3711, 0.4166, 0.4469, 0.4929, 0.5347, 0.5841, 0.6179, 0.6512, 0.7210, 0.7493]),
    (4000.0, [0.2433, 0.2729, 0.2911, 0.3162, 0.3365, 0.3751, 0.4207, 0.4513, 0.4984, 0.5404, 0.5913, 0.6261, 0.6592, 0.7302, 0.7606]),
];

/// The probability that `count` uniform samples have a larger dip: between the rows of the table
/// linear in ln n, between its columns linear in ln p. At least the last of the
/// [`PROBABILITIES`], where the table ends.
pub(super) fn p_value(dip: f64, count: usize) -> f64 {
    let count = count as f64;
    let critical = critical_values(count);
    let scaled = dip * count.sqrt();
    let next = critical.partition_point(|value| *value < scaled);
    if next == 0 {
        return 1.0;
    }
    if next == critical.len() {
        return PROBABILITIES[next - 1];
    }
    let share = (scaled - critical[next - 1]) / (critical[next] - critical[next - 1]);
    between(PROBABILITIES[next - 1].ln(), PROBABILITIES[next].ln(), share).exp()
}

/// The row for `count` samples. Beyond the last row √n·dip has reached its limit.
fn critical_values(count: f64) -> [f64; 15] {
    let next = ROWS.partition_point(|(size, _)| *size < count).min(ROWS.len() - 1);
    let before = next.saturating_sub(1);
    let ((low, one), (high, other)) = (ROWS[before], ROWS[next]);
    let share = if high > low { ((count / low).ln() / (high / low).ln()).clamp(0.0, 1.0) } else { 0.0 };
    std::array::from_fn(|column| between(one[column], other[column], share))
}

fn between(one: f64, other: f64, share: f64) -> f64 {
    one + (other - one) * share
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::stats::simulation::Source;

    /// √n·dip as the table of M. Maechler's R package `diptest` has it (a million lists a row), of
    /// sizes that are, and are not, rows here. The p-value of each is the probability of its column.
    #[test]
    fn agrees_with_another_table() {
        for (count, values) in [
            (10, [0.3092, 0.4126, 0.4415, 0.5050]),
            (20, [0.3280, 0.4348, 0.4702, 0.5394]),
            (50, [0.3454, 0.4590, 0.4969, 0.5742]),
            (200, [0.3618, 0.4808, 0.5210, 0.6037]),
            (1000, [0.3714, 0.4938, 0.5355, 0.6201]),
            (5000, [0.3756, 0.4989, 0.5410, 0.6267]),
        ] {
            for (value, expected) in values.into_iter().zip([0.5, 0.1, 0.05, 0.01]) {
                let found = p_value(value / f64::from(count).sqrt(), count as usize);
                assert!((found / expected - 1.0).abs() < 0.1, "n = {count}: {found}, not {expected}");
            }
        }
    }

    #[test]
    fn the_ends_of_the_table_are_the_ends_of_the_answers() {
        assert_eq!(p_value(0.0, 100), 1.0);
        assert_eq!(p_value(0.25, 100), 0.0005);
        assert_eq!(p_value(0.2, 1_000_000), 0.0005);
        assert!(p_value(0.05, 8) > 0.99);
    }

    /// Prints the table: `cargo test --release -p bitnet-bench regenerate -- --ignored --nocapture`.
    #[test]
    #[ignore = "takes minutes; run it to make the table anew"]
    fn regenerate() {
        let mut source = Source::new(1985);
        for count in [8, 11, 16, 23, 32, 50, 75, 120, 250, 500, 1000, 4000] {
            let lists = if count > 1000 { 100_000 } else { 200_000 };
            let dips: Vec<f64> = (0..lists).map(|_| uniform_dip(&mut source, count)).collect();
            let scaled = |p: f64| crate::stats::quantile(&dips, 1.0 - p).unwrap() * f64::from(count).sqrt();
            let row = PROBABILITIES.map(|p| format!("{:.4}", scaled(p))).join(", ");
            println!("    ({count}.0, [{row}]),");
        }
    }

    fn uniform_dip(source: &mut Source, count: i32) -> f64 {
        let samples: Vec<f64> = (0..count).map(|_| source.uniform()).collect();
        super::super::dip(&samples).unwrap().statistic
    }
}
