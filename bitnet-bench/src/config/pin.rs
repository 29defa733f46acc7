//! Which cores measuring threads stay on.

use super::table::Form;
use super::value::SettingValue;
use crate::order::insert;

/// Where the measuring threads run.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Pin {
    /// On cores that the framework chooses, away from the busy ones.
    Auto,
    /// Wherever the operating system puts them.
    Off,
    /// On these cores, in this order.
    Cores(Vec<usize>),
}

impl Pin {
    /// One more than the highest core number that is understood: more than any system supports, so
    /// that a slip of the finger is refused here and not by a thread later.
    const CORES: usize = 65_536;
}

/// Core numbers and ranges of them, separated by commas or blanks: `0,2-5`.
impl SettingValue for Pin {
    const FORM: Form = Form::Words;

    fn parse(text: &str) -> Option<Self> {
        match text.trim() {
            "auto" => return Some(Self::Auto),
            "off" => return Some(Self::Off),
            _ => {}
        }
        let (mut cores, mut different) = (Vec::new(), Vec::new());
        for part in text.split([',', ' ']).filter(|part| !part.is_empty()) {
            let (first, last) = part.split_once('-').unwrap_or((part, part));
            let (first, last) = (usize::parse(first)?, usize::parse(last)?);
            if first > last || last >= Self::CORES {
                return None;
            }
            for core in first..=last {
                cores.push(core);
                insert(&mut different, core);
            }
        }
        (!cores.is_empty() && different.len() == cores.len()).then_some(Self::Cores(cores))
    }

    fn show(&self) -> String {
        match self {
            Self::Auto => "auto".to_owned(),
            Self::Off => "off".to_owned(),
            Self::Cores(cores) => {
                let cores: Vec<String> = cores.iter().map(usize::to_string).collect();
                cores.join(",")
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{Pin, SettingValue};

    #[test]
    fn cores_are_numbers_and_ranges() {
        assert_eq!(Pin::parse("auto"), Some(Pin::Auto));
        assert_eq!(Pin::parse("off"), Some(Pin::Off));
        assert_eq!(Pin::parse("3"), Some(Pin::Cores(vec![3])));
        assert_eq!(Pin::parse("6, 2-4"), Some(Pin::Cores(vec![6, 2, 3, 4])));
        let shown = Pin::Cores(vec![6, 2, 3]).show();
        assert_eq!(shown, "6,2,3");
        assert_eq!(Pin::parse(&shown), Some(Pin::Cores(vec![6, 2, 3])));
    }

    #[test]
    fn what_no_machine_has_is_refused_at_once() {
        for text in ["", ",", "-1", "4-2", "1,1", "1-3,2", "0-18446744073709551615", "65536", "one", "1-", "1--2"] {
            assert_eq!(Pin::parse(text), None, "{text:?}");
        }
    }
}
