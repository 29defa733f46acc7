//! A page that has to keep a limit.

/// What stands at the end of a page that was cut.
const CUT: &str = "\n\n_The page was cut here: it is longer than its place allows._\n";

/// The page, if it has at most so many bytes; else its beginning up to the end of a line, and a remark that says so.
/// A block of code that is open at that place is left out as a whole.
pub fn page_of_at_most(page: &str, bytes: usize) -> String {
    if page.len() <= bytes {
        return page.to_owned();
    }
    let room = bytes.saturating_sub(CUT.len());
    let (mut end, mut length, mut fence) = (0, 0, None);
    for line in page.split_inclusive('\n') {
        length += line.len();
        if length > room {
            break;
        }
        let ticks = line.trim_start().bytes().take_while(|&byte| byte == b'`').count();
        match fence {
            None if ticks >= 3 => fence = Some(ticks),
            // A longer run may close it as well.
            Some(open) if ticks >= open => fence = None,
            _ => {}
        }
        if fence.is_none() {
            end = length;
        }
    }
    let cut = format!("{}{CUT}", page[..end].trim_end());
    if cut.len() <= bytes { cut } else { String::new() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_page_is_cut_at_the_end_of_a_line_and_says_so() {
        let page = "| a | 1 |\n".repeat(100);
        assert_eq!(page_of_at_most(&page, page.len()), page);
        for bytes in [0, 10, 70, 71, 200, 999] {
            let cut = page_of_at_most(&page, bytes);
            assert!(cut.len() <= bytes, "{bytes}: {}", cut.len());
            assert!(cut.is_empty() || cut.trim_end().ends_with("allows._"));
        }
        assert!(page_of_at_most(&page, 999).starts_with("| a | 1 |\n| a | 1 |\n"));
    }

    #[test]
    fn no_block_of_code_stays_open() {
        let page = format!("before\n````text\n```\n{}````\nafter\n", "ü line\n".repeat(50));
        let cut = page_of_at_most(&page, 200);
        assert!(cut.starts_with("before\n\n_The page"), "{cut}");
    }
}
