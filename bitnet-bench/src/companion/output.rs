//! Standard output.

use std::io;

use console::Term;

use crate::config::Color;

/// Prints to standard output. A reader that has gone away (`| head`) wants no more, which is no failure.
pub(super) fn print(text: &str) -> io::Result<()> {
    crate::harness::print(text)
}

/// Columns of the terminal; what fits everywhere, where there is none.
pub(super) fn width() -> usize {
    const ELSEWHERE: usize = 80;
    Term::stdout().size_checked().map_or(ELSEWHERE, |(_, columns)| usize::from(columns))
}

/// Whether to use colours.
pub(super) fn color(color: Color) -> bool {
    match color {
        Color::Always => true,
        Color::Never => false,
        Color::Auto => {
            let refused = std::env::var_os("NO_COLOR").is_some_and(|value| !value.is_empty());
            !refused && Term::stdout().features().colors_supported()
        }
    }
}
