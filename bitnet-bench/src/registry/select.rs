//! Selection: which of the registered cases are meant.

use regex_lite::Regex;

use super::case::Case;
use crate::config::suggest;

/// What to do with cases that are marked `ignore`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Ignored {
    /// Skip them.
    #[default]
    Leave,
    /// Choose only them.
    Only,
    /// Choose them like the others.
    Include,
}

/// Which cases are meant.
#[derive(Clone, Debug, Default)]
pub struct Selection {
    /// Filters. One of the form `axis=value` must hold whatever else does; of the others, one must
    /// match.
    pub filters: Vec<String>,
    /// Whether filters are whole ids instead of parts of them.
    pub exact: bool,
    /// Whether filters and skips are regular expressions.
    pub regex: bool,
    /// Cases to leave out, by the same kind of text as the filters.
    pub skip: Vec<String>,
    /// Tags, one of which a case must have.
    pub tags: Vec<String>,
    /// Devices, one of which a case must run on.
    pub devices: Vec<String>,
    /// What to do with cases that are marked `ignore`.
    pub ignored: Ignored,
}

/// A selection that cannot be made.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum SelectionError {
    /// A filter is no regular expression.
    #[error("`{pattern}` is no regular expression: {reason}")]
    Pattern {
        /// What was written.
        pattern: String,
        /// What is wrong with it.
        reason: String,
    },
    /// Nothing matches.
    #[error("{message}")]
    Nothing {
        /// What was asked for, and what there is instead.
        message: String,
    },
}

/// One way to match an id.
enum Pattern {
    Part(String),
    Whole(String),
    Regex(Regex),
    Axis(String, String),
}

impl Pattern {
    fn matches(&self, case: &Case) -> bool {
        match self {
            Self::Part(text) => case.id().contains(text.as_str()),
            Self::Whole(text) => case.id() == text,
            Self::Regex(regex) => regex.is_match(case.id()),
            Self::Axis(axis, value) => case.labels().any(|label| label == (axis, value)),
        }
    }
}

impl Selection {
    /// Chooses among cases.
    ///
    /// # Errors
    /// If a regular expression cannot be read, or filters match nothing. Without filters, nothing
    /// is a valid choice.
    pub fn choose(&self, cases: &[Case]) -> Result<Vec<Case>, SelectionError> {
        let filters = self.patterns(&self.filters, cases)?;
        let skips = self.patterns(&self.skip, cases)?;
        let (axes, names): (Vec<&Pattern>, Vec<&Pattern>) =
            filters.iter().partition(|pattern| matches!(pattern, Pattern::Axis(..)));
        let chosen: Vec<Case> = cases
            .iter()
            .filter(|case| names.is_empty() || names.iter().any(|pattern| pattern.matches(case)))
            .filter(|case| each_axis_matches(&axes, case))
            .filter(|case| !skips.iter().any(|pattern| pattern.matches(case)))
            .filter(|case| self.tags.is_empty() || case.tags().any(|tag| self.tags.iter().any(|t| t == tag)))
            .filter(|case| self.devices.is_empty() || self.devices.iter().any(|device| device == case.device()))
            .filter(|case| self.ignored != Ignored::Only || case.ignored().is_some())
            .cloned()
            .collect();
        if chosen.is_empty() && !self.is_open() {
            return Err(SelectionError::Nothing { message: self.nothing(cases) });
        }
        Ok(chosen)
    }

    /// Whether a chosen case is to be skipped because it is marked `ignore`.
    pub fn leaves_out(&self, case: &Case) -> bool {
        self.ignored == Ignored::Leave && case.ignored().is_some()
    }

    /// Whether it leaves nothing out.
    pub(crate) fn is_open(&self) -> bool {
        self.filters.is_empty() && self.tags.is_empty() && self.devices.is_empty() && self.skip.is_empty()
    }

    fn patterns(&self, texts: &[String], cases: &[Case]) -> Result<Vec<Pattern>, SelectionError> {
        texts.iter().map(|text| self.pattern(text, cases)).collect()
    }

    fn pattern(&self, text: &str, cases: &[Case]) -> Result<Pattern, SelectionError> {
        if self.exact {
            return Ok(Pattern::Whole(text.to_owned()));
        }
        if !self.regex
            && let Some((axis, value)) = text.split_once('=')
            && !value.contains([',', '[', ']', '@'])
            && cases.iter().any(|case| case.labels().any(|(name, _)| name == axis))
        {
            return Ok(Pattern::Axis(axis.to_owned(), value.to_owned()));
        }
        if self.regex {
            let regex = Regex::new(text);
            return regex
                .map(Pattern::Regex)
                .map_err(|error| SelectionError::Pattern { pattern: text.to_owned(), reason: error.to_string() });
        }
        Ok(Pattern::Part(text.to_owned()))
    }

    /// The tag or device that was probably meant.
    fn near_word(&self, cases: &[Case]) -> Option<String> {
        let tags: Vec<&str> = cases.iter().flat_map(Case::tags).collect();
        let devices: Vec<&str> = cases.iter().map(Case::device).collect();
        let other = |word: &str, known: &[&str]| {
            suggest(word, known.iter().copied().filter(|known| *known != word)).map(str::to_owned)
        };
        let tag = self.tags.iter().find_map(|tag| other(tag, &tags));
        let device = || self.devices.iter().find_map(|device| other(device, &devices));
        tag.or_else(device)
    }

    /// What to say when nothing matches.
    fn nothing(&self, cases: &[Case]) -> String {
        let mut asked: Vec<String> = self.filters.iter().map(|filter| format!("`{filter}`")).collect();
        asked.extend(self.tags.iter().map(|tag| format!("--tag {tag}")));
        asked.extend(self.devices.iter().map(|device| format!("--device {device}")));
        asked.extend(self.skip.iter().map(|skip| format!("--skip {skip}")));
        let near = self.filters.iter().find_map(|filter| near(filter, cases));
        let near = near.or_else(|| self.near_word(cases));
        let near = near.map_or(String::new(), |near| format!("; did you mean `{near}`?"));
        format!("no case matches {} (there are {}; `--list` shows them){near}", asked.join(" "), cases.len())
    }
}

/// Values of one axis are alternatives; different axes must all match.
fn each_axis_matches(patterns: &[&Pattern], case: &Case) -> bool {
    patterns.iter().all(|pattern| {
        let Pattern::Axis(axis, _) = pattern else { return true };
        patterns.iter().any(|other| matches!(other, Pattern::Axis(name, _) if name == axis) && other.matches(case))
    })
}

/// The name, id or axis value that was probably meant.
fn near(filter: &str, cases: &[Case]) -> Option<String> {
    let mut known: Vec<String> = Vec::new();
    for case in cases {
        known.push(case.name().to_owned());
        known.push(format!("{}/{}", case.group(), case.name()));
        known.push(case.id().to_owned());
        known.extend(case.labels().map(|(axis, label)| format!("{axis}={label}")));
    }
    let others = known.iter().map(String::as_str).filter(|known| *known != filter);
    suggest(filter, others).map(str::to_owned)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::registry::{Definition, Registry, Source};

    fn cases() -> Vec<Case> {
        let define = |name: &str| Definition::new(name, Source { module: "k", file: "k.rs", line: 1 });
        let mut gemv = define("gemv");
        gemv.sizes([64, 640]);
        gemv.axis("bits", [1.58, 2.0]);
        gemv.tags(["fast"]).devices(["cpu", "wgpu"]);
        let mut pack = define("pack");
        pack.ignore("slow");
        Registry::with(vec![gemv, pack]).expect("the definitions are sound").cases().to_vec()
    }

    fn chosen(selection: &Selection) -> Vec<String> {
        let cases = selection.choose(&cases()).expect("something matches");
        cases.iter().map(|case| case.id().to_owned()).collect()
    }

    fn filtered(filters: &[&str]) -> Selection {
        Selection { filters: filters.iter().map(ToString::to_string).collect(), ..Selection::default() }
    }

    #[test]
    fn an_axis_filter_means_the_whole_value() {
        assert_eq!(
            chosen(&filtered(&["size=64", "bits=2.0"])),
            ["k/gemv[size=64,bits=2.0]@cpu", "k/gemv[size=64,bits=2.0]@wgpu"]
        );
        assert_eq!(chosen(&filtered(&["size=64", "size=640", "gemv"])).len(), 8);
        assert!(filtered(&["size=6"]).choose(&cases()).is_err());
    }

    #[test]
    fn filters_are_alternatives_and_skips_exclusions() {
        assert_eq!(chosen(&filtered(&["pack", "size=64,bits=1"])).len(), 3);
        let skipping = Selection { skip: vec!["wgpu".to_owned()], ..filtered(&["gemv"]) };
        assert_eq!(chosen(&skipping).len(), 4);
    }

    #[test]
    fn exact_regex_tag_and_device() {
        let exact = Selection { exact: true, ..filtered(&["k/pack@cpu"]) };
        assert_eq!(chosen(&exact), ["k/pack@cpu"]);
        let regex = Selection { regex: true, ..filtered(&["^k/gemv.*2\\.0\\]@cpu$"]) };
        assert_eq!(chosen(&regex).len(), 2);
        let tag = Selection { tags: vec!["fast".to_owned()], devices: vec!["wgpu".to_owned()], ..Selection::default() };
        assert_eq!(chosen(&tag).len(), 4);
    }

    #[test]
    fn ignored_cases_can_be_asked_for() {
        let only = Selection { ignored: Ignored::Only, ..Selection::default() };
        assert_eq!(chosen(&only), ["k/pack@cpu"]);
        let cases = cases();
        let pack = cases.iter().find(|case| case.name() == "pack").expect("it was defined");
        assert!(Selection::default().leaves_out(pack) && !only.leaves_out(pack));
    }

    #[test]
    fn nothing_found_suggests_what_was_meant() {
        let error = filtered(&["gmev"]).choose(&cases()).expect_err("nothing has that name");
        assert!(error.to_string().ends_with("did you mean `gemv`?"), "{error}");
        let broken = Selection { regex: true, ..filtered(&["("]) }.choose(&cases());
        assert!(matches!(broken, Err(SelectionError::Pattern { .. })));
    }
}
