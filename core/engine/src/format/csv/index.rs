//! Where every field of a run of records stands: positions from the scan, held to the shape of a
//! table.
//!
//! ```text
//! a,bc\nd,e\n      ends: 1 4 6 8     row_starts: 0 5
//! field (row, column) is bytes from the end before it, plus 1, or from its row's start
//! ```
//! Both lists have room in front: the records that the unit before could not place (`split`) are
//! put there once it is known which they are.

use std::ops::Range;

use crate::bytes::runs::Run;
use crate::bytes::scan::{self, Found, Level, Needles, Positions};
use crate::limits::{CSV_RECORDS_BYTES_MAX, CSV_ROWS_ALIGN};

/// What all units of one file share.
#[derive(Clone, Copy, Debug)]
pub(super) struct Shape<'a> {
    pub bytes: &'a [u8],
    pub needles: Needles,
    pub column_count: usize,
    pub level: Level,
}

impl Shape<'_> {
    /// Whether a line ends at `offset`, which holds an unquoted delimiter, an unquoted newline, or
    /// is the end of the file.
    fn is_line_end(&self, offset: usize) -> bool {
        self.bytes.get(offset).is_none_or(|byte| *byte == b'\n')
    }
}

/// Positions of the fields of a run of records; reused from run to run.
#[derive(Debug, Default)]
pub(super) struct Index {
    /// Offset that positions count from.
    base: usize,
    ends: Positions,
    row_starts: Vec<u32>,
    row_count: usize,
    has_quote: bool,
    has_doubled: bool,
}

/// What a run showed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Outcome {
    /// Where the record starts that is not whole in the range.
    pub next_start: usize,
    /// Whether the range ends inside quotes.
    pub ends_quoted: bool,
    /// Whether the record that is not whole holds a quote that is text.
    pub ends_literal: bool,
    /// Whether quotes or field counts are wrong somewhere.
    pub is_wrong: bool,
}

impl Index {
    /// Finds the whole records of `range`, which starts at the start of one. At the end of the file
    /// the last record needs no newline.
    pub fn build(&mut self, shape: &Shape, range: Range<usize>) -> Outcome {
        // Room for records before the range, within the reach of 32 bits.
        self.base = range.start.saturating_sub(CSV_RECORDS_BYTES_MAX);
        let gap = CSV_ROWS_ALIGN * shape.column_count;
        self.ends.clear(gap);
        self.row_starts.clear();
        self.row_starts.resize(CSV_ROWS_ALIGN, 0);
        self.row_count = 0;
        if range.len() > CSV_RECORDS_BYTES_MAX {
            return Outcome {
                next_start: range.start,
                ends_quoted: false,
                ends_literal: false,
                is_wrong: true,
            };
        }
        let (found, ends_literal) = self.scan(shape, range.clone());
        self.has_quote = found.has_quote;
        self.has_doubled = found.has_doubled;
        let mut next_start = found.last_newline.map_or(range.start, |offset| offset + 1);
        let mut line_count = found.newline_count;
        let is_file_end = range.end == shape.bytes.len();
        if is_file_end && !found.ends_quoted && next_start < range.end {
            self.ends.push(self.position(range.end));
            line_count += 1;
            next_start = range.end;
        } else {
            self.ends.truncate(found.whole_count.max(gap));
        }
        let is_table = self.take_regular(shape, range.start, line_count)
            || self.take_with_empty_lines(shape, range.start);
        let is_wrong = !is_table || found.has_stray || (is_file_end && found.ends_quoted);
        Outcome { next_start, ends_quoted: found.ends_quoted, ends_literal, is_wrong }
    }

    /// The quick way, and the patient one where quotes do more than open and close fields. Also
    /// says whether the record that is not whole holds a quote that is text.
    fn scan(&mut self, shape: &Shape, range: Range<usize>) -> (Found, bool) {
        let (level, needles, base) = (shape.level, shape.needles, self.base);
        let gap = self.ends.len();
        let found =
            scan::separators(level, shape.bytes, range.clone(), base, needles, &mut self.ends);
        if !found.has_stray {
            return (found, false);
        }
        self.ends.truncate(gap);
        let again = scan::separators_patient(shape.bytes, range, base, needles, &mut self.ends);
        (again.found, again.ends_literal)
    }

    fn position(&self, offset: usize) -> u32 {
        // `build` bounds the range, so this does not wrap.
        (offset - self.base) as u32
    }

    /// The usual case: every line is a record with as many fields as there are columns.
    fn take_regular(&mut self, shape: &Shape, start: usize, line_count: usize) -> bool {
        let gap = CSV_ROWS_ALIGN * shape.column_count;
        let ends = &self.ends.as_slice()[gap..];
        if ends.len() != line_count * shape.column_count {
            return false;
        }
        // As many lines as last fields, and all last fields end lines: so no other field does.
        let mut row_start = (start - self.base) as u32;
        for row in ends.chunks_exact(shape.column_count) {
            let end = row[shape.column_count - 1];
            if !shape.is_line_end(self.base + end as usize) {
                self.row_starts.truncate(CSV_ROWS_ALIGN);
                return false;
            }
            self.row_starts.push(row_start);
            row_start = end + 1;
        }
        self.row_count = line_count;
        true
    }

    /// The patient case: empty lines are left out, and `false` says that a record has another
    /// number of fields. In a table of one column an empty line is a record.
    fn take_with_empty_lines(&mut self, shape: &Shape, start: usize) -> bool {
        let count = shape.column_count;
        let mut row_start = start;
        let (mut from, mut to) = (CSV_ROWS_ALIGN * count, CSV_ROWS_ALIGN * count);
        while from < self.ends.len() {
            let ends = self.ends.as_mut_slice();
            let first_end = self.base + ends[from] as usize;
            let line = &shape.bytes[row_start..first_end];
            if count > 1 && shape.is_line_end(first_end) && matches!(line, [] | [b'\r']) {
                from += 1;
                row_start = first_end + 1;
                continue;
            }
            let Some(row) = ends.get(from..from + count) else { return false };
            let is_line_end = |end: &u32| shape.is_line_end(self.base + *end as usize);
            if row.iter().position(is_line_end) != Some(count - 1) {
                return false;
            }
            let last_end = self.base + row[count - 1] as usize;
            ends.copy_within(from..from + count, to);
            self.row_starts.push((row_start - self.base) as u32);
            self.row_count += 1;
            row_start = last_end + 1;
            from += count;
            to += count;
        }
        self.ends.truncate(to);
        true
    }

    /// Number of records.
    pub fn row_count(&self) -> usize {
        self.row_count
    }

    /// Offset of the first byte of a record.
    pub fn row_offset(&self, row: usize) -> usize {
        self.base + self.row_starts[CSV_ROWS_ALIGN + row] as usize
    }

    /// The fields of the first `row_count` records, behind those of `before`, which precede them.
    ///
    /// `None` when 32 bits do not reach so far back.
    pub fn rows<'a>(
        &'a mut self,
        shape: &Shape<'a>,
        before: Option<&Index>,
        row_count: usize,
    ) -> Option<Rows<'a>> {
        let count = shape.column_count;
        let before_count = before.map_or(0, |index| index.row_count);
        let first = CSV_ROWS_ALIGN.checked_sub(before_count)?;
        let (mut has_quote, mut has_doubled) = (self.has_quote, self.has_doubled);
        if let Some(index) = before {
            has_quote |= index.has_quote;
            has_doubled |= index.has_doubled;
            if before_count > 0 && index.row_offset(0) < self.base {
                return None;
            }
            // Both bases are known to lie before every position moved.
            let moved = |position: &u32| (index.base + *position as usize - self.base) as u32;
            let ends = self.ends.as_mut_slice()[first * count..CSV_ROWS_ALIGN * count].iter_mut();
            for (slot, end) in ends.zip(&index.ends.as_slice()[CSV_ROWS_ALIGN * count..]) {
                *slot = moved(end);
            }
            let starts = self.row_starts[first..CSV_ROWS_ALIGN].iter_mut();
            for (slot, start) in starts.zip(&index.row_starts[CSV_ROWS_ALIGN..]) {
                *slot = moved(start);
            }
        }
        let last = CSV_ROWS_ALIGN + row_count - before_count;
        Some(Rows {
            bytes: &shape.bytes[self.base..],
            ends: &self.ends.as_slice()[first * count..last * count],
            starts: &self.row_starts[first..last],
            column_count: count,
            quote: shape.needles.quote,
            has_quote,
            has_doubled,
            level: shape.level,
        })
    }
}

/// Fields of consecutive records, by row and column.
#[derive(Clone, Copy, Debug)]
pub(super) struct Rows<'a> {
    /// From the offset that positions count from, to the end of the file.
    pub bytes: &'a [u8],
    ends: &'a [u32],
    starts: &'a [u32],
    column_count: usize,
    pub quote: Option<u8>,
    /// Whether any field may be quoted.
    pub has_quote: bool,
    /// Whether any quoted field may hold a doubled quote.
    pub has_doubled: bool,
    pub level: Level,
}

impl Rows<'_> {
    /// Number of records.
    pub fn len(&self) -> usize {
        self.starts.len()
    }

    /// Bytes of all records, as a range of `bytes`.
    pub fn byte_range(&self) -> Range<usize> {
        match (self.starts.first(), self.ends.last()) {
            (Some(first), Some(last)) => *first as usize..*last as usize,
            _ => 0..0,
        }
    }

    /// Where the fields of one column stand, for `count` rows from `first` on, quotes and all; a
    /// `\r` before the line end is not part of them.
    #[inline(always)]
    pub fn run(&self, column: usize, first: usize, count: usize, run: &mut Run) {
        let slots = &self.ends[first * self.column_count..(first + count) * self.column_count];
        let rows = slots.chunks_exact(self.column_count);
        match column {
            0 => {
                run.starts[..count].copy_from_slice(&self.starts[first..first + count]);
                run.ends.iter_mut().zip(rows).for_each(|(end, row)| *end = row[0]);
            }
            _ => {
                for ((start, end), row) in run.starts.iter_mut().zip(&mut run.ends).zip(rows) {
                    (*start, *end) = (row[column - 1] + 1, row[column]);
                }
            }
        }
        if column + 1 == self.column_count {
            for (start, end) in run.starts.iter().zip(&mut run.ends).take(count) {
                let is_return = *start < *end && self.bytes[*end as usize - 1] == b'\r';
                *end -= u32::from(is_return);
            }
        }
    }

    /// Where a field stands in `bytes`, quotes and all; a `\r` before the line end is not part of
    /// it.
    #[inline(always)]
    pub fn field(&self, row: usize, column: usize) -> Range<usize> {
        let slot = row * self.column_count + column;
        let end = self.ends[slot] as usize;
        let start = match column {
            0 => self.starts[row] as usize,
            _ => self.ends[slot - 1] as usize + 1,
        };
        let is_last = column + 1 == self.column_count;
        match is_last && start < end && self.bytes[end - 1] == b'\r' {
            true => start..end - 1,
            false => start..end,
        }
    }
}
