//! Runs in parts: one shard of a run that was split, and what a merged run keeps of its parts.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

use crate::host::Host;

/// Which part of a split run a run is.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Shard {
    /// Its number, from 1.
    pub number: u32,
    /// How many there are.
    pub of: u32,
    /// The fingerprint of the split: of the ids and weights of all cases, and of the number of shards. Parts of one
    /// run have the same.
    pub split: String,
}

impl fmt::Display for Shard {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{}", self.number, self.of)
    }
}

/// A shard as it is asked for: `2/8` is the second of eight.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ShardNumber {
    /// Its number, from 1.
    pub number: u32,
    /// How many there are.
    pub of: u32,
}

impl ShardNumber {
    /// More parts than this are a slip of the fingers.
    const MOST: u32 = 10_000;
}

impl FromStr for ShardNumber {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let takes = |why: &str| format!("--shard takes a part such as 2/8, the second of eight, not `{text}`{why}");
        let (number, of) = text.split_once('/').ok_or_else(|| takes(""))?;
        let digits = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit()).then(|| text.parse::<u32>().ok());
        let (Some(Some(number)), Some(Some(of))) = (digits(number), digits(of)) else { return Err(takes("")) };
        match (number, of) {
            (_, 0) => Err(takes(": nothing can be split into no parts")),
            (0, _) => Err(takes(": the first part is number 1")),
            (number, of) if number > of => Err(takes(&format!(": there are {of} parts"))),
            (_, of) if of > Self::MOST => Err(takes(&format!(": there can be {} parts at most", Self::MOST))),
            (number, of) => Ok(Self { number, of }),
        }
    }
}

/// What a merged run keeps of one of its parts.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Part {
    /// The part's own run id.
    pub run: String,
    /// Its number, from 1.
    pub shard: u32,
    /// How many parts there were.
    pub of: u32,
    /// How many cases it had.
    pub cases: usize,
    /// Start, RFC 3339, UTC.
    pub started_at: String,
    /// Wall time.
    pub duration_ns: f64,
    /// Seed of the order in which its launches measured.
    pub shuffle_seed: u64,
    /// A hash of the executable's content.
    pub executable: String,
    /// Its machine, where it is described otherwise than the merged run's.
    pub host: Option<Host>,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parts_are_counted_from_one() {
        assert_eq!("2/8".parse(), Ok(ShardNumber { number: 2, of: 8 }));
        assert_eq!("1/1".parse(), Ok(ShardNumber { number: 1, of: 1 }));
        for (text, why) in [
            ("0/8", "number 1"),
            ("9/8", "there are 8 parts"),
            ("2/0", "no parts"),
            ("1/10001", "at most"),
            ("abc", "such as 2/8"),
            ("2", "such as 2/8"),
            ("-1/8", "such as 2/8"),
            ("+1/8", "such as 2/8"),
            ("1/2/3", "such as 2/8"),
            ("/", "such as 2/8"),
            ("", "such as 2/8"),
            ("1/99999999999", "such as 2/8"),
            (" 1/2", "such as 2/8"),
        ] {
            let error = text.parse::<ShardNumber>().expect_err(text);
            assert!(error.contains(why) && error.contains(&format!("`{text}`")), "{error}");
        }
    }
}
