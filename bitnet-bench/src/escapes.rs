//! Characters that a format cannot carry in a name, written as a URL would: `%` and two hexadecimal digits for each
//! byte. Different names stay different, and the way leads back.

use std::fmt::Write;

/// The text with the characters that are bad, and each `%`, escaped.
pub(crate) fn escape(text: &str, is_bad: &dyn Fn(char) -> bool) -> String {
    let mut escaped = String::with_capacity(text.len());
    for c in text.chars() {
        if c != '%' && !is_bad(c) {
            escaped.push(c);
            continue;
        }
        for byte in c.encode_utf8(&mut [0; 4]).bytes() {
            // Writing to a string cannot fail.
            let _ = write!(escaped, "%{byte:02X}");
        }
    }
    escaped
}

/// The text that was escaped; one that cannot have come from there stays as it is.
pub(crate) fn unescape(text: &str) -> String {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.as_bytes();
    while let [first, after @ ..] = rest {
        // `from_str_radix` takes a sign as well.
        let digits = after.get(..2).filter(|digits| *first == b'%' && digits.iter().all(u8::is_ascii_hexdigit));
        match digits.and_then(|digits| u8::from_str_radix(std::str::from_utf8(digits).ok()?, 16).ok()) {
            Some(byte) => {
                bytes.push(byte);
                rest = &after[2..];
            }
            None => {
                bytes.push(*first);
                rest = after;
            }
        }
    }
    String::from_utf8(bytes).unwrap_or_else(|_| text.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_way_leads_back() {
        for text in ["a b", "a%20b", "a\tb", "a\u{a0}b", "100%", "ü/\"x\",'y'", "%zz%é", ""] {
            let escaped = escape(text, &char::is_whitespace);
            assert!(!escaped.contains(char::is_whitespace), "{escaped:?}");
            assert_eq!(unescape(&escaped), text);
        }
    }

    #[test]
    fn what_was_never_escaped_stays() {
        for text in ["50 %, gg%", "%ff", "%", "%+1"] {
            assert_eq!(unescape(text), text);
        }
    }
}
