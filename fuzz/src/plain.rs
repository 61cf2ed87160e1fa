//! A slow reader that is right for all to see: docs/csv.md over the records of `grammar` and the
//! values of `spelling`, everything in memory. It shares no code with the engine's readers.
//!
//! It does not say where a record ends that may be too long and has quotes out of place as well,
//! nor how many columns a file without names has whose first record is left out: there it gives no
//! verdict.

use std::cmp::Ordering;
use std::collections::BTreeSet;

use pardox_engine::column::{DataType, Scalar};
use pardox_engine::error::ErrorKind;
use pardox_engine::format::csv::{CsvReadOptions, Policy};

use crate::grammar::{Field, Grammar, Record};
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

struct Reader<'a> {
    bytes: &'a [u8],
    options: &'a CsvReadOptions,
    grammar: Grammar<'a>,
}

/// The first record of a file.
enum First {
    None,
    /// Its quotes are out of place, and it is left out.
    Wrong,
    At(usize, Record),
}

/// A type, and whether the options give it.
type Typed = Option<(DataType, bool)>;

/// What is read of each record.
struct Wanted<'a> {
    /// Columns of the file.
    width: usize,
    columns: &'a [usize],
    types: &'a [Typed],
}

/// A row: the fields' texts and their values, null where there is no type.
struct Row {
    fields: Vec<Option<Vec<u8>>>,
    values: Vec<Scalar>,
}

struct Header {
    names: Vec<String>,
    data_start: usize,
}

impl<'a> Reader<'a> {
    fn new(bytes: &'a [u8], options: &'a CsvReadOptions) -> Reader<'a> {
        Reader { bytes, options, grammar: Grammar::new(bytes, options) }
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
            let is_end =
                |byte: &u8| *byte == b'\n' || (self.grammar.is_return_end && *byte == b'\r');
            let length = self.bytes[at..].iter().position(is_end);
            at = length.map_or(self.bytes.len(), |length| at + length + 1);
        }
        Ok(at)
    }

    fn header(&self) -> Result<Header, Stop> {
        let options = self.options;
        let start = self.start()?;
        let error = |kind| Err(Stop::Error(kind, None));
        let given = || options.column_names.clone();
        let unnamed = |count: usize| Header {
            names: given().unwrap_or_else(|| numbered(count).collect()),
            data_start: start,
        };
        let (at, record) = match self.first_record(start)? {
            First::None if options.header => return error(ErrorKind::EmptyInput),
            First::None => return Ok(unnamed(usize::from(start < self.bytes.len()))),
            // Left out like any other: then only names tell how many columns there are.
            First::Wrong => match given().filter(|_| !self.bytes.contains(&b'\r')) {
                Some(_) => return Ok(unnamed(0)),
                None => return Err(Stop::Open),
            },
            First::At(at, record) => (at, record),
        };
        let has_return = |field: &Field| !field.is_literal && field.text.contains(&b'\r');
        if record.next == self.bytes.len() && record.fields.iter().any(has_return) {
            let number = (!options.header).then_some(1);
            return Err(Stop::Error(ErrorKind::Unsupported, number));
        }
        if !options.header {
            return Ok(unnamed(record.fields.len()));
        }
        let is_text = std::str::from_utf8(&self.bytes[at..record.next]).is_ok();
        if !is_text && options.on_bad_encoding != Policy::Replace {
            return error(ErrorKind::InvalidUtf8);
        }
        let name = |(field, number): (&Field, String)| match field.text.is_empty() {
            true => number,
            false => String::from_utf8_lossy(&field.text).into_owned(),
        };
        let count = record.fields.len();
        let names: Vec<String> = match given() {
            Some(names) if names.len() != count => return error(ErrorKind::InvalidOption),
            Some(names) => names,
            None => record.fields.iter().zip(numbered(count)).map(name).collect(),
        };
        if names.iter().collect::<BTreeSet<_>>().len() < names.len() {
            return error(ErrorKind::DuplicateColumn);
        }
        Ok(Header { names, data_start: record.next })
    }

    /// The first line that is neither a comment nor empty.
    fn first_record(&self, start: usize) -> Result<First, Stop> {
        let options = self.options;
        let number = (!options.header).then_some(1);
        let width = options.column_names.as_ref().map(Vec::len);
        let mut at = start;
        while at < self.bytes.len() {
            if let Some(next) = self.grammar.comment(at) {
                at = next;
                continue;
            }
            let record = match self.grammar.record(at, width) {
                Ok((record, None)) => record,
                Ok(_) | Err(_) if self.is_small() => return Err(Stop::Open),
                Ok((record, Some(_))) => record,
                Err(_) if !options.header && options.on_bad_quote != Policy::Error => {
                    return Ok(First::Wrong);
                }
                Err(fault) => return Err(Stop::Error(fault.kind, number)),
            };
            self.check_length(at, &record, number)?;
            if !record.is_blank() {
                return Ok(First::At(at, record));
            }
            at = record.next;
        }
        Ok(First::None)
    }

    /// Whether a record of the file may be too long.
    fn is_small(&self) -> bool {
        self.options.max_record_bytes < self.bytes.len() as u64
    }

    fn check_length(&self, start: usize, record: &Record, number: Option<u64>) -> Result<(), Stop> {
        let is_long = (record.end - start) as u64 > self.options.max_record_bytes;
        match (is_long, self.options.on_bad_quote) {
            (false, _) => Ok(()),
            (true, Policy::Error) => Err(Stop::Error(ErrorKind::LimitExceeded, number)),
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
        let typed = |column: &usize| types[*column].clone().map(|dtype| (dtype, true));
        let given: Vec<Typed> = columns.iter().map(typed).collect();
        let width = names.len();
        let mut found = given.clone();
        if given.contains(&None) {
            let limit = self.options.infer_rows.unwrap_or(u64::MAX);
            let wanted = Wanted { width, columns: &columns, types: &given };
            let (_, rows) = self.rows(data_start, &wanted, limit)?;
            for (index, found) in found.iter_mut().enumerate() {
                let values = rows.iter().filter_map(|row| row.fields[index].as_deref());
                let values: Vec<&[u8]> = values.collect();
                if found.is_none() {
                    *found = Some((spelling::infer(&values, self.options), false));
                }
            }
        }
        let wanted = Wanted { width, columns: &columns, types: &found };
        let (mut table, rows) = self.rows(data_start, &wanted, u64::MAX)?;
        let rows = rows.into_iter().map(|row| row.values).collect();
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
        let schema = self.options.schema.iter();
        let wishes = schema.map(|(name, dtype)| (name, dtype.clone())).chain(texts);
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

    /// The rows, at most so many, and what was set aside.
    fn rows(&self, start: usize, wanted: &Wanted, limit: u64) -> Result<(Table, Vec<Row>), Stop> {
        let (mut table, mut rows) = (Table::default(), Vec::new());
        let mut at = start;
        while at < self.bytes.len() && (rows.len() as u64) < limit {
            if let Some(next) = self.grammar.comment(at) {
                at = next;
                continue;
            }
            let (record, repaired) = match self.grammar.record(at, Some(wanted.width)) {
                Ok((record, None)) => (record, None),
                Ok(_) | Err(_) if self.is_small() => return Err(Stop::Open),
                Ok(repaired) => repaired,
                Err(fault) => {
                    table.record_count += 1;
                    let (end, next) = self.grammar.rest_of_line(fault.opening);
                    let policy = self.options.on_bad_quote;
                    self.leave(&mut table, (fault.kind, policy), fault.offset, at..end)?;
                    at = next;
                    continue;
                }
            };
            let start = std::mem::replace(&mut at, record.next);
            if record.is_blank() && wanted.width != 1 {
                // It is no longer than a record may be, unless blanks are left out.
                match (record.end - start) as u64 > self.options.max_record_bytes {
                    true => return Err(Stop::Open),
                    false => continue,
                }
            }
            table.record_count += 1;
            self.check_length(start, &record, Some(table.record_count))?;
            let done = repaired.map(|kind| (kind, Policy::Repair));
            rows.extend(self.row(start, record, done, wanted, &mut table)?);
        }
        Ok((table, rows))
    }

    /// The row of a record; none where it is left out.
    fn row(
        &self,
        start: usize,
        mut record: Record,
        repaired: Option<(ErrorKind, Policy)>,
        wanted: &Wanted,
        table: &mut Table,
    ) -> Result<Option<Row>, Stop> {
        let options = self.options;
        let raw = start..record.end;
        let mut done: Vec<_> = repaired.into_iter().collect();
        if let Err(error) = std::str::from_utf8(&self.bytes[start..record.next]) {
            let action = (ErrorKind::InvalidUtf8, options.on_bad_encoding);
            if action.1 != Policy::Replace {
                self.leave(table, action, start + error.valid_up_to(), raw)?;
                return Ok(None);
            }
            done.push(action);
            for field in &mut record.fields {
                field.text = String::from_utf8_lossy(&field.text).into_owned().into_bytes();
            }
        }
        let policy = match record.fields.len().cmp(&wanted.width) {
            Ordering::Less => Some(options.on_short),
            Ordering::Equal => None,
            Ordering::Greater => Some(options.on_long),
        };
        if let Some(policy) = policy {
            let action = (ErrorKind::FieldCount, policy);
            if !matches!(policy, Policy::Pad | Policy::Cut) {
                self.leave(table, action, start, raw)?;
                return Ok(None);
            }
            done.push(action);
        }
        let fields = wanted.columns.iter().map(|column| {
            let field = record.fields.get(*column)?;
            let is_word = |word: &String| !field.is_literal && word.as_bytes() == field.text;
            (!options.null_values.iter().any(is_word)).then(|| field.text.clone())
        });
        let fields: Vec<Option<Vec<u8>>> = fields.collect();
        let action = (ErrorKind::BadValue, options.on_bad_value);
        let value = |index: usize| match (&fields[index], &wanted.types[index]) {
            (Some(text), Some((dtype, is_given))) => {
                spelling::value(dtype, *is_given, text, options)
            }
            _ => Some(Scalar::Null),
        };
        let first = leftmost_misfit(wanted, options, |index| value(index).is_none());
        if let Some(column) = first
            && action.1 != Policy::Null
        {
            self.leave(table, action, record.fields[column].offset, raw)?;
            return Ok(None);
        }
        let mut values = Vec::new();
        for index in 0..fields.len() {
            let value = value(index);
            if value.is_none() && !done.contains(&action) {
                done.push(action);
            }
            values.push(value.unwrap_or(Scalar::Null));
        }
        for (kind, policy) in done {
            table.count(kind, policy);
        }
        Ok(Some(Row { fields, values }))
    }

    /// Leaves the record out that was counted last, or stops.
    fn leave(
        &self,
        table: &mut Table,
        (kind, policy): (ErrorKind, Policy),
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

fn numbered(count: usize) -> impl Iterator<Item = String> {
    (1..=count).map(|number| format!("column_{number}"))
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

/// The leftmost column whose value leaves a record out, in whichever order columns are selected.
fn leftmost_misfit(
    wanted: &Wanted,
    options: &CsvReadOptions,
    is_misfit: impl Fn(usize) -> bool,
) -> Option<usize> {
    // A type that all values made was made by the records that stay: it leaves none out.
    let is_given = |index: usize| matches!(wanted.types[index], Some((_, true)));
    (0..wanted.columns.len())
        .filter(|index| is_given(*index) || options.infer_rows.is_some())
        .filter(|index| is_misfit(*index))
        .map(|index| wanted.columns[index])
        .min()
}
