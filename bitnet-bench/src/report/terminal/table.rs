//! The table: the columns for which there is room, the cases under their benchmarks' headings.

use comfy_table::{CellAlignment, Table, presets};

use super::super::ink::Ink;
use super::super::label::{Block, blocks};
use super::super::text::{flow, shorten, width};
use super::Page;
use super::columns::{Cell, Column, Rank, columns};
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
    let listed = |case: &&CaseRecord| !matches!(case.outcome, Outcome::Skipped { .. });
    let cases: Vec<&CaseRecord> = page.record.cases.iter().filter(listed).collect();
    let blocks = blocks(&cases);
    let labels: Vec<String> = blocks
        .iter()
        .flat_map(|block| block.labels.iter().map(|label| indented(label, block.heading.is_some())))
        .collect();
    let longest = labels.iter().map(|label| width(label)).max().unwrap_or(0);
    let (shown, beneath) = choose(columns(&cases, &page.marked, page.comparison), longest, page);
    let room = page.width - shown.iter().map(room_of).sum::<usize>();
    let labels: Vec<String> = labels.iter().map(|label| shorten(label, room).into_owned()).collect();
    set(page, &blocks, &shown, &rows(labels, &shown), &beneath)
}

/// The columns for the table, in its order, and those that are said beneath the cases.
fn choose(columns: Vec<Column>, longest_label: usize, page: &Page<'_>) -> (Vec<Column>, Vec<Column>) {
    let mut by_rank: Vec<usize> = (0..columns.len()).collect();
    by_rank.sort_by_key(|&at| columns[at].rank);
    let mut chosen = vec![false; columns.len()];
    let mut used = 0;
    for at in by_rank {
        let label = match columns[at].rank {
            Rank::Essential(_) => LEAST_LABEL,
            Rank::Said | Rank::Further(_) => LEAST_LABEL.max(page.width * 2 / 5),
            Rank::Beneath => continue,
        };
        let room = room_of(&columns[at]);
        chosen[at] = columns[at].rank == Rank::Essential(0) || longest_label.min(label) + used + room <= page.width;
        used += if chosen[at] { room } else { 0 };
    }
    let (mut shown, mut beneath) = (Vec::new(), Vec::new());
    for (column, chosen) in columns.into_iter().zip(chosen) {
        match (chosen, column.rank) {
            (true, _) => shown.push(column),
            (false, rank) if page.verbose || rank == Rank::Said => beneath.push(column),
            _ => {}
        }
    }
    (shown, beneath)
}

/// What a column takes of a line.
fn room_of(column: &Column) -> usize {
    let cells = column.cells.iter().map(|cell| width(&cell.text));
    cells.chain([width(&column.title)]).max().unwrap_or(0) + GAP
}

/// The titles and then the cases, each as its cells from the label on.
fn rows(labels: Vec<String>, shown: &[Column]) -> Vec<Vec<Cell>> {
    let title = |text: &str| Cell::new(Ink::Dim, text);
    let titles = [title("")].into_iter().chain(shown.iter().map(|column| title(&column.title))).collect();
    let cases = labels.iter().enumerate().map(|(at, label)| {
        let label = Cell::new(Ink::Plain, label);
        [label].into_iter().chain(shown.iter().map(|column| column.cells[at].clone())).collect()
    });
    [titles].into_iter().chain(cases).collect()
}

/// Sets the rows in line, puts the headings between them and the further figures beneath.
fn set(page: &Page<'_>, blocks: &[Block<'_>], shown: &[Column], rows: &[Vec<Cell>], beneath: &[Column]) -> Vec<String> {
    let mut table = Table::new();
    table.load_style(presets::NOTHING);
    table.add_rows(rows.iter().map(|row| row.iter().map(|cell| cell.text.as_str())));
    for (at, column) in table.column_iter_mut().enumerate() {
        let blanks = if at == 0 { 0 } else { GAP };
        column.set_padding((u16::try_from(blanks).unwrap_or(0), 0));
        let words = at == 0 || shown[at - 1].words;
        column.set_cell_alignment(if words { CellAlignment::Left } else { CellAlignment::Right });
    }
    let mut set = table.lines().zip(rows).map(|(line, row)| painted(page, &line, row));
    let mut lines: Vec<String> = set.next().into_iter().collect();
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
        for row in set.by_ref().take(block.cases.len()) {
            lines.push(row);
            lines.extend(figures(page, beneath, at));
            at += 1;
        }
    }
    lines
}

/// The figures of one case that are not in the table.
fn figures(page: &Page<'_>, beneath: &[Column], at: usize) -> Vec<String> {
    let figures = beneath.iter().filter(|column| !column.cells[at].text.is_empty());
    let figures: Vec<String> = figures.map(|column| format!("{} {}", column.title, column.cells[at].text)).collect();
    let indent = INDENT.repeat(2);
    let lines = flow(figures.iter().map(String::as_str), " · ", page.width - indent.len());
    lines.iter().map(|line| indent.clone() + &page.palette.paint(Ink::Dim, line)).collect()
}

/// The line with each cell in its ink. Cells stand in the line in their order with nothing but
/// blanks between them, so the first place where a cell's text occurs is where it stands.
fn painted(page: &Page<'_>, line: &str, row: &[Cell]) -> String {
    let mut painted = String::new();
    let mut rest = line;
    for cell in row {
        let Some(at) = rest.find(cell.text.as_str()) else { continue };
        painted.push_str(&rest[..at]);
        painted.push_str(&page.palette.paint(cell.ink, &cell.text));
        rest = &rest[at + cell.text.len()..];
    }
    painted.truncate(painted.trim_end().len());
    painted
}

fn indented(label: &str, beneath_heading: bool) -> String {
    if beneath_heading { format!("{INDENT}{label}") } else { label.to_owned() }
}
