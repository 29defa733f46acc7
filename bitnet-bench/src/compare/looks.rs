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
