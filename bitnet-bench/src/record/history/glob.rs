//! Cases by a pattern. Ids have brackets in them, so these mean themselves.

/// Whether a text is what a pattern describes: `*` stands for any text, `?` for one character, everything else for itself.
pub(super) fn matches(pattern: &str, text: &str) -> bool {
    let (pattern, text): (Vec<char>, Vec<char>) = (pattern.chars().collect(), text.chars().collect());
    let (mut at, mut read) = (0, 0);
    // The last star, and how much of the text was before it: where to go back to and let it take one more.
    let mut star: Option<(usize, usize)> = None;
    while read < text.len() {
        match pattern.get(at) {
            Some('*') => {
                star = Some((at, read));
                at += 1;
            }
            Some(c) if *c == '?' || *c == text[read] => {
                at += 1;
                read += 1;
            }
            _ => {
                let Some((place, taken)) = star else { return false };
                star = Some((place, taken + 1));
                at = place + 1;
                read = taken + 1;
            }
        }
    }
    pattern[at..].iter().all(|c| *c == '*')
}

#[cfg(test)]
mod tests {
    use super::matches;

    #[test]
    fn a_pattern_describes_whole_ids() {
        let id = "gemv/ternary[size=2560]@cpu";
        for pattern in [id, "*", "gemv/*", "*@cpu", "*[size=*]@cpu", "gemv/t?rnary*", "**", "*2560*"] {
            assert!(matches(pattern, id), "{pattern}");
        }
        for pattern in ["", "gemv", "gemv/*@gpu", "?", "*[size=256]@cpu", "gemv/ternary[size=2560]@cpu?"] {
            assert!(!matches(pattern, id), "{pattern}");
        }
        assert!(matches("größe/*日?", "größe/x日本"));
        assert!(!matches(&"*a".repeat(50), &"b".repeat(5000)));
    }
}
