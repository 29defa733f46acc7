//! How long a comparison in lock-step may take.

use std::time::Duration;

use clap::Args;

/// How long to look.
#[derive(Debug, Args)]
#[command(next_help_heading = "How to measure")]
pub(super) struct PaceArguments {
    /// Time to spend on a case, at most.
    #[arg(long, value_name = "TIME", default_value = "10s", value_parser = humantime::parse_duration)]
    pub(super) time: Duration,
    /// Launches of each side: how many at least, and how many at most.
    #[arg(long, value_name = "LEAST..MOST", default_value = "10..50", value_parser = parse_launches)]
    pub(super) launches: (u32, u32),
    /// Seed of all that is done in random order [default: another one each time].
    #[arg(long, value_name = "SEED")]
    pub(super) seed: Option<u64>,
    /// Show no progress.
    #[arg(long, short)]
    pub(super) quiet: bool,
    /// Flags that both executables get, such as --exact, --skip, or flags of their own.
    #[arg(last = true, value_name = "FLAGS")]
    pub(super) flags: Vec<String>,
}

/// Reads `10..50`, or `20` for that many.
fn parse_launches(text: &str) -> Result<(u32, u32), String> {
    let (least, most) = text.split_once("..").unwrap_or((text, text));
    let number = |text: &str| text.trim().parse().map_err(|_| format!("`{text}` is no number; write 10..50, or 20"));
    let (least, most): (u32, u32) = (number(least)?, number(most)?);
    match (least, most) {
        (..FEWEST, _) => Err(format!("fewer than {FEWEST} launches tell nothing")),
        (_, 1_001..) => Err("more than 1000 launches are not made".to_owned()),
        _ if least > most => Err(format!("{least} is more than {most}")),
        launches => Ok(launches),
    }
}

/// With fewer launches there is no trimmed test, and hardly a chance of a claim.
const FEWEST: u32 = 5;

#[cfg(test)]
mod tests {
    use super::*;
    use crate::compare::Looks;
    use crate::harness::lockstep::{TIME, looks};

    #[test]
    fn the_defaults_in_the_help_are_those_of_the_engine() {
        assert_eq!(humantime::parse_duration("10s"), Ok(TIME));
        let (least, most) = parse_launches("10..50").expect("the default can be read");
        assert_eq!(Looks::between(least, most), looks());
    }

    #[test]
    fn launches_that_cannot_be_are_refused() {
        assert_eq!(parse_launches("20"), Ok((20, 20)));
        for text in ["", "x", "4", "10..", "..10", "30..10", "10..5000", "10-50"] {
            assert!(parse_launches(text).is_err(), "{text}");
        }
    }
}
