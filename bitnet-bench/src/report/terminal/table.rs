//! The table: the columns for which there is room, the cases under their benchmarks' headings.

use std::collections::BTreeMap;

use super::super::ink::Ink;
use super::super::label::{Block, blocks};
use super::super::text::{flow, shorten, width};
use super::Page;
use super::columns::{Column, Rank, columns};
use crate::order::order;
use crate::record::{CaseRecord, Outcome};

/// Blanks between two columns.
const GAP: usize = 2;
/// Blanks before a label beneath a heading.
const INDENT: &str = "  ";
/// What labels keep even beside essential columns.
const LEAST_LABEL: usize = 24;

/// The lines of the table; none if nothing was measured.
pub(super) fn lines(page: &Page<'_>) -> Vec<String> {
    if page.tally.measured == 0 {
        return Vec::new();
    }
    let mut cases: Vec<&CaseRecord> = Vec::new();
    for case in &page.record.cases {
        if !matches!(case.outcome, Outcome::Skipped { .. }) {
            cases.push(case);
        }
    }
    let blocks = blocks(&cases);
    let mut labels = Vec::new();
    for block in &blocks {
        let indent = if block.heading.is_some() { INDENT } else { "" };
        for label in &block.labels {
            labels.push(format!("{indent}{label}"));
        }
    }
    let (shown, beneath) = choose(columns(&cases, &page.marked, page.comparison), widest(&labels), page);
    let mut room = page.width;
    for column in &shown {
        room -= GAP + column.width;
    }
    set(page, &blocks, &fitted(&labels, room, page.width), &shown, &beneath)
}

/// The label of a row.
struct Label {
    /// The whole of it, on a line of its own, where what fits into the row does not tell it from others.
    above: Option<String>,
    /// What stands in the row.
    text: String,
}

/// The labels in as much room as there is.
fn fitted(labels: &[String], room: usize, whole: usize) -> Vec<Label> {
    let mut texts: Vec<&str> = labels.iter().map(String::as_str).collect();
    texts.sort_unstable();
    texts.dedup();
    let mut uses: BTreeMap<String, usize> = BTreeMap::new();
    for text in texts {
        *uses.entry(shorten(text, room).into_owned()).or_default() += 1;
    }
    let fit = |label: &String| {
        let text = shorten(label, room).into_owned();
        match uses.get(&text) {
            Some(2..) => Label { above: Some(shorten(label, whole).into_owned()), text: String::new() },
            _ => Label { above: None, text },
        }
    };
    labels.iter().map(fit).collect()
}

/// The columns for the table, in its order, and those that are said beneath the cases.
fn choose(columns: Vec<Column>, longest_label: usize, page: &Page<'_>) -> (Vec<Column>, Vec<Column>) {
    let mut chosen = vec![false; columns.len()];
    let mut used = 0;
    for at in order(columns.len(), &|one, other| columns[one].rank.cmp(&columns[other].rank)) {
        let label = match columns[at].rank {
            Rank::Essential(_) => LEAST_LABEL,
            Rank::Said | Rank::Further(_) => LEAST_LABEL.max(page.width * 2 / 5),
            Rank::Beneath => continue,
        };
        let room = GAP + columns[at].width;
        chosen[at] = columns[at].rank == Rank::Essential(0) || longest_label.min(label) + used + room <= page.width;
        used += if chosen[at] { room } else { 0 };
    }
    let (mut shown, mut beneath) = (Vec::new(), Vec::new());
    for (at, column) in columns.into_iter().enumerate() {
        if chosen[at] {
            shown.push(column);
        } else if page.verbose || column.rank == Rank::Said {
            beneath.push(column);
        }
    }
    (shown, beneath)
}

fn widest(texts: &[String]) -> usize {
    texts.iter().map(|text| width(text)).max().unwrap_or(0)
}

/// Sets the rows in line, puts the headings between them and the further figures beneath.
fn set(page: &Page<'_>, blocks: &[Block<'_>], labels: &[Label], shown: &[Column], beneath: &[Column]) -> Vec<String> {
    let label_width = labels.iter().map(|label| width(&label.text)).max().unwrap_or(0);
    let mut titles = Row::new(page, "", label_width);
    for column in shown {
        titles.cell(Ink::Dim, &column.title, column);
    }
    let mut lines = vec![titles.end()];
    let mut at = 0;
    let mut apart = false;
    for block in blocks {
        if apart || block.heading.is_some() {
            lines.push(String::new());
        }
        apart = block.heading.is_some();
        if let Some(heading) = &block.heading {
            lines.push(page.palette.paint(Ink::Bold, &shorten(heading, page.width)));
        }
        for _ in &block.cases {
            lines.extend(labels[at].above.clone());
            let mut row = Row::new(page, &labels[at].text, label_width);
            for column in shown {
                row.cell(column.cells[at].ink, &column.cells[at].text, column);
            }
            lines.push(row.end());
            lines.extend(figures(page, beneath, at));
            at += 1;
        }
    }
    lines
}

/// One line of the table under construction.
struct Row<'a> {
    page: &'a Page<'a>,
    line: String,
}

impl<'a> Row<'a> {
    fn new(page: &'a Page<'a>, label: &str, width: usize) -> Self {
        let mut row = Self { page, line: label.to_owned() };
        row.blanks(width - self::width(label));
        row
    }

    fn blanks(&mut self, blanks: usize) {
        self.line.push_str(&" ".repeat(blanks));
    }

    /// A text in line with the others of its column.
    fn cell(&mut self, ink: Ink, text: &str, column: &Column) {
        let blanks = column.width - width(text);
        let (before, behind) = if column.words { (0, blanks) } else { (blanks, 0) };
        self.blanks(GAP + before);
        self.line.push_str(&self.page.palette.paint(ink, text));
        self.blanks(behind);
    }

    fn end(mut self) -> String {
        self.line.truncate(self.line.trim_end().len());
        self.line
    }
}

/// The figures of one case that are not in the table.
fn figures(page: &Page<'_>, beneath: &[Column], at: usize) -> Vec<String> {
    let mut figures = Vec::new();
    for column in beneath {
        if !column.cells[at].text.is_empty() {
            figures.push(format!("{} {}", column.title, column.cells[at].text));
        }
    }
    let indent = INDENT.repeat(2);
    let mut lines = flow(&figures, " · ", page.width - indent.len());
    for line in &mut lines {
        *line = format!("{indent}{}", page.palette.paint(Ink::Dim, line));
    }
    lines
}

#[cfg(test)]
mod tests {
    use super::fitted;

    #[test]
    fn labels_that_would_look_alike_have_a_line_of_their_own() {
        let labels = ["blocks.0.query.weight int4", "blocks.0.value.weight int4", "short"].map(str::to_owned);
        let fitted = fitted(&labels, 14, 80);
        let shown: Vec<_> = fitted.iter().map(|label| (label.above.as_deref(), label.text.as_str())).collect();
        assert_eq!(shown, [(Some(labels[0].as_str()), ""), (Some(labels[1].as_str()), ""), (None, "short")]);
    }
}
