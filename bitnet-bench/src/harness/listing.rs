//! `--list`: the cases, for a person or for a program.

use crate::registry::{Case, Ignored, Selection};

/// The chosen cases, one a line.
///
/// For a program as libtest prints them, so that `cargo nextest` and editors find them: with
/// `--ignored` those that are marked, without it all.
pub(super) fn render(cases: &[Case], selection: &Selection, terse: bool) -> String {
    if terse {
        let all = selection.ignored != Ignored::Only;
        let listed = cases.iter().filter(|case| all || case.ignored().is_some());
        return listed.map(|case| format!("{}: test\n", case.id())).collect();
    }
    let mut text: String = cases.iter().map(line).collect();
    let plural = if cases.len() == 1 { "" } else { "s" };
    text.push_str(&format!("\n{} case{plural}\n", cases.len()));
    text
}

fn line(case: &Case) -> String {
    let tags: Vec<&str> = case.tags().collect();
    let tags = if tags.is_empty() { String::new() } else { format!("  #{}", tags.join(" #")) };
    let ignored = match case.ignored() {
        None => String::new(),
        Some("") => "  (ignored)".to_owned(),
        Some(reason) => format!("  (ignored: {reason})"),
    };
    format!("{}{tags}{ignored}\n", case.id())
}
