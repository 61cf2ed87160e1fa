//! The patient reader: any dialect, any fault with a policy; one record at a time, by one thread.
//!
//! ```text
//! header -> first pass: what the values of columns without a given type look like
//!        -> second pass: each record to a row
//! each record: quotes -> UTF-8 -> number of fields -> values; a fault is an error, or
//!              what its policy says, counted, the record kept where that is asked for
//! ```
//! Where the quick reader applies as well, both give the same frame or the same error: `tests`
//! hold them together.

mod columns;
mod forms;
mod grammar;
mod log;
#[cfg(test)]
mod tests;

use super::fields::NullValues;
use super::header::{Header, records_start, returns_error};
use super::infer::Looks;
use super::options::{CsvReadOptions, Policy};
use super::record::{
    bad_value_error, check_utf8, field_count_error, text_after_quote_error, unterminated_error,
};
use super::table::TableBytes;
use crate::bytes::utf8;
use crate::column::{DataType, Frame};
use crate::context::Context;
use crate::error::{Error, ErrorKind, Result};
use columns::Columns;
use forms::{Cell, Forms};
use grammar::{Grammar, Pace, QuoteFault, Record, Repair, Stop};
use log::FaultLog;

/// Reads a table.
///
/// Errors: the first fault of the file that has no policy, with its place; those of the header;
/// `LimitExceeded` for a record that is too long and a quarantine that is full; `Cancelled`.
/// Cost: two passes, one where every column's type is given; about 100 MB/s each.
pub(super) fn read(
    table: &TableBytes,
    options: &CsvReadOptions,
    context: &Context,
) -> Result<Frame> {
    context.check()?;
    let grammar = Grammar::new(options, table.bytes, context)?;
    let header = read_header(table.bytes, &grammar, options, context)?;
    let types = types(table, &grammar, &header, options, context)?;
    let names = header.selected.iter().map(|one| header.names[one.column].clone());
    let dtypes = types.iter().map(|one| one.dtype.unwrap_or(DataType::Utf8));
    let mut columns = Columns::new(names.zip(dtypes).collect());
    context.expect_bytes(table.bytes.len() as u64);
    let mut walk = Walk::new(table.bytes, &grammar, &header, options, context);
    let (mut bytes_told, mut rows_told) = (0, 0);
    while walk.next_row(&types)? {
        columns.push(&walk.cells, |index| walk.text(index))?;
        if walk.at - bytes_told >= TELL_BYTES {
            context
                .advance((walk.at - bytes_told) as u64, (columns.row_count() - rows_told) as u64);
            (bytes_told, rows_told) = (walk.at, columns.row_count());
            (table.unchanged)()?;
        }
    }
    let row_count = columns.row_count();
    context.advance((table.bytes.len() - bytes_told) as u64, (row_count - rows_told) as u64);
    (table.unchanged)()?;
    let faults = walk.log.finish(table.name, table.original_offset)?;
    Ok(columns.finish()?.with_faults(faults))
}

/// The start of a file in any dialect.
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

/// Bytes between two reports of how far the work is.
const TELL_BYTES: usize = 1 << 20;

fn read_header(
    bytes: &[u8],
    grammar: &Grammar,
    options: &CsvReadOptions,
    context: &Context,
) -> Result<Header> {
    let start = records_start(bytes, options, grammar.is_return_end())?;
    let mut pace = Pace::new(context);
    let mut record = Record::default();
    let mut at = start;
    let place = |error: Error| {
        let error = Lines::new(grammar.is_return_end()).place(bytes, error);
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
        |index: usize| !record.fields[index].is_literal && record.field(index).contains(&b'\r');
    let is_whole_file = record.next == bytes.len() && !grammar.is_return_end();
    if let Some(index) = (0..record.fields.len()).find(|index| is_whole_file && has_return(*index))
    {
        return Err(place(returns_error(record.fields[index].offset)));
    }
    if !options.header {
        return Header::without_names(record.fields.len(), start, options);
    }
    if let Err(error) = check_utf8(&bytes[record.start..record.next], record.start)
        && options.on_bad_encoding != Policy::Replace
    {
        return Err(place(error));
    }
    let text = |index: usize| String::from_utf8_lossy(record.field(index)).into_owned();
    Header::from_texts((0..record.fields.len()).map(text).collect(), record.next, options)
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

/// A column that is read.
#[derive(Clone, Copy)]
struct ColumnType {
    /// Position in the file.
    column: usize,
    /// `None` while the first pass looks.
    dtype: Option<DataType>,
    is_declared: bool,
}

/// The types of the columns that are read: those given, and for the others what the first pass
/// finds.
fn types(
    table: &TableBytes,
    grammar: &Grammar,
    header: &Header,
    options: &CsvReadOptions,
    context: &Context,
) -> Result<Vec<ColumnType>> {
    let selected = header.selected.iter();
    let mut types: Vec<ColumnType> = selected
        .map(|one| ColumnType {
            column: one.column,
            dtype: one.declared,
            is_declared: one.declared.is_some(),
        })
        .collect();
    if types.iter().all(|one| one.dtype.is_some()) {
        return Ok(types);
    }
    let mut looks = vec![Looks::NONE; types.len()];
    let mut walk = Walk::new(table.bytes, grammar, header, options, context);
    let mut rows = 0;
    while options.infer_rows.is_none_or(|count| rows < count) && walk.next_row(&types)? {
        rows += 1;
        for (index, looks) in looks.iter_mut().enumerate() {
            let is_open = types[index].dtype.is_none() && walk.cells[index] != Cell::Null;
            // Text stays text, whatever follows.
            if is_open && looks.dtype() != Some(DataType::Utf8) {
                *looks = looks.and(walk.forms.look(walk.record.field(types[index].column)));
            }
        }
    }
    for (one, looks) in types.iter_mut().zip(looks) {
        one.dtype = one.dtype.or(looks.dtype()).or(Some(DataType::Utf8));
    }
    Ok(types)
}

/// Records one after the other, with what is done about their faults.
struct Walk<'a> {
    bytes: &'a [u8],
    grammar: &'a Grammar,
    names: &'a [String],
    /// Position in the file of each column that is read.
    selected: Vec<usize>,
    options: &'a CsvReadOptions,
    null_values: NullValues,
    forms: Forms,
    pace: Pace<'a>,
    lines: Lines,
    /// Where the next record starts, and its number.
    at: usize,
    number: u64,
    record: Record,
    /// The row: a cell for each column that is read.
    cells: Vec<Cell>,
    log: FaultLog,
    /// What was done to the record so far: counted once the row is kept.
    done: Vec<(ErrorKind, Policy)>,
}

/// Why a record is no row: its policy has left it out, or it is wrong.
enum Out {
    Left,
    Wrong(Error),
}

impl From<Error> for Out {
    fn from(error: Error) -> Out {
        Out::Wrong(error)
    }
}

impl<'a> Walk<'a> {
    fn new(
        bytes: &'a [u8],
        grammar: &'a Grammar,
        header: &'a Header,
        options: &'a CsvReadOptions,
        context: &'a Context,
    ) -> Walk<'a> {
        Walk {
            bytes,
            grammar,
            names: &header.names,
            selected: header.selected.iter().map(|one| one.column).collect(),
            options,
            null_values: NullValues::new(&options.null_values),
            forms: Forms::new(options),
            pace: Pace::new(context),
            lines: Lines::new(grammar.is_return_end()),
            at: header.data_start,
            number: 0,
            record: Record::default(),
            cells: Vec::new(),
            log: FaultLog::new(),
            done: Vec::new(),
        }
    }

    /// Reads on to the next record that is a row; `false` at the end.
    fn next_row(&mut self, types: &[ColumnType]) -> Result<bool> {
        while self.at < self.bytes.len() {
            self.pace.step(self.at)?;
            if let Some(next) = self.grammar.skip_comment(self.bytes, self.at, &mut self.pace)? {
                self.at = next;
                continue;
            }
            self.done.clear();
            match self.read_row(types) {
                Ok(true) => {
                    for (kind, policy) in &self.done {
                        self.log.count(*kind, *policy);
                    }
                    return Ok(true);
                }
                Ok(false) | Err(Out::Left) => {}
                Err(Out::Wrong(error)) => return Err(error),
            }
        }
        Ok(false)
    }

    /// Reads one record into the cells; `false` for an empty line.
    fn read_row(&mut self, types: &[ColumnType]) -> std::result::Result<bool, Out> {
        let start = self.at;
        self.read_record(start)?;
        if self.record.is_blank() && self.names.len() != 1 {
            self.at = self.record.next;
            return Ok(false);
        }
        if self.done.is_empty() {
            self.number += 1;
        }
        self.at = self.record.next;
        self.check_encoding()?;
        self.check_field_count()?;
        self.read_values(types)?;
        Ok(true)
    }

    /// Reads the record at `start`, with its quotes as the policy wants them.
    fn read_record(&mut self, start: usize) -> std::result::Result<(), Out> {
        let policy = self.options.on_bad_quote;
        let outcome = read_repaired(
            self.grammar,
            self.bytes,
            start,
            policy == Policy::Repair,
            Some(self.names.len()),
            &mut self.record,
            &mut self.pace,
        );
        match outcome {
            Ok(None) => Ok(()),
            Ok(Some(fault)) => {
                self.number += 1;
                self.done.push((fault.kind, Policy::Repair));
                Ok(())
            }
            Err(Stop::Error(error)) => {
                self.number += 1;
                Err(Out::Wrong(self.place(error)))
            }
            Err(Stop::Quote(fault)) => {
                self.number += 1;
                // The record ends with the line on which the quote opens.
                let (end, next) =
                    self.grammar.line_end(self.bytes, fault.opening, &mut self.pace)?;
                self.record.start = start;
                (self.record.end, self.record.next, self.at) = (end, next, next);
                Err(self.leave(quote_error(self.bytes, fault), policy))
            }
        }
    }

    fn check_encoding(&mut self) -> std::result::Result<(), Out> {
        let raw = &self.bytes[self.record.start..self.record.next];
        let Err(error) = check_utf8(raw, self.record.start) else { return Ok(()) };
        match self.options.on_bad_encoding {
            Policy::Replace => {
                self.note(ErrorKind::InvalidUtf8, Policy::Replace);
                replace_invalid(&mut self.record);
                Ok(())
            }
            policy => Err(self.leave(error, policy)),
        }
    }

    fn check_field_count(&mut self) -> std::result::Result<(), Out> {
        let (expected, found) = (self.names.len(), self.record.fields.len());
        let policy = match found.cmp(&expected) {
            std::cmp::Ordering::Equal => return Ok(()),
            std::cmp::Ordering::Less => self.options.on_short,
            std::cmp::Ordering::Greater => self.options.on_long,
        };
        if matches!(policy, Policy::Pad | Policy::Cut) {
            self.note(ErrorKind::FieldCount, policy);
            return Ok(());
        }
        Err(self.leave(field_count_error(expected, found, self.record.start), policy))
    }

    /// Makes a cell of each field whose column's type is known; of the others `Null` or `Text`.
    fn read_values(&mut self, types: &[ColumnType]) -> std::result::Result<(), Out> {
        self.cells.clear();
        for one in types {
            let Some(field) = self.record.fields.get(one.column) else {
                // Padded.
                self.cells.push(Cell::Null);
                continue;
            };
            let raw = &self.record.text[field.start..field.end];
            if !field.is_literal && self.null_values.contains(raw) {
                self.cells.push(Cell::Null);
                continue;
            }
            let Some(dtype) = one.dtype else {
                self.cells.push(Cell::Text);
                continue;
            };
            if let Some(cell) = self.forms.parse(dtype, one.is_declared, raw) {
                self.cells.push(cell);
                continue;
            }
            match self.options.on_bad_value {
                Policy::Null => {
                    self.cells.push(Cell::Null);
                    self.note(ErrorKind::BadValue, Policy::Null);
                }
                policy => {
                    let name = &self.names[one.column];
                    let error = bad_value_error(dtype, raw, name, field.offset);
                    return Err(self.leave(error, policy));
                }
            }
        }
        Ok(())
    }

    /// The text of the cell at `index` of the row.
    fn text(&self, index: usize) -> Result<&str> {
        let field = self.record.field(self.selected[index]);
        utf8::validate(field).map_err(|offset| {
            let found = format!("an invalid byte at {offset} of a field whose record is valid");
            Error::new(ErrorKind::Internal, found)
        })
    }

    /// Notes what was done to the record, once for each kind.
    fn note(&mut self, kind: ErrorKind, policy: Policy) {
        if !self.done.contains(&(kind, policy)) {
            self.done.push((kind, policy));
        }
    }

    /// Leaves the record out as the policy says; the error itself where there is none.
    fn leave(&mut self, error: Error, policy: Policy) -> Out {
        let kind = error.kind();
        let error = match policy {
            // Nobody reads where a record is that is only counted.
            Policy::Skip => error,
            _ => self.place(error),
        };
        match policy {
            Policy::Skip => {}
            Policy::Quarantine => {
                let raw = &self.bytes[self.record.start..self.record.end];
                if let Err(full) = self.log.keep(error, raw) {
                    return Out::Wrong(full);
                }
            }
            _ => return Out::Wrong(error),
        }
        self.log.count(kind, policy);
        Out::Left
    }

    /// Adds record and line to an error that knows its offset.
    fn place(&mut self, error: Error) -> Error {
        let number = self.number;
        self.lines.place(self.bytes, error).at(|place| place.record = Some(number))
    }
}

/// Replaces the bytes of a record's fields that are no text.
fn replace_invalid(record: &mut Record) {
    let mut text = Vec::with_capacity(record.text.len() + 16);
    for field in &mut record.fields {
        let start = text.len();
        let valid = String::from_utf8_lossy(&record.text[field.start..field.end]);
        text.extend_from_slice(valid.as_bytes());
        (field.start, field.end) = (start, text.len());
    }
    record.text = text;
}

/// Which physical line an offset lies in; each byte is counted once as long as offsets rise.
struct Lines {
    is_return_end: bool,
    at: usize,
    line: u64,
}

impl Lines {
    fn new(is_return_end: bool) -> Lines {
        Lines { is_return_end, at: 0, line: 1 }
    }

    /// Adds the line to an error that knows its offset.
    fn place(&mut self, bytes: &[u8], error: Error) -> Error {
        let Some(offset) = error.location().byte_offset else { return error };
        let offset = usize::try_from(offset).unwrap_or(bytes.len()).min(bytes.len());
        if offset < self.at {
            (self.at, self.line) = (0, 1);
        }
        let is_end = |byte: &&u8| **byte == b'\n' || (self.is_return_end && **byte == b'\r');
        self.line += bytes[self.at..offset].iter().filter(is_end).count() as u64;
        self.at = offset;
        let line = self.line;
        error.at(|place| place.line = Some(line))
    }
}
