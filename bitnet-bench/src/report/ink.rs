//! Colours, used sparsely, and not at all where there are to be none.

use crate::compare::Verdict;

/// How a piece of text stands out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Ink {
    Plain,
    Bold,
    Dim,
    Red,
    Green,
    Yellow,
}

/// Whether inks are put on at all.
#[derive(Clone, Copy, Debug)]
pub(super) struct Palette {
    pub(super) color: bool,
}

impl Palette {
    /// The text in an ink.
    pub(super) fn paint(self, ink: Ink, text: &str) -> String {
        let code = match ink {
            _ if !self.color || text.is_empty() => return text.to_owned(),
            Ink::Plain => return text.to_owned(),
            Ink::Bold => "1",
            Ink::Dim => "2",
            Ink::Red => "31",
            Ink::Green => "32",
            Ink::Yellow => "33",
        };
        format!("\u{1b}[{code}m{text}\u{1b}[0m")
    }
}

/// The ink of a verdict.
pub(super) fn of_verdict(verdict: Verdict) -> Ink {
    match verdict {
        Verdict::Improved => Ink::Green,
        Verdict::Regressed => Ink::Red,
        Verdict::Unchanged => Ink::Dim,
        Verdict::Inconclusive => Ink::Yellow,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paints_only_where_asked() {
        assert_eq!(Palette { color: true }.paint(Ink::Red, "slower"), "\u{1b}[31mslower\u{1b}[0m");
        assert_eq!(Palette { color: true }.paint(Ink::Red, ""), "");
        assert_eq!(Palette { color: false }.paint(Ink::Red, "slower"), "slower");
    }
}
