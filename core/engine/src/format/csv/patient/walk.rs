//! Records one after the other, with what is done about their faults.
//!
//! ```text
//! each record: quotes -> UTF-8 -> number of fields -> values; a fault is an error, or what its
//!              policy says, counted, the record kept where that is asked for
//! ```

use super::super::fields::NullValues;
use super::super::options::Policy;
use super::super::record::{bad_value_error, check_utf8, field_count_error};
use super::forms::{Cell, FieldBytes, Forms};
use super::grammar::{Field, Pace, Record, Stop};
use super::log::{FaultLog, Origin};
use super::{PatientText, Place, quote_error, read_repaired};
use crate::bytes::utf8;
use crate::column::DataType;
use crate::error::{Error, ErrorKind, Result};

/// Bytes that are held to be UTF-8 at a time.
const VALID_BYTES: usize = 64 << 10;

/// A column that is read.
#[derive(Clone, Debug)]
pub(super) struct ColumnType {
    /// Position in the file.
    pub column: usize,
    /// `None` for a column whose type its values tell.
    pub dtype: Option<DataType>,
    pub is_declared: bool,
}

/// Records of a file, in order.
pub(super) struct Walk<'a> {
    text: &'a PatientText<'a>,
    types: &'a [ColumnType],
    /// Records that start before it are read.
    end: usize,
    null_values: NullValues,
    forms: Forms,
    pace: Pace<'a>,
    /// Behind the last record.
    pub place: Place,
    record: Record,
    /// The record's text, unless it is not UTF-8.
    valid: &'a str,
    /// Text that is known to be UTF-8, and where it starts.
    ahead: (usize, &'a str),
    /// The row: a cell for each column that is read.
    pub cells: Vec<Cell>,
    pub log: FaultLog,
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
    /// Starts at a place between two records; what it sets aside goes to `log`.
    pub fn new(
        text: &'a PatientText<'a>,
        types: &'a [ColumnType],
        place: Place,
        end: usize,
        log: FaultLog,
    ) -> Walk<'a> {
        Walk {
            text,
            types,
            end,
            null_values: NullValues::new(&text.options.null_values),
            forms: Forms::new(text.options),
            pace: Pace::new(text.context),
            place,
            record: Record::default(),
            valid: "",
            ahead: (0, ""),
            cells: Vec::new(),
            log,
            done: Vec::new(),
        }
    }

    /// Reads on to the next record that is a row; `false` at the end.
    pub fn next_row(&mut self) -> Result<bool> {
        let bytes = self.text.table.bytes;
        while self.place.offset < self.end {
            let at = self.place.offset;
            self.pace.step(at)?;
            if let Some(next) = self.text.grammar.skip_comment(bytes, at, &mut self.pace)? {
                self.place.offset = next;
                continue;
            }
            self.done.clear();
            match self.read_row() {
                Ok(true) => {
                    for (kind, policy) in &self.done {
                        self.log.count(*kind, *policy, 1);
                    }
                    return Ok(true);
                }
                Ok(false) | Err(Out::Left) => {}
                Err(Out::Wrong(error)) => return Err(error),
            }
        }
        Ok(false)
    }

    /// The bytes of the cell at `index` of the row, which is [`Cell::Text`].
    #[inline]
    pub fn field(&self, index: usize) -> FieldBytes<'_> {
        let field = &self.record.fields[self.types[index].column];
        let held = self.record.held(field, self.text.table.bytes);
        FieldBytes { held, start: field.start, end: field.end }
    }

    /// Its text.
    #[inline]
    pub fn field_text(&self, index: usize) -> Result<&str> {
        let Field { start, end, is_own, .. } = self.record.fields[self.types[index].column];
        let text = match is_own {
            true => utf8::validate(&self.record.text[start..end]).ok(),
            false => self.valid.get(start - self.record.start..end - self.record.start),
        };
        text.ok_or_else(|| {
            Error::new(ErrorKind::Internal, "a field of a record that is UTF-8 is none")
        })
    }

    /// Reads one record into the cells; `false` for an empty line.
    fn read_row(&mut self) -> std::result::Result<bool, Out> {
        self.read_record(self.place.offset)?;
        if self.record.is_blank() && self.text.header.names.len() != 1 {
            self.place.offset = self.record.next;
            return Ok(false);
        }
        if self.done.is_empty() {
            self.place.number += 1;
        }
        self.place.offset = self.record.next;
        self.check_encoding()?;
        self.check_field_count()?;
        self.read_values()?;
        Ok(true)
    }

    /// Reads the record at `start`, with its quotes as the policy wants them.
    fn read_record(&mut self, start: usize) -> std::result::Result<(), Out> {
        let (grammar, bytes) = (self.text.grammar, self.text.table.bytes);
        let policy = self.text.options.on_bad_quote;
        let outcome = read_repaired(
            grammar,
            bytes,
            start,
            policy == Policy::Repair,
            Some(self.text.header.names.len()),
            &mut self.record,
            &mut self.pace,
        );
        match outcome {
            Ok(None) => Ok(()),
            Ok(Some(fault)) => {
                self.place.number += 1;
                self.done.push((fault.kind, Policy::Repair));
                Ok(())
            }
            Err(Stop::Error(error)) => {
                self.place.number += 1;
                Err(Out::Wrong(self.located(error)))
            }
            Err(Stop::Quote(fault)) => {
                self.place.number += 1;
                // The record ends with the line on which the quote opens.
                let (end, next) = grammar.line_end(bytes, fault.opening, &mut self.pace)?;
                self.record.start = start;
                (self.record.end, self.record.next, self.place.offset) = (end, next, next);
                Err(self.leave(quote_error(bytes, fault), policy))
            }
        }
    }

    fn check_encoding(&mut self) -> std::result::Result<(), Out> {
        let bytes = self.text.table.bytes;
        let (start, next) = (self.record.start, self.record.next);
        let (from, valid) = self.ahead;
        if start < from || next > from + valid.len() {
            let mut end = bytes.len().min(next.max(start + VALID_BYTES));
            while end > next && bytes.get(end).is_some_and(|byte| byte & 0xC0 == 0x80) {
                end -= 1;
            }
            self.ahead = (start, valid_start(&bytes[start..end]));
        }
        let (from, valid) = self.ahead;
        if let Some(valid) = valid.get(start - from..next - from) {
            self.valid = valid;
            return Ok(());
        }
        let Err(error) = check_utf8(&bytes[start..next], start) else { return Ok(()) };
        match self.text.options.on_bad_encoding {
            Policy::Replace => {
                self.note(ErrorKind::InvalidUtf8, Policy::Replace);
                replace_invalid(&mut self.record, bytes);
                Ok(())
            }
            policy => Err(self.leave(error, policy)),
        }
    }

    fn check_field_count(&mut self) -> std::result::Result<(), Out> {
        let (expected, found) = (self.text.header.names.len(), self.record.fields.len());
        let policy = match found.cmp(&expected) {
            std::cmp::Ordering::Equal => return Ok(()),
            std::cmp::Ordering::Less => self.text.options.on_short,
            std::cmp::Ordering::Greater => self.text.options.on_long,
        };
        if matches!(policy, Policy::Pad | Policy::Cut) {
            self.note(ErrorKind::FieldCount, policy);
            return Ok(());
        }
        Err(self.leave(field_count_error(expected, found, self.record.start), policy))
    }

    /// Makes a cell of each field whose column's type is known; of the others `Null` or `Text`.
    fn read_values(&mut self) -> std::result::Result<(), Out> {
        self.cells.clear();
        for index in 0..self.types.len() {
            let cell = match (self.cell(index), self.text.options.on_bad_value) {
                (Ok(cell), _) => cell,
                (Err(_), Policy::Null) => {
                    self.note(ErrorKind::BadValue, Policy::Null);
                    Cell::Null
                }
                (Err(misfit), policy) => {
                    let error = self.first_bad_value(misfit);
                    return Err(self.leave(error, policy));
                }
            };
            self.cells.push(cell);
        }
        Ok(())
    }

    /// The cell of a selected column.
    ///
    /// Errors: the column and its type, where the field does not fit.
    fn cell(&mut self, index: usize) -> std::result::Result<Cell, (usize, DataType)> {
        let one = &self.types[index];
        let Some(field) = self.record.fields.get(one.column) else {
            // Padded.
            return Ok(Cell::Null);
        };
        let held = self.record.held(field, self.text.table.bytes);
        let bytes = FieldBytes { held, start: field.start, end: field.end };
        if !field.is_literal && self.null_values.contains(bytes.get()) {
            return Ok(Cell::Null);
        }
        let Some(dtype) = &one.dtype else { return Ok(Cell::Text) };
        let cell = self.forms.parse(dtype, one.is_declared, bytes);
        cell.ok_or_else(|| (one.column, dtype.clone()))
    }

    /// The error of the leftmost field that does not fit, in whichever order columns are selected;
    /// one is known.
    fn first_bad_value(&mut self, known: (usize, DataType)) -> Error {
        let all = (0..self.types.len()).filter_map(|index| self.cell(index).err());
        let (column, dtype) =
            all.fold(known, |first, one| if one.0 < first.0 { one } else { first });
        let field = &self.record.fields[column];
        let held = self.record.held(field, self.text.table.bytes);
        let bytes = FieldBytes { held, start: field.start, end: field.end };
        bad_value_error(&dtype, bytes.get(), &self.text.header.names[column], field.offset)
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
            _ => self.located(error),
        };
        match policy {
            Policy::Skip => {}
            Policy::Quarantine if error.kind() == kind => {
                let table = self.text.table;
                let origin = Origin { file: table.name, original_offset: table.original_offset };
                let raw = &table.bytes[self.record.start..self.record.end];
                if let Err(full) = self.log.keep(error, raw, &origin) {
                    return Out::Wrong(full);
                }
            }
            _ => return Out::Wrong(error),
        }
        self.log.count(kind, policy, 1);
        Out::Left
    }

    /// Adds record and line to an error that knows its offset.
    fn located(&mut self, error: Error) -> Error {
        let number = self.place.number;
        let error = self.place.lines.place(self.text.table.bytes, error, self.text.context);
        match error.kind() {
            ErrorKind::Cancelled => error,
            _ => error.at(|place| place.record = Some(number)),
        }
    }
}

/// As much of the bytes as is UTF-8, from their start.
fn valid_start(bytes: &[u8]) -> &str {
    match utf8::validate(bytes) {
        Ok(text) => text,
        Err(offset) => utf8::validate(&bytes[..offset]).unwrap_or(""),
    }
}

/// Replaces the bytes of a record's fields that are no text.
fn replace_invalid(record: &mut Record, bytes: &[u8]) {
    let mut text = Vec::with_capacity(record.text.len() + 16);
    for field in &mut record.fields {
        let start = text.len();
        let held = if field.is_own { &record.text } else { bytes };
        let valid = String::from_utf8_lossy(&held[field.start..field.end]);
        text.extend_from_slice(valid.as_bytes());
        (field.start, field.end, field.is_own) = (start, text.len(), true);
    }
    record.text = text;
}
