//! The whole dialect as one state machine: from where a record starts to where the next one does.
//!
//! ```text
//! record := field (delimiter field)* line-end
//! field  := blanks* quote (text | escaped | doubled)* quote blanks*      blanks only with `trim`
//!         | (text | escaped)*
//! ```
//! In: bytes, of which only line ends, delimiter, quote, escape and blanks mean something. Out: the
//! fields' texts: parts of the bytes where these stand there as they are, else, unescaped, one
//! behind the other in the record's own memory.

use super::super::lines;
use super::super::options::{CsvReadOptions, Policy};
use super::super::record::too_long_error;
use crate::context::Context;
use crate::error::{Error, ErrorKind, Result};

/// Bytes between two looks at whether the work was cancelled.
const STEP_BYTES: usize = 64 << 10;

/// A dialect.
#[derive(Debug)]
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
    unquoted_stops: Stops,
    quoted_stops: Stops,
}

/// A few bytes that a run of others ends with.
#[derive(Clone, Copy, Debug)]
struct Stops {
    bytes: [u8; 4],
    /// Each of them eight times.
    words: [u64; 4],
}

impl Stops {
    /// At least one and at most four bytes.
    fn new(stops: impl IntoIterator<Item = u8>) -> Stops {
        let mut bytes = [0; 4];
        let mut count = 0;
        for (slot, byte) in bytes.iter_mut().zip(stops) {
            *slot = byte;
            count += 1;
        }
        let first = bytes[0];
        bytes[count..].fill(first);
        Stops { bytes, words: bytes.map(|byte| u64::from_le_bytes([byte; 8])) }
    }

    /// Where the first of them stands in a word; eight when none does.
    ///
    /// Source: Mycroft's test for a zero byte; what it marks wrongly lies above what is right.
    #[inline]
    fn first_in(&self, word: u64) -> usize {
        const ONES: u64 = u64::from_le_bytes([1; 8]);
        let marks = self.words.iter().fold(0, |marks, stop| {
            let zeros = word ^ stop;
            marks | (zeros.wrapping_sub(ONES) & !zeros)
        });
        (marks & (ONES << 7)).trailing_zeros() as usize / 8
    }
}

/// A field of a record.
#[derive(Clone, Copy, Debug)]
pub(in crate::format::csv) struct Field {
    /// Its text, as a part of the file's bytes, or of [`Record::text`].
    pub start: usize,
    pub end: usize,
    /// Whether the text is the record's own, and not the file's.
    pub is_own: bool,
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
    /// The text of a field of a record of these bytes.
    #[inline]
    pub fn field<'r>(&'r self, field: &Field, bytes: &'r [u8]) -> &'r [u8] {
        &self.held(field, bytes)[field.start..field.end]
    }

    /// The bytes that the field's text is a part of.
    #[inline]
    pub fn held<'r>(&'r self, field: &Field, bytes: &'r [u8]) -> &'r [u8] {
        match field.is_own {
            true => &self.text,
            false => bytes,
        }
    }

    /// Whether the line is empty: one field, without quotes and without text.
    pub fn is_blank(&self) -> bool {
        matches!(self.fields[..], [Field { start, end, is_literal: false, .. }] if start == end)
    }
}

/// The text of a field, as far as it is read: what was unescaped, and what follows as it stands.
struct Piece {
    /// Where the part of the file starts that is not in the record's own memory.
    from: usize,
    /// Where the text starts in the record's own memory, once it has to be there.
    own: Option<usize>,
}

impl Piece {
    fn at(from: usize) -> Piece {
        Piece { from, own: None }
    }

    /// Takes over what stands before `end`; what stands before `next` is not part of the text.
    fn cut(&mut self, bytes: &[u8], end: usize, next: usize, text: &mut Vec<u8>) {
        self.own.get_or_insert(text.len());
        text.extend_from_slice(&bytes[self.from..end]);
        self.from = next;
    }

    /// The field, whose text ends before `end`.
    #[inline]
    fn field(self, bytes: &[u8], end: usize, offset: usize, text: &mut Vec<u8>) -> Field {
        let (start, end, is_own) = match self.own {
            None => (self.from, end, false),
            Some(start) => {
                text.extend_from_slice(&bytes[self.from..end]);
                (start, text.len(), true)
            }
        };
        Field { start, end, is_own, offset, is_literal: is_own }
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
        let unquoted_stops =
            Stops::new([delimiter[0], b'\n', b'\r'].into_iter().chain(options.escape));
        // Without quotes nothing is within them.
        let quoted_stops = Stops::new(options.quote.into_iter().chain(options.escape));
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

    /// Whether, without a quote, each line is a record: a newline ends it, whatever is before.
    pub fn has_lines(&self) -> bool {
        self.escape.is_none() && !self.is_return_end
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

    #[inline]
    fn read_unquoted(
        &self,
        bytes: &[u8],
        start: usize,
        limit: usize,
        record: &mut Record,
        pace: &mut Pace,
    ) -> Step<usize> {
        let mut piece = Piece::at(start);
        let mut at = start;
        loop {
            at = skip_run(bytes, at, limit, &self.unquoted_stops);
            pace.step(at)?;
            if self.is_field_end(bytes, at) {
                break;
            }
            if at >= limit {
                return Err(self.too_long(record.start));
            }
            match self.escaped(bytes, at) {
                Some(behind) => {
                    piece.cut(bytes, at, at + 1, &mut record.text);
                    piece.cut(bytes, behind, behind, &mut record.text);
                    at = behind;
                }
                // The end of a run, or a byte that only looked like a delimiter or a line end.
                None => at += 1,
            }
        }
        let mut end = at;
        // What was escaped stands before the piece that is cut here.
        while self.trim && end > piece.from && is_blank(bytes.get(end - 1)) {
            end -= 1;
        }
        record.fields.push(piece.field(bytes, end, start, &mut record.text));
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
        let mut piece = Piece::at(opening + 1);
        let mut at = opening + 1;
        let mut stray: Option<QuoteFault> = None;
        let unterminated =
            QuoteFault { kind: ErrorKind::UnterminatedQuote, offset: opening, opening };
        let behind = loop {
            let run_start = at;
            at = skip_run(bytes, at, limit, &self.quoted_stops);
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
            if let Some(behind) = self.escaped(bytes, at) {
                piece.cut(bytes, at, at + 1, &mut record.text);
                at = behind;
                continue;
            }
            if !self.is_quote(bytes, at) {
                // The end of a run that was cut, or an escape at the end of the file.
                at += 1;
                continue;
            }
            if self.escape.is_none() && self.is_quote(bytes, at + 1) {
                piece.cut(bytes, at + 1, at + 2, &mut record.text);
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
            at += 1;
        };
        let field = piece.field(bytes, at, opening + 1, &mut record.text);
        record.fields.push(Field { is_literal: true, ..field });
        Ok(behind)
    }

    /// Where what an escape at `at` makes plain text ends; a line end of two bytes is one.
    #[inline]
    fn escaped(&self, bytes: &[u8], at: usize) -> Option<usize> {
        let escape = self.escape?;
        match bytes.get(at..)? {
            [first, b'\r', b'\n', ..] if *first == escape => Some(at + 3),
            [first, _, ..] if *first == escape => Some(at + 2),
            _ => None,
        }
    }

    #[inline]
    fn is_quote(&self, bytes: &[u8], at: usize) -> bool {
        self.quote.is_some() && bytes.get(at).copied() == self.quote
    }

    #[inline]
    fn is_delimiter(&self, bytes: &[u8], at: usize) -> bool {
        match bytes.get(at) {
            Some(first) if *first == self.delimiter[0] => {
                self.delimiter.len() == 1 || bytes[at..].starts_with(&self.delimiter)
            }
            _ => false,
        }
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

/// Passes what means nothing; stops before what does, at the limit, or after a while.
#[inline]
fn skip_run(bytes: &[u8], at: usize, limit: usize, stops: &Stops) -> usize {
    let end = bytes.len().min(limit).min(at + STEP_BYTES);
    let run = bytes.get(at..end).unwrap_or(&[]);
    let (words, rest) = run.as_chunks::<8>();
    for (index, word) in words.iter().enumerate() {
        let first = stops.first_in(u64::from_le_bytes(*word));
        if first < 8 {
            return at + index * 8 + first;
        }
    }
    let is_stop = |byte: &u8| stops.bytes.contains(byte);
    at + words.len() * 8 + rest.iter().position(is_stop).unwrap_or(rest.len())
}

fn is_blank(byte: Option<&u8>) -> bool {
    matches!(byte, Some(b' ' | b'\t'))
}

/// Whether lines end in carriage returns: there is no newline, and a return before the last byte.
///
/// Errors: `Cancelled`.
fn ends_in_returns(bytes: &[u8], context: &Context) -> Result<bool> {
    let first_return = lines::find(bytes, 0, |byte| byte == b'\r' || byte == b'\n', context)?;
    match first_return {
        Some(offset) if bytes[offset] == b'\r' && offset + 1 < bytes.len() => {
            Ok(lines::find(bytes, offset, |byte| byte == b'\n', context)?.is_none())
        }
        _ => Ok(false),
    }
}
