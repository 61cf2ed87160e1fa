//! The patient reader: any dialect, any fault with a policy; one record at a time, by one thread.
//!
//! ```text
//! header -> the first records, for what the values of columns without a given type look like
//!        -> each record to a row, whose columns grow wider where they stand
//!        -> once more, where a column that was none proves to be text
//! ```
//! Where the quick reader applies as well, both give the same frame or the same error: `tests`
//! hold them together.

mod columns;
mod forms;
mod grammar;
mod log;
mod pieces;
#[cfg(test)]
mod tests;
mod walk;

use super::header::{Header, records_start, returns_error};
use super::infer::Looks;
use super::lines::Lines;
use super::options::{CsvReadOptions, Policy};
use super::record::{check_utf8, text_after_quote_error, unterminated_error};
use super::table::TableBytes;
use crate::column::{DataType, Frame};
use crate::context::Context;
use crate::error::{Error, ErrorKind, Result};
use columns::{ColumnStart, Columns};
use forms::Forms;
pub(super) use grammar::Grammar;
use grammar::{Field, Pace, QuoteFault, Record, Repair, Stop};
pub use log::FaultLog;
pub(super) use log::Kept;
use walk::{ColumnType, Walk};

/// Bytes between two reports of how far the work is.
const TELL_BYTES: usize = 1 << 20;

/// Bytes that are looked at for the types before columns are made, where nothing is known.
const FIRST_BYTES: usize = 256 << 10;

/// A file in its dialect.
pub(super) struct PatientText<'a> {
    pub table: &'a TableBytes<'a>,
    pub grammar: &'a Grammar,
    pub header: &'a Header,
    pub options: &'a CsvReadOptions,
    pub context: &'a Context,
}

/// A place between two records.
#[derive(Clone, Copy, Debug)]
pub(super) struct Place {
    /// Where the next record starts.
    pub offset: usize,
    /// Records before it.
    pub number: u64,
    pub lines: Lines,
}

impl Place {
    /// Before the first record.
    pub fn at_start(header: &Header, grammar: &Grammar) -> Place {
        let lines = Lines::new(grammar.is_return_end());
        Place { offset: header.data_start, number: 0, lines }
    }
}

/// Reads a table; `looks` is what the first rows of all files of its source look like where types
/// come from those.
///
/// Errors: the first fault of the file that has no policy, with its place; those of the header;
/// `LimitExceeded` for a record that is too long and a quarantine that is full; `Cancelled`.
/// Cost: one pass; two where text shows up late in a column that was none before.
pub(super) fn read(
    table: &TableBytes,
    options: &CsvReadOptions,
    looks: Option<&[Looks]>,
    log: &mut FaultLog,
    context: &Context,
) -> Result<Frame> {
    context.check()?;
    let grammar = Grammar::new(options, table.bytes, context)?;
    let header = read_header(table.bytes, &grammar, options, context)?;
    let text = PatientText { table, grammar: &grammar, header: &header, options, context };
    let looks = match (looks, options.infer_rows) {
        (Some(looks), _) => looks.to_vec(),
        (None, Some(rows)) => text.first_looks(rows, table.bytes.len())?,
        (None, None) => text.first_looks(u64::MAX, header.data_start + FIRST_BYTES)?,
    };
    context.expect_bytes(table.bytes.len() as u64);
    context.advance(header.data_start as u64, 0);
    let mut place = Place::at_start(&header, &grammar);
    Ok(text.read_part(&mut place, table.bytes.len(), &looks, log)?.0)
}

impl PatientText<'_> {
    /// What the columns of the first rows look like: of so many rows, whose records start before
    /// `end`.
    ///
    /// Errors: as [`read`], of these records.
    pub fn first_looks(&self, rows: u64, end: usize) -> Result<Vec<Looks>> {
        let none = vec![Looks::NONE; self.header.selected.len()];
        let starts = self.column_starts(&none, true);
        let types = self.column_types(&starts);
        if types.iter().all(|one| one.is_declared) {
            return Ok(none);
        }
        let place = Place::at_start(self.header, self.grammar);
        let end = end.min(self.table.bytes.len());
        let mut walk = Walk::new(self, &types, place, end, FaultLog::default());
        let mut columns = Columns::for_looks(starts, Forms::new(self.options));
        let mut count = 0;
        while count < rows && walk.next_row()? {
            columns.push(&walk)?;
            count += 1;
        }
        Ok(columns.looks())
    }

    /// Reads the records that start before `end`, from a place on and up to the place behind them.
    /// Gives the rows, and what the columns look like with what was known of them.
    ///
    /// Errors: as [`read`].
    pub fn read_part(
        &self,
        place: &mut Place,
        end: usize,
        looks: &[Looks],
        log: &mut FaultLog,
    ) -> Result<(Frame, Vec<Looks>)> {
        let mut looks = looks.to_vec();
        // Types change once at most: then all values were looked at.
        for is_again in [false, true] {
            let starts = self.column_starts(&looks, self.options.infer_rows.is_none());
            let types = self.column_types(&starts);
            let mut columns = Columns::new(starts, Forms::new(self.options));
            let aside = FaultLog::behind(log.kept());
            let mut walk = Walk::new(self, &types, *place, end, aside);
            self.fill(&mut columns, &mut walk, is_again)?;
            looks = columns.looks();
            if !columns.is_late() {
                *place = walk.place;
                log.add(walk.log)?;
                return Ok((columns.finish()?, looks));
            }
        }
        let summary = "two readings of the same records differ";
        Err(Error::new(ErrorKind::Internal, summary)
            .hint("if no other program was writing to the file, please report this"))
    }

    /// Adds the rows of a walk to the columns, and tells how far it is.
    fn fill(&self, columns: &mut Columns, walk: &mut Walk, is_again: bool) -> Result<()> {
        let start = walk.place.offset;
        let (mut bytes_told, mut rows_told, mut rows) = (start, 0, 0);
        let mut tell = |offset: usize, rows: u64| {
            let bytes = (offset - bytes_told) as u64;
            if is_again {
                self.context.expect_bytes(bytes);
            }
            self.context.advance(bytes, if is_again { 0 } else { rows - rows_told });
            (bytes_told, rows_told) = (offset, rows);
            (self.table.unchanged)()
        };
        let mut next = start + TELL_BYTES;
        while walk.next_row()? {
            columns.push(walk)?;
            rows += 1;
            if walk.place.offset >= next {
                next = walk.place.offset + TELL_BYTES;
                tell(walk.place.offset, rows)?;
            }
        }
        tell(walk.place.offset, rows)
    }

    fn column_starts(&self, looks: &[Looks], is_open: bool) -> Vec<ColumnStart> {
        let selected = self.header.selected.iter().zip(looks);
        let start = |(one, looks): (&super::header::Selected, &Looks)| {
            let inferred = match is_open {
                true => looks.dtype(),
                false => looks.dtype().or(Some(DataType::Utf8)),
            };
            ColumnStart {
                name: self.header.names[one.column].clone(),
                dtype: one.declared.clone().or(inferred),
                is_open: is_open && one.declared.is_none(),
                is_auto: one.is_auto && one.declared.is_none(),
                looks: *looks,
            }
        };
        selected.map(start).collect()
    }

    fn column_types(&self, starts: &[ColumnStart]) -> Vec<ColumnType> {
        let selected = self.header.selected.iter().zip(starts);
        let column_type = |(one, start): (&super::header::Selected, &ColumnStart)| ColumnType {
            column: one.column,
            dtype: start.dtype.clone().filter(|_| !start.is_open),
            is_declared: one.declared.is_some(),
        };
        selected.map(column_type).collect()
    }
}

/// The header of bytes in any dialect.
///
/// Errors: as [`super::header::read_header`].
pub(super) fn read_names(
    bytes: &[u8],
    options: &CsvReadOptions,
    context: &Context,
) -> Result<Header> {
    let grammar = Grammar::new(options, bytes, context)?;
    read_header(bytes, &grammar, options, context)
}

/// The start of a file in any dialect.
///
/// Errors: as [`super::header::read_header`].
pub(super) fn read_header(
    bytes: &[u8],
    grammar: &Grammar,
    options: &CsvReadOptions,
    context: &Context,
) -> Result<Header> {
    let start = records_start(bytes, options, grammar.is_return_end(), context)?;
    let mut pace = Pace::new(context);
    let mut record = Record::default();
    let mut at = start;
    let place = |error: Error| {
        let error = Lines::new(grammar.is_return_end()).place(bytes, error, context);
        error.at(|place| place.record = (!options.header).then_some(1))
    };
    loop {
        if at >= bytes.len() {
            return Header::without_records(bytes, start, options);
        }
        if let Some(next) = grammar.skip_comment(bytes, at, &mut pace)? {
            at = next;
            continue;
        }
        let expected = options.column_names.as_ref().map(Vec::len);
        let repairs = match options.on_bad_quote {
            Policy::Repair => true,
            _ if !options.header => {
                // The first record of a file without a header may be left out like any other.
                options.on_bad_quote != Policy::Error
            }
            _ => false,
        };
        match read_repaired(grammar, bytes, at, repairs, expected, &mut record, &mut pace) {
            Ok(_) => {}
            Err(Stop::Error(error)) => return Err(place(error)),
            Err(Stop::Quote(fault)) => return Err(place(quote_error(bytes, fault))),
        }
        if !record.is_blank() {
            break;
        }
        at = record.next;
    }
    let has_return =
        |field: &&Field| !field.is_literal && record.field(field, bytes).contains(&b'\r');
    let is_whole_file = record.next == bytes.len() && !grammar.is_return_end();
    if let Some(field) = record.fields.iter().find(has_return).filter(|_| is_whole_file) {
        return Err(place(returns_error(field.offset)));
    }
    if !options.header {
        return Header::without_names(record.fields.len(), start, options);
    }
    if let Err(error) = check_utf8(&bytes[record.start..record.next], record.start)
        && options.on_bad_encoding != Policy::Replace
    {
        return Err(place(error));
    }
    let text = |field: &Field| String::from_utf8_lossy(record.field(field, bytes)).into_owned();
    Header::from_texts(record.fields.iter().map(text).collect(), record.next, options)
}

/// Reads a record; where a quote is out of place and `repairs` says so, as it was probably meant:
/// in the way that gives it the number of fields that is expected, the inner quotes first.
///
/// Gives the fault that was repaired.
fn read_repaired(
    grammar: &Grammar,
    bytes: &[u8],
    at: usize,
    repairs: bool,
    expected: Option<usize>,
    record: &mut Record,
    pace: &mut Pace,
) -> std::result::Result<Option<QuoteFault>, Stop> {
    let fault = match grammar.read(bytes, at, Repair::Refused, record, pace) {
        Err(Stop::Quote(fault)) if repairs => fault,
        outcome => return outcome.map(|()| None),
    };
    match grammar.read(bytes, at, Repair::InnerIsText, record, pace) {
        Ok(()) if expected.is_none_or(|count| count == record.fields.len()) => {
            return Ok(Some(fault));
        }
        Err(Stop::Error(error)) => return Err(Stop::Error(error)),
        Ok(()) | Err(Stop::Quote(_)) => {}
    }
    grammar.read(bytes, at, Repair::OpeningIsText, record, pace)?;
    Ok(Some(fault))
}

fn quote_error(bytes: &[u8], fault: QuoteFault) -> Error {
    match fault.kind {
        ErrorKind::StrayQuote => text_after_quote_error(bytes, fault.offset),
        _ => unterminated_error(fault.offset),
    }
}
