//! How well a dialect fits a sample: are its records alike, and do its cells look like something?
//!
//! ```text
//! score = prior * consistency * gain * types^2 * quotes
//!   consistency  share of records of the usual width, and of neighbours of one width
//!   gain         more columns explain more of the text
//!   types        mean weight of the kinds of cells
//!   quotes       share of quotes that stand where they may
//! ```
//! Neighbours count beside the share because a file may hold several tables, and because the lines
//! around a table (a title, a footer) differ from it without making it less of a table.
//!
//! Source: van den Burg, Nazabal, Sutton 2019 (consistency = pattern score times type score); the
//! formula here is our own, so that single broken records, preambles and footers cost little.

use super::candidates::{Candidate, is_weak};
use super::kinds::{Kind, kind};
use super::tokens::{Row, Table};

/// Records of which the cells are looked at.
const ROWS_TYPED_MAX: usize = 256;
/// Cells of a record that are looked at.
const CELLS_TYPED_MAX: usize = 64;

/// What a dialect makes of a sample.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Score {
    /// The higher, the better; at most 1.
    pub value: f64,
    /// The usual number of cells in a record; 0 without records.
    pub width: u32,
    /// Share of the records that are as wide as usual, within the table.
    pub regular: f64,
}

/// Judges a dialect by the table it makes.
pub(super) fn score(candidate: &Candidate, sample: &[u8], table: &Table) -> Score {
    let width = usual_width(&table.rows);
    if table.rows.is_empty() {
        return Score { value: candidate.prior * 0.01, width: 0, regular: 1.0 };
    }
    let (consistency, regular) = consistency(&table.rows, width);
    let types = types(sample, table, width);
    let gain = match width {
        // A single column may hold anything: it wins where nothing else fits.
        0 | 1 => 0.5,
        width => 0.6 + 0.4 * f64::from(width - 1) / f64::from(width),
    };
    let mut value = candidate.prior * consistency * gain * types.mean * types.mean;
    let quotes = table.quotes;
    if quotes.whole + quotes.stray > 0 {
        value *= 1.0 - 0.5 * f64::from(quotes.stray) / f64::from(quotes.whole + quotes.stray);
    }
    if candidate.dialect.quote.is_some_and(|quote| quote != b'"') && !earns_its_place(table) {
        value *= 0.9;
    }
    // Two words a line are a column of names, not two columns.
    if is_weak(&candidate.dialect.delimiter) && !types.any_typed && quotes.whole == 0 && width < 4 {
        value *= 0.4;
    }
    Score { value, width, regular }
}

/// Whether an unusual quote is more than an apostrophe by chance.
fn earns_its_place(table: &Table) -> bool {
    let quotes = table.quotes;
    let rows = table.rows.len() as u32;
    quotes.stray * 4 <= quotes.whole && (quotes.needed >= 2 || quotes.whole * 10 >= rows)
}

/// The width that most records have; one cell only where no record has more.
fn usual_width(rows: &[Row]) -> u32 {
    let mut widths: Vec<u32> = rows.iter().map(|row| row.width).collect();
    widths.sort_unstable();
    let mut best = (0, 0);
    for group in widths.chunk_by(|a, b| a == b) {
        let is_wide = u32::from(group[0] > 1);
        // Among equals the first table's width, which the header has, would be as good as any.
        if (is_wide * group.len() as u32, group[0]) > best && group[0] > 1 {
            best = (group.len() as u32, group[0]);
        }
    }
    match best {
        (0, _) => u32::from(!rows.is_empty()),
        (_, width) => width,
    }
}

fn consistency(rows: &[Row], width: u32) -> (f64, f64) {
    let is_usual = |row: &Row| row.width == width;
    let first = rows.iter().position(is_usual).unwrap_or(0);
    let last = rows.iter().rposition(is_usual).unwrap_or(0);
    let region = &rows[first..=last];
    let usual = region.iter().filter(|row| is_usual(row)).count() as f64 / region.len() as f64;
    let pairs = region.windows(2);
    let pair_count = pairs.len() as f64;
    let is_kin =
        |pair: &&[Row]| pair[0].width == pair[1].width && (pair[0].width > 1 || width == 1);
    let kin = match region.len() {
        1 => 1.0,
        _ => pairs.filter(is_kin).count() as f64 / pair_count,
    };
    let outside = rows[..first].iter().chain(&rows[last + 1..]);
    let wide_outside = outside.filter(|row| row.width > 1).count() as f64;
    let coverage = (region.len() as f64 + 0.7 * wide_outside) / rows.len() as f64;
    ((0.5 * usual + 0.5 * kin) * coverage.sqrt(), usual)
}

struct Types {
    mean: f64,
    any_typed: bool,
}

fn types(sample: &[u8], table: &Table, width: u32) -> Types {
    let usual: Vec<&Row> = table.rows.iter().filter(|row| row.width == width).collect();
    let step = usual.len().div_ceil(ROWS_TYPED_MAX).max(1);
    let (mut sum, mut count, mut any_typed) = (0.0, 0.0f64, false);
    for row in usual.into_iter().step_by(step) {
        for cell in table.cells(row).iter().take(CELLS_TYPED_MAX) {
            let kind = kind(cell.text(sample));
            any_typed |= kind.is_typed();
            count += 1.0;
            sum += match cell.is_quoted {
                // Whoever put it in quotes meant it to be one field.
                true => kind.weight().max(0.95),
                false => kind.weight(),
            };
        }
    }
    Types { mean: sum / count.max(1.0), any_typed }
}

/// Whether nearly all records, each as one cell, are days and times: then blanks and colons in them
/// delimit nothing.
pub(super) fn is_moments(sample: &[u8], table: &Table) -> bool {
    let rows = table.rows.iter().filter(|row| row.width == 1).take(ROWS_TYPED_MAX);
    let (mut count, mut moments) = (0, 0);
    for row in rows {
        count += 1;
        let kind = kind(table.cells(row)[0].text(sample));
        moments += usize::from(matches!(kind, Kind::Moment | Kind::Time | Kind::Date));
    }
    count > 0 && moments * 10 >= count * 8
}
