//! Records of any dialect, as docs/csv.md draws them: one state machine, a byte at a time.

use pardox_engine::error::ErrorKind;
use pardox_engine::format::csv::{CsvReadOptions, Policy};

/// A file and how it is read.
#[derive(Clone, Copy)]
pub struct Grammar<'a> {
    pub bytes: &'a [u8],
    pub options: &'a CsvReadOptions,
    /// There is no newline in the file.
    pub is_return_end: bool,
}

/// A field's text without what stands for something else, and whether it can be null.
#[derive(Default)]
pub struct Field {
    pub text: Vec<u8>,
    pub is_literal: bool,
    /// Where its text starts in the file, behind a quote.
    pub offset: usize,
    /// Bytes of the text that trimming leaves alone.
    kept: usize,
}

/// A record, and where the next one starts.
pub struct Record {
    pub fields: Vec<Field>,
    pub end: usize,
    pub next: usize,
}

impl Record {
    /// Whether the line is empty.
    pub fn is_blank(&self) -> bool {
        matches!(&self.fields[..], [field] if !field.is_literal && field.text.is_empty())
    }
}

/// A quote out of place: what an error says of it, and where the quote opens.
pub struct Fault {
    pub kind: ErrorKind,
    pub offset: usize,
    pub opening: usize,
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

#[derive(Clone, Copy, PartialEq)]
enum State {
    FieldStart,
    Unquoted,
    Quoted,
    Closed,
}

impl<'a> Grammar<'a> {
    /// A file and how it is read.
    pub fn new(bytes: &'a [u8], options: &'a CsvReadOptions) -> Grammar<'a> {
        Grammar { bytes, options, is_return_end: !bytes.contains(&b'\n') }
    }

    /// The end of the line that an offset lies in, and the start of the next.
    pub fn rest_of_line(&self, mut at: usize) -> (usize, usize) {
        while at < self.bytes.len() && self.line_end(at) == 0 {
            at += 1;
        }
        (at, at + self.line_end(at))
    }

    /// The line behind the comment at an offset.
    pub fn comment(&self, start: usize) -> Option<usize> {
        let comment = self.options.comment.as_ref()?.as_bytes();
        let mut at = start;
        while self.is_blank(at) {
            at += 1;
        }
        self.bytes[at..].starts_with(comment).then(|| self.rest_of_line(at).1)
    }

    /// Reads a record, repaired where that is wanted: gives the kind of what was wrong.
    pub fn record(
        &self,
        start: usize,
        width: Option<usize>,
    ) -> Result<(Record, Option<ErrorKind>), Fault> {
        let fault = match self.attempt(start, Repair::Refused) {
            Err(fault) if self.options.on_bad_quote == Policy::Repair => fault,
            outcome => return outcome.map(|record| (record, None)),
        };
        let inner = self.attempt(start, Repair::InnerIsText).ok();
        let fits = |record: &Record| width.is_none_or(|width| width == record.fields.len());
        let record = match inner.filter(fits) {
            Some(record) => record,
            None => self.attempt(start, Repair::OpeningIsText)?,
        };
        Ok((record, Some(fault.kind)))
    }

    fn attempt(&self, start: usize, repair: Repair) -> Result<Record, Fault> {
        let mut machine = Machine {
            grammar: *self,
            repair,
            at: start,
            state: State::FieldStart,
            opening: start,
            closing: start,
            stray: None,
            text_quote: None,
            field: Field::default(),
            fields: Vec::new(),
        };
        loop {
            if let Some(record) = machine.step()? {
                return Ok(record);
            }
        }
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
}

/// A record on its way.
struct Machine<'a> {
    grammar: Grammar<'a>,
    repair: Repair,
    at: usize,
    state: State,
    /// Where the last quote opened, and where it closed.
    opening: usize,
    closing: usize,
    /// Behind the first quote of the field that closed too early and is text.
    stray: Option<usize>,
    /// The opening quote that is text.
    text_quote: Option<usize>,
    field: Field,
    fields: Vec<Field>,
}

impl Machine<'_> {
    /// Takes what stands at the offset; gives the record once it is whole.
    fn step(&mut self) -> Result<Option<Record>, Fault> {
        let Grammar { bytes, options, .. } = self.grammar;
        let (grammar, at) = (self.grammar, self.at);
        let is_end = at == bytes.len();
        let ends_field = is_end || grammar.line_end(at) > 0 || grammar.is_delimiter(at);
        let is_quote = grammar.is_byte(at, options.quote);
        let is_escape = grammar.is_byte(at, options.escape) && at + 1 < bytes.len();
        match self.state {
            State::FieldStart | State::Closed if grammar.is_blank(at) => self.at += 1,
            State::FieldStart if is_quote && self.text_quote != Some(at) => self.open(),
            State::FieldStart => (self.field.offset, self.state) = (at, State::Unquoted),
            State::Unquoted | State::Closed if ends_field => return Ok(self.end_field()),
            State::Closed => self.stray()?,
            State::Quoted if is_end => self.unterminated()?,
            State::Unquoted | State::Quoted if is_escape => {
                let is_pair = bytes[at + 1..].starts_with(b"\r\n");
                self.at = at + 2 + usize::from(is_pair);
                self.field.text.extend_from_slice(&bytes[at + 1..self.at]);
                (self.field.is_literal, self.field.kept) = (true, self.field.text.len());
            }
            State::Quoted if is_quote => {
                let is_doubled = options.escape.is_none() && grammar.is_byte(at + 1, options.quote);
                match is_doubled {
                    true => {
                        self.field.text.push(bytes[at]);
                        self.at += 1;
                    }
                    false => (self.closing, self.state) = (at, State::Closed),
                }
                self.at += 1;
            }
            State::Quoted if self.stray.is_some() && matches!(bytes[at], b'\n' | b'\r') => {
                self.unterminated()?;
            }
            State::Unquoted | State::Quoted => {
                self.field.text.push(bytes[at]);
                self.at += 1;
            }
        }
        Ok(None)
    }

    fn open(&mut self) {
        (self.opening, self.state) = (self.at, State::Quoted);
        self.at += 1;
        (self.field.is_literal, self.field.offset) = (true, self.at);
    }

    /// Ends a field; and the record, where no delimiter does it.
    fn end_field(&mut self) -> Option<Record> {
        let (grammar, at) = (self.grammar, self.at);
        let text = &mut self.field.text;
        let is_trimmed = grammar.options.trim && self.state == State::Unquoted;
        while is_trimmed
            && text.len() > self.field.kept
            && matches!(text.last(), Some(b' ' | b'\t'))
        {
            text.pop();
        }
        self.fields.push(std::mem::take(&mut self.field));
        (self.stray, self.state) = (None, State::FieldStart);
        if grammar.is_delimiter(at) {
            self.at += grammar.options.delimiter.len();
            return None;
        }
        let fields = std::mem::take(&mut self.fields);
        Some(Record { fields, end: at, next: at + grammar.line_end(at) })
    }

    /// Text behind a closing quote.
    fn stray(&mut self) -> Result<(), Fault> {
        match self.repair {
            Repair::Refused => {
                let (offset, opening) = (self.at, self.opening);
                return Err(Fault { kind: ErrorKind::StrayQuote, offset, opening });
            }
            Repair::InnerIsText => {
                self.stray = self.stray.or(Some(self.at));
                self.field.text.push(self.grammar.bytes[self.closing]);
                (self.at, self.state) = (self.closing + 1, State::Quoted);
            }
            Repair::OpeningIsText => self.reopen(),
        }
        Ok(())
    }

    /// The end of the file, or that of the line behind a quote that is text.
    fn unterminated(&mut self) -> Result<(), Fault> {
        if self.repair == Repair::OpeningIsText {
            self.reopen();
            return Ok(());
        }
        let (kind, offset) = match self.stray {
            Some(offset) => (ErrorKind::StrayQuote, offset),
            None => (ErrorKind::UnterminatedQuote, self.opening),
        };
        Err(Fault { kind, offset, opening: self.opening })
    }

    /// Reads the field again, its quote as text.
    fn reopen(&mut self) {
        (self.field, self.text_quote) = (Field::default(), Some(self.opening));
        (self.at, self.state) = (self.opening, State::FieldStart);
    }
}
