//! What the start of a file says: where the records begin, how many columns there are, their names;
//! and, with the options, which of them are read as what.

use std::collections::HashSet;

use super::options::CsvReadOptions;
use super::record::{self, Record};
use crate::bytes::scan::Needles;
use crate::column::{ColumnDef, DataType, Schema};
use crate::error::{Error, ErrorKind, Result};

/// The columns of a file and where its records begin.
#[derive(Debug)]
pub(super) struct Header {
    /// Names of all columns.
    pub names: Vec<String>,
    /// Offset of the first record that holds data.
    pub data_start: usize,
    /// Columns to read, in order of the result.
    pub selected: Vec<Selected>,
}

/// A column to read.
#[derive(Debug)]
pub(super) struct Selected {
    /// Position in the file.
    pub column: usize,
    /// The type, where the caller gave one.
    pub declared: Option<DataType>,
}

impl Header {
    /// Type that the caller gave to each column of the file that is read.
    pub fn declared(&self) -> Vec<Option<DataType>> {
        let mut declared = vec![None; self.names.len()];
        for selected in &self.selected {
            declared[selected.column] = selected.declared;
        }
        declared
    }
}

/// Reads the start of a file.
///
/// Errors: `EmptyInput`, `DuplicateColumn`, `UnknownColumn`, `InvalidOption` when `column_names`
/// does not fit, `InvalidUtf8` and `Unsupported` for other encodings and line ends, and those of a
/// record.
pub(super) fn read_header(
    bytes: &[u8],
    needles: Needles,
    options: &CsvReadOptions,
) -> Result<Header> {
    let start = skip_byte_order_mark(bytes)?;
    if start == bytes.len() {
        return Err(empty_input());
    }
    let first = first_record(bytes, start, needles)
        .map_err(|error| record::complete(bytes, error, (!options.header).then_some(1)))?;
    let (names, data_start) = match (options.header, first) {
        (true, None) => return Err(empty_input()),
        (true, Some(first)) => (header_names(bytes, &first, needles, options)?, first.next),
        (false, first) => {
            let count = first.map_or(1, |record| record.fields.len());
            let numbered = || (1..=count).map(numbered_name).collect();
            (options.column_names.clone().unwrap_or_else(numbered), start)
        }
    };
    check_distinct(&names)?;
    let selected = select(&names, options)?;
    Ok(Header { names, data_start, selected })
}

fn empty_input() -> Error {
    Error::new(ErrorKind::EmptyInput, "expected a table, found no record")
        .hint("check that the file was written completely")
}

fn numbered_name(number: usize) -> String {
    format!("column_{number}")
}

fn skip_byte_order_mark(bytes: &[u8]) -> Result<usize> {
    match bytes {
        [0xEF, 0xBB, 0xBF, ..] => Ok(3),
        [0xFF, 0xFE, ..] | [0xFE, 0xFF, ..] => {
            let found = "the byte-order mark of UTF-16";
            let error = Error::mismatch(ErrorKind::InvalidUtf8, "UTF-8 text", found)
                .hint("set option encoding to \"utf-16\"");
            Err(record::complete(bytes, error.at(|place| place.byte_offset = Some(0)), None))
        }
        _ => Ok(0),
    }
}

/// The first line that is not empty.
fn first_record(bytes: &[u8], start: usize, needles: Needles) -> Result<Option<Record>> {
    let mut at = start;
    while at < bytes.len() {
        let record = record::read_record(bytes, at, needles)?;
        if !record.is_blank() {
            check_line_ends(bytes, &record)?;
            return Ok(Some(record));
        }
        at = record.next;
    }
    Ok(None)
}

/// A file without newlines and with carriage returns would be one record, and its table nonsense.
fn check_line_ends(bytes: &[u8], record: &Record) -> Result<()> {
    let has_return = |field: &record::FieldSpan| {
        !field.is_quoted && bytes[field.start..field.end].contains(&b'\r')
    };
    let is_whole_file = record.next == bytes.len();
    let Some(field) = record.fields.iter().find(|field| is_whole_file && has_return(field)) else {
        return Ok(());
    };
    Err(Error::new(ErrorKind::Unsupported, "the lines end in carriage returns without newlines")
        .at(|place| place.byte_offset = Some(field.start as u64))
        .hint("convert the line ends first, for example with tr '\\r' '\\n'"))
}

fn header_names(
    bytes: &[u8],
    first: &Record,
    needles: Needles,
    options: &CsvReadOptions,
) -> Result<Vec<String>> {
    record::check_utf8(&bytes[first.start..first.next], first.start)
        .map_err(|error| record::complete(bytes, error, None))?;
    if let Some(names) = &options.column_names {
        if names.len() != first.fields.len() {
            return Err(Error::mismatch(
                ErrorKind::InvalidOption,
                format!("{} names in option column_names", first.fields.len()),
                names.len().to_string(),
            )
            .hint("give one name for each column of the file"));
        }
        return Ok(names.clone());
    }
    let named = first.fields.iter().enumerate().map(|(index, field)| {
        let text = String::from_utf8_lossy(&bytes[field.start..field.end]);
        match text.is_empty() {
            true => numbered_name(index + 1),
            false if field.is_quoted => record::unescape(&text, needles.quote).into_owned(),
            false => text.into_owned(),
        }
    });
    Ok(named.collect())
}

fn check_distinct(names: &[String]) -> Result<()> {
    let mut seen = HashSet::new();
    match names.iter().find(|name| !seen.insert(name.as_str())) {
        None => Ok(()),
        Some(twice) => Err(Error::new(
            ErrorKind::DuplicateColumn,
            format!("column name {twice:?} occurs twice"),
        )
        .at(|place| place.column = Some(twice.clone()))
        .hint("give option column_names, one name of its own for each column")),
    }
}

fn select(names: &[String], options: &CsvReadOptions) -> Result<Vec<Selected>> {
    let definitions = names.iter().map(|name| ColumnDef::new(name, DataType::Utf8)).collect();
    let schema = Schema::new(definitions)?;
    let mut declared = vec![None; names.len()];
    for (name, dtype) in &options.schema {
        declared[schema.require(name)?] = Some(*dtype);
    }
    let columns = match &options.select {
        None => (0..names.len()).collect(),
        Some(wanted) => {
            wanted.iter().map(|name| schema.require(name)).collect::<Result<Vec<_>>>()?
        }
    };
    let selected = |column| Selected { column, declared: declared[column] };
    Ok(columns.into_iter().map(selected).collect())
}
