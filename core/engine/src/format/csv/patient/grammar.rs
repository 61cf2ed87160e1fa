//! The whole dialect as one state machine: from where a record starts to where the next one does.
//!
//! ```text
//! record := field (delimiter field)* line-end
//! field  := blanks* quote (text | escaped | doubled)* quote blanks*      blanks only with `trim`
//!         | (text | escaped)*
//! ```
//! In: bytes, of which only line ends, delimiter, quote, escape and blanks mean something. Out: the
//! fields' texts, unescaped, one behind the other in the record's own memory.

use super::super::options::{CsvReadOptions, Policy};
use super::super::record::too_long_error;
use crate::context::Context;
use crate::error::{Error, ErrorKind, Result};

/// Bytes between two looks at whether the work was cancelled.
const STEP_BYTES: usize = 1 << 20;

/// A dialect.
pub(in crate::format::csv) struct Grammar {
    delimiter: Vec<u8>,
    quote: Option<u8>,
    escape: Option<u8>,
    comment: Option<Vec<u8>>,
    trim: bool,
    /// Whether a carriage return alone ends a line.
    is_return_end: bool,
    record_bytes_max: usize,
    /// Whether there is a policy for quotes out of place.
    is_lenient: bool,
    /// Bytes that mean something outside of quotes, and within.
    unquoted_stops: [bool; 256],
    quoted_stops: [bool; 256],
}

/// A field of a record.
#[derive(Clone, Copy, Debug)]
pub(in crate::format::csv) struct Field {
    /// Its text, as a part of [`Record::text`].
    pub start: usize,
    pub end: usize,
    /// Where its text starts in the file, behind a quote.
    pub offset: usize,
    /// Whether it was quoted or escaped, and so is never null.
    pub is_literal: bool,
}

/// A record, and the memory for the next one.
#[derive(Debug, Default)]
pub(in crate::format::csv) struct Record {
    pub start: usize,
    /// Where its line end starts.
    pub end: usize,
    /// Where the next record starts.
    pub next: usize,
    pub fields: Vec<Field>,
    pub text: Vec<u8>,
}

impl Record {
    /// The text of a field.
    pub fn field(&self, index: usize) -> &[u8] {
        &self.text[self.fields[index].start..self.fields[index].end]
    }

    /// Whether the line is empty: one field, without quotes and without text.
    pub fn is_blank(&self) -> bool {
        matches!(self.fields[..], [Field { start, end, is_literal: false, .. }] if start == end)
    }
}

/// How a field is read that has a quote out of place.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::format::csv) enum Repair {
    /// Not at all.
    Refused,
    /// The quote that closes too early is text, as long as the field ends on the same line.
    InnerIsText,
    /// The quote that opens is text.
    OpeningIsText,
}

/// Why a record cannot be read.
#[derive(Debug)]
pub(in crate::format::csv) enum Stop {
    /// A quote out of place.
    Quote(QuoteFault),
    /// Too long, or cancelled.
    Error(Error),
}

/// A quote out of place.
#[derive(Clone, Copy, Debug)]
pub(in crate::format::csv) struct QuoteFault {
    /// `StrayQuote` or `UnterminatedQuote`.
    pub kind: ErrorKind,
    /// Where an error says it is.
    pub offset: usize,
    /// Where the quote stands that opens the field.
    pub opening: usize,
}

impl From<Error> for Stop {
    fn from(error: Error) -> Stop {
        Stop::Error(error)
    }
}

type Step<T> = std::result::Result<T, Stop>;

/// Looks now and then whether the work was cancelled.
pub(in crate::format::csv) struct Pace<'a> {
    context: &'a Context,
    next: usize,
}

impl Pace<'_> {
    /// Starts at the first byte.
    pub fn new(context: &Context) -> Pace<'_> {
        Pace { context, next: 0 }
    }

    /// Fails with `Cancelled`.
    #[inline]
    pub fn step(&mut self, at: usize) -> Result<()> {
        match at < self.next && self.next - at <= STEP_BYTES {
            true => Ok(()),
            false => {
                self.next = at + STEP_BYTES;
                self.context.check()
            }
        }
    }
}

impl Grammar {
    /// The dialect of the options, for these bytes.
    ///
    /// Errors: `Cancelled`.
    pub fn new(options: &CsvReadOptions, bytes: &[u8], context: &Context) -> Result<Grammar> {
        let delimiter = options.delimiter.clone().into_bytes();
        let mut unquoted_stops = [false; 256];
        let mut quoted_stops = [false; 256];
        for byte in [delimiter[0], b'\n', b'\r'].into_iter().chain(options.escape) {
            unquoted_stops[usize::from(byte)] = true;
        }
        for byte in options.quote.into_iter().chain(options.escape) {
            quoted_stops[usize::from(byte)] = true;
        }
        Ok(Grammar {
            delimiter,
            quote: options.quote,
            escape: options.escape,
            comment: options.comment.clone().map(String::into_bytes),
            trim: options.trim,
            is_return_end: ends_in_returns(bytes, context)?,
            record_bytes_max: options.record_bytes_max(),
            is_lenient: options.on_bad_quote != Policy::Error,
            unquoted_stops,
            quoted_stops,
        })
    }

    /// Whether a carriage return alone ends a line.
    pub fn is_return_end(&self) -> bool {
        self.is_return_end
    }

    /// Where the line ends that `at` lies in: the offset of the line end, and that behind it.
    pub fn line_end(&self, bytes: &[u8], at: usize, pace: &mut Pace) -> Result<(usize, usize)> {
        let mut end = at;
        loop {
            pace.step(end)?;
            let run = &bytes[end..bytes.len().min(end + STEP_BYTES)];
            let is_candidate = |byte: &u8| matches!(byte, b'\n' | b'\r');
            let Some(length) = run.iter().position(is_candidate) else {
                end += run.len();
                match end == bytes.len() {
                    true => return Ok((end, end)),
                    false => continue,
                }
            };
            end += length;
            match self.line_end_bytes(bytes, end) {
                0 => end += 1,
                count => return Ok((end, end + count)),
            }
        }
    }

    /// Where the line behind a comment starts, when there is a comment at `at`.
    pub fn skip_comment(&self, bytes: &[u8], at: usize, pace: &mut Pace) -> Result<Option<usize>> {
        let Some(comment) = &self.comment else { return Ok(None) };
        let start = if self.trim { self.skip_blanks(bytes, at) } else { at };
        match bytes[start..].starts_with(comment) {
            true => Ok(Some(self.line_end(bytes, start, pace)?.1)),
            false => Ok(None),
        }
    }

    /// Reads the record that starts at `start`, which is before the end of the bytes.
    ///
    /// Errors: `LimitExceeded` for a record that is too long, `Cancelled`.
    pub fn read(
        &self,
        bytes: &[u8],
        start: usize,
        repair: Repair,
        record: &mut Record,
        pace: &mut Pace,
    ) -> Step<()> {
        record.start = start;
        record.fields.clear();
        record.text.clear();
        let limit = start.saturating_add(self.record_bytes_max);
        let mut at = start;
        loop {
            let end = self.read_field(bytes, at, limit, repair, record, pace)?;
            // Blanks that are left out, and what is escaped, may reach beyond it.
            if end > limit {
                return Err(self.too_long(start));
            }
            if self.is_delimiter(bytes, end) {
                at = end + self.delimiter.len();
                if at > limit {
                    return Err(self.too_long(start));
                }
                continue;
            }
            record.end = end;
            record.next = end + self.line_end_bytes(bytes, end);
            return Ok(());
        }
    }

    /// Reads a field; gives the offset of what ends it.
    fn read_field(
        &self,
        bytes: &[u8],
        at: usize,
        limit: usize,
        repair: Repair,
        record: &mut Record,
        pace: &mut Pace,
    ) -> Step<usize> {
        let start = if self.trim { self.skip_blanks(bytes, at) } else { at };
        if !self.is_quote(bytes, start) {
            return self.read_unquoted(bytes, start, limit, record, pace);
        }
        let (text_start, is_inner) = (record.text.len(), repair == Repair::InnerIsText);
        match self.read_quoted(bytes, start, limit, is_inner, record, pace) {
            Err(Stop::Quote(_)) if repair == Repair::OpeningIsText => {
                record.text.truncate(text_start);
                self.read_unquoted(bytes, start, limit, record, pace)
            }
            outcome => outcome,
        }
    }

    fn read_unquoted(
        &self,
        bytes: &[u8],
        start: usize,
        limit: usize,
        record: &mut Record,
        pace: &mut Pace,
    ) -> Step<usize> {
        let text_start = record.text.len();
        let (mut at, mut kept, mut is_literal) = (start, text_start, false);
        loop {
            at = self.copy_run(bytes, at, limit, &self.unquoted_stops, &mut record.text);
            pace.step(at)?;
            if self.is_field_end(bytes, at) {
                break;
            }
            if at >= limit {
                return Err(self.too_long(record.start));
            }
            match self.escaped(bytes, at) {
                Some(escaped) => {
                    record.text.extend_from_slice(escaped);
                    at += 1 + escaped.len();
                    (kept, is_literal) = (record.text.len(), true);
                }
                // The end of a run, or a byte that only looked like a delimiter or a line end.
                None => {
                    record.text.push(bytes[at]);
                    at += 1;
                }
            }
        }
        while self.trim && record.text.len() > kept && is_blank(record.text.last()) {
            record.text.pop();
        }
        let end = record.text.len();
        record.fields.push(Field { start: text_start, end, offset: start, is_literal });
        Ok(at)
    }

    fn read_quoted(
        &self,
        bytes: &[u8],
        opening: usize,
        limit: usize,
        is_inner_text: bool,
        record: &mut Record,
        pace: &mut Pace,
    ) -> Step<usize> {
        let text_start = record.text.len();
        let mut at = opening + 1;
        let mut stray: Option<QuoteFault> = None;
        let unterminated =
            QuoteFault { kind: ErrorKind::UnterminatedQuote, offset: opening, opening };
        let end = loop {
            let run_start = at;
            at = self.copy_run(bytes, at, limit, &self.quoted_stops, &mut record.text);
            pace.step(at)?;
            if let Some(fault) = stray {
                // What follows a quote out of place must not swallow the lines behind.
                if bytes[run_start..at].iter().any(|byte| matches!(byte, b'\n' | b'\r')) {
                    return Err(Stop::Quote(fault));
                }
            }
            if at >= bytes.len() {
                return Err(Stop::Quote(stray.unwrap_or(unterminated)));
            }
            if at >= limit {
                // A quote that is never closed makes the record long: then it is the quote's fault.
                return Err(match self.is_lenient {
                    true => Stop::Quote(stray.unwrap_or(unterminated)),
                    false => self.too_long(record.start),
                });
            }
            if let Some(escaped) = self.escaped(bytes, at) {
                record.text.extend_from_slice(escaped);
                at += 1 + escaped.len();
                continue;
            }
            if !self.is_quote(bytes, at) {
                // The end of a run that was cut, or an escape at the end of the file.
                record.text.push(bytes[at]);
                at += 1;
                continue;
            }
            if self.escape.is_none() && self.is_quote(bytes, at + 1) {
                record.text.push(bytes[at]);
                at += 2;
                continue;
            }
            let behind = if self.trim { self.skip_blanks(bytes, at + 1) } else { at + 1 };
            if self.is_field_end(bytes, behind) {
                break behind;
            }
            let fault = QuoteFault { kind: ErrorKind::StrayQuote, offset: behind, opening };
            if !is_inner_text {
                return Err(Stop::Quote(fault));
            }
            stray = stray.or(Some(fault));
            record.text.push(bytes[at]);
            at += 1;
        };
        let (end_of_text, offset) = (record.text.len(), opening + 1);
        let field = Field { start: text_start, end: end_of_text, offset, is_literal: true };
        record.fields.push(field);
        Ok(end)
    }

    /// Copies what means nothing; stops before what does, at the limit, or after a while.
    #[inline]
    fn copy_run(
        &self,
        bytes: &[u8],
        at: usize,
        limit: usize,
        stops: &[bool; 256],
        text: &mut Vec<u8>,
    ) -> usize {
        let end = bytes.len().min(limit).min(at + STEP_BYTES);
        let run = bytes.get(at..end).unwrap_or(&[]);
        let length = run.iter().position(|byte| stops[usize::from(*byte)]).unwrap_or(run.len());
        text.extend_from_slice(&run[..length]);
        at + length
    }

    /// What an escape at `at` makes plain text; a line end of two bytes is one.
    fn escaped<'a>(&self, bytes: &'a [u8], at: usize) -> Option<&'a [u8]> {
        let escape = self.escape?;
        match bytes.get(at..)? {
            [first, b'\r', b'\n', ..] if *first == escape => Some(&bytes[at + 1..at + 3]),
            [first, _, ..] if *first == escape => Some(&bytes[at + 1..at + 2]),
            _ => None,
        }
    }

    #[inline]
    fn is_quote(&self, bytes: &[u8], at: usize) -> bool {
        self.quote.is_some() && bytes.get(at).copied() == self.quote
    }

    #[inline]
    fn is_delimiter(&self, bytes: &[u8], at: usize) -> bool {
        bytes.get(at..).is_some_and(|rest| rest.starts_with(&self.delimiter))
    }

    #[inline]
    fn is_field_end(&self, bytes: &[u8], at: usize) -> bool {
        at >= bytes.len() || self.is_delimiter(bytes, at) || self.line_end_bytes(bytes, at) > 0
    }

    /// Bytes of the line end at `at`: none where there is none.
    #[inline]
    fn line_end_bytes(&self, bytes: &[u8], at: usize) -> usize {
        match bytes.get(at..) {
            Some([b'\n', ..]) => 1,
            Some([b'\r', b'\n', ..]) => 2,
            // The file's last one ends a line also where others are text.
            Some([b'\r']) => 1,
            Some([b'\r', ..]) if self.is_return_end => 1,
            _ => 0,
        }
    }

    fn skip_blanks(&self, bytes: &[u8], mut at: usize) -> usize {
        while is_blank(bytes.get(at)) && !self.is_delimiter(bytes, at) {
            at += 1;
        }
        at
    }

    fn too_long(&self, start: usize) -> Stop {
        Stop::Error(too_long_error(start, self.record_bytes_max))
    }
}

fn is_blank(byte: Option<&u8>) -> bool {
    matches!(byte, Some(b' ' | b'\t'))
}

/// Whether lines end in carriage returns: there is no newline, and a return before the last byte.
///
/// Errors: `Cancelled`.
fn ends_in_returns(bytes: &[u8], context: &Context) -> Result<bool> {
    let mut has_return = false;
    for part in bytes.chunks(STEP_BYTES) {
        context.check()?;
        if part.contains(&b'\n') {
            return Ok(false);
        }
        has_return = has_return || part.contains(&b'\r');
    }
    let is_last_only = bytes.iter().position(|byte| *byte == b'\r') == bytes.len().checked_sub(1);
    Ok(has_return && !is_last_only)
}
