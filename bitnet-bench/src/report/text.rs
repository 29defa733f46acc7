//! Text in a given number of terminal columns: measured, shortened, wrapped.

use std::borrow::Cow;

use comfy_table::Table;

/// How many terminal columns a text takes.
pub(super) fn width(text: &str) -> usize {
    if text.is_ascii() {
        return text.len();
    }
    // The table measures its cells by the same rules, and measuring is all that is asked of it.
    let mut table = Table::new();
    table.add_row([text]);
    table.column_max_content_widths().first().map_or(0, |&width| usize::from(width))
}

/// The text without what would move the cursor or change the terminal's state: escape sequences
/// are left out, each other control character becomes a blank.
pub(super) fn plain(text: &str) -> Cow<'_, str> {
    if !text.contains(char::is_control) {
        return Cow::Borrowed(text);
    }
    let mut plain = String::with_capacity(text.len());
    let mut rest = text.chars().peekable();
    while let Some(c) = rest.next() {
        if c == '\u{1b}' && rest.next_if_eq(&'[').is_some() {
            // A control sequence ends with the first character from `@` to `~` (ECMA-48, 5.4).
            rest.by_ref().find(|c| ('@'..='~').contains(c));
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
    let front = fitting(text.char_indices().map(|(at, c)| at + c.len_utf8()), |end| width(&text[..end]), kept / 2);
    let (head, rest) = text.split_at(front.unwrap_or(0));
    let kept = kept - width(head);
    let back = fitting(rest.char_indices().rev().map(|(at, _)| at), |start| width(&rest[start..]), kept);
    Cow::Owned(format!("{head}…{}", &rest[back.unwrap_or(rest.len())..]))
}

/// The last of the cuts, each wider than the one before, whose width is within the room.
fn fitting(cuts: impl Iterator<Item = usize>, width: impl Fn(usize) -> usize, room: usize) -> Option<usize> {
    cuts.take_while(|&cut| width(cut) <= room).last()
}

/// Pieces set one after the other in lines of at most `room` columns, with a separator between two
/// pieces of one line. A piece that is wider than a line is broken.
pub(super) fn flow<'a>(pieces: impl IntoIterator<Item = &'a str>, separator: &str, room: usize) -> Vec<String> {
    let mut lines = Vec::new();
    let mut line = String::new();
    for piece in pieces {
        if !line.is_empty() && width(&line) + width(separator) + width(piece) > room {
            lines.push(std::mem::take(&mut line));
        }
        if !line.is_empty() {
            line.push_str(separator);
        }
        line.push_str(piece);
        while width(&line) > room {
            let end = fitting(line.char_indices().map(|(at, c)| at + c.len_utf8()), |end| width(&line[..end]), room);
            let rest = line.split_off(end.unwrap_or(line.len()));
            lines.push(std::mem::replace(&mut line, rest));
        }
    }
    if !line.is_empty() {
        lines.push(line);
    }
    lines
}

/// A text wrapped between words into lines of at most `room` columns.
pub(super) fn wrap(text: &str, room: usize) -> Vec<String> {
    let text = plain(text);
    flow(text.split_whitespace(), " ", room)
}

/// As many names as fit into `lines` lines, and how many more there are.
pub(super) fn list(names: &[&str], room: usize, lines: usize) -> Vec<String> {
    // A name and its comma take two columns at least.
    for shown in (1..=names.len().min(room.saturating_mul(lines) / 2)).rev() {
        let more = names.len() - shown;
        let mut pieces: Vec<String> =
            names[..shown].iter().map(|name| shorten(&plain(name), room.saturating_sub(1)).into_owned()).collect();
        let last = pieces.len() - 1;
        pieces[..last].iter_mut().for_each(|piece| piece.push(','));
        if more > 0 {
            pieces.push(format!("and {more} more"));
        }
        let set = flow(pieces.iter().map(String::as_str), " ", room);
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
        assert_eq!(flow(["a", "b", "c"], " · ", 5), ["a · b", "c"]);
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
