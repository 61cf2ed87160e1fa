//! Frame in, `.prdx` file out, in one sequential pass.
//!
//! ```text
//! for each column
//!     for each row group: validity, where the group has nulls
//!     for each row group: values            (text: offsets, then bytes)
//! statistics, directories, schema, dictionaries, footer, trailer
//! ```
//! Row groups have one row count, a multiple of 512, so the values of a fixed-width column lie back
//! to back over the whole file, and a mapped column is one slice. Bytes that mean nothing (values
//! below nulls, bits behind the last) are written as zeros: equal tables make equal files. Memory
//! is one column chunk and the directory.

use xxhash_rust::xxh3::{Xxh3, xxh3_128};

use super::dictionary::FileDictionary;
use super::layout::{self, ColumnChunk, ColumnDefEntry, Encoder, Extent, FooterHead, Group};
use super::layout::{Head, Segment, Trailer};
use super::nested;
use super::reader::require_little_endian;
use super::statistics::{self, ChunkStatistics};
use crate::bytes::sink::FileSink;
use crate::column::nested::field;
use crate::column::{Array, ArrayData, Bitmap, Buffer, DataType, Frame, SchemaRef, Text};
use crate::context::Context;
use crate::error::{Error, ErrorKind, Result};
use crate::limits::{
    ARRAY_TEXT_BYTES_MAX, BLOCK_ROWS_MAX, BUFFER_ALIGN_BYTES, COLUMNS_MAX, PRDX_GROUP_ROWS_MIN,
    PRDX_STEP_BYTES,
};

/// Writes a frame to `path`, replacing what stands there; returns the size of the file in bytes.
///
/// Errors: those of [`FileSink`]; `Cancelled`; `LimitExceeded` when 512 rows in a row hold more
/// than 2 GiB of text in one column; what a mapped column of the frame finds wrong on its first
/// touch. After an error the path is as it was before.
/// Cost: one pass over the data for the file, one for the statistics; memory of one column chunk.
pub fn write_prdx(path: &str, frame: &Frame, context: &Context) -> Result<u64> {
    require_little_endian(path)?;
    context.check()?;
    let groups = plan_groups(frame, context)?;
    let mut writer = Writer::create(path, frame.schema().clone(), context)?;
    writer.chunks = vec![ColumnChunk::default(); groups.count() * writer.entry_count];
    for column in 0..frame.schema().len() {
        writer.write_column(&groups, column).map_err(|error| {
            error.at(|place| {
                place.column.get_or_insert_with(|| frame.schema().column(column).name.clone());
            })
        })?;
    }
    if frame.schema().is_empty() {
        context.advance(0, frame.row_count() as u64);
    }
    let row_counts: Vec<u64> =
        (0..groups.count()).map(|group| groups.row_count(group) as u64).collect();
    writer.finish(&row_counts)
}

/// Cuts the rows into groups: as many rows as a block has, halved until the text of each chunk has
/// 32-bit offsets. Says on the way how many bytes there are to write.
fn plan_groups<'a>(frame: &'a Frame, context: &Context) -> Result<Groups<'a>> {
    let mut groups = Groups::new(frame, BLOCK_ROWS_MAX);
    for (column, definition) in frame.schema().columns().iter().enumerate() {
        let width = definition.dtype.width_bytes();
        if definition.dtype != DataType::Utf8 {
            let width = if definition.dtype == DataType::Dictionary { Some(4) } else { width };
            context.expect_bytes(frame.row_count() as u64 * width.unwrap_or(1) as u64);
            continue;
        }
        let fail = |error: Error| error.at(|place| place.column = Some(definition.name.clone()));
        loop {
            let text_bytes = groups.text_bytes(column, context).map_err(fail)?;
            let largest_bytes = text_bytes.iter().copied().max().unwrap_or(0);
            if largest_bytes <= ARRAY_TEXT_BYTES_MAX {
                let total_bytes = frame.row_count() * 4 + text_bytes.iter().sum::<usize>();
                context.expect_bytes(total_bytes as u64);
                break;
            }
            if groups.group_rows == PRDX_GROUP_ROWS_MIN {
                let rows = groups.group_rows;
                let error = Error::mismatch(
                    ErrorKind::LimitExceeded,
                    format!("at most {ARRAY_TEXT_BYTES_MAX} bytes of text in {rows} rows"),
                    format!("{largest_bytes} bytes"),
                );
                return Err(fail(error).hint("cut such long texts into several rows or columns"));
            }
            groups.group_rows /= 2;
        }
    }
    Ok(groups)
}

fn text_span_bytes(piece: &Array) -> usize {
    let offsets = piece.as_text().offsets();
    (offsets[offsets.len() - 1] - offsets[0]) as usize
}

/// The rows of a frame cut into groups of one row count, whatever its blocks are.
struct Groups<'a> {
    frame: &'a Frame,
    group_rows: usize,
    /// First row of each block, and the row count at the end.
    block_starts: Vec<usize>,
}

impl Groups<'_> {
    fn new(frame: &Frame, group_rows: usize) -> Groups<'_> {
        let mut block_starts = vec![0];
        for block in frame.blocks() {
            block_starts.push(block_starts[block_starts.len() - 1] + block.row_count());
        }
        Groups { frame, group_rows, block_starts }
    }

    fn count(&self) -> usize {
        self.frame.row_count().div_ceil(self.group_rows)
    }

    fn row_count(&self, group: usize) -> usize {
        self.group_rows.min(self.frame.row_count() - group * self.group_rows)
    }

    /// The parts of the blocks that make one column chunk; values are not copied.
    fn pieces(&self, group: usize, column: usize) -> Result<Vec<Array>> {
        let start = group * self.group_rows;
        let end = start + self.row_count(group);
        let first = self.block_starts.partition_point(|block_start| *block_start <= start) - 1;
        let mut pieces = Vec::new();
        for (block, bounds) in self.block_starts.windows(2).enumerate().skip(first) {
            if bounds[0] >= end {
                break;
            }
            let (from, to) = (start.max(bounds[0]), end.min(bounds[1]));
            let array = self.frame.blocks()[block].array(column)?;
            pieces.push(match to - from == array.len() {
                true => array.clone(),
                false => array.slice(from - bounds[0], to - from),
            });
        }
        Ok(pieces)
    }

    /// Bytes of text in each chunk of a column, those below nulls included.
    fn text_bytes(&self, column: usize, context: &Context) -> Result<Vec<usize>> {
        (0..self.count())
            .map(|group| {
                context.check()?;
                Ok(self.pieces(group, column)?.iter().map(text_span_bytes).sum())
            })
            .collect()
    }
}

/// Bytes of the values of an array, nulls included: what progress counts.
fn progress_bytes(array: &Array) -> u64 {
    match array.data() {
        ArrayData::Utf8(_) => (array.len() * 4 + text_span_bytes(array)) as u64,
        ArrayData::Dictionary(_) => array.len() as u64 * 4,
        _ => (array.len() * array.dtype().width_bytes().unwrap_or(1)) as u64,
    }
}

struct Footer {
    offset_bytes: u64,
    bytes: Vec<u8>,
}

/// A file under construction: its buffers in any order, then what tells of them.
pub(super) struct Writer {
    pub sink: FileSink,
    pub context: Context,
    schema: SchemaRef,
    /// Entries of all columns, those of their elements and fields among them.
    entry_count: usize,
    /// Of group `g` and entry `e` at `g * entries + e`.
    pub chunks: Vec<ColumnChunk>,
    /// By entry, then by group.
    pub statistics: Vec<Vec<ChunkStatistics>>,
    /// By column, for dictionary columns.
    pub dictionaries: Vec<Option<FileDictionary>>,
    /// Where a chunk is put together when it is not one slice of memory already.
    scratch: Vec<u8>,
}

impl Writer {
    /// Starts the file that will stand at `path`.
    pub fn create(path: &str, schema: SchemaRef, context: &Context) -> Result<Writer> {
        let entry_count = layout::all_entries(&schema).len();
        if entry_count > COLUMNS_MAX {
            let expected = format!("at most {COLUMNS_MAX} columns, elements and fields");
            let found = entry_count.to_string();
            return Err(Error::mismatch(ErrorKind::LimitExceeded, expected, found));
        }
        let mut writer = Writer {
            sink: FileSink::create(path)?,
            context: context.clone(),
            entry_count,
            chunks: Vec::new(),
            statistics: vec![Vec::new(); entry_count],
            dictionaries: schema.columns().iter().map(|one| dictionary_for(&one.dtype)).collect(),
            schema,
            scratch: Vec::new(),
        };
        writer.write_head()?;
        Ok(writer)
    }

    /// Ends the file, whose groups have these rows, and puts it in its place.
    pub fn finish(mut self, row_counts: &[u64]) -> Result<u64> {
        let footer = self.write_tables(row_counts)?;
        self.write_trailer(&footer)?;
        self.context.check()?;
        self.sink.finish()
    }

    /// The lowest minor version that has the types of the table: an older reader reads what it can,
    /// and equal tables make equal files.
    fn minor(&self) -> u16 {
        let dtypes = self.schema.columns().iter().map(|definition| &definition.dtype);
        dtypes.map(layout::reader_minor_min).max().unwrap_or(0)
    }

    fn write_head(&mut self) -> Result<()> {
        let minor = self.minor();
        let head = Head {
            major: layout::MAJOR,
            minor,
            reader_minor_min: minor,
            flags: layout::FLAG_LITTLE_ENDIAN,
            created_by: layout::CREATED_BY,
        };
        self.sink.write(&head.encode())?;
        self.sink.pad_to(layout::CHUNK_ALIGN_BYTES)
    }

    fn write_column(&mut self, groups: &Groups, column: usize) -> Result<()> {
        let dtype = self.schema.column(column).dtype.clone();
        let before = self.schema.columns()[..column].iter();
        let entry = before.map(|column| layout::entry_count(&column.dtype)).sum();
        let is_last = column + 1 == self.schema.len();
        if dtype.is_nested() {
            return self.write_nested_column(groups, column, entry, is_last);
        }
        let mut is_first_buffer = true;
        for group in 0..groups.count() {
            self.context.check()?;
            let pieces = groups.pieces(group, column)?;
            let chunk = self.chunk_index(group, entry);
            self.chunks[chunk].buffer_count = layout::buffer_count(&dtype) as u32;
            if pieces.iter().any(|piece| piece.null_count() > 0) {
                let bits = gather_bits(&pieces, |_, _, valid| valid);
                self.chunks[chunk].buffers[0] = self.write_buffer(&bits, is_first_buffer)?;
                is_first_buffer = false;
            }
        }
        for group in 0..groups.count() {
            self.context.check()?;
            let pieces = groups.pieces(group, column)?;
            let chunk = self.chunk_index(group, entry);
            let buffers = match dtype {
                DataType::Utf8 => self.write_text(&pieces, is_first_buffer)?,
                DataType::Dictionary => {
                    let codes = self.codes(column, &pieces);
                    [self.write_buffer(&codes, is_first_buffer)?, Extent::default()]
                }
                _ => [self.write_values(&pieces, is_first_buffer)?, Extent::default()],
            };
            self.chunks[chunk].buffers[1..].copy_from_slice(&buffers);
            is_first_buffer = false;
            self.statistics[entry].push(statistics::of_chunk(&pieces));
            let rows = if is_last { groups.row_count(group) as u64 } else { 0 };
            self.context.advance(pieces.iter().map(progress_bytes).sum(), rows);
        }
        Ok(())
    }

    /// The file's codes of the rows of a dictionary column.
    pub fn codes(&mut self, column: usize, pieces: &[Array]) -> Vec<u8> {
        let mut codes = Vec::new();
        if let Some(dictionary) = &mut self.dictionaries[column] {
            pieces.iter().for_each(|piece| dictionary.encode(piece, &mut codes));
        }
        codes
    }

    fn write_nested_column(
        &mut self,
        groups: &Groups,
        column: usize,
        entry: usize,
        is_last: bool,
    ) -> Result<()> {
        for group in 0..groups.count() {
            self.context.check()?;
            let pieces = groups.pieces(group, column)?;
            let mut parts = Vec::new();
            self.write_nested(&pieces, group == 0, &mut parts)?;
            for (offset, (chunk, statistics)) in parts.into_iter().enumerate() {
                let index = self.chunk_index(group, entry + offset);
                self.chunks[index] = chunk;
                self.statistics[entry + offset].push(statistics);
            }
            let rows = if is_last { groups.row_count(group) as u64 } else { 0 };
            self.context.advance(pieces.iter().map(progress_bytes).sum(), rows);
        }
        Ok(())
    }

    /// Writes the chunks of an entry and of those below it, in their order.
    pub fn write_nested(
        &mut self,
        pieces: &[Array],
        is_first: bool,
        out: &mut Vec<(ColumnChunk, ChunkStatistics)>,
    ) -> Result<()> {
        self.context.check()?;
        let dtype = pieces[0].dtype().clone();
        let mut chunk = ColumnChunk {
            buffer_count: layout::buffer_count(&dtype) as u32,
            ..ColumnChunk::default()
        };
        if pieces.iter().any(|piece| piece.null_count() > 0) {
            let bits = gather_bits(pieces, |_, _, valid| valid);
            chunk.buffers[0] = self.write_buffer(&bits, is_first)?;
        }
        let is_first = is_first && chunk.buffers[0] == Extent::default();
        let inner = match &dtype {
            DataType::List(item) => {
                chunk.buffers[1] = self.write_buffer(&nested::offsets(pieces)?, is_first)?;
                vec![nested::elements(pieces, item)]
            }
            DataType::Struct(fields) => {
                let field = |index| pieces.iter().map(|piece| field(piece, index)).collect();
                (0..fields.len()).map(field).collect()
            }
            DataType::Utf8 => {
                nested::check_text(pieces)?;
                chunk.buffers[1..].copy_from_slice(&self.write_text(pieces, is_first)?);
                vec![]
            }
            _ => {
                chunk.buffers[1] = self.write_values(pieces, is_first)?;
                vec![]
            }
        };
        out.push((chunk, statistics::of_chunk(pieces)));
        inner.iter().try_for_each(|pieces: &Vec<Array>| self.write_nested(pieces, false, out))
    }

    fn chunk_index(&self, group: usize, entry: usize) -> usize {
        group * self.entry_count + entry
    }

    /// Writes the values of a fixed-width chunk, from where they are or put together first.
    fn write_values(&mut self, pieces: &[Array], is_first: bool) -> Result<Extent> {
        if let [piece] = pieces
            && piece.null_count() == 0
            && let Some(bytes) = value_bytes(piece)
        {
            return self.write_buffer(bytes, is_first);
        }
        let mut scratch = std::mem::take(&mut self.scratch);
        scratch.clear();
        match pieces[0].dtype().width_bytes() {
            None => scratch = gather_bits(pieces, present_bits),
            Some(width) => {
                for piece in pieces {
                    let start = scratch.len();
                    scratch.extend_from_slice(value_bytes(piece).unwrap_or_default());
                    clear_nulls(&mut scratch[start..], width, piece.validity());
                }
            }
        }
        let extent = self.write_buffer(&scratch, is_first);
        self.scratch = scratch;
        extent
    }

    /// Writes offsets that start at 0, then the bytes of all present values.
    fn write_text(&mut self, pieces: &[Array], is_first: bool) -> Result<[Extent; 2]> {
        let mut scratch = std::mem::take(&mut self.scratch);
        scratch.clear();
        scratch.extend_from_slice(&0_i32.to_le_bytes());
        let mut end = 0_i32;
        for piece in pieces {
            for (index, bounds) in piece.as_text().offsets().windows(2).enumerate() {
                if piece.is_valid(index) {
                    end += bounds[1] - bounds[0];
                }
                scratch.extend_from_slice(&end.to_le_bytes());
            }
        }
        let offsets = self.write_buffer(&scratch, is_first);
        self.scratch = scratch;
        let offsets = offsets?;

        self.sink.pad_to(layout::align_bytes(end as usize, false))?;
        let offset_bytes = self.sink.offset_bytes();
        let mut hasher = Xxh3::new();
        for piece in pieces {
            for run in text_runs(piece.as_text(), piece.validity()) {
                self.write_hashed(run, &mut hasher)?;
            }
        }
        let len_bytes = self.sink.offset_bytes() - offset_bytes;
        debug_assert_eq!(len_bytes, end as u64);
        Ok([offsets, Extent { offset_bytes, len_bytes, checksum: hasher.digest() }])
    }

    fn write_hashed(&mut self, bytes: &[u8], hasher: &mut Xxh3) -> Result<()> {
        for step in bytes.chunks(PRDX_STEP_BYTES) {
            self.context.check()?;
            hasher.update(step);
            self.sink.write(step)?;
        }
        Ok(())
    }

    fn write_buffer(&mut self, bytes: &[u8], is_first_of_column: bool) -> Result<Extent> {
        self.sink.pad_to(layout::align_bytes(bytes.len(), is_first_of_column))?;
        let extent = Extent::of(self.sink.offset_bytes(), bytes);
        self.sink.write(bytes)?;
        Ok(extent)
    }

    fn write_segment(&mut self, bytes: &[u8]) -> Result<Extent> {
        self.sink.pad_to(BUFFER_ALIGN_BYTES)?;
        let extent = Extent::of(self.sink.offset_bytes(), bytes);
        self.sink.write(bytes)?;
        Ok(extent)
    }

    /// Writes what tells of the data: statistics, directories, schema, footer.
    fn write_tables(&mut self, row_counts: &[u64]) -> Result<Footer> {
        let schema = self.schema.clone();
        let mut out = Encoder::default();
        let entries = layout::all_entries(&schema);
        for ((_, dtype), groups) in entries.iter().zip(&self.statistics) {
            statistics::encode_column(dtype, groups, &mut out);
        }
        let statistics = self.write_segment(&out.finish())?;

        let mut groups = Vec::with_capacity(row_counts.len());
        for (group, row_count) in row_counts.iter().enumerate() {
            self.context.check()?;
            let first = self.chunk_index(group, 0);
            let mut out = Encoder::default();
            self.chunks[first..first + entries.len()]
                .iter()
                .for_each(|chunk| chunk.encode(&mut out));
            let directory = self.write_segment(&out.finish())?;
            groups.push(Group { row_count: *row_count, directory });
        }

        let schema_bytes = encode_schema(&entries)?;
        let schema_extent = self.write_segment(&schema_bytes)?;

        let segment = |kind, extent| Segment { kind, encoding: layout::ENCODING_PLAIN, extent };
        let mut segments = vec![
            segment(layout::SEGMENT_SCHEMA, schema_extent),
            segment(layout::SEGMENT_STATISTICS, statistics),
        ];
        for dictionary in std::mem::take(&mut self.dictionaries).iter().flatten() {
            let extent = self.write_segment(&dictionary.segment()?)?;
            segments.push(segment(layout::SEGMENT_DICTIONARY, extent));
        }
        let too_many =
            |_| Error::new(ErrorKind::LimitExceeded, "the table has too many row groups");
        let head = FooterHead {
            row_count: row_counts.iter().sum(),
            column_count: entries.len() as u32,
            group_count: u32::try_from(groups.len()).map_err(too_many)?,
            segment_count: segments.len() as u32,
        };
        let mut out = Encoder::default();
        head.encode(&mut out);
        groups.iter().for_each(|group| group.encode(&mut out));
        segments.iter().for_each(|segment| segment.encode(&mut out));
        let bytes = out.finish();
        self.sink.pad_to(BUFFER_ALIGN_BYTES)?;
        let footer = Footer { offset_bytes: self.sink.offset_bytes(), bytes };
        self.sink.write(&footer.bytes)?;
        Ok(footer)
    }

    fn write_trailer(&mut self, footer: &Footer) -> Result<()> {
        self.sink.pad_to(BUFFER_ALIGN_BYTES)?;
        let trailer = Trailer {
            footer_offset_bytes: footer.offset_bytes,
            footer_len_bytes: footer.bytes.len() as u64,
            footer_hash: xxh3_128(&footer.bytes),
            major: layout::MAJOR,
            minor: self.minor(),
            file_len_bytes: self.sink.offset_bytes() + layout::TRAILER_BYTES as u64,
        };
        self.sink.write(&trailer.encode())
    }
}

fn dictionary_for(dtype: &DataType) -> Option<FileDictionary> {
    (*dtype == DataType::Dictionary).then(FileDictionary::default)
}

fn encode_schema(columns: &[(&str, &DataType)]) -> Result<Vec<u8>> {
    let (mut entries, mut heap) = (Encoder::default(), Vec::new());
    for (name, dtype) in columns.iter().copied() {
        let too_long = |_| Error::new(ErrorKind::LimitExceeded, "column names exceed 4 GiB");
        let entry = ColumnDefEntry {
            name_offset_bytes: u32::try_from(heap.len()).map_err(too_long)?,
            name_len_bytes: u32::try_from(name.len()).map_err(too_long)?,
            type_number: layout::type_number(dtype),
            parameters: layout::type_parameters(dtype),
        };
        entry.encode(&mut entries);
        heap.extend_from_slice(name.as_bytes());
        heap.extend_from_slice(layout::zone_name(dtype).as_bytes());
    }
    entries.bytes(&heap);
    Ok(entries.finish())
}

/// The bytes of fixed-width values; `None` for bits, which may need a shift, and for text.
pub(super) fn value_bytes(piece: &Array) -> Option<&[u8]> {
    piece.data().fixed_buffer().map(Buffer::as_bytes)
}

pub(super) fn clear_nulls(values: &mut [u8], width: usize, validity: Option<&Bitmap>) {
    let Some(validity) = validity else { return };
    for (index, value) in values.chunks_exact_mut(width).enumerate() {
        if !validity.get(index) {
            value.fill(0);
        }
    }
}

/// The present values of a text array as runs of bytes: one run where nulls hold no bytes.
pub(super) fn text_runs<'a>(
    text: &'a Text,
    validity: Option<&'a Bitmap>,
) -> Box<dyn Iterator<Item = &'a [u8]> + 'a> {
    let hides_bytes = validity.is_some_and(|validity| {
        (0..text.len()).any(|index| !validity.get(index) && !text.get_bytes(index).is_empty())
    });
    match (hides_bytes, validity) {
        (true, Some(validity)) => {
            let present = (0..text.len()).filter(|index| validity.get(*index));
            Box::new(present.map(|index| text.get_bytes(index)))
        }
        _ => {
            let (first, last) = (text.offsets()[0], text.offsets()[text.len()]);
            Box::new(std::iter::once(&text.bytes().as_bytes()[first as usize..last as usize]))
        }
    }
}

/// The bits of a bool array that are present and true.
pub(super) fn present_bits(piece: &Array, word: usize, valid: u64) -> u64 {
    match piece.data() {
        ArrayData::Bool(bits) => bits.word(word) & valid,
        _ => unreachable!("only bool values are bits"),
    }
}

/// Joins bits of pieces of any length; `bits` gives 64 of them, from the validity of the same.
pub(super) fn gather_bits(pieces: &[Array], bits: impl Fn(&Array, usize, u64) -> u64) -> Vec<u8> {
    let row_count: usize = pieces.iter().map(Array::len).sum();
    let mut words = vec![0_u64; row_count.div_ceil(64) + 1];
    let mut position = 0;
    for piece in pieces {
        for word in 0..piece.len().div_ceil(64) {
            let count = (piece.len() - word * 64).min(64);
            let inside = u64::MAX >> (64 - count);
            let valid = piece.validity().map_or(inside, |validity| validity.word(word));
            let bits = u128::from(bits(piece, word, valid)) << (position % 64);
            words[position / 64] |= bits as u64;
            words[position / 64 + 1] |= (bits >> 64) as u64;
            position += count;
        }
    }
    let mut bytes: Vec<u8> = words.iter().flat_map(|word| word.to_le_bytes()).collect();
    bytes.truncate(row_count.div_ceil(8));
    bytes
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::*;
    use crate::column::{ArrayBuilder, ColumnDef, HyperBlock, Schema};

    /// A table of one block over and over, so that much text costs little memory.
    fn long_text(value_bytes: usize, block_rows: usize, block_count: usize) -> Frame {
        let mut builder = ArrayBuilder::new(DataType::Utf8, block_rows);
        let value = "x".repeat(value_bytes);
        (0..block_rows).for_each(|_| builder.push_text(&value).expect("fits"));
        let definitions = vec![ColumnDef::new("t", DataType::Utf8)];
        let schema = Arc::new(Schema::new(definitions).expect("one column"));
        let block = HyperBlock::new(schema.clone(), block_rows, vec![builder.finish()]);
        Frame::new(schema, vec![block; block_count])
    }

    #[test]
    fn groups_are_halved_until_text_has_32_bit_offsets() {
        let group_rows = |frame: &Frame| {
            let groups = plan_groups(frame, &Context::default()).expect("fits");
            groups.group_rows
        };
        // 2^31 - 2^16 bytes in 65,536 rows, and then 2^31.
        assert_eq!(group_rows(&long_text((32 << 10) - 1, 1024, 64)), BLOCK_ROWS_MAX);
        assert_eq!(group_rows(&long_text(32 << 10, 1024, 64)), BLOCK_ROWS_MAX / 2);
        assert_eq!(group_rows(&long_text((4 << 20) - 1, 1, 1000)), PRDX_GROUP_ROWS_MIN);
    }

    #[test]
    fn text_beyond_all_groups_is_refused_by_column() {
        let frame = long_text(4 << 20, 1, 512);
        let path = std::env::temp_dir().join(format!("pardox-long-{}.prdx", std::process::id()));
        let error = write_prdx(path.to_str().expect("UTF-8"), &frame, &Context::default())
            .expect_err("offsets would need more than 31 bits");
        assert_eq!(error.kind(), ErrorKind::LimitExceeded);
        assert_eq!(error.location().column.as_deref(), Some("t"));
        assert!(!path.exists());
    }
}
