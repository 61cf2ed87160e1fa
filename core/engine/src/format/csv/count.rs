//! How many records a file has, without making values of them.
//!
//! ```text
//! units of 1 MiB, in parallel: lines that end there, whether it starts inside quotes or not
//! -> in order: which of the two it is; a unit whose quotes do not just open and close is walked
//! ```
//! Quotes are held to the same rules as by the reader. Field counts, values and UTF-8 are not
//! looked at: a file that is wrong in these has a count, and no table.

use std::ops::Range;

use super::header::read_header;
use super::options::CsvReadOptions;
use super::record::{complete, read_record_within};
use crate::bytes::scan::{self, Level, Needles, Tally};
use crate::context::Context;
use crate::error::{Error, ErrorKind, Result};
use crate::limits::CSV_UNIT_BYTES;

/// Counts the records of CSV bytes that stay as they are for as long as `unchanged` says so. `copy`
/// may fill a buffer with some of them: see [`scan::Copy`].
///
/// Errors: those of the header; `StrayQuote` and `UnterminatedQuote`, as the reader gives them;
/// `Cancelled`.
/// Cost: one pass at the speed of memory; files with quotes inside unquoted fields are walked byte
/// by byte from there.
pub(super) fn count_records(
    bytes: &[u8],
    options: &CsvReadOptions,
    context: &Context,
    unit_bytes: Option<usize>,
    unchanged: &(dyn Fn() -> Result<()> + Sync),
    copy: &(dyn Fn(Range<usize>, &mut [u8]) -> bool + Sync),
) -> Result<u64> {
    context.check()?;
    context.expect_bytes(bytes.len() as u64);
    let needles = options.needles();
    let header = read_header(bytes, needles, options, context)?;
    context.advance(header.data_start as u64, 0);
    let data_start = header.data_start;
    let has_empty = header.names.len() == 1;
    let record_bytes_max = options.record_bytes_max();
    let counter = Counter { bytes, needles, data_start, has_empty, record_bytes_max, context };
    let unit_bytes = unit_bytes.unwrap_or(CSV_UNIT_BYTES);
    let unit_count = (bytes.len() - data_start).div_ceil(unit_bytes);
    let level = Level::current();
    let range = |unit: usize| {
        let start = data_start + unit * unit_bytes;
        start..start.saturating_add(unit_bytes).min(bytes.len())
    };
    let tallies = context.parallel(unit_count, |unit| {
        unchanged()?;
        let range = range(unit);
        context.advance(range.len() as u64, 0);
        Ok(scan::tally(level, bytes, range, data_start, needles, &copy))
    })?;
    let mut reached = Reached { state: State::FieldStart, records: 0, record_start: data_start };
    for (unit, tally) in tallies.iter().enumerate() {
        context.check()?;
        counter.add(&mut reached, range(unit), tally)?;
    }
    unchanged()?;
    counter.finish(reached)
}

/// Where a byte stands in its field.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum State {
    FieldStart,
    Unquoted,
    Quoted,
    /// Behind a quote within a quoted field: it closed the field, or is half of a doubled one.
    AfterQuote,
}

/// What is known at the end of a unit.
#[derive(Clone, Copy, Debug)]
struct Reached {
    state: State,
    records: u64,
    /// Where the record starts that is not whole.
    record_start: usize,
}

struct Counter<'a> {
    bytes: &'a [u8],
    needles: Needles,
    data_start: usize,
    /// Whether an empty line is a record.
    has_empty: bool,
    record_bytes_max: usize,
    context: &'a Context,
}

impl Counter<'_> {
    fn is_quote(&self, byte: u8) -> bool {
        Some(byte) == self.needles.quote
    }

    fn add(&self, reached: &mut Reached, range: Range<usize>, tally: &Tally) -> Result<()> {
        let index = usize::from(reached.state == State::Quoted);
        // A quote that is text, right before the cut: the unit took it for a closing one.
        let is_misled = reached.state == State::Unquoted
            && range.start > self.data_start
            && self.is_quote(self.bytes[range.start - 1]);
        if tally.has_stray[index] || is_misled {
            return self.walk(reached, range);
        }
        let empty_count = if self.has_empty { 0 } else { tally.empty_count[index] };
        reached.records += (tally.newline_count[index] - empty_count) as u64;
        if let Some(offset) = tally.last_newline[index] {
            reached.record_start = offset + 1;
        }
        let last = self.bytes[range.end - 1];
        reached.state = match (index == 1) != tally.flips {
            true => State::Quoted,
            false if last == b'\n' || last == self.needles.delimiter => State::FieldStart,
            false if self.is_quote(last) => State::AfterQuote,
            false => State::Unquoted,
        };
        Ok(())
    }

    /// The plain way, for a unit with quotes that are text.
    fn walk(&self, reached: &mut Reached, range: Range<usize>) -> Result<()> {
        for offset in range {
            let byte = self.bytes[offset];
            reached.state = match reached.state {
                State::Quoted if self.is_quote(byte) => State::AfterQuote,
                State::Quoted => State::Quoted,
                State::AfterQuote | State::FieldStart if self.is_quote(byte) => State::Quoted,
                _ if byte == b'\n' => {
                    let is_empty = self.is_empty_line(reached.record_start, offset);
                    reached.records += u64::from(!is_empty);
                    reached.record_start = offset + 1;
                    State::FieldStart
                }
                _ if byte == self.needles.delimiter => State::FieldStart,
                State::AfterQuote if !self.is_line_end(offset) => {
                    return Err(self.first_error(*reached));
                }
                _ => State::Unquoted,
            };
        }
        Ok(())
    }

    fn is_line_end(&self, offset: usize) -> bool {
        matches!(self.bytes[offset..], [b'\r'] | [b'\r', b'\n', ..])
    }

    fn is_empty_line(&self, start: usize, end: usize) -> bool {
        !self.has_empty && matches!(self.bytes[start..end], [] | [b'\r'])
    }

    fn finish(&self, reached: Reached) -> Result<u64> {
        if reached.state == State::Quoted {
            return Err(self.first_error(reached));
        }
        let (start, end) = (reached.record_start, self.bytes.len());
        Ok(reached.records + u64::from(start < end && !self.is_empty_line(start, end)))
    }

    /// The error of the record that is not whole.
    fn first_error(&self, reached: Reached) -> Error {
        let (bytes, start) = (self.bytes, reached.record_start);
        match read_record_within(bytes, start, self.needles, self.record_bytes_max) {
            Err(error) => complete(bytes, error, Some(reached.records + 1), self.context),
            Ok(_) => Error::new(ErrorKind::Internal, "two readings of the same record differ")
                .at(|place| place.byte_offset = Some(reached.record_start as u64))
                .hint("if no other program was writing to the file, please report this"),
        }
    }
}

#[cfg(test)]
mod tests {
    use std::num::NonZeroUsize;

    use super::super::read_csv_bytes;
    use super::*;

    fn count(text: &[u8], options: &CsvReadOptions, unit_bytes: Option<usize>) -> Result<u64> {
        let context = Context::new(NonZeroUsize::new(2));
        count_records(text, options, &context, unit_bytes, &|| Ok(()), &|_, _| false)
    }

    /// The reader, whose types and field counts must not get in the way.
    fn read(text: &[u8], options: &CsvReadOptions) -> Result<u64> {
        read_csv_bytes(text, options, &Context::default()).map(|frame| frame.row_count() as u64)
    }

    #[test]
    fn records_are_counted_as_the_reader_reads_them() {
        let bare = CsvReadOptions { header: false, ..Default::default() };
        for (text, options, expected) in [
            ("a,b\n1,2\n3,4\n", &CsvReadOptions::default(), 2),
            ("a,b\n1,2\n3,4", &CsvReadOptions::default(), 2),
            ("a,b\r\n1,2\r\n\r\n3,4\r\n\r", &CsvReadOptions::default(), 2),
            ("\u{FEFF}\"a\",b\n\"\n\n\",2\n\n", &CsvReadOptions::default(), 1),
            ("a\n1\n\n2\n\r\n", &CsvReadOptions::default(), 4),
            ("a\n", &CsvReadOptions::default(), 0),
            ("\n\na,b\n\n5\" disk,2\n6\" x,\"a\"\"\n\"\n", &CsvReadOptions::default(), 2),
            ("\r\n1,2\n", &bare, 1),
            ("\u{FEFF}\r\n\"1\",2\n", &bare, 1),
        ] {
            assert_eq!(read(text.as_bytes(), options), Ok(expected), "{text:?}");
            for unit_bytes in (1..text.len()).map(Some).chain([None]) {
                let found = count(text.as_bytes(), options, unit_bytes);
                assert_eq!(found, Ok(expected), "{text:?} {unit_bytes:?}");
            }
        }
    }

    #[test]
    fn errors_are_those_of_the_reader() {
        for text in
            ["a,b\n1,2\n\"x,3\n4,5\n", "a,b\n1,2\n3,\"4\"5\n\"", "a,b\n1\"2,\"\n3,4", "", "\n\n"]
        {
            let expected = read(text.as_bytes(), &CsvReadOptions::default()).expect_err("wrong");
            for unit_bytes in (1..=text.len().max(1)).map(Some).chain([None]) {
                let found = count(text.as_bytes(), &CsvReadOptions::default(), unit_bytes);
                assert_eq!(found, Err(expected.clone()), "{text:?} {unit_bytes:?}");
            }
        }
    }

    #[test]
    fn any_bytes_count_as_the_reader_reads_them() {
        let mut state = 0x9E37_79B9_7F4A_7C15_u64;
        let mut next = |bound: usize| {
            state ^= state << 13;
            state ^= state >> 7;
            state ^= state << 17;
            (state >> 33) as usize % bound
        };
        let (mut tables, mut refused) = (0, 0);
        for _ in 0..6_000 {
            let len = next(200);
            let alphabet: &[u8] = match next(3) {
                0 => b"a\n\"\"\r",
                1 => b"aaaa\"\n",
                _ => b"ab\n\n\r\n\"\"\"",
            };
            let body: Vec<u8> = (0..len).map(|_| alphabet[next(alphabet.len())]).collect();
            let text = [b"h\n".as_slice(), &body].concat();
            let expected = read(&text, &CsvReadOptions::default());
            match &expected {
                Ok(_) => tables += 1,
                Err(_) => refused += 1,
            }
            let unit_bytes = [None, Some(1 + next(150)), Some(1 + next(5))];
            for unit_bytes in unit_bytes {
                let found = count(&text, &CsvReadOptions::default(), unit_bytes);
                assert_eq!(found, expected, "{:?} {unit_bytes:?}", String::from_utf8_lossy(&text));
            }
        }
        assert!(tables > 500 && refused > 500, "{tables} {refused}");
    }

    #[test]
    fn what_is_no_matter_of_quotes_has_a_count() {
        let text = b"a,b\n1\n1,2,3\n\xFF,\xFF\n\n";
        assert_eq!(count(text, &CsvReadOptions::default(), None), Ok(3));
    }
}
