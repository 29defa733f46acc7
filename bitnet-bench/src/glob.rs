//! Patterns of case ids, for gates and the history.

/// Whether a text is as a pattern says: `*` stands for any characters, also none, `?` for one, and everything else for
/// itself, brackets included, of which ids are full.
pub fn matches(pattern: &str, text: &str) -> bool {
    let (pattern, text): (Vec<char>, Vec<char>) = (pattern.chars().collect(), text.chars().collect());
    let (mut at, mut of) = (0, 0);
    // Where the last star is, and how far into the text it reaches so far.
    let mut star: Option<(usize, usize)> = None;
    while of < text.len() {
        match pattern.get(at) {
            Some('*') => {
                star = Some((at, of));
                at += 1;
            }
            Some(&c) if c == '?' || c == text[of] => {
                at += 1;
                of += 1;
            }
            _ => {
                let Some((place, reach)) = star else { return false };
                star = Some((place, reach + 1));
                at = place + 1;
                of = reach + 1;
            }
        }
    }
    pattern[at..].iter().all(|c| *c == '*')
}

#[cfg(test)]
mod tests {
    use super::matches;

    #[test]
    fn stars_and_question_marks_and_nothing_else() {
        let id = "gemv/ternary[size=2560x6912,kernel=avx2]@cpu";
        for pattern in ["*", "gemv/*", "*@cpu", "gemv/*[size=2560x????,*]@cpu", id, "**ternary**", "*avx2*"] {
            assert!(matches(pattern, id), "{pattern}");
        }
        for pattern in ["", "gemv", "gemv/?", "*@gpu", "[g]emv/*", "*avx3*", "gemv/*x"] {
            assert!(!matches(pattern, id), "{pattern}");
        }
        assert!(matches("größe/*", "größe/日本") && matches("*/??", "größe/日本") && matches("", ""));
        // What would take a careless matcher for ever.
        assert!(!matches(&"*a".repeat(30), &"a".repeat(29)));
    }
}
