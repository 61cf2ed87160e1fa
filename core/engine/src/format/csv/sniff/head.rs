//! Where the table begins: comments, the lines of a title above it, and whether its first record
//! names the columns.

use std::collections::HashSet;

use super::kinds::{Kind, kind};
use super::tokens::{Cut, Dialect, Row, Table, tokenize};

/// Starts of lines that are comments in one program or another.
pub(super) const COMMENTS: [&[u8]; 5] = [b"#", b"//", b"--", b"%", b";"];

/// Records below the header that it is held against.
const BODY_ROWS_MAX: usize = 100;
/// Columns that are held against their header.
const BODY_COLUMNS_MAX: usize = 64;
/// Records above the table that are looked at.
const ROWS_ABOVE_MAX: usize = 200;
/// Bytes of a name.
const NAME_BYTES_MAX: usize = 128;

/// Where the table begins.
#[derive(Clone, Debug, Default)]
pub(super) struct Head {
    /// Index of the first record that belongs to the table.
    pub first: usize,
    /// Number of columns: of the first table where there are several.
    pub width: u32,
    /// Physical lines before it that the reader would take for records.
    pub skip_lines: u64,
    /// Whether that record names the columns.
    pub header: bool,
    /// How sure that is, 0 to 1.
    pub certainty: f64,
    /// What may be meant otherwise.
    pub doubts: Vec<String>,
}

/// Which of the prefixes starts comments, given what was skipped for them.
///
/// A line that the dialect cuts as the table's records is a record, whatever it starts with,
/// unless the records around it begin otherwise.
pub(super) fn find_comment(
    cut: Cut<'_>,
    dialect: &Dialect,
    table: &Table,
    width: u32,
) -> Option<usize> {
    let first_line = table.rows.first().map_or(u32::MAX, |row| row.line);
    let is_typed = first_column_is_typed(cut.sample, table, width);
    let mut best = (0, None);
    for (index, prefix) in cut.comments.iter().enumerate() {
        let lines = table.comments.iter().filter(|comment| comment.prefix == index);
        let delimiter = &dialect.delimiter;
        let is_delimiter = prefix.starts_with(delimiter) || delimiter.starts_with(prefix);
        if is_delimiter && !delimiter.is_empty() {
            continue;
        }
        let (mut count, mut comments) = (0, 0);
        for line in lines {
            count += 1;
            let text = line.text(cut.sample);
            let whole = Cut { sample: text, is_cut_off: false, comments: &[], ..cut };
            let fits = tokenize(whole, dialect).rows.first().is_some_and(|row| row.width == width);
            let is_above = line.line < first_line;
            comments += usize::from(match width {
                0 | 1 => is_above,
                _ => !fits || !is_above && is_typed,
            });
        }
        if comments * 2 > count && count > best.0 {
            best = (count, Some(index));
        }
    }
    best.1
}

fn first_column_is_typed(sample: &[u8], table: &Table, width: u32) -> bool {
    // The first one may hold names.
    let rows = table.rows.iter().skip(1).filter(|row| row.width == width).take(BODY_ROWS_MAX);
    let (mut count, mut typed) = (0, 0);
    for row in rows {
        count += 1;
        typed += usize::from(kind(table.cells(row)[0].text(sample)).is_typed());
    }
    count > 0 && typed * 10 >= count * 8
}

/// Finds the first record of the table and what it is.
pub(super) fn find_head(sample: &[u8], table: &Table, width: u32, dialect: &Dialect) -> Head {
    let view = View { sample, table, width };
    let (first, mut doubts) = view.preamble(dialect);
    let Some(row) = table.rows.get(first) else {
        return Head { certainty: 0.5, width, ..Head::default() };
    };
    let width = if view.is_table(first) { row.width } else { width };
    // Lines that the reader skips by itself are not counted: comments always, blank lines too.
    let skip_lines = match first > 0 || table.comments.is_empty() {
        true => u64::from(row.line),
        false => 0,
    };
    let vote = view.vote(first);
    let names_like = view.is_names(row);
    let (header, certainty) = match vote {
        vote if vote >= 0.5 => (true, 1.0),
        vote if vote <= -0.5 => (false, 1.0),
        _ => (names_like, 0.7),
    };
    if certainty < 1.0 {
        let (found, other) = match header {
            true => ("names of columns", "values"),
            false => ("values", "names of columns"),
        };
        doubts.push(format!("the first record is read as {found}; it may be {other}"));
    }
    if header && view.is_second_header(first) {
        doubts.push("the second record looks like a header as well".to_owned());
    }
    Head { first, width, skip_lines, header, certainty, doubts }
}

#[derive(Clone, Copy)]
struct View<'a> {
    sample: &'a [u8],
    table: &'a Table,
    /// Usual number of cells.
    width: u32,
}

impl<'a> View<'a> {
    fn texts(&self, row: &Row) -> impl Iterator<Item = &'a [u8]> + use<'a> {
        let (table, sample) = (self.table, self.sample);
        table.cells(row).iter().map(move |cell| cell.text(sample).trim_ascii())
    }

    fn filled(&self, row: &Row) -> usize {
        self.texts(row).filter(|text| !text.is_empty()).count()
    }

    /// Index of the first record of the table, and what speaks for another one.
    fn preamble(&self, dialect: &Dialect) -> (usize, Vec<String>) {
        let rows = &self.table.rows;
        if self.width < 2 {
            return (0, Vec::new());
        }
        let usual_fill = self.usual_fill();
        let mut has_title_row = false;
        for (index, row) in rows.iter().enumerate().take(ROWS_ABOVE_MAX) {
            if row.width == self.width {
                if index + 1 < rows.len() && self.is_title(index, usual_fill) {
                    has_title_row = true;
                    continue;
                }
                // A sparse record above records is a title only when names follow it.
                let is_title = !has_title_row || self.vote(index) > 0.0 || self.is_names(row);
                return (if is_title { index } else { 0 }, Vec::new());
            }
            if self.is_broken_header(index, dialect) {
                let doubt = "the first record has another delimiter than the others";
                return (index, vec![doubt.to_owned()]);
            }
            if row.width > 1 && !self.is_above_table(index) {
                return (index, Vec::new());
            }
        }
        (0, Vec::new())
    }

    fn usual_fill(&self) -> usize {
        let usual = self.table.rows.iter().filter(|row| row.width == self.width);
        let mut fills: Vec<usize> = usual.take(1000).map(|row| self.filled(row)).collect();
        fills.sort_unstable();
        fills.get(fills.len() / 2).copied().unwrap_or(0)
    }

    /// A record of the usual width with hardly anything in it: `Report,,,`.
    fn is_title(&self, index: usize, usual_fill: usize) -> bool {
        let row = &self.table.rows[index];
        let filled = self.filled(row);
        if filled == 0 {
            return true;
        }
        let next_is_empty =
            self.table.rows.get(index + 1).is_some_and(|next| self.filled(next) == 0);
        let is_sparse = match usual_fill {
            0 | 1 => false,
            2 => filled == 1 && next_is_empty,
            fill => filled <= (fill / 3).max(1),
        };
        let mut texts = self.texts(row);
        let starts_with_words = texts.next().is_some_and(|text| {
            matches!(kind(text), Kind::Code | Kind::Text | Kind::Odd) || next_is_empty
        });
        is_sparse && starts_with_words
    }

    /// A record of another width that stands above the table and is no part of it.
    fn is_above_table(&self, index: usize) -> bool {
        let rows = &self.table.rows;
        let width = rows[index].width;
        if self.is_table(index) {
            return false;
        }
        let next = rows[index..].iter().position(|row| row.width == self.width);
        let Some(next) = next.map(|next| index + next) else { return false };
        if width + 1 >= self.width || width * 3 >= self.width * 2 {
            // Nearly as wide: a broken header or record, unless the header follows.
            return next + 1 < rows.len()
                && self.vote(next) >= 1.0
                && self.vote_between(index, next) < 1.0;
        }
        true
    }

    /// Records of one width in a row, of which the given one is the first: a table of its own.
    fn is_table(&self, index: usize) -> bool {
        let rows = &self.table.rows[index..];
        let width = rows[0].width;
        width >= 3 && rows.iter().take_while(|row| row.width == width).count() >= 3
    }

    /// A line without the table's delimiter that another delimiter cuts into as many names.
    fn is_broken_header(&self, index: usize, dialect: &Dialect) -> bool {
        let row = &self.table.rows[index];
        if row.width != 1 || self.width < 3 {
            return false;
        }
        let text = self.table.cells(row)[0].text(self.sample);
        let next_votes = self.table.rows.get(index + 1).map(|_| self.vote(index + 1));
        let is_header_next = next_votes.is_some_and(|vote| vote > 0.0);
        !is_header_next
            && [&b" "[..], b"\t", b";", b",", b"|", b", "].into_iter().any(|delimiter| {
                let quote = dialect.quote.or(Some(b'"'));
                let dialect = Dialect { delimiter: delimiter.to_vec(), quote, ..dialect.clone() };
                let cut = Cut { sample: text, is_cut_off: false, lone_cr: false, comments: &[] };
                tokenize(cut, &dialect).rows.first().is_some_and(|row| row.width == self.width)
            })
    }

    /// How much the record looks like names for what is below it; negative when it looks like it.
    fn vote(&self, index: usize) -> f64 {
        let row = &self.table.rows[index];
        let own: Vec<&[u8]> = self.texts(row).collect();
        let width = if self.is_table(index) { row.width } else { self.width };
        let body: Vec<&Row> = self.table.rows[index + 1..]
            .iter()
            .take(10 * BODY_ROWS_MAX)
            .filter(|other| other.width == width)
            .filter(|other| !self.texts(other).eq(own.iter().copied()))
            .take(BODY_ROWS_MAX)
            .collect();
        self.vote_against(&own, &body)
    }

    /// How much one record looks like names for another.
    fn vote_between(&self, index: usize, next: usize) -> f64 {
        let own: Vec<&[u8]> = self.texts(&self.table.rows[index]).collect();
        self.vote_against(&own, &[&self.table.rows[next]])
    }

    fn vote_against(&self, own: &[&[u8]], body: &[&Row]) -> f64 {
        if body.is_empty() {
            return 0.0;
        }
        let are_years = are_years(own);
        let mut vote = 0.0;
        for (index, name) in own.iter().enumerate().take(BODY_COLUMNS_MAX) {
            let cells = body.iter().filter_map(|row| self.table.cells(row).get(index));
            let cells = cells.map(|cell| cell.text(self.sample).trim_ascii());
            let cells: Vec<&[u8]> = cells.filter(|text| !text.is_empty()).collect();
            vote += vote_of_column(name, &cells, are_years);
        }
        let filled: Vec<&&[u8]> = own.iter().filter(|name| !name.is_empty()).collect();
        let distinct: HashSet<&&&[u8]> = filled.iter().collect();
        if distinct.len() < filled.len() {
            vote -= 1.0;
        }
        vote
    }

    /// Whether a record could be a header: names, each of its own.
    fn is_names(&self, row: &Row) -> bool {
        let mut names = HashSet::new();
        let mut empty_count = 0;
        let mut all = true;
        for text in self.texts(row) {
            if text.is_empty() {
                empty_count += 1;
                continue;
            }
            let kind = kind(text);
            all &= text.len() <= NAME_BYTES_MAX
                && !matches!(
                    kind,
                    Kind::Whole
                        | Kind::Number
                        | Kind::Date
                        | Kind::Moment
                        | Kind::Time
                        | Kind::Money
                        | Kind::Address
                )
                && names.insert(text);
        }
        all && empty_count * 2 < row.width.max(2)
    }

    fn is_second_header(&self, first: usize) -> bool {
        let rows = &self.table.rows;
        let Some(second) = rows.get(first + 1) else { return false };
        second.width == rows[first].width
            && first + 2 < rows.len()
            && self.is_names(second)
            && self.vote(first + 1) >= 1.0
    }
}

/// What one column says about the name above it.
fn vote_of_column(name: &[u8], cells: &[&[u8]], are_years: bool) -> f64 {
    if cells.is_empty() || name.is_empty() {
        return 0.0;
    }
    let own = kind(name).family();
    let mut families = [(Kind::Empty, 0usize); 12];
    for cell in cells {
        let family = kind(cell).family();
        let slot = families.iter().position(|(known, count)| *count == 0 || *known == family);
        let slot = &mut families[slot.expect("there are as many kinds")];
        *slot = (family, slot.1 + 1);
    }
    let (family, count) = families.into_iter().max_by_key(|(_, count)| *count).expect("not empty");
    let is_clear = count * 10 >= cells.len() * 8;
    if is_clear && family.is_typed() {
        return match own {
            own if own == family && are_years => 1.0,
            own if own == family => -1.0,
            // `n` and `y` are names as often as truth values.
            own if own.is_typed() && name.len() > 1 => -0.3,
            _ => 1.0,
        };
    }
    if own.is_typed() && !are_years && own != Kind::Bool {
        return -0.5;
    }
    let repeats = cells.iter().filter(|cell| **cell == name).count();
    if repeats > 0 {
        return -0.7;
    }
    let has_digit = |text: &[u8]| text.iter().any(u8::is_ascii_digit);
    let with_digit = cells.iter().filter(|cell| has_digit(cell)).count();
    if with_digit == cells.len() {
        // `ZX-3471` below `SKU`; `line2` below `line1` says nothing.
        return if has_digit(name) { -0.1 } else { 0.5 };
    }
    let mean_bytes = cells.iter().map(|cell| cell.len()).sum::<usize>() / cells.len();
    if cells.len() > 1 && mean_bytes > 3 * name.len() {
        return 0.3;
    }
    0.0
}

/// `2019`, `2020`, `2021` are numbers and yet names of columns.
fn are_years(names: &[&[u8]]) -> bool {
    let years: Vec<u32> = names
        .iter()
        .filter(|name| name.len() == 4)
        .filter_map(|name| std::str::from_utf8(name).ok()?.parse().ok())
        .filter(|year| (1900..2100).contains(year))
        .collect();
    let numbers = names.iter().filter(|name| kind(name).is_typed()).count();
    years.len() >= 2
        && years.len() == numbers
        && years.windows(2).all(|pair| pair[1].abs_diff(pair[0]) == 1)
}
