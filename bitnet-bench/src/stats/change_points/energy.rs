//! The split of a series at which its two sides differ most, by the energy distance with exponent 1: Matteson & James
//! (2014), equations 5 to 7.

/// After so many shuffles that split as clearly, the probability is known well enough: Besag & Clifford, *Sequential
/// Monte Carlo p-values*, Biometrika 78 (1991).
const ENOUGH: usize = 10;

/// Where the sides differ most, and how much.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Split {
    /// The first figure of the second side.
    pub(super) at: usize,
    /// The scaled energy distance between the sides.
    pub(super) energy: f64,
}

/// The clearest split of the figures from the first on. The second side need not reach to the last figure, else a
/// level that was left again would hide among what came behind it; both have at least `least` figures, and 2. `None`
/// if there is no split, or none that tells anything.
pub(super) fn split(figures: &[f64], least: usize) -> Option<Split> {
    Sums::of(figures).split(least.max(2))
}

/// The probability that the figures in another order have a split as clear.
pub(super) fn p_value(
    mut figures: Vec<f64>,
    found: Split,
    least: usize,
    shuffles: usize,
    random: &mut fastrand::Rng,
) -> f64 {
    // What only rounding tells from the split itself is as clear.
    let as_clear = found.energy * (1.0 - 1e-9);
    let mut clear = 0;
    for shuffle in 1..=shuffles {
        random.shuffle(&mut figures);
        clear += usize::from(split(&figures, least).is_some_and(|other| other.energy >= as_clear));
        if clear == ENOUGH {
            return ENOUGH as f64 / shuffle as f64;
        }
    }
    (clear + 1) as f64 / (shuffles + 1) as f64
}

/// Sums of distances, which grow with the first side.
struct Sums<'a> {
    figures: &'a [f64],
    /// From each figure to all before it.
    before: Vec<f64>,
    /// From each figure to all of the first side.
    first_side: Vec<f64>,
}

impl<'a> Sums<'a> {
    fn of(figures: &'a [f64]) -> Self {
        let distance = |at: usize| figures[..at].iter().map(|other| (other - figures[at]).abs()).sum();
        Self { figures, before: (0..figures.len()).map(distance).collect(), first_side: vec![0.0; figures.len()] }
    }

    fn split(mut self, least: usize) -> Option<Split> {
        let count = self.figures.len();
        // An equal distance within and between is none, and what is left of it is rounding.
        let mut best = Split { at: 0, energy: 1e-12 * self.before.iter().sum::<f64>() };
        let mut within = 0.0;
        for at in 1..=count.saturating_sub(least) {
            let added = self.figures[at - 1];
            within += self.before[at - 1];
            for (sum, figure) in self.first_side.iter_mut().zip(self.figures) {
                *sum += (figure - added).abs();
            }
            if at >= least {
                let energy = self.clearest_end(at, within, least);
                if energy > best.energy {
                    best = Split { at, energy };
                }
            }
        }
        (best.at > 0).then_some(best)
    }

    /// The largest energy of a split there, over all ends of the second side; `within` is the sum over the first.
    fn clearest_end(&self, at: usize, within: f64, least: usize) -> f64 {
        let left = at as f64;
        let within = within / (left - 1.0);
        let (mut across, mut inside, mut best) = (0.0, 0.0, 0.0_f64);
        for (place, (to_first, to_before)) in self.first_side[at..].iter().zip(&self.before[at..]).enumerate() {
            across += to_first;
            inside += to_before - to_first;
            let right = (place + 1) as f64;
            if place + 1 >= least {
                let energy = across - right * within - left * inside / (right - 1.0);
                best = best.max(2.0 * energy / (left + right));
            }
        }
        best
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The definition, term by term.
    fn energy_by_definition(x: &[f64], y: &[f64]) -> f64 {
        let (n, m) = (x.len() as f64, y.len() as f64);
        let pairs = |side: &[f64]| -> f64 {
            let mut sum = 0.0;
            for (i, one) in side.iter().enumerate() {
                sum += side[i + 1..].iter().map(|other| (one - other).abs()).sum::<f64>();
            }
            sum / (side.len() * (side.len() - 1) / 2) as f64
        };
        let between: f64 = x.iter().flat_map(|one| y.iter().map(move |other| (one - other).abs())).sum();
        m * n / (m + n) * (2.0 * between / (m * n) - pairs(x) - pairs(y))
    }

    #[test]
    fn the_split_is_the_one_of_the_definition() {
        let mut random = fastrand::Rng::with_seed(1);
        for length in [10, 11, 23, 40] {
            let figures: Vec<f64> = (0..length).map(|_| random.f64()).collect();
            let mut energies = Vec::new();
            for at in 5..=length - 5 {
                let ends = (at + 5..=length).map(|end| energy_by_definition(&figures[..at], &figures[at..end]));
                energies.extend(ends.map(|energy| (at, energy)));
            }
            let (at, energy) = energies.into_iter().max_by(|a, b| a.1.total_cmp(&b.1)).expect("there is one");
            match split(&figures, 5) {
                Some(found) => {
                    assert!(found.at == at && (found.energy - energy).abs() < 1e-9, "{found:?} {at} {energy}")
                }
                None => assert!(energy <= 1e-9),
            }
        }
    }

    #[test]
    fn a_side_has_its_least_figures() {
        let mut figures = vec![1.0; 20];
        figures[17..].fill(9.0);
        assert_eq!(split(&figures, 5).map(|split| split.at), Some(15));
        assert_eq!(split(&figures, 3).map(|split| split.at), Some(17));
        assert_eq!(split(&figures[11..], 5), None);
        assert_eq!(split(&[1.0; 20], 5), None);
    }

    /// Ten figures, two levels: of the 252 ways to place the five high ones, two split as clearly.
    #[test]
    fn the_probability_is_that_of_all_orders() {
        let figures: Vec<f64> = (0..10).map(|at| f64::from(at / 5)).collect();
        let found = split(&figures, 5).expect("it is there");
        assert_eq!(found.at, 5);
        let p = p_value(figures, found, 5, 99_999, &mut fastrand::Rng::with_seed(3));
        assert!((p - 2.0 / 252.0).abs() < 0.004, "{p}");
    }
}
