//! Text in a given number of terminal columns: measured, shortened, wrapped.

use std::borrow::Cow;

use unicode_width::UnicodeWidthStr;

/// How many terminal columns a text takes.
pub(super) fn width(text: &str) -> usize {
    if text.is_ascii() { text.len() } else { text.width() }
}

/// The text without what would move the cursor or change the terminal's state: escape sequences
/// are left out, each other control character becomes a blank.
pub(super) fn plain(text: &str) -> Cow<'_, str> {
    if !text.contains(char::is_control) {
        return Cow::Borrowed(text);
    }
    let mut plain = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(c) = rest.chars().next() {
        rest = &rest[c.len_utf8()..];
        if let ('\u{1b}', Some(sequence)) = (c, rest.strip_prefix('[')) {
            // A control sequence ends with the first character from `@` to `~` (ECMA-48, 5.4).
            let end = sequence.find(|c| ('@'..='~').contains(&c));
            rest = end.map_or("", |end| &sequence[end + 1..]);
        } else {
            plain.push(if c.is_control() { ' ' } else { c });
        }
    }
    Cow::Owned(plain)
}

/// The text in at most `room` columns: what is too long loses its middle, since both the
/// benchmark's name in front and the point at the end tell cases apart.
pub(super) fn shorten(text: &str, room: usize) -> Cow<'_, str> {
    if width(text) <= room {
        return Cow::Borrowed(text);
    }
    let Some(kept) = room.checked_sub(1) else { return Cow::Borrowed("") };
    let (head, rest) = text.split_at(front(text, kept / 2));
    let kept = kept - width(head);
    // The longest end that fits, from its first character on.
    let mut tail = "";
    for (at, _) in rest.char_indices().rev() {
        if width(&rest[at..]) > kept {
            break;
        }
        tail = &rest[at..];
    }
    Cow::Owned(format!("{head}…{tail}"))
}

/// Where the longest start of a text that fits into the room ends.
fn front(text: &str, room: usize) -> usize {
    let mut front = 0;
    for c in text.chars() {
        let end = front + c.len_utf8();
        if width(&text[..end]) > room {
            break;
        }
        front = end;
    }
    front
}

/// Pieces set one after the other in lines of at most `room` columns, with a separator between two
/// pieces of one line. A piece that is wider than a line is broken.
pub(super) fn flow(pieces: &[impl AsRef<str>], separator: &str, room: usize) -> Vec<String> {
    let mut flow = Flow { lines: Vec::new(), line: String::new(), separator, room };
    for piece in pieces {
        flow.add(piece.as_ref());
    }
    flow.end()
}

/// Lines under construction.
struct Flow<'a> {
    lines: Vec<String>,
    line: String,
    separator: &'a str,
    room: usize,
}

impl Flow<'_> {
    fn add(&mut self, piece: &str) {
        if !self.line.is_empty() && width(&self.line) + width(self.separator) + width(piece) > self.room {
            self.lines.push(std::mem::take(&mut self.line));
        }
        if !self.line.is_empty() {
            self.line.push_str(self.separator);
        }
        self.line.push_str(piece);
        while width(&self.line) > self.room {
            // A character that is wider than a line has one to itself.
            let end = front(&self.line, self.room);
            let rest = self.line.split_off(if end == 0 { self.line.len() } else { end });
            self.lines.push(std::mem::replace(&mut self.line, rest));
        }
    }

    fn end(mut self) -> Vec<String> {
        if !self.line.is_empty() {
            self.lines.push(self.line);
        }
        self.lines
    }
}

/// A text wrapped between words into lines of at most `room` columns.
pub(super) fn wrap(text: &str, room: usize) -> Vec<String> {
    let text = plain(text);
    let words: Vec<&str> = text.split_whitespace().collect();
    flow(&words, " ", room)
}

/// As many names as fit into `lines` lines, and how many more there are.
pub(super) fn list(names: &[&str], room: usize, lines: usize) -> Vec<String> {
    // A name and its comma take two columns at least.
    for shown in (1..=names.len().min(room.saturating_mul(lines) / 2)).rev() {
        let mut pieces = Vec::new();
        for (at, name) in names[..shown].iter().enumerate() {
            let mut piece = shorten(&plain(name), room.saturating_sub(1)).into_owned();
            if at + 1 < shown {
                piece.push(',');
            }
            pieces.push(piece);
        }
        if shown < names.len() {
            pieces.push(format!("and {} more", names.len() - shown));
        }
        let set = flow(&pieces, " ", room);
        if set.len() <= lines || shown == 1 {
            return set;
        }
    }
    Vec::new()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn width_is_what_the_terminal_takes() {
        for (text, columns) in [("", 0), ("1.234 µs", 8), ("日本語", 6), ("e\u{301}", 1), ("±0.4 %", 6)] {
            assert_eq!(width(text), columns, "{text}");
        }
    }

    #[test]
    fn plain_text_cannot_steer_the_terminal() {
        assert_eq!(plain("as it is"), "as it is");
        assert_eq!(plain("\u{1b}[2J\u{1b}[31mred\u{1b}[0m\tend\n\u{7}"), "red end  ");
        assert_eq!(plain("cut off \u{1b}[31"), "cut off ");
    }

    #[test]
    fn shortening_takes_the_middle_and_never_a_half_character() {
        assert_eq!(shorten("abcdefghij", 10), "abcdefghij");
        assert_eq!(shorten("abcdefghij", 7), "abc…hij");
        assert_eq!(shorten("abcdefghij", 6), "ab…hij");
        assert_eq!(shorten("日本語日本語", 8), "日…本語");
        assert_eq!((shorten("abc", 1), shorten("abc", 0)), ("…".into(), "".into()));
        for room in 0..12 {
            assert!(width(&shorten("größe日本語e\u{301}x", room)) <= room);
        }
    }

    #[test]
    fn wrapping_breaks_between_words_and_long_words_where_it_must() {
        assert_eq!(wrap("one two three", 7), ["one two", "three"]);
        assert_eq!(wrap("abcdefgh ij", 3), ["abc", "def", "gh", "ij"]);
        assert_eq!(wrap("日本語", 3), ["日", "本", "語"]);
        assert!(wrap(" \n", 10).is_empty());
        assert_eq!(flow(&["a", "b", "c"], " · ", 5), ["a · b", "c"]);
    }

    #[test]
    fn a_list_says_how_many_it_leaves_out() {
        let names = ["alpha", "beta", "gamma", "delta"];
        assert_eq!(list(&names, 40, 2), ["alpha, beta, gamma, delta"]);
        assert_eq!(list(&names, 20, 1), ["alpha and 3 more"]);
        assert_eq!(list(&names, 11, 2), ["alpha, beta", "and 2 more"]);
        assert_eq!(list(&names, 7, usize::MAX), ["alpha,", "beta,", "gamma,", "delta"]);
        assert!(list(&[], 40, 2).is_empty());
    }
}
