//! Looking at figures more than once, while they come in.
//!
//! Who looks after every launch, and stops at the first look that says "changed", is fooled more often than he
//! thinks. So there are few looks, at numbers of launches that are fixed before, and each of them gets an equal
//! share of the error allowed (Bonferroni): a p-value is multiplied by the number of looks, and an interval is that
//! of the level whose error is divided by it (repeated confidence intervals; Jennison & Turnbull, *Interim
//! analyses: the repeated confidence interval approach*, JRSS B 51, 1989). That holds whatever the figures
//! look like, and at every level, so that Benjamini–Hochberg can take the p-values on.

use serde::{Deserialize, Serialize};

/// The numbers of launches after which figures are looked at.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Looks(Vec<u32>);

impl Looks {
    /// After `first` launches, then after half as many again each time, and after `most`.
    pub fn between(first: u32, most: u32) -> Self {
        let most = most.max(first);
        let next = |&at: &u32| Some(at + (at / 2).max(1));
        let mut looks: Vec<u32> = std::iter::successors(Some(first), next).take_while(|&at| at < most).collect();
        // A look shortly before the last costs a share and tells nothing new.
        if looks.len() > 1 && looks.last().is_some_and(|&last| last > most - most / 5) {
            looks.pop();
        }
        looks.push(most);
        Self(looks)
    }

    /// Whether figures of so many launches are looked at.
    pub fn is_look(&self, launches: u32) -> bool {
        self.0.contains(&launches)
    }

    /// How many looks there are.
    pub fn count(&self) -> u32 {
        self.0.len() as u32
    }

    /// The most launches.
    pub fn most(&self) -> u32 {
        self.0.last().copied().unwrap_or_default()
    }
}

#[cfg(test)]
mod tests {
    use super::Looks;
    use crate::compare::{Figures, Question, Rule, Verdict, judge};
    use crate::measure::Direction;

    #[test]
    fn the_looks_are_few_and_end_with_the_most() {
        assert_eq!(Looks::between(10, 50).0, [10, 15, 22, 33, 50]);
        assert_eq!(Looks::between(10, 16).0, [10, 16]);
        assert_eq!(Looks::between(20, 20).0, [20]);
        assert_eq!(Looks::between(20, 3).0, [20]);
        assert_eq!(Looks::between(1, 3).0, [1, 2, 3]);
        let looks = Looks::between(10, 50);
        assert!(looks.is_look(33) && !looks.is_look(34));
        assert_eq!((looks.count(), looks.most()), (5, 50));
    }

    /// Whether a comparison of pairs whose log ratios are these claims a change at one of its looks, where no effect is
    /// too small to be claimed.
    fn claims(ratios: &[f64], looks: &Looks, rule: &Rule) -> bool {
        looks.0.iter().any(|&look| {
            let pairs = ratios[..look as usize].iter().map(|ratio| (1.0, ratio.exp())).collect();
            let question = Question {
                metric: "time".to_owned(),
                unit: "ns".to_owned(),
                direction: Direction::LowerIsBetter,
                figures: Figures::Paired(pairs),
                envelope: None,
                in_cycles: None,
                floor: 0.0,
            };
            let answer = judge(&[question], rule).remove(0).expect("it can be judged");
            matches!(answer.verdict, Verdict::Regressed | Verdict::Improved)
        })
    }

    /// Ten thousand comparisons of what is the same. Looking five times at an unpaid price would find changes in more
    /// than 3 % of them; paid for, in no more than the 1 % that the rule promises (three standard errors: 0.3 points).
    #[test]
    fn looking_again_finds_no_more_falsely() {
        const TRIALS: usize = 10_000;
        let looks = Looks::between(10, 50);
        let mut random = fastrand::Rng::with_seed(7);
        let mut normal = || (0..12).map(|_| random.f64()).sum::<f64>() - 6.0;
        let (mut paid, mut unpaid) = (0, 0);
        for _ in 0..TRIALS {
            let ratios: Vec<f64> = (0..50).map(|_| 0.01 * normal()).collect();
            paid += usize::from(claims(&ratios, &looks, &Rule::LOCK_STEP.looking(&looks)));
            unpaid += usize::from(claims(&ratios, &looks, &Rule::LOCK_STEP));
        }
        let share = |claims: usize| claims as f64 / TRIALS as f64;
        assert!(share(paid) < 0.013, "{paid}");
        assert!(share(unpaid) > 0.02, "{unpaid}");
    }
}
