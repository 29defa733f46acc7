//! The natural order of texts: `size=512` comes before `size=1024`.

use std::cmp::Ordering;

/// Compares texts as a person would: runs of digits by their value, all else by character.
pub(crate) fn compare(a: &str, b: &str) -> Ordering {
    let (mut left, mut right) = (a, b);
    loop {
        match (left.chars().next(), right.chars().next()) {
            (Some(l), Some(r)) if l.is_ascii_digit() && r.is_ascii_digit() => {
                let (number_l, rest_l) = split_number(left);
                let (number_r, rest_r) = split_number(right);
                // Without leading zeros, the longer number is the larger.
                let order = number_l.len().cmp(&number_r.len()).then_with(|| number_l.cmp(number_r));
                if order != Ordering::Equal {
                    return order;
                }
                (left, right) = (rest_l, rest_r);
            }
            (Some(l), Some(r)) if l == r => (left, right) = (&left[l.len_utf8()..], &right[r.len_utf8()..]),
            (Some(l), Some(r)) => return l.cmp(&r),
            // Texts that differ in leading zeros only still have one order.
            (None, None) => return a.cmp(b),
            (None, Some(_)) => return Ordering::Less,
            (Some(_), None) => return Ordering::Greater,
        }
    }
}

/// The digits at the start, without leading zeros, and what follows them.
fn split_number(text: &str) -> (&str, &str) {
    let end = text.find(|c: char| !c.is_ascii_digit()).unwrap_or(text.len());
    (text[..end].trim_start_matches('0'), &text[end..])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_ordered_by_value() {
        let mut texts = ["b", "a10", "a9", "a09", "a", "é1", "a9b", "x2560x640", "x640x2560"];
        texts.sort_by(|a, b| compare(a, b));
        assert_eq!(texts, ["a", "a09", "a9", "a9b", "a10", "b", "x640x2560", "x2560x640", "é1"]);
    }

    #[test]
    fn numbers_of_any_length_are_compared() {
        let (small, large) = ("9".repeat(50), format!("1{}", "0".repeat(50)));
        assert_eq!(compare(&small, &large), Ordering::Less);
    }
}
