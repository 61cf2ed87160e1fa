//! Rows that come some at a time in, `.prdx` file out, with the memory of one row group.
//!
//! ```text
//! for each row group
//!     for each column: validity, where it has nulls; values, or text offsets and text
//! statistics, directories, schema, dictionaries, footer, trailer
//! ```
//! The same file as that of `writer`, but for the order of the buffers: how many rows there will
//! be, and so where a column would end, is not known. A mapped column is one slice for each group.

use std::borrow::Cow;

use xxhash_rust::xxh3::xxh3_64;

use super::layout::{self, ColumnChunk, Extent};
use super::reader::require_little_endian;
use super::statistics::{self, ChunkStatistics};
use super::writer::{Writer, clear_nulls, gather_bits, present_bits, text_runs, value_bytes};
use crate::column::{Array, DataType, HyperBlock, SchemaRef};
use crate::context::Context;
use crate::error::Result;

/// A `.prdx` file under construction. Dropped before [`PrdxSink::finish`], it leaves nothing.
pub struct PrdxSink {
    writer: Writer,
    row_counts: Vec<u64>,
}

impl PrdxSink {
    /// Starts the file that will stand at `path`.
    ///
    /// Errors: those of `FileSink::create`.
    pub fn create(path: &str, schema: SchemaRef, context: &Context) -> Result<PrdxSink> {
        require_little_endian(path)?;
        context.check()?;
        let writer = Writer::create(path, schema, context)?;
        Ok(PrdxSink { writer, row_counts: Vec::new() })
    }

    /// Appends a block as a row group. Columns are made ready side by side, then written in order.
    ///
    /// Errors: `DiskFull`, `Io`, `Cancelled`.
    pub fn write(&mut self, block: &HyperBlock) -> Result<()> {
        if block.row_count() == 0 {
            return Ok(());
        }
        let arrays: Vec<&Array> =
            (0..block.schema().len()).map(|index| block.array(index)).collect::<Result<_>>()?;
        let context = self.writer.context.clone();
        let codes: Vec<Option<Vec<u8>>> = arrays
            .iter()
            .enumerate()
            .map(|(column, array)| {
                let is_coded = *array.dtype() == DataType::Dictionary;
                is_coded.then(|| self.writer.codes(column, std::slice::from_ref(array)))
            })
            .collect();
        let chunks = context.parallel(arrays.len(), |index| {
            let is_nested = arrays[index].dtype().is_nested();
            Ok((!is_nested).then(|| Chunk::new(arrays[index], codes[index].as_deref())))
        })?;
        let mut index = 0;
        for (column, chunk) in chunks.into_iter().enumerate() {
            context.check()?;
            let Some(chunk) = chunk else {
                index += self.write_nested(arrays[column], index)?;
                continue;
            };
            let mut entry = ColumnChunk {
                buffer_count: layout::buffer_count(&block.schema().column(column).dtype) as u32,
                ..ColumnChunk::default()
            };
            for (slot, buffer) in entry.buffers.iter_mut().zip(&chunk.buffers) {
                if let Some(buffer) = buffer {
                    *slot = self.write_buffer(buffer)?;
                }
            }
            self.writer.chunks.push(entry);
            self.writer.statistics[index].push(chunk.statistics);
            index += 1;
        }
        self.row_counts.push(block.row_count() as u64);
        Ok(())
    }

    /// Writes a column of lists or structs, whose entries begin at `index`; gives their number.
    fn write_nested(&mut self, array: &Array, index: usize) -> Result<usize> {
        let mut parts = Vec::new();
        self.writer.write_nested(std::slice::from_ref(array), false, &mut parts)?;
        let count = parts.len();
        for (offset, (chunk, statistics)) in parts.into_iter().enumerate() {
            self.writer.chunks.push(chunk);
            self.writer.statistics[index + offset].push(statistics);
        }
        Ok(count)
    }

    fn write_buffer(&mut self, buffer: &HashedBytes) -> Result<Extent> {
        let sink = &mut self.writer.sink;
        sink.pad_to(layout::align_bytes(buffer.bytes.len(), false))?;
        let offset_bytes = sink.offset_bytes();
        sink.write(&buffer.bytes)?;
        let len_bytes = buffer.bytes.len() as u64;
        Ok(Extent { offset_bytes, len_bytes, checksum: buffer.checksum })
    }

    /// Ends the file and puts it in its place; returns its rows and its size in bytes.
    ///
    /// Errors: `DiskFull`, `PermissionDenied`, `Io`, `Cancelled`; then the path is as it was.
    pub fn finish(self) -> Result<(usize, u64)> {
        let row_count = self.row_counts.iter().sum::<u64>() as usize;
        Ok((row_count, self.writer.finish(&self.row_counts)?))
    }
}

/// A column chunk, ready to be written.
struct Chunk<'a> {
    /// Validity, values or offsets, text.
    buffers: [Option<HashedBytes<'a>>; 3],
    statistics: ChunkStatistics,
}

struct HashedBytes<'a> {
    bytes: Cow<'a, [u8]>,
    checksum: u64,
}

impl<'a> Chunk<'a> {
    /// `codes` are those of the file, of a dictionary column.
    fn new(array: &'a Array, codes: Option<&'a [u8]>) -> Chunk<'a> {
        let one = std::slice::from_ref(array);
        let has_nulls = array.null_count() > 0;
        let validity = has_nulls.then(|| Cow::Owned(gather_bits(one, |_, _, valid| valid)));
        let (values, text) = match array.dtype() {
            DataType::Utf8 => {
                let (offsets, text) = text_of(array);
                (Cow::Owned(offsets), Some(text))
            }
            _ => match codes {
                Some(codes) => (Cow::Borrowed(codes), None),
                None => (values_of(array, has_nulls), None),
            },
        };
        let buffers = [validity, Some(values), text];
        let buffers = buffers.map(|bytes| bytes.map(HashedBytes::new));
        Chunk { buffers, statistics: statistics::of_chunk(one) }
    }
}

impl HashedBytes<'_> {
    fn new(bytes: Cow<'_, [u8]>) -> HashedBytes<'_> {
        HashedBytes { checksum: xxh3_64(&bytes), bytes }
    }
}

/// Fixed-width values, zeros below nulls.
fn values_of(array: &Array, has_nulls: bool) -> Cow<'_, [u8]> {
    match (value_bytes(array), array.dtype().width_bytes()) {
        (Some(bytes), _) if !has_nulls => Cow::Borrowed(bytes),
        (Some(bytes), Some(width)) => {
            let mut values = bytes.to_vec();
            clear_nulls(&mut values, width, array.validity());
            Cow::Owned(values)
        }
        _ => Cow::Owned(gather_bits(std::slice::from_ref(array), present_bits)),
    }
}

/// Offsets from 0 and the bytes of the present values.
fn text_of(array: &Array) -> (Vec<u8>, Cow<'_, [u8]>) {
    let text = array.as_text();
    let mut offsets = Vec::with_capacity((text.len() + 1) * 4);
    offsets.extend_from_slice(&0_i32.to_le_bytes());
    let mut end = 0;
    for (index, bounds) in text.offsets().windows(2).enumerate() {
        if array.is_valid(index) {
            end += bounds[1] - bounds[0];
        }
        offsets.extend_from_slice(&i32::to_le_bytes(end));
    }
    let mut runs = text_runs(text, array.validity());
    let first = runs.next().unwrap_or_default();
    match runs.next() {
        None => (offsets, Cow::Borrowed(first)),
        Some(second) => {
            let mut bytes = [first, second].concat();
            runs.for_each(|run| bytes.extend_from_slice(run));
            (offsets, Cow::Owned(bytes))
        }
    }
}
