//! A slow reader that is right for all to see: docs/csv.md as one state machine, a byte at a time,
//! everything in memory. It shares no code with the engine's readers.
//!
//! It does not say where a record ends that may be too long and has quotes out of place as well,
//! nor how many columns a file without names has whose first record is left out: there it gives no
//! verdict.

use std::collections::BTreeSet;

use pardox_engine::column::{DataType, Scalar};
use pardox_engine::error::ErrorKind;
use pardox_engine::format::csv::{CsvReadOptions, Policy};

use crate::spelling;

/// What a file is.
#[derive(Debug)]
pub enum Verdict {
    /// A table, and what was set aside.
    Table(Table),
    /// An error; of records also which, counted from 1.
    Error(ErrorKind, Option<u64>),
    /// Not said here.
    Open,
}

/// A table.
#[derive(Debug, Default)]
pub struct Table {
    /// Names and types of the columns that are read.
    pub columns: Vec<(String, DataType)>,
    /// The rows.
    pub rows: Vec<Vec<Scalar>>,
    /// How many rows met what: reason, action, rows.
    pub counts: Vec<(String, String, i64)>,
    /// Record, byte offset, text and reason of each record that was kept aside.
    pub kept: Vec<(i64, i64, String, String)>,
    /// Records of the file, those that were left out included.
    pub record_count: u64,
}

/// Reads a file.
pub fn read(bytes: &[u8], options: &CsvReadOptions) -> Verdict {
    match Reader::new(bytes, options).read() {
        Ok(table) => Verdict::Table(table),
        Err(Stop::Error(kind, record)) => Verdict::Error(kind, record),
        Err(Stop::Open) => Verdict::Open,
    }
}

enum Stop {
    Error(ErrorKind, Option<u64>),
    Open,
}

/// A field's text without what stands for something else, and whether it can be null.
#[derive(Default)]
struct Field {
    text: Vec<u8>,
    is_literal: bool,
    /// Where its text starts in the file, behind a quote.
    offset: usize,
    /// Bytes of the text that trimming leaves alone.
    kept: usize,
}

struct Record {
    fields: Vec<Field>,
    end: usize,
    next: usize,
}

impl Record {
    fn is_blank(&self) -> bool {
        matches!(&self.fields[..], [field] if !field.is_literal && field.text.is_empty())
    }
}

/// A quote out of place: what an error says of it, and where the quote opens.
struct Fault {
    kind: ErrorKind,
    offset: usize,
    opening: usize,
}

/// What is done about a quote out of place.
#[derive(Clone, Copy, PartialEq)]
enum Repair {
    /// Nothing.
    Refused,
    /// The quote that closes too early is text, if the field then ends on its line.
    InnerIsText,
    /// The quote that opens is text.
    OpeningIsText,
}

enum State {
    FieldStart,
    Unquoted,
    Quoted,
    Closed,
}

struct Reader<'a> {
    bytes: &'a [u8],
    options: &'a CsvReadOptions,
    /// There is no newline in the file.
    is_return_end: bool,
}

struct Header {
    names: Vec<String>,
    data_start: usize,
}

impl<'a> Reader<'a> {
    fn new(bytes: &'a [u8], options: &'a CsvReadOptions) -> Reader<'a> {
        Reader { bytes, options, is_return_end: !bytes.contains(&b'\n') }
    }

    /// Bytes of the line end at an offset; 0 where none is.
    fn line_end(&self, at: usize) -> usize {
        match &self.bytes[at..] {
            [b'\n', ..] => 1,
            [b'\r', b'\n', ..] => 2,
            [b'\r'] => 1,
            [b'\r', ..] if self.is_return_end => 1,
            _ => 0,
        }
    }

    /// The end of the line that an offset lies in, and the start of the next.
    fn rest_of_line(&self, mut at: usize) -> (usize, usize) {
        while at < self.bytes.len() && self.line_end(at) == 0 {
            at += 1;
        }
        (at, at + self.line_end(at))
    }

    fn is_delimiter(&self, at: usize) -> bool {
        self.bytes[at..].starts_with(self.options.delimiter.as_bytes())
    }

    fn is_byte(&self, at: usize, byte: Option<u8>) -> bool {
        byte.is_some() && self.bytes.get(at).copied() == byte
    }

    /// A blank that trimming leaves out.
    fn is_blank(&self, at: usize) -> bool {
        let is_blank = matches!(self.bytes.get(at), Some(b' ' | b'\t'));
        self.options.trim && is_blank && !self.is_delimiter(at)
    }

    /// The line behind a comment.
    fn comment(&self, start: usize) -> Option<usize> {
        let comment = self.options.comment.as_ref()?.as_bytes();
        let mut at = start;
        while self.is_blank(at) {
            at += 1;
        }
        self.bytes[at..].starts_with(comment).then(|| self.rest_of_line(at).1)
    }

    /// Reads a record, repaired where that is wanted: gives the kind of what was wrong.
    fn repaired(
        &self,
        start: usize,
        width: Option<usize>,
    ) -> Result<(Record, Option<ErrorKind>), Fault> {
        let fault = match self.record(start, Repair::Refused) {
            Err(fault) if self.options.on_bad_quote == Policy::Repair => fault,
            outcome => return outcome.map(|record| (record, None)),
        };
        let inner = self.record(start, Repair::InnerIsText).ok();
        let fits = |record: &Record| width.is_none_or(|width| width == record.fields.len());
        let record = match inner.filter(fits) {
            Some(record) => record,
            None => self.record(start, Repair::OpeningIsText)?,
        };
        Ok((record, Some(fault.kind)))
    }

    fn record(&self, start: usize, repair: Repair) -> Result<Record, Fault> {
        let (bytes, options) = (self.bytes, self.options);
        // Where the last quote closed, and the first one that closed too early.
        let (mut closing, mut stray) = (start, None::<usize>);
        // The opening quote that is text.
        let mut text_quote = None;
        let (mut at, mut state, mut opening) = (start, State::FieldStart, start);
        let mut fields = Vec::new();
        let mut field = Field::default();
        loop {
            let is_end = at == bytes.len() || self.line_end(at) > 0;
            let ends_field = is_end || self.is_delimiter(at);
            match state {
                State::FieldStart if self.is_blank(at) => at += 1,
                State::FieldStart if self.is_byte(at, options.quote) && text_quote != Some(at) => {
                    (field.is_literal, field.offset) = (true, at + 1);
                    (opening, state) = (at, State::Quoted);
                    at += 1;
                }
                State::FieldStart => {
                    field.offset = at;
                    state = State::Unquoted;
                }
                State::Quoted if at == bytes.len() && repair == Repair::OpeningIsText => {
                    (field, text_quote) = (Field::default(), Some(opening));
                    (at, state) = (opening, State::FieldStart);
                }
                State::Quoted if at == bytes.len() => {
                    let (kind, offset) = match stray {
                        Some(offset) => (ErrorKind::StrayQuote, offset),
                        None => (ErrorKind::UnterminatedQuote, opening),
                    };
                    return Err(Fault { kind, offset, opening });
                }
                State::Unquoted | State::Closed if ends_field => {
                    while let (State::Unquoted, true, Some(b' ' | b'\t')) =
                        (&state, options.trim && field.text.len() > field.kept, field.text.last())
                    {
                        field.text.pop();
                    }
                    fields.push(std::mem::take(&mut field));
                    stray = None;
                    if is_end && !self.is_delimiter(at) {
                        return Ok(Record { fields, end: at, next: at + self.line_end(at) });
                    }
                    (at, state) = (at + options.delimiter.len(), State::FieldStart);
                }
                State::Unquoted | State::Quoted
                    if self.is_byte(at, options.escape) && at + 1 < bytes.len() =>
                {
                    let is_pair = bytes[at + 1..].starts_with(b"\r\n");
                    let end = at + 2 + usize::from(is_pair);
                    field.text.extend_from_slice(&bytes[at + 1..end]);
                    (field.is_literal, field.kept) = (true, field.text.len());
                    at = end;
                }
                State::Quoted if self.is_byte(at, options.quote) => {
                    let is_doubled =
                        options.escape.is_none() && self.is_byte(at + 1, options.quote);
                    if is_doubled {
                        field.text.push(bytes[at]);
                        at += 1;
                    } else {
                        (closing, state) = (at, State::Closed);
                    }
                    at += 1;
                }
                State::Closed if self.is_blank(at) => at += 1,
                State::Closed => match repair {
                    Repair::Refused => {
                        return Err(Fault { kind: ErrorKind::StrayQuote, offset: at, opening });
                    }
                    Repair::InnerIsText => {
                        stray = stray.or(Some(at));
                        field.text.push(bytes[closing]);
                        (at, state) = (closing + 1, State::Quoted);
                    }
                    Repair::OpeningIsText => {
                        (field, text_quote) = (Field::default(), Some(opening));
                        (at, state) = (opening, State::FieldStart);
                    }
                },
                State::Quoted if stray.is_some() && matches!(bytes[at], b'\n' | b'\r') => {
                    let offset = stray.unwrap_or(at);
                    return Err(Fault { kind: ErrorKind::StrayQuote, offset, opening });
                }
                State::Unquoted | State::Quoted => {
                    field.text.push(bytes[at]);
                    at += 1;
                }
            }
        }
    }

    fn start(&self) -> Result<usize, Stop> {
        let mut at = match self.bytes {
            [0xEF, 0xBB, 0xBF, ..] => 3,
            [0xFF, 0xFE, ..] | [0xFE, 0xFF, ..] => {
                return Err(Stop::Error(ErrorKind::InvalidUtf8, None));
            }
            _ => 0,
        };
        for _ in 0..self.options.skip_lines {
            let is_end = |byte: &u8| *byte == b'\n' || (self.is_return_end && *byte == b'\r');
            let length = self.bytes[at..].iter().position(is_end);
            at = length.map_or(self.bytes.len(), |length| at + length + 1);
        }
        Ok(at)
    }

    fn header(&self) -> Result<Header, Stop> {
        let options = self.options;
        let start = self.start()?;
        let error = |kind| Err(Stop::Error(kind, None));
        let numbered = |count: usize| (1..=count).map(|number| format!("column_{number}"));
        let given = || options.column_names.clone();
        let mut at = start;
        let record = loop {
            if at == self.bytes.len() {
                let count = usize::from(start < self.bytes.len());
                return match options.header {
                    true => error(ErrorKind::EmptyInput),
                    false => {
                        let names = given().unwrap_or_else(|| numbered(count).collect());
                        Ok(Header { names, data_start: start })
                    }
                };
            }
            if let Some(next) = self.comment(at) {
                at = next;
                continue;
            }
            let record = match self.repaired(at, options.column_names.as_ref().map(Vec::len)) {
                Ok((_, Some(_))) if self.is_small() => return Err(Stop::Open),
                Ok((record, _)) => record,
                Err(_) if self.is_small() => return Err(Stop::Open),
                Err(_) if !options.header && options.on_bad_quote != Policy::Error => {
                    match given().filter(|_| !self.bytes.contains(&b'\r')) {
                        Some(names) => return Ok(Header { names, data_start: start }),
                        None => return Err(Stop::Open),
                    }
                }
                Err(fault) => {
                    return Err(Stop::Error(fault.kind, (!options.header).then_some(1)));
                }
            };
            self.check_length(at, &record).map_err(|stop| match stop {
                Stop::Error(kind, _) => Stop::Error(kind, (!options.header).then_some(1)),
                stop => stop,
            })?;
            if !record.is_blank() {
                break (at, record);
            }
            at = record.next;
        };
        let (at, record) = record;
        let has_return = |field: &Field| !field.is_literal && field.text.contains(&b'\r');
        if record.next == self.bytes.len() && record.fields.iter().any(has_return) {
            let record = (!options.header).then_some(1);
            return Err(Stop::Error(ErrorKind::Unsupported, record));
        }
        if !options.header {
            let names = given().unwrap_or_else(|| numbered(record.fields.len()).collect());
            return Ok(Header { names, data_start: start });
        }
        let is_text = std::str::from_utf8(&self.bytes[at..record.next]).is_ok();
        if !is_text && options.on_bad_encoding != Policy::Replace {
            return error(ErrorKind::InvalidUtf8);
        }
        let names: Vec<String> = match given() {
            Some(names) if names.len() != record.fields.len() => {
                return error(ErrorKind::InvalidOption);
            }
            Some(names) => names,
            None => record
                .fields
                .iter()
                .zip(numbered(record.fields.len()))
                .map(|(field, number)| match field.text.is_empty() {
                    true => number,
                    false => String::from_utf8_lossy(&field.text).into_owned(),
                })
                .collect(),
        };
        if names.iter().collect::<BTreeSet<_>>().len() < names.len() {
            return error(ErrorKind::DuplicateColumn);
        }
        Ok(Header { names, data_start: record.next })
    }

    /// Whether a record of the file may be too long.
    fn is_small(&self) -> bool {
        self.options.max_record_bytes < self.bytes.len() as u64
    }

    fn check_length(&self, start: usize, record: &Record) -> Result<(), Stop> {
        let is_long = (record.end - start) as u64 > self.options.max_record_bytes;
        match (is_long, self.options.on_bad_quote) {
            (false, _) => Ok(()),
            (true, Policy::Error) => Err(Stop::Error(ErrorKind::LimitExceeded, None)),
            (true, _) => Err(Stop::Open),
        }
    }

    fn read(&self) -> Result<Table, Stop> {
        let Header { names, data_start } = self.header()?;
        let types = self.given_types(&names)?;
        let columns: Vec<usize> = match &self.options.select {
            None => (0..names.len()).collect(),
            Some(wanted) => {
                let place = |name| names.iter().position(|found| found == name);
                let places: Option<Vec<usize>> = wanted.iter().map(place).collect();
                places.ok_or(Stop::Error(ErrorKind::UnknownColumn, None))?
            }
        };
        let typed = |column: &usize| types[*column].map(|dtype| (dtype, true));
        let given: Vec<Option<(DataType, bool)>> = columns.iter().map(typed).collect();
        let mut found = given.clone();
        if given.contains(&None) {
            // What the values of columns without a type look like.
            let limit = self.options.infer_rows.unwrap_or(u64::MAX);
            let mut looks: Vec<Vec<Vec<u8>>> = vec![Vec::new(); columns.len()];
            self.rows(data_start, names.len(), &columns, &given, limit, &mut |fields, _| {
                for (looks, field) in looks.iter_mut().zip(fields) {
                    looks.extend(field.map(<[u8]>::to_vec));
                }
            })?;
            for (found, looks) in found.iter_mut().zip(&looks) {
                let values: Vec<&[u8]> = looks.iter().map(Vec::as_slice).collect();
                *found = found.or_else(|| Some((spelling::infer(&values, self.options), false)));
            }
        }
        let mut rows = Vec::new();
        let mut table =
            self.rows(data_start, names.len(), &columns, &found, u64::MAX, &mut |_, values| {
                rows.push(values);
            })?;
        let named = columns.iter().zip(found);
        let named = named.map(|(column, found)| {
            (names[*column].clone(), found.map_or(DataType::Utf8, |(dtype, _)| dtype))
        });
        (table.rows, table.columns) = (rows, named.collect());
        Ok(table)
    }

    /// The types that the options give: names, and the pattern `*`.
    fn given_types(&self, names: &[String]) -> Result<Vec<Option<DataType>>, Stop> {
        let mut types = vec![None; names.len()];
        let texts = self.options.text_columns.iter().map(|name| (name, DataType::Utf8));
        let wishes = self.options.schema.iter().map(|(name, dtype)| (name, *dtype)).chain(texts);
        let (mut exact, mut every) = (Vec::new(), None);
        for (name, dtype) in wishes {
            match names.iter().position(|found| found == name) {
                Some(column) => exact.push((column, dtype)),
                None if name == "*" && !names.is_empty() => every = Some(dtype),
                None => return Err(Stop::Error(ErrorKind::UnknownColumn, None)),
            }
        }
        types.fill(every);
        for (column, dtype) in exact {
            types[column] = Some(dtype);
        }
        Ok(types)
    }

    /// Walks the records: `each` is told of the fields and the values of every row, null where
    /// there is no type. Gives what was set aside.
    fn rows(
        &self,
        data_start: usize,
        width: usize,
        columns: &[usize],
        types: &[Option<(DataType, bool)>],
        limit: u64,
        each: &mut dyn FnMut(&[Option<&[u8]>], Vec<Scalar>),
    ) -> Result<Table, Stop> {
        let options = self.options;
        let mut table = Table::default();
        let (mut at, mut row_count) = (data_start, 0);
        while at < self.bytes.len() && row_count < limit {
            if let Some(next) = self.comment(at) {
                at = next;
                continue;
            }
            let start = at;
            let (mut record, repaired) = match self.repaired(start, Some(width)) {
                Ok((_, Some(_))) if self.is_small() => return Err(Stop::Open),
                Ok(record) => record,
                Err(fault) => {
                    table.record_count += 1;
                    let policy = options.on_bad_quote;
                    if self.is_small() {
                        return Err(Stop::Open);
                    }
                    let (end, next) = self.rest_of_line(fault.opening);
                    self.leave(&mut table, fault.kind, policy, fault.offset, start..end)?;
                    at = next;
                    continue;
                }
            };
            if record.is_blank() && width != 1 {
                // An empty line is no longer than a record may be, unless blanks are left out.
                if (record.end - start) as u64 > options.max_record_bytes {
                    return Err(Stop::Open);
                }
                at = record.next;
                continue;
            }
            table.record_count += 1;
            let number = table.record_count;
            self.check_length(start, &record).map_err(|stop| match stop {
                Stop::Error(kind, _) => Stop::Error(kind, Some(number)),
                stop => stop,
            })?;
            at = record.next;
            let raw = start..record.end;
            let mut done: Vec<_> =
                repaired.into_iter().map(|kind| (kind, Policy::Repair)).collect();
            if let Err(error) = std::str::from_utf8(&self.bytes[start..record.next]) {
                let offset = start + error.valid_up_to();
                match options.on_bad_encoding {
                    Policy::Replace => {
                        done.push((ErrorKind::InvalidUtf8, Policy::Replace));
                        for field in &mut record.fields {
                            let text = String::from_utf8_lossy(&field.text);
                            field.text = text.into_owned().into_bytes();
                        }
                    }
                    policy => {
                        self.leave(&mut table, ErrorKind::InvalidUtf8, policy, offset, raw)?;
                        continue;
                    }
                }
            }
            if record.fields.len() != width {
                let is_short = record.fields.len() < width;
                match if is_short { options.on_short } else { options.on_long } {
                    policy @ (Policy::Pad | Policy::Cut) => {
                        done.push((ErrorKind::FieldCount, policy));
                    }
                    policy => {
                        self.leave(&mut table, ErrorKind::FieldCount, policy, start, raw)?;
                        continue;
                    }
                }
            }
            let fields: Vec<Option<&[u8]>> = columns
                .iter()
                .map(|column| {
                    let field = record.fields.get(*column)?;
                    let is_word =
                        |word: &String| !field.is_literal && word.as_bytes() == field.text;
                    (!options.null_values.iter().any(is_word)).then_some(&field.text[..])
                })
                .collect();
            let mut values = Vec::new();
            let mut bad = None;
            for ((field, column), dtype) in fields.iter().zip(columns).zip(types) {
                let (Some(field), Some((dtype, is_given))) = (field, dtype) else {
                    values.push(Scalar::Null);
                    continue;
                };
                match spelling::value(*dtype, *is_given, field, options) {
                    Some(value) => values.push(value),
                    None if options.on_bad_value == Policy::Null => {
                        values.push(Scalar::Null);
                        if !done.contains(&(ErrorKind::BadValue, Policy::Null)) {
                            done.push((ErrorKind::BadValue, Policy::Null));
                        }
                    }
                    None => {
                        bad = Some(record.fields[*column].offset);
                        break;
                    }
                }
            }
            if let Some(offset) = bad {
                let policy = options.on_bad_value;
                self.leave(&mut table, ErrorKind::BadValue, policy, offset, raw)?;
                continue;
            }
            for (kind, policy) in done {
                table.count(kind, policy);
            }
            row_count += 1;
            each(&fields, values);
        }
        Ok(table)
    }

    /// Leaves the record out that was counted last, or stops.
    fn leave(
        &self,
        table: &mut Table,
        kind: ErrorKind,
        policy: Policy,
        offset: usize,
        raw: std::ops::Range<usize>,
    ) -> Result<(), Stop> {
        let number = table.record_count;
        match policy {
            Policy::Skip => {}
            Policy::Quarantine => {
                let raw = String::from_utf8_lossy(&self.bytes[raw]).into_owned();
                let reason = kind.name().to_owned();
                table.kept.push((number as i64, offset as i64, raw, reason));
            }
            _ => return Err(Stop::Error(kind, Some(number))),
        }
        table.count(kind, policy);
        Ok(())
    }
}

impl Table {
    fn count(&mut self, kind: ErrorKind, policy: Policy) {
        let (reason, action) = (kind.name(), policy.name());
        let same =
            |(found, done, _): &&mut (String, String, i64)| found == reason && done == action;
        match self.counts.iter_mut().find(same) {
            Some((_, _, rows)) => *rows += 1,
            None => self.counts.push((reason.to_owned(), action.to_owned(), 1)),
        }
    }
}
