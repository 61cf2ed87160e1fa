//! One record at a time, the plain way: for the header, and to say where an error is.
//!
//! The fast path (`index`, `decode`) only finds out that something is wrong. This one walks the
//! records in order, byte by byte, and names the first wrong thing: so the message is the same for
//! any number of threads. It is the grammar that the fast path must agree with.

use std::borrow::Cow;

use super::decode::parse_declared;
use super::fields::NullValues;
use super::lines::{Lines, has_byte};
use crate::bytes::scan::Needles;
use crate::bytes::utf8;
use crate::column::DataType;
use crate::context::Context;
use crate::error::{Error, ErrorKind, Result};

/// Longest text of a field that a message shows, in bytes.
const SHOWN_BYTES_MAX: usize = 60;

/// A field of a record: where its text stands, without the quotes around it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct FieldSpan {
    pub start: usize,
    pub end: usize,
    pub is_quoted: bool,
}

/// A record: its fields, and where the next one starts.
#[derive(Clone, Debug, Default)]
pub(super) struct Record {
    pub start: usize,
    pub fields: Vec<FieldSpan>,
    /// Where its line end starts.
    pub end: usize,
    pub next: usize,
}

impl Record {
    /// Whether the line is empty: one field, without quotes and without text.
    pub fn is_blank(&self) -> bool {
        matches!(self.fields[..], [FieldSpan { start, end, is_quoted: false }] if start == end)
    }
}

/// Reads the record that starts at `start`, which is before the end of the bytes.
///
/// Errors: `StrayQuote`, `UnterminatedQuote`, with the offset.
/// Source: RFC 4180, section 2.
pub(super) fn read_record(bytes: &[u8], start: usize, needles: Needles) -> Result<Record> {
    let mut record = Record { start, fields: Vec::new(), end: start, next: start };
    let mut at = start;
    loop {
        let (field, end) = read_field(bytes, at, needles)?;
        record.fields.push(field);
        record.end = end;
        match bytes.get(end) {
            Some(byte) if *byte == needles.delimiter => at = end + 1,
            Some(b'\r') if bytes.get(end + 1) == Some(&b'\n') => {
                record.next = end + 2;
                return Ok(record);
            }
            // A newline, or the file's last carriage return.
            Some(_) => {
                record.next = end + 1;
                return Ok(record);
            }
            None => {
                record.next = end;
                return Ok(record);
            }
        }
    }
}

/// As [`read_record`], for a record of at most `bytes_max` bytes, its line end not counted.
///
/// Errors: as `read_record`; `LimitExceeded`, with the offset of the record.
pub(super) fn read_record_within(
    bytes: &[u8],
    start: usize,
    needles: Needles,
    bytes_max: usize,
) -> Result<Record> {
    // Room for the line end, and one byte more, which tells whether a carriage return is one.
    let end = start.saturating_add(bytes_max).saturating_add(3).min(bytes.len());
    let is_cut = end < bytes.len();
    match read_record(&bytes[..end], start, needles) {
        Ok(record) => match record.end - start > bytes_max || (is_cut && record.end == end) {
            true => Err(too_long_error(start, bytes_max)),
            false => Ok(record),
        },
        Err(error) => {
            // An open quote reaches as far as the bytes do; any other error is where it is.
            let reach = match error.kind() {
                ErrorKind::UnterminatedQuote => end,
                _ => error.location().byte_offset.map_or(start, |offset| offset as usize),
            };
            match reach - start > bytes_max {
                true => Err(too_long_error(start, bytes_max)),
                false => Err(error),
            }
        }
    }
}

/// A field and the offset of what ends it.
fn read_field(bytes: &[u8], start: usize, needles: Needles) -> Result<(FieldSpan, usize)> {
    let is_end = |at: usize| match bytes.get(at) {
        None | Some(b'\n') => true,
        Some(b'\r') => matches!(bytes.get(at + 1), None | Some(b'\n')),
        Some(byte) => *byte == needles.delimiter,
    };
    let is_quote = |at: usize| bytes.get(at).is_some_and(|byte| Some(*byte) == needles.quote);
    if !is_quote(start) {
        // A quote in here is text: RFC 4180 does not allow it, and everybody writes it.
        let mut end = start;
        while !is_end(end) {
            end += 1;
        }
        return Ok((FieldSpan { start, end, is_quoted: false }, end));
    }
    let mut at = start + 1;
    loop {
        match bytes.get(at) {
            None => return Err(unterminated_error(start)),
            Some(_) if !is_quote(at) => at += 1,
            Some(_) if is_quote(at + 1) => at += 2,
            Some(_) => break,
        }
    }
    match is_end(at + 1) {
        true => Ok((FieldSpan { start: start + 1, end: at, is_quoted: true }, at + 1)),
        false => Err(text_after_quote_error(bytes, at + 1)),
    }
}

/// Of a quoted field that goes on behind its closing quote, at `offset`.
pub(super) fn text_after_quote_error(bytes: &[u8], offset: usize) -> Error {
    let end = (offset + 4).min(bytes.len());
    let found = String::from_utf8_lossy(&bytes[offset..end]).chars().next().unwrap_or(' ');
    Error::mismatch(
        ErrorKind::StrayQuote,
        "a delimiter or a line end after the closing quote",
        format!("{found:?}"),
    )
    .at(|place| place.byte_offset = Some(offset as u64))
    .hint(
        "double the quotes within a quoted field, set escape or quote to what the file has, or set \
         on_bad_quote to repair, skip or quarantine",
    )
}

/// Of the quote at `offset`.
pub(super) fn unterminated_error(offset: usize) -> Error {
    Error::mismatch(ErrorKind::UnterminatedQuote, "a closing quote", "the end of the file")
        .at(|place| place.byte_offset = Some(offset as u64))
        .hint(
            "the quote that opens here is never closed: close it, set quote to null, or set \
             on_bad_quote to repair, skip or quarantine",
        )
}

/// Text of a field with doubled quotes joined.
///
/// Source: RFC 4180, section 2, rule 7.
pub(super) fn unescape<'a>(text: &'a str, quote: Option<u8>) -> Cow<'a, str> {
    match quote {
        Some(quote) if text.as_bytes().contains(&quote) => {
            let quote = char::from(quote);
            let doubled: String = [quote, quote].iter().collect();
            Cow::Owned(text.replace(&doubled, quote.encode_utf8(&mut [0; 4])))
        }
        _ => Cow::Borrowed(text),
    }
}

/// What a record is held against.
pub(super) struct Rules<'a> {
    pub bytes: &'a [u8],
    pub needles: Needles,
    /// Names of all columns of the file.
    pub names: &'a [String],
    /// Type of each column of the file that is read and whose type the caller gave.
    pub declared: &'a [Option<DataType>],
    pub null_values: &'a NullValues,
    pub record_bytes_max: usize,
    pub context: &'a Context,
}

impl Rules<'_> {
    /// The first error at or after `from`, where record number `number` starts; `None` when there
    /// is none up to the end.
    pub fn first_error(&self, from: usize, number: u64) -> Option<Error> {
        let (mut at, mut number) = (from, number);
        while at < self.bytes.len() {
            match self.check_record(at, number) {
                Ok((next, is_record)) => {
                    at = next;
                    number += u64::from(is_record);
                }
                Err(error) => return Some(error),
            }
        }
        None
    }

    /// Checks one record: its quotes, its bytes, its fields, its values, in this order. Gives where
    /// the next starts, and whether this was one (an empty line is none in a table of several
    /// columns).
    fn check_record(&self, start: usize, number: u64) -> Result<(usize, bool)> {
        let place = |error: Error| complete(self.bytes, error, Some(number), self.context);
        let record = read_record_within(self.bytes, start, self.needles, self.record_bytes_max)
            .map_err(place)?;
        if record.is_blank() && self.names.len() != 1 {
            return Ok((record.next, false));
        }
        check_utf8(&self.bytes[start..record.next], start).map_err(place)?;
        self.check_field_count(&record).map_err(place)?;
        for (column, field) in record.fields.iter().enumerate() {
            self.check_value(column, *field).map_err(place)?;
        }
        Ok((record.next, true))
    }

    fn check_field_count(&self, record: &Record) -> Result<()> {
        let (expected, found) = (self.names.len(), record.fields.len());
        match expected == found {
            true => Ok(()),
            false => Err(field_count_error(expected, found, record.start)),
        }
    }

    fn check_value(&self, column: usize, field: FieldSpan) -> Result<()> {
        let Some(dtype) = &self.declared[column] else { return Ok(()) };
        let raw = &self.bytes[field.start..field.end];
        let is_null = !field.is_quoted && self.null_values.contains(raw);
        match is_null || parse_declared(dtype, raw) {
            true => Ok(()),
            false => {
                let text = String::from_utf8_lossy(raw);
                let text = match field.is_quoted {
                    true => unescape(&text, self.needles.quote),
                    false => text,
                };
                Err(bad_value_error(dtype, text.as_bytes(), &self.names[column], field.start))
            }
        }
    }
}

/// Of the record at `offset`.
pub(super) fn field_count_error(expected: usize, found: usize, offset: usize) -> Error {
    let hint = match found < expected {
        true => {
            "give every record the same fields; check the delimiter, or set on_short to pad, skip \
             or quarantine"
        }
        false => {
            "put fields that hold the delimiter in quotes; check the delimiter, or set on_long to \
             cut, skip or quarantine"
        }
    };
    let counted = |count: usize| format!("{count} field{}", if count == 1 { "" } else { "s" });
    Error::mismatch(ErrorKind::FieldCount, counted(expected), found.to_string())
        .at(|place| place.byte_offset = Some(offset as u64))
        .hint(hint)
}

/// Of the record at `offset`.
pub(super) fn too_long_error(offset: usize, bytes_max: usize) -> Error {
    let summary = format!("a record holds more than {bytes_max} bytes");
    Error::new(ErrorKind::LimitExceeded, summary)
        .at(|place| place.byte_offset = Some(offset as u64))
        .hint("check that a quote is not left open, or raise max_record_bytes")
}

/// Of the field at `offset` with the text `raw`.
pub(super) fn bad_value_error(dtype: &DataType, raw: &[u8], column: &str, offset: usize) -> Error {
    let expected = match (dtype, dtype.range()) {
        (DataType::Int64, _) | (_, None) => dtype.to_string(),
        (_, Some((least, most))) => format!("{dtype} ({least} to {most})"),
    };
    Error::mismatch(ErrorKind::BadValue, expected, shown(raw))
        .at(|place| {
            place.byte_offset = Some(offset as u64);
            place.column = Some(column.to_owned());
        })
        .hint(
            "correct the value, add it to null_values, read the column as utf8, or set \
             on_bad_value to null, skip or quarantine",
        )
}

/// Adds record and line to an error that knows its offset; gives `Cancelled` where that came first.
pub(super) fn complete(
    bytes: &[u8],
    error: Error,
    number: Option<u64>,
    context: &Context,
) -> Error {
    // Carriage returns end lines where there is no newline.
    let error = match has_byte(bytes, b'\n', context) {
        Ok(has_newline) => Lines::new(!has_newline).place(bytes, error, context),
        Err(cancelled) => cancelled,
    };
    match error.kind() {
        ErrorKind::Cancelled => error,
        _ => error.at(|place| place.record = number),
    }
}

/// Checks bytes that start at `start` of the file.
pub(super) fn check_utf8(bytes: &[u8], start: usize) -> Result<&str> {
    utf8::validate(bytes).map_err(|offset| {
        let found = format!("byte 0x{:02X}", bytes[offset]);
        Error::mismatch(ErrorKind::InvalidUtf8, "UTF-8 text", found)
            .at(|place| place.byte_offset = Some((start + offset) as u64))
            .hint(
                "name the file's encoding in option encoding, as \"windows-1252\", or set \
                 on_bad_encoding to replace, skip or quarantine",
            )
    })
}

/// A field's bytes as a message shows them: quoted, and cut when long.
fn shown(raw: &[u8]) -> String {
    let text = String::from_utf8_lossy(raw);
    match text.char_indices().find(|(offset, _)| *offset >= SHOWN_BYTES_MAX) {
        Some((offset, _)) => {
            format!("{:?} and {} bytes more", &text[..offset], text.len() - offset)
        }
        None => format!("{text:?}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const NEEDLES: Needles = Needles { delimiter: b',', quote: Some(b'"') };

    fn fields(text: &str) -> Vec<String> {
        let record = read_record(text.as_bytes(), 0, NEEDLES).expect("a record");
        let text = |field: &FieldSpan| match field.is_quoted {
            true => unescape(&text[field.start..field.end], NEEDLES.quote).into_owned(),
            false => text[field.start..field.end].to_owned(),
        };
        record.fields.iter().map(text).collect()
    }

    #[test]
    fn records_end_where_rfc_4180_says() {
        for (text, expected) in [
            ("a,b\nc", &["a", "b"][..]),
            ("a,b\r\nc", &["a", "b"]),
            ("a,b", &["a", "b"]),
            ("a,b\r", &["a", "b"]),
            ("a\rb,c\n", &["a\rb", "c"]),
            ("\"a,\"\"b\n\",c\n", &["a,\"b\n", "c"]),
            ("\"\",\"\"\"\"", &["", "\""]),
            (",\n", &["", ""]),
            ("a\"b,\"c\"\n", &["a\"b", "c"]),
            (" \"a\",b\"\"c\n", &[" \"a\"", "b\"\"c"]),
            ("\n", &[""]),
            ("\"a\"\r\n", &["a"]),
            ("\"a\"\r", &["a"]),
        ] {
            assert_eq!(fields(text), expected, "{text:?}");
        }
    }

    #[test]
    fn quotes_out_of_place_are_found() {
        for (text, kind, offset) in [
            ("a,\"b\"c\n", ErrorKind::StrayQuote, 5),
            ("\"a\" ,b", ErrorKind::StrayQuote, 3),
            ("\"a\"\rb", ErrorKind::StrayQuote, 3),
            ("a,\"b\n", ErrorKind::UnterminatedQuote, 2),
            ("\"\"\"", ErrorKind::UnterminatedQuote, 0),
        ] {
            let error = read_record(text.as_bytes(), 0, NEEDLES).expect_err("wrong");
            assert_eq!(error.kind(), kind, "{text:?}");
            assert_eq!(error.location().byte_offset, Some(offset), "{text:?}");
        }
    }

    #[test]
    fn long_values_are_cut_in_messages() {
        assert_eq!(shown(b"a\"b"), r#""a\"b""#);
        assert_eq!(shown("é".repeat(100).as_bytes()).len(), "é".repeat(30).len() + 21);
    }
}
