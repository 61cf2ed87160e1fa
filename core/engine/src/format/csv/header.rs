//! What the start of a file says: where the records begin, how many columns there are, their names;
//! and, with the options, which of them are read as what.

use std::collections::HashSet;

use super::lines;
use super::options::CsvReadOptions;
use super::record::{self, Record};
use crate::bytes::scan::Needles;
use crate::column::{ColumnDef, DataType, Schema};
use crate::context::Context;
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
    /// Whether text may become a dictionary where that is worth it.
    pub is_auto: bool,
}

impl Header {
    /// Type that the caller gave to each column of the file that is read.
    pub fn declared(&self) -> Vec<Option<DataType>> {
        let mut declared = vec![None; self.names.len()];
        for selected in &self.selected {
            declared[selected.column] = selected.declared.clone();
        }
        declared
    }
}

/// Reads the start of a file whose dialect is the quick reader's.
///
/// Errors: `EmptyInput`, `DuplicateColumn`, `UnknownColumn`, `InvalidOption` when `column_names`
/// does not fit, `InvalidUtf8` and `Unsupported` for other encodings and line ends, those of a
/// record; `Cancelled`.
pub(super) fn read_header(
    bytes: &[u8],
    needles: Needles,
    options: &CsvReadOptions,
    context: &Context,
) -> Result<Header> {
    let start = records_start(bytes, options, false, context)?;
    let place = |error, number| record::complete(bytes, error, number, context);
    let first = first_record(bytes, start, needles, options.record_bytes_max(), context)
        .map_err(|error| place(error, (!options.header).then_some(1)))?;
    let Some(first) = first else { return Header::without_records(bytes, start, options) };
    let count = first.fields.len();
    if !options.header {
        return Header::without_names(count, start, options);
    }
    record::check_utf8(&bytes[first.start..first.next], first.start)
        .map_err(|error| place(error, None))?;
    let texts = first.fields.iter().map(|field| {
        let text = String::from_utf8_lossy(&bytes[field.start..field.end]);
        match field.is_quoted {
            true => record::unescape(&text, needles.quote).into_owned(),
            false => text.into_owned(),
        }
    });
    Header::from_texts(texts.collect(), first.next, options)
}

/// Where the records start: behind the byte-order mark and the lines that are skipped.
///
/// `is_return_end` says that a carriage return ends a line.
/// Errors: `EmptyInput` when nothing is left though a header is expected; `InvalidUtf8` for UTF-16;
/// `Cancelled`.
pub(super) fn records_start(
    bytes: &[u8],
    options: &CsvReadOptions,
    is_return_end: bool,
    context: &Context,
) -> Result<usize> {
    let mut start = skip_byte_order_mark(bytes)?;
    for _ in 0..options.skip_lines {
        let is_end = |byte| byte == b'\n' || (is_return_end && byte == b'\r');
        if let Some(end) = lines::find(bytes, start, is_end, context)? {
            start = end + 1;
            continue;
        }
        // Perhaps not one long line, but lines with other ends.
        let (_, before) = bytes.split_last().unwrap_or((&0, &[]));
        if !is_return_end
            && lines::has_byte(before, b'\r', context)?
            && !lines::has_byte(bytes, b'\n', context)?
        {
            return Err(returns_error(start));
        }
        start = bytes.len();
        break;
    }
    match start == bytes.len() && options.header {
        true if options.skip_lines > 0 => Err(empty_input().hint("skip_lines skips every line")),
        true => Err(empty_input()),
        false => Ok(start),
    }
}

impl Header {
    /// Columns of bytes without a record but for empty lines, which are records of one column.
    pub fn without_records(bytes: &[u8], start: usize, options: &CsvReadOptions) -> Result<Header> {
        match options.header {
            true => Err(empty_input()),
            false => Header::without_names(usize::from(start < bytes.len()), start, options),
        }
    }

    /// Columns that no record names.
    pub fn without_names(count: usize, start: usize, options: &CsvReadOptions) -> Result<Header> {
        let numbered = || (1..=count).map(numbered_name).collect();
        Header::new(options.column_names.clone().unwrap_or_else(numbered), start, options)
    }

    /// Columns with the names that the texts of a header give them, unless the options do.
    pub fn from_texts(
        texts: Vec<String>,
        data_start: usize,
        options: &CsvReadOptions,
    ) -> Result<Header> {
        if let Some(names) = &options.column_names {
            if names.len() != texts.len() {
                return Err(Error::mismatch(
                    ErrorKind::InvalidOption,
                    format!("{} names in option column_names", texts.len()),
                    names.len().to_string(),
                )
                .hint("give one name for each column of the file"));
            }
            return Header::new(names.clone(), data_start, options);
        }
        let named = texts.into_iter().enumerate().map(|(index, text)| match text.is_empty() {
            true => numbered_name(index + 1),
            false => text,
        });
        Header::new(named.collect(), data_start, options)
    }

    fn new(names: Vec<String>, data_start: usize, options: &CsvReadOptions) -> Result<Header> {
        check_distinct(&names)?;
        let selected = select(&names, options)?;
        Ok(Header { names, data_start, selected })
    }
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
            Err(error.at(|place| (place.byte_offset, place.line) = (Some(0), Some(1))))
        }
        _ => Ok(0),
    }
}

/// The first line that is not empty.
fn first_record(
    bytes: &[u8],
    start: usize,
    needles: Needles,
    record_bytes_max: usize,
    context: &Context,
) -> Result<Option<Record>> {
    let mut at = start;
    while at < bytes.len() {
        context.check()?;
        let record = record::read_record_within(bytes, at, needles, record_bytes_max)?;
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
    Err(returns_error(field.start))
}

/// Of a file that would be one record, with carriage returns in a field at `offset`.
pub(super) fn returns_error(offset: usize) -> Error {
    Error::new(ErrorKind::Unsupported, "the lines end in carriage returns without newlines")
        .at(|place| place.byte_offset = Some(offset as u64))
        .hint("convert the line ends first, for example with tr '\\r' '\\n'")
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
    let declared = declare(&schema, options)?;
    let columns = match &options.select {
        None => (0..names.len()).collect(),
        Some(wanted) => {
            wanted.iter().map(|name| schema.require(name)).collect::<Result<Vec<_>>>()?
        }
    };
    let is_auto = options.auto_dictionary;
    let selected = |column| Selected { column, declared: declared[column].clone(), is_auto };
    Ok(columns.into_iter().map(selected).collect())
}

/// The types that the options give: a name wins over a pattern, patterns must agree.
fn declare(schema: &Schema, options: &CsvReadOptions) -> Result<Vec<Option<DataType>>> {
    let texts = options.text_columns.iter().map(|name| (name, &DataType::Utf8));
    let wishes: Vec<(&String, &DataType)> =
        options.schema.iter().map(|(name, dtype)| (name, dtype)).chain(texts).collect();
    let mut declared = vec![None; schema.len()];
    let mut patterns = Vec::new();
    for (name, dtype) in wishes {
        match schema.find(name) {
            Some(column) => declared[column] = Some(dtype.clone()),
            None if is_pattern(name) => patterns.push((name, dtype)),
            None => {
                schema.require(name)?;
            }
        }
    }
    let mut by_pattern: Vec<Option<(&String, &DataType)>> = vec![None; schema.len()];
    for (pattern, dtype) in patterns {
        let mut is_used = false;
        for (column, definition) in schema.columns().iter().enumerate() {
            if !matches(pattern, &definition.name) {
                continue;
            }
            is_used = true;
            match by_pattern[column] {
                Some((other, found)) if found != dtype && declared[column].is_none() => {
                    return Err(Error::new(
                        ErrorKind::InvalidOption,
                        format!(
                            "patterns {other:?} and {pattern:?} give column {:?} two types: {} \
                             and {}",
                            definition.name,
                            found.name(),
                            dtype.name()
                        ),
                    )
                    .hint("name the column itself: a name wins over a pattern"));
                }
                _ => by_pattern[column] = Some((pattern, dtype)),
            }
        }
        if !is_used {
            return Err(Error::new(
                ErrorKind::UnknownColumn,
                format!("no column matches the pattern {pattern:?}"),
            )
            .hint("`*` stands for any text, `?` for one character"));
        }
    }
    let both = declared.into_iter().zip(by_pattern);
    Ok(both.map(|(exact, pattern)| exact.or(pattern.map(|(_, dtype)| dtype.clone()))).collect())
}

fn is_pattern(name: &str) -> bool {
    name.contains(['*', '?'])
}

/// Whether a name is one that a pattern stands for: `*` any text, `?` one character.
///
/// Cost: O(length of the pattern x length of the name).
fn matches(pattern: &str, name: &str) -> bool {
    let pattern: Vec<char> = pattern.chars().collect();
    // reached[n]: the pattern so far stands for the first n characters.
    let name: Vec<char> = name.chars().collect();
    let mut reached = vec![false; name.len() + 1];
    reached[0] = true;
    for part in pattern {
        if part == '*' {
            let first = reached.iter().position(|is| *is).unwrap_or(reached.len());
            reached[first..].fill(true);
            continue;
        }
        for end in (1..=name.len()).rev() {
            reached[end] = reached[end - 1] && (part == '?' || part == name[end - 1]);
        }
        reached[0] = false;
    }
    reached[name.len()]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn patterns_match_whole_names() {
        for (pattern, name, expected) in [
            ("*", "", true),
            ("a*", "abc", true),
            ("a*", "ba", false),
            ("*_id", "customer_id", true),
            ("*_id", "idx", false),
            ("a?c", "aéc", true),
            ("a?c", "ac", false),
            ("*a*b*", "xaxbx", true),
            ("*a*b*", "xbxax", false),
            ("", "", true),
            ("", "a", false),
        ] {
            assert_eq!(matches(pattern, name), expected, "{pattern:?} {name:?}");
        }
    }

    #[test]
    fn a_name_wins_over_a_pattern_and_patterns_must_agree() {
        let names = ["a_id", "b_id", "c"].map(str::to_owned);
        let wish = |name: &str, dtype| (name.to_owned(), dtype);
        let schema = vec![wish("*_id", DataType::Utf8), wish("a_id", DataType::Int64)];
        let options = CsvReadOptions { schema, ..Default::default() };
        let found: Vec<_> = select(&names, &options)
            .expect("fits")
            .iter()
            .map(|one| one.declared.clone())
            .collect();
        assert_eq!(found, [Some(DataType::Int64), Some(DataType::Utf8), None]);

        let schema = vec![wish("*_id", DataType::Utf8), wish("b*", DataType::Int64)];
        let options = CsvReadOptions { schema, ..Default::default() };
        let error = select(&names, &options).expect_err("two types");
        assert_eq!(error.kind(), ErrorKind::InvalidOption);
        assert!(error.to_string().contains("\"*_id\" and \"b*\""), "{error}");

        let text_columns = vec!["x*".to_owned()];
        let options = CsvReadOptions { text_columns, ..Default::default() };
        let error = select(&names, &options).expect_err("no such column");
        assert_eq!(error.kind(), ErrorKind::UnknownColumn);
    }
}
