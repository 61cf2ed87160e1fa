//! Frames to CSV: rows are formatted side by side and written in order, so that reading the file
//! back with the same options, and with the types given, gives the same table.
//!
//! ```text
//! blocks -> pieces of BATCH_ROWS_MAX rows -> text -> bytes of the encoding     on all workers
//!        -> in order -> file, or -> Packer -> file
//! ```

mod options;
mod style;

use std::collections::BTreeMap;
use std::ops::Range;
use std::sync::{Mutex, PoisonError};

pub use options::{CsvWriteOptions, Quoting};
use style::{NeedsQuotes, Style};

use crate::bytes::compress::Packer;
use crate::bytes::decompress::Codec;
use crate::bytes::encode::TextEncoder;
use crate::bytes::sink::FileSink;
use crate::column::{Array, Frame, HyperBlock, SchemaRef};
use crate::context::Context;
use crate::error::{Error, ErrorKind, Result};
use crate::limits::BATCH_ROWS_MAX;

/// Characters of a value that an error shows.
const SHOWN_CHARACTERS_MAX: usize = 40;

/// Writes a frame to the file at `path`; returns its size in bytes.
///
/// Nulls: written as `null_value`; a value that would read as null is quoted.
/// Errors: as [`CsvSink`], and `Cancelled`. After an error the file at `path` is as it was.
/// Source: RFC 4180 with `\n` line ends unless asked otherwise; docs/csv.
pub fn write_csv(
    path: &str,
    frame: &Frame,
    options: &CsvWriteOptions,
    context: &Context,
) -> Result<u64> {
    context.check()?;
    let mut sink = CsvSink::create(path, frame.schema().clone(), options)?;
    for blocks in frame.blocks().chunks(context.threads()) {
        sink.write(blocks, context)?;
    }
    sink.finish(context)
}

/// A CSV file under construction, for rows that come some at a time. Dropped before
/// [`CsvSink::finish`], it leaves nothing.
#[derive(Debug)]
pub struct CsvSink {
    out: Output,
    writer: Writer,
    row_count: u64,
}

impl CsvSink {
    /// Starts the file that will stand at `path`.
    ///
    /// Errors: `InvalidOption`; `Unsupported` for a table without columns; `BadValue` for a name
    /// that the options cannot write; those of the path (`PermissionDenied`, `IsDirectory`,
    /// `NotFound`).
    pub fn create(path: &str, schema: SchemaRef, options: &CsvWriteOptions) -> Result<CsvSink> {
        options.validate()?;
        if schema.is_empty() {
            return Err(Error::new(ErrorKind::Unsupported, "a CSV file has at least one column"));
        }
        let encoder = TextEncoder::of(&options.encoding)?;
        let writer = Writer { style: Style::new(options), encoder, schema };
        let header = match options.header {
            true => writer.header().map_err(|error| error.in_file(path))?,
            false => Vec::new(),
        };
        let out = Output {
            path: path.to_owned(),
            sink: FileSink::create(path)?,
            packer: options.compression.map(Packer::new),
            is_begun: false,
        };
        let mut sink = CsvSink { out, writer, row_count: 0 };
        if let (true, Some(mark)) = (options.bom, encoder.mark()) {
            sink.out.put_mark(mark)?;
        }
        sink.out.put(&header)?;
        Ok(sink)
    }

    /// Appends blocks: formatted side by side, written in order.
    ///
    /// Errors: `BadValue` for the first value that the options cannot write, with its row and its
    /// column; those of the sink (`DiskFull`), those of a block that is loaded now, `Cancelled`.
    /// Cost: in memory are at most the texts of all these blocks.
    pub fn write(&mut self, blocks: &[HyperBlock], context: &Context) -> Result<()> {
        let pieces = pieces(blocks);
        let (writer, first_row, path) = (&self.writer, self.row_count, self.out.path.clone());
        let line = Mutex::new(Line { out: &mut self.out, next: 0, waiting: BTreeMap::new() });
        context.parallel(pieces.len(), |index| {
            let piece = &pieces[index];
            let first_row = first_row + piece.rows_before;
            let bytes = writer
                .rows(piece.block, piece.rows.clone(), first_row)
                .map_err(|error| error.in_file(&path))?;
            line.lock().unwrap_or_else(PoisonError::into_inner).put(index, bytes)
        })?;
        self.row_count += blocks.iter().map(|block| block.row_count() as u64).sum::<u64>();
        self.out.pack(context)
    }

    /// Puts the file in its place; returns its size in bytes.
    ///
    /// Errors: as [`FileSink::finish`]; `Cancelled`.
    pub fn finish(self, context: &Context) -> Result<u64> {
        context.check()?;
        self.out.finish(context)
    }
}

/// Rows of a block that one worker formats.
struct Piece<'a> {
    block: &'a HyperBlock,
    rows: Range<usize>,
    /// Rows of the pieces before.
    rows_before: u64,
}

fn pieces(blocks: &[HyperBlock]) -> Vec<Piece<'_>> {
    let mut pieces = Vec::new();
    let mut rows_before = 0;
    for block in blocks {
        for start in (0..block.row_count()).step_by(BATCH_ROWS_MAX) {
            let rows = start..(start + BATCH_ROWS_MAX).min(block.row_count());
            let len = rows.len() as u64;
            pieces.push(Piece { block, rows, rows_before });
            rows_before += len;
        }
    }
    pieces
}

/// Texts that wait for those before them.
struct Line<'a> {
    out: &'a mut Output,
    next: usize,
    waiting: BTreeMap<usize, Vec<u8>>,
}

impl Line<'_> {
    fn put(&mut self, index: usize, bytes: Vec<u8>) -> Result<()> {
        self.waiting.insert(index, bytes);
        while let Some(bytes) = self.waiting.remove(&self.next) {
            self.next += 1;
            self.out.put(&bytes)?;
        }
        Ok(())
    }
}

/// The file, compressed or not.
#[derive(Debug)]
struct Output {
    path: String,
    sink: FileSink,
    packer: Option<Packer>,
    is_begun: bool,
}

impl Output {
    /// Appends text, of which the file's first must not look like something else.
    ///
    /// Errors: `BadValue` where a reader would take its start for a mark or for compressed bytes;
    /// those of the sink.
    fn put(&mut self, bytes: &[u8]) -> Result<()> {
        if !self.is_begun && !bytes.is_empty() {
            let looks = match Codec::of(bytes) {
                Ok(None) => TextEncoder::marked_by(bytes).map(|_| "a byte-order mark"),
                Ok(Some(_)) | Err(_) => Some("compressed bytes"),
            };
            if let Some(looks) = looks {
                let found = format!("text whose bytes look like {looks}");
                return Err(Error::mismatch(
                    ErrorKind::BadValue,
                    "text at the start of the file",
                    found,
                )
                .in_file(&self.path)
                .hint("set quoting to \"always\""));
            }
        }
        self.put_mark(bytes)
    }

    fn put_mark(&mut self, bytes: &[u8]) -> Result<()> {
        self.is_begun = self.is_begun || !bytes.is_empty();
        match &mut self.packer {
            Some(packer) => {
                packer.push(bytes);
                Ok(())
            }
            None => self.sink.write(bytes),
        }
    }

    fn pack(&mut self, context: &Context) -> Result<()> {
        match &mut self.packer {
            Some(packer) => packer.pack(context, |bytes| self.sink.write(bytes)),
            None => Ok(()),
        }
    }

    fn finish(mut self, context: &Context) -> Result<u64> {
        if let Some(packer) = self.packer {
            packer.finish(context, |bytes| self.sink.write(bytes))?;
        }
        self.sink.finish()
    }
}

/// Rows to the bytes of the file.
#[derive(Debug)]
struct Writer {
    style: Style,
    encoder: TextEncoder,
    schema: SchemaRef,
}

impl Writer {
    fn header(&self) -> Result<Vec<u8>> {
        let mut out = Vec::new();
        for (index, column) in self.schema.columns().iter().enumerate() {
            self.style.start(index, &mut out);
            let start = out.len();
            let outcome = self.style.text(column.name.as_bytes(), &mut out);
            let place = |error: Error| error.at(|place| place.column = Some(column.name.clone()));
            outcome.map_err(|NeedsQuotes| place(needs_quotes(column.name.as_bytes())))?;
            self.encoder.encode(&out[start..]).map_err(|lacking| place(self.lacks(lacking)))?;
        }
        self.style.end(&mut out);
        self.encoded(out).map_err(|lacking| self.lacks(lacking))
    }

    /// The bytes of some rows of a block; `first_row` is the number of rows before them.
    fn rows(&self, block: &HyperBlock, rows: Range<usize>, first_row: u64) -> Result<Vec<u8>> {
        let arrays = (0..block.columns().len())
            .map(|index| block.array(index))
            .collect::<Result<Vec<&Array>>>()?;
        let mut out = Vec::with_capacity(rows.len() * arrays.len() * 8);
        for row in rows.clone() {
            for (index, array) in arrays.iter().enumerate() {
                self.style.start(index, &mut out);
                let start = out.len();
                if let Err(NeedsQuotes) = self.style.value(array, row, &mut out) {
                    out.truncate(start);
                    self.style.plain(array, row, &mut out);
                    let number = first_row + (row - rows.start) as u64;
                    return Err(self.at(needs_quotes(&out[start..]), number, index));
                }
            }
            self.style.end(&mut out);
        }
        self.encoded(out).map_err(|lacking| self.lacking_error(&arrays, rows, first_row, lacking))
    }

    fn encoded(&self, text: Vec<u8>) -> std::result::Result<Vec<u8>, char> {
        match self.encoder.encode(&text)? {
            std::borrow::Cow::Borrowed(_) => Ok(text),
            std::borrow::Cow::Owned(bytes) => Ok(bytes),
        }
    }

    /// Looks value by value for the character that the encoding lacks.
    fn lacking_error(
        &self,
        arrays: &[&Array],
        rows: Range<usize>,
        first_row: u64,
        lacking: char,
    ) -> Error {
        let mut text = Vec::new();
        for row in rows.clone() {
            for (index, array) in arrays.iter().enumerate() {
                text.clear();
                let is_written = self.style.value(array, row, &mut text).is_ok();
                if let (true, Err(lacking)) = (is_written, self.encoder.encode(&text)) {
                    let number = first_row + (row - rows.start) as u64;
                    return self.at(self.lacks(lacking), number, index);
                }
            }
        }
        // A delimiter that the encoding lacks.
        self.lacks(lacking)
    }

    fn at(&self, error: Error, row: u64, column: usize) -> Error {
        error.at(|place| {
            place.record = Some(row + 1);
            place.column = Some(self.schema.column(column).name.clone());
        })
    }

    fn lacks(&self, lacking: char) -> Error {
        let name = self.encoder.name();
        let found = format!("{lacking:?} (U+{:04X})", u32::from(lacking));
        Error::mismatch(ErrorKind::BadValue, format!("characters that {name} has"), found)
            .hint("set encoding to \"utf-8\"")
    }
}

fn needs_quotes(text: &[u8]) -> Error {
    let text = String::from_utf8_lossy(text);
    let mut shown: String = text.chars().take(SHOWN_CHARACTERS_MAX).collect();
    if shown.len() < text.len() {
        shown.push_str("...");
    }
    Error::mismatch(
        ErrorKind::BadValue,
        "a value that is written without quotes",
        format!("{shown:?}"),
    )
    .hint("set quoting to \"minimal\", or give an escape")
}
