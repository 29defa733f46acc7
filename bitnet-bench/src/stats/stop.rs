//! When enough launches were made, and what the interval must pay for asking.
//!
//! To stop as soon as the interval is narrow is to stop more often when it is narrow by chance, so
//! a 95 % interval made that way covers the truth too seldom: simulated over every ratio of the
//! scatter to the precision asked, 92.8 % at worst (5 to 10 launches, a look after each). Asking
//! for less width, or looking less often, moves the worst case but does not remove it. So the price
//! is paid in level: an interval whose length was chosen by looking at it is computed with four
//! fifths of the error allowed: 96 % for a claimed 95 %. `docs/statistics.md` has the tables.

use super::estimate::Estimate;

/// The share of the allowed error that is left once the data were looked at.
const ERROR_LEFT: f64 = 0.8;

/// Fewer launches than this say too little about their own scatter to stop on.
pub const FEWEST_LAUNCHES: usize = 5;

/// The estimate to report when [`precise_enough`] chose the number of launches, whether it stopped
/// the run or the most launches allowed did.
///
/// As [`across_launches`](super::across_launches), with the interval computed at level
/// 1 − 0.8·(1 − `level`) and claimed for `level`.
pub fn across_launches(figures: &[f64], level: f64) -> Option<Estimate> {
    let stricter = 1.0 - ERROR_LEFT * (1.0 - level);
    let estimate = super::launches::across_launches(figures, stricter)?;
    Some(Estimate { level, ..estimate })
}

/// Whether the launches made so far suffice: there are [`FEWEST_LAUNCHES`] or more of them, and the
/// half-width of their [`across_launches`] estimate is at most `precision` of the value (0.01 for
/// ±1 %). `figures` holds one figure a launch, in any unit. Ask after each launch.
pub fn precise_enough(figures: &[f64], level: f64, precision: f64) -> bool {
    figures.len() >= FEWEST_LAUNCHES
        && across_launches(figures, level).is_some_and(|estimate| estimate.relative_half_width() <= precision)
}

#[cfg(test)]
mod tests {
    use super::*;

    const FIGURES: [f64; 5] = [100.0, 100.4, 99.6, 100.2, 99.8];

    #[test]
    fn the_interval_is_that_of_the_stricter_level() {
        let stricter = crate::stats::across_launches(&FIGURES, 0.96).unwrap();
        let found = across_launches(&FIGURES, 0.95).unwrap();
        assert!((found.lower - stricter.lower).abs() < 1e-9);
        assert!((found.upper - stricter.upper).abs() < 1e-9);
        assert_eq!((found.value, found.level), (stricter.value, 0.95));
    }

    /// Standard error √(0.4 ∕ 20) = 0.1414, t(0.98, 4) = 2.9985: the half-width is 0.424 %.
    #[test]
    fn it_stops_at_the_width_asked() {
        assert!(precise_enough(&FIGURES, 0.95, 0.00426));
        assert!(!precise_enough(&FIGURES, 0.95, 0.00422));
    }

    #[test]
    fn it_never_stops_before_five() {
        assert!(!precise_enough(&[], 0.95, 0.5));
        assert!(!precise_enough(&[1.0; 4], 0.95, 0.5));
        assert!(precise_enough(&[1.0; 5], 0.95, 0.01));
        assert!(!precise_enough(&[f64::NAN; 5], 0.95, 0.5));
    }
}
