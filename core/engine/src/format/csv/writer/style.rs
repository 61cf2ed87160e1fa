//! How values look in a file: which stand in quotes, what is escaped, what cannot be written.
//!
//! ```text
//! text -> does it hold what ends a field, would it read as null, does it start like a mark?
//!   quotes are allowed:  no -> as it is          yes -> "..." with quotes doubled or escaped
//!   quotes are not:      no -> as it is          yes -> escaped byte by byte, or refused
//! ```

use super::super::options::DateOrder;
use super::options::{CsvWriteOptions, Quoting};
use crate::bytes::{civil, tick};
use crate::column::json;
use crate::column::print::write_value;
use crate::column::{Array, ArrayData, DataType};

/// The start of a text that a reader takes for the mark of UTF-8 where a file starts with it.
const MARK: &[u8] = "\u{FEFF}".as_bytes();

/// A value that needs quotes where none may be, and nothing escapes it.
#[derive(Debug)]
pub(super) struct NeedsQuotes;

/// How values look, with what is asked once for the whole file.
#[derive(Debug)]
pub(super) struct Style {
    delimiter: Vec<u8>,
    line_end: Vec<u8>,
    null_value: Vec<u8>,
    escape: Option<u8>,
    /// `None` where no field may stand in quotes.
    quote: Option<u8>,
    quoting: Quoting,
    has_decimal_comma: bool,
    date_order: DateOrder,
    /// Bytes for which a text is looked at again.
    stops: [bool; 256],
    /// Bytes that are escaped in a field without quotes.
    marks: [bool; 256],
    /// Whether numbers, dates and bools may hold one of the stops, or be the text for null.
    is_plain_special: bool,
}

impl Style {
    pub fn new(options: &CsvWriteOptions) -> Style {
        let delimiter = options.delimiter.clone().into_bytes();
        let mut stops = [false; 256];
        let mut marks = [false; 256];
        for byte in [options.quote, options.escape].into_iter().flatten() {
            stops[usize::from(byte)] = true;
            marks[usize::from(byte)] = true;
        }
        for byte in [delimiter[0], b'\n', b'\r'] {
            stops[usize::from(byte)] = true;
        }
        let has_decimal_comma = options.decimal == b',';
        let has_slashes = options.date_order != DateOrder::Ymd;
        let may_occur = |byte: u8| match byte {
            b',' => has_decimal_comma,
            b'/' | b' ' => has_slashes,
            _ => byte.is_ascii_alphanumeric() || b"+-.:".contains(&byte),
        };
        let is_plain_special = !options.null_value.is_empty()
            || (0..=u8::MAX).any(|byte| stops[usize::from(byte)] && may_occur(byte));
        Style {
            delimiter,
            line_end: options.line_end.clone().into_bytes(),
            null_value: options.null_value.clone().into_bytes(),
            escape: options.escape,
            quote: options.quote.filter(|_| options.has_quotes()),
            quoting: options.quoting,
            has_decimal_comma,
            date_order: options.date_order,
            stops,
            marks,
            is_plain_special,
        }
    }

    /// Appends what stands before the value of a column: nothing before the first.
    #[inline]
    pub fn start(&self, column: usize, out: &mut Vec<u8>) {
        match (column, &self.delimiter[..]) {
            (0, _) => {}
            (_, [byte]) => out.push(*byte),
            (_, bytes) => out.extend_from_slice(bytes),
        }
    }

    /// Appends what ends a record.
    #[inline]
    pub fn end(&self, out: &mut Vec<u8>) {
        out.extend_from_slice(&self.line_end);
    }

    /// Appends a value.
    #[inline]
    pub fn value(&self, array: &Array, row: usize, out: &mut Vec<u8>) -> Result<(), NeedsQuotes> {
        if !array.is_valid(row) {
            out.extend_from_slice(&self.null_value);
            return Ok(());
        }
        if array.dtype().is_text() {
            return self.text(array.text_bytes(row), out);
        }
        if array.dtype().is_nested() {
            let mut text = Vec::new();
            json::write(array, row, &mut text);
            return self.text(&text, out);
        }
        let quote = self.quote.filter(|_| match self.quoting {
            Quoting::Minimal | Quoting::Never => false,
            Quoting::Always => true,
            Quoting::NonNumeric => !is_number(array),
        });
        if self.is_plain_special {
            let start = out.len();
            self.plain(array, row, out);
            return self.checked(start, quote.is_some(), out);
        }
        out.extend(quote);
        self.plain(array, row, out);
        out.extend(quote);
        Ok(())
    }

    /// Appends text.
    pub fn text(&self, text: &[u8], out: &mut Vec<u8>) -> Result<(), NeedsQuotes> {
        let is_wanted = matches!(self.quoting, Quoting::Always | Quoting::NonNumeric);
        self.field(text, is_wanted, out)
    }

    /// Appends a value that is not null as it looks without quotes and escapes.
    #[inline]
    pub fn plain(&self, array: &Array, row: usize, out: &mut Vec<u8>) {
        match (array.dtype(), array.data()) {
            (DataType::Float32 | DataType::Float64 | DataType::Decimal { .. }, _) => {
                let start = out.len();
                write_value(array, row, out);
                if self.has_decimal_comma
                    && let Some(at) = out[start..].iter().position(|byte| *byte == b'.')
                {
                    out[start + at] = b',';
                }
            }
            (DataType::Date, ArrayData::Int32(values)) => self.date(values[row], out),
            (DataType::Timestamp, ArrayData::Int64(values)) => match self.date_order {
                DateOrder::Ymd => civil::write_timestamp(values[row], out),
                DateOrder::Dmy | DateOrder::Mdy => {
                    let (days, time) = civil::split_timestamp(values[row]);
                    self.date(days, out);
                    out.push(b' ');
                    civil::write_time(time, out);
                }
            },
            (DataType::TimestampOf { unit, zone }, ArrayData::Int64(values))
                if self.date_order != DateOrder::Ymd =>
            {
                let date = |days: i32, out: &mut Vec<u8>| self.date(days, out);
                tick::write_with(values[row], *unit, zone.as_ref(), b' ', date, out);
            }
            _ => write_value(array, row, out),
        }
    }

    fn date(&self, days: i32, out: &mut Vec<u8>) {
        match self.date_order {
            DateOrder::Ymd => civil::write_date(days, out),
            DateOrder::Dmy => civil::write_date_slashed(days, true, out),
            DateOrder::Mdy => civil::write_date_slashed(days, false, out),
        }
    }

    /// Makes a field of what was appended from `start` on.
    fn checked(&self, start: usize, is_wanted: bool, out: &mut Vec<u8>) -> Result<(), NeedsQuotes> {
        if !is_wanted && !self.is_special(&out[start..]) && out[start..] != self.null_value[..] {
            return Ok(());
        }
        let plain = out.split_off(start);
        self.field(&plain, is_wanted, out)
    }

    #[inline]
    fn is_special(&self, text: &[u8]) -> bool {
        text.iter().any(|byte| self.stops[usize::from(*byte)])
    }

    fn field(&self, text: &[u8], is_wanted: bool, out: &mut Vec<u8>) -> Result<(), NeedsQuotes> {
        let is_special = self.is_special(text);
        let is_other = text.is_empty() || text == self.null_value || text.starts_with(MARK);
        let Some(quote) = self.quote else { return self.bare(text, is_special, is_other, out) };
        if is_wanted || is_other || (is_special && self.needs_quotes(text)) {
            out.push(quote);
            match is_special {
                true => self.copy_within(text, quote, out),
                false => out.extend_from_slice(text),
            }
            out.push(quote);
        } else if is_special {
            self.copy_escaped(text, false, out);
        } else {
            out.extend_from_slice(text);
        }
        Ok(())
    }

    /// Whether only quotes keep a text in one field: an escape serves for quotes and escapes.
    fn needs_quotes(&self, text: &[u8]) -> bool {
        let is_end = |byte: &u8| matches!(byte, b'\n' | b'\r');
        let is_mark = |byte: &u8| self.escape.is_none() && self.marks[usize::from(*byte)];
        text.iter().any(|byte| is_end(byte) || is_mark(byte))
            || holds_delimiter(text, &self.delimiter)
    }

    /// Appends a field where none may stand in quotes.
    fn bare(
        &self,
        text: &[u8],
        is_special: bool,
        is_other: bool,
        out: &mut Vec<u8>,
    ) -> Result<(), NeedsQuotes> {
        if !is_other && !(is_special && (self.escape.is_some() || self.needs_quotes(text))) {
            out.extend_from_slice(text);
            return Ok(());
        }
        // Escaped, a carriage return and the line end behind it would be one line end.
        let runs_on = text.ends_with(b"\r") && self.line_end == b"\n";
        if self.escape.is_none() || text.is_empty() || runs_on {
            return Err(NeedsQuotes);
        }
        // A field with an escape is never null, and does not start like a mark.
        self.copy_escaped(text, is_other, out);
        Ok(())
    }

    fn copy_within(&self, text: &[u8], quote: u8, out: &mut Vec<u8>) {
        let before_quote = self.escape.unwrap_or(quote);
        for byte in text {
            if *byte == quote || Some(*byte) == self.escape {
                out.push(before_quote);
            }
            out.push(*byte);
        }
    }

    /// Appends text without quotes: an escape before all that means something, and before the first
    /// byte where that is asked for.
    fn copy_escaped(&self, text: &[u8], is_first_escaped: bool, out: &mut Vec<u8>) {
        for (index, byte) in text.iter().enumerate() {
            let is_first = index == 0 && is_first_escaped;
            if is_first || self.stops[usize::from(*byte)] {
                out.extend(self.escape);
            }
            out.push(*byte);
        }
    }
}

fn is_number(array: &Array) -> bool {
    array.dtype().is_number()
}

/// Whether a reader finds a delimiter too early in this text with a delimiter behind it.
pub(super) fn holds_delimiter(text: &[u8], delimiter: &[u8]) -> bool {
    (0..text.len()).any(|start| {
        let rest = &text[start..];
        match delimiter.strip_prefix(rest) {
            // The text ends with the delimiter's start; what follows it is the delimiter itself.
            Some(missing) => delimiter.starts_with(missing),
            None => rest.starts_with(delimiter),
        }
    })
}
