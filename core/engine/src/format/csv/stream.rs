//! A CSV file larger than memory: windows of whole records, one after the other, none kept.
//!
//! ```text
//! open   the first records are read for the types
//! window 32 MiB of whole records -> frame -> given away -> next window
//!        a value that fits no type so far: the rest is read for its types alone, and the reader
//!        above starts again: no value that was given away ever changes its meaning
//! ```
//! What the columns look like is remembered over all windows and all starts, so that a file is
//! started again once at most. Where the windows are cut depends on sizes alone, and results do not
//! depend on where they are.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use super::fields::NullValues;
use super::header::{Header, read_header, returns_error};
use super::infer::Looks;
use super::input::{CsvInput, CsvSource};
use super::options::CsvReadOptions;
use super::reader::{FileText, Part, PartRead, read_part};
use super::table::needs_patience;
use crate::column::{ColumnDef, DataType, Frame, Schema, SchemaRef};
use crate::context::Context;
use crate::error::{Error, ErrorKind, Result};
use crate::limits::{CSV_SAMPLE_BYTES, CSV_WINDOW_BYTES};

/// A CSV file that is read window by window, as often as it is asked for.
#[derive(Debug)]
pub struct CsvStream {
    source: CsvSource,
    input: Arc<CsvInput>,
    options: CsvReadOptions,
    header: Header,
    null_values: NullValues,
    window_bytes: usize,
    known: Mutex<Known>,
    /// Whether a reader was told to start again.
    has_widened: AtomicBool,
}

/// What was learned of the columns.
#[derive(Clone, Debug)]
struct Known {
    looks: Vec<Looks>,
    /// Where the records start that nobody has looked at.
    offset: usize,
    /// Rows before them.
    row: u64,
}

impl CsvStream {
    /// Whether a file may be read in windows under these options: those of the quick reader, each
    /// fault an error, with types from all values.
    pub fn can_read(options: &CsvReadOptions) -> bool {
        let plain = CsvReadOptions {
            delimiter: options.delimiter.clone(),
            encoding: options.encoding.clone(),
            quote: options.quote,
            header: options.header,
            column_names: options.column_names.clone(),
            schema: options.schema.clone(),
            null_values: options.null_values.clone(),
            select: options.select.clone(),
            ..CsvReadOptions::default()
        };
        *options == plain && options.delimiter.len() == 1 && options.delimiter.is_ascii()
    }

    /// Reads the first records of an open file for their types; `source` is where it is from.
    ///
    /// Shape: windows of `window_bytes`, grown where one record is longer; the usual size unless
    /// given.
    /// Errors: as `read_csv`, of the first records; `Unsupported` where carriage returns end the
    /// lines.
    pub fn open(
        source: &CsvSource,
        input: Arc<CsvInput>,
        options: &CsvReadOptions,
        window_bytes: Option<usize>,
        context: &Context,
    ) -> Result<CsvStream> {
        options.validate()?;
        let header = read_header(input.as_bytes(), options.needles(), options)
            .map_err(|error| match needs_patience(&error, input.as_bytes(), options) {
                // A quote may be out of place only because carriage returns end the lines.
                true => returns_error(0),
                false => error,
            })
            .map_err(|error| input.locate(error))?;
        let known = Known {
            looks: vec![Looks::NONE; header.selected.len()],
            offset: header.data_start,
            row: 0,
        };
        let stream = CsvStream {
            source: source.clone(),
            input,
            options: options.clone(),
            null_values: NullValues::new(&options.null_values),
            header,
            window_bytes: window_bytes.unwrap_or(CSV_WINDOW_BYTES).max(1),
            known: Mutex::new(known),
            has_widened: AtomicBool::new(false),
        };
        if !stream.is_certain() {
            let mut sample = Cursor::at_start(&stream);
            let sample_bytes = window_bytes.unwrap_or(CSV_SAMPLE_BYTES);
            stream.read(&mut sample, sample_bytes, &context.aside())?;
        }
        Ok(stream)
    }

    /// Whether this stream reads that file that way.
    pub fn is_of(&self, source: &CsvSource, options: &CsvReadOptions) -> bool {
        &self.source == source && &self.options == options
    }

    /// Names, and the types as far as they are known.
    pub fn schema(&self) -> Result<SchemaRef> {
        let known = self.lock();
        let columns = self.header.selected.iter().zip(&known.looks).map(|(selected, looks)| {
            let dtype = selected.declared.or(looks.dtype()).unwrap_or(DataType::Utf8);
            ColumnDef::new(self.header.names[selected.column].clone(), dtype)
        });
        Ok(Arc::new(Schema::new(columns.collect())?))
    }

    /// Size of the file.
    pub fn size_bytes(&self) -> u64 {
        self.input.as_bytes().len() as u64
    }

    /// Whether no value can change the types any more.
    pub fn is_certain(&self) -> bool {
        let is_declared = self.header.selected.iter().all(|selected| selected.declared.is_some());
        is_declared || self.lock().offset == self.input.as_bytes().len()
    }

    /// Reads what nobody has looked at, for the types alone; says whether they, or those of an
    /// interrupted reader, are others now.
    ///
    /// Errors: as `read_csv`.
    pub fn settle(&self, context: &Context) -> Result<bool> {
        let before = self.schema()?;
        if !self.is_certain() {
            let known = self.lock().clone();
            let mut cursor = Cursor { offset: known.offset, row: known.row };
            while self.read(&mut cursor, self.window_bytes, context)?.is_some() {}
        }
        let is_interrupted = self.has_widened.swap(false, Ordering::Relaxed);
        Ok(is_interrupted || before != self.schema()?)
    }

    /// Whether a reader met a value that does not fit the types it was told, and nobody has asked
    /// [`CsvStream::settle`] since.
    pub fn is_interrupted(&self) -> bool {
        self.has_widened.load(Ordering::Relaxed)
    }

    fn lock(&self) -> MutexGuard<'_, Known> {
        self.known.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The rows of the next window, and adds to what is known; `None` behind the last.
    fn read(
        &self,
        cursor: &mut Cursor,
        window_bytes: usize,
        context: &Context,
    ) -> Result<Option<Frame>> {
        let bytes = self.input.as_bytes();
        if cursor.offset == bytes.len() {
            return Ok(None);
        }
        let looks = self.lock().looks.clone();
        let unchanged = || self.input.check_unchanged();
        let text = FileText {
            bytes,
            needles: self.options.needles(),
            header: &self.header,
            null_values: &self.null_values,
            record_bytes_max: self.options.record_bytes_max(),
            unchanged: &unchanged,
        };
        let mut len = window_bytes;
        let read = loop {
            context.check()?;
            let end = cursor.offset.saturating_add(len).min(bytes.len());
            let part = Part { range: cursor.offset..end, first_row: cursor.row, looks: &looks };
            let read = read_part(text, part, &context.aside(), None)
                .map_err(|error| self.input.locate(error))?;
            if read.next > cursor.offset || end == bytes.len() {
                break read;
            }
            // Not one record ends in the window.
            len = len.saturating_mul(2);
        };
        let PartRead { frame, looks, next } = read;
        context.advance((next - cursor.offset) as u64, frame.row_count() as u64);
        self.input.forget(cursor.offset..next);
        *cursor = Cursor { offset: next, row: cursor.row + frame.row_count() as u64 };
        let mut known = self.lock();
        for (known, found) in known.looks.iter_mut().zip(looks) {
            *known = known.and(found);
        }
        if cursor.offset > known.offset {
            (known.offset, known.row) = (cursor.offset, cursor.row);
        }
        Ok(Some(frame))
    }
}

/// A place in a file.
#[derive(Debug)]
struct Cursor {
    offset: usize,
    row: u64,
}

impl Cursor {
    fn at_start(stream: &CsvStream) -> Cursor {
        Cursor { offset: stream.header.data_start, row: 0 }
    }
}

/// The rows of a [`CsvStream`], in order.
#[derive(Debug)]
pub struct CsvWindows {
    stream: Arc<CsvStream>,
    /// What the reader above was told.
    schema: SchemaRef,
    cursor: Cursor,
    is_first: bool,
    context: Context,
}

impl CsvWindows {
    /// Starts at the first row. `schema` is what [`CsvStream::schema`] said.
    pub fn new(stream: Arc<CsvStream>, schema: SchemaRef, context: &Context) -> CsvWindows {
        context.expect_bytes(stream.size_bytes());
        context.advance(stream.header.data_start as u64, 0);
        let cursor = Cursor::at_start(&stream);
        CsvWindows { stream, schema, cursor, is_first: true, context: context.clone() }
    }

    /// The next rows; `None` behind the last.
    ///
    /// Errors: as `read_csv`; and, when a value does not fit the types that the reader was told,
    /// one that says to start again: [`CsvStream::settle`] then answers `true`.
    pub fn next_window(&mut self) -> Result<Option<Frame>> {
        // Small at first: a limit above may want no more.
        let window_bytes = match self.is_first {
            true => self.stream.window_bytes.min(CSV_SAMPLE_BYTES),
            false => self.stream.window_bytes,
        };
        self.is_first = false;
        let window = self.stream.read(&mut self.cursor, window_bytes, &self.context)?;
        let Some(frame) = window else { return Ok(None) };
        if frame.schema() == &self.schema {
            return Ok(Some(frame));
        }
        self.stream.settle(&self.context)?;
        self.stream.has_widened.store(true, Ordering::Relaxed);
        let pairs = frame.schema().columns().iter().zip(self.schema.columns());
        let widened = pairs.filter(|(now, told)| now != told).map(|(now, _)| now.name.clone());
        let column = widened.into_iter().next();
        Err(Error::new(ErrorKind::Internal, "a column's type widened while its file was streamed")
            .at(|place| place.column = column))
    }
}
