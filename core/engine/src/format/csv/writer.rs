//! Frames to CSV: blocks are formatted side by side and written in order, so that reading the file
//! back, with the types given, gives the same table.

use super::options::CsvWriteOptions;
use crate::bytes::civil;
use crate::bytes::sink::FileSink;
use crate::column::print::write_float;
use crate::column::{Array, ArrayData, Frame, HyperBlock, Schema};
use crate::context::Context;
use crate::error::{Error, ErrorKind, Result};
use crate::limits::BATCH_ROWS_MAX;

/// Writes a frame to the file at `path`; returns its size in bytes.
///
/// Nulls: written as `null_value`; a value that would read as null is quoted.
/// Errors: `InvalidOption`; `Unsupported` for a table without columns; those of the sink
/// (`DiskFull`, `PermissionDenied`, `IsDirectory`, `NotFound`); those of a block that is loaded
/// now; `Cancelled`. After an error the file at `path` is as it was.
/// Source: RFC 4180 with `\n` line ends; docs/csv.
pub fn write_csv(
    path: &str,
    frame: &Frame,
    options: &CsvWriteOptions,
    context: &Context,
) -> Result<u64> {
    context.check()?;
    let mut sink = CsvSink::create(path, frame.schema(), options)?;
    for blocks in frame.blocks().chunks(context.threads()) {
        sink.write(blocks, context)?;
    }
    context.check()?;
    sink.finish()
}

/// A CSV file under construction, for rows that come some at a time. Dropped before
/// [`CsvSink::finish`], it leaves nothing.
#[derive(Debug)]
pub struct CsvSink {
    sink: FileSink,
    style: Style,
}

impl CsvSink {
    /// Starts the file that will stand at `path`.
    ///
    /// Errors: as [`write_csv`], of the path, the options and the schema.
    pub fn create(path: &str, schema: &Schema, options: &CsvWriteOptions) -> Result<CsvSink> {
        options.validate()?;
        if schema.is_empty() {
            return Err(Error::new(ErrorKind::Unsupported, "a CSV file has at least one column"));
        }
        let style = Style::new(options);
        let mut sink = FileSink::create(path)?;
        if options.header {
            sink.write(&style.header(schema))?;
        }
        Ok(CsvSink { sink, style })
    }

    /// Appends blocks: formatted side by side, all of them in memory, written in order.
    ///
    /// Errors: those of the sink, those of a block that is loaded now, `Cancelled`.
    pub fn write(&mut self, blocks: &[HyperBlock], context: &Context) -> Result<()> {
        let style = &self.style;
        let texts = context.parallel(blocks.len(), |index| style.block(&blocks[index], context))?;
        for text in &texts {
            self.sink.write(text)?;
        }
        Ok(())
    }

    /// Puts the file in its place; returns its size in bytes.
    ///
    /// Errors: as [`FileSink::finish`].
    pub fn finish(self) -> Result<u64> {
        self.sink.finish()
    }
}

/// How values look, with what is asked once for the whole file.
#[derive(Debug)]
struct Style {
    options: CsvWriteOptions,
    /// Whether numbers, dates and bools may hold the delimiter or the quote.
    is_plain_special: bool,
}

impl Style {
    fn new(options: &CsvWriteOptions) -> Style {
        let may_occur = |byte: u8| byte.is_ascii_alphanumeric() || b"+-.:".contains(&byte);
        let is_plain_special = may_occur(options.delimiter) || may_occur(options.quote);
        Style { options: options.clone(), is_plain_special }
    }

    fn header(&self, schema: &Schema) -> Vec<u8> {
        let mut out = Vec::new();
        for (index, column) in schema.columns().iter().enumerate() {
            if index > 0 {
                out.push(self.options.delimiter);
            }
            self.text(&column.name, &mut out);
        }
        out.push(b'\n');
        out
    }

    fn block(&self, block: &HyperBlock, context: &Context) -> Result<Vec<u8>> {
        let arrays = (0..block.columns().len())
            .map(|index| block.array(index))
            .collect::<Result<Vec<&Array>>>()?;
        let mut out = Vec::new();
        for row in 0..block.row_count() {
            if row % BATCH_ROWS_MAX == 0 {
                context.check()?;
            }
            for (index, array) in arrays.iter().enumerate() {
                if index > 0 {
                    out.push(self.options.delimiter);
                }
                self.value(array, row, &mut out);
            }
            out.push(b'\n');
        }
        Ok(out)
    }

    fn value(&self, array: &Array, row: usize, out: &mut Vec<u8>) {
        if !array.is_valid(row) {
            out.extend_from_slice(self.options.null_value.as_bytes());
            return;
        }
        let start = out.len();
        match array.data() {
            ArrayData::Utf8(text) => return self.text(text.get(row), out),
            ArrayData::Bool(bits) => {
                out.extend_from_slice(if bits.get(row) { b"true" } else { b"false" });
            }
            ArrayData::Int64(values) => {
                out.extend_from_slice(itoa::Buffer::new().format(values[row]).as_bytes());
            }
            ArrayData::Float64(values) => write_float(values[row], out),
            ArrayData::Date(values) => civil::write_date(values[row], out),
            ArrayData::Timestamp(values) => civil::write_timestamp(values[row], out),
        }
        let is_special = self.is_plain_special && self.has_special(&out[start..]);
        if is_special || &out[start..] == self.options.null_value.as_bytes() {
            out.insert(start, self.options.quote);
            out.push(self.options.quote);
        }
    }

    /// Appends text, quoted where it must be: where it holds what ends a field, would read as null
    /// under these or the default options, or starts like a byte-order mark.
    fn text(&self, text: &str, out: &mut Vec<u8>) {
        let quote = self.options.quote;
        let is_quoted = text.is_empty()
            || text == self.options.null_value
            || self.has_special(text.as_bytes())
            || text.starts_with('\u{FEFF}');
        if !is_quoted {
            out.extend_from_slice(text.as_bytes());
            return;
        }
        out.push(quote);
        for byte in text.bytes() {
            if byte == quote {
                out.push(quote);
            }
            out.push(byte);
        }
        out.push(quote);
    }

    fn has_special(&self, text: &[u8]) -> bool {
        let is_special = |byte: &u8| {
            *byte == self.options.delimiter
                || *byte == self.options.quote
                || matches!(byte, b'\n' | b'\r')
        };
        text.iter().any(is_special)
    }
}
