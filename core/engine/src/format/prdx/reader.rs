//! `.prdx` file in, frame of mapped columns out.
//!
//! ```text
//! open           map; check head, trailer, footer, schema: their hashes, versions, bounds
//! first of block check its directory's hash; list its columns
//! first of chunk file unchanged? hash of each buffer; lengths, offsets, UTF-8, codes; remember the
//!                answer; of a dictionary column the values too, once for all its chunks
//! ```
//! No number of the file is trusted: an offset is used after it was held against the bounds, a
//! count after the bytes it counts were seen to be there, so that nothing is allocated for a count
//! alone.

use std::ops::Range;
use std::sync::{Arc, OnceLock};

use xxhash_rust::xxh3::{xxh3_64, xxh3_128};

use super::dictionary;
use super::layout::Trailer;
use super::layout::{self, ColumnChunk, Extent, FooterHead, Group, Head, Segment};
use super::schema::read_schema;
use crate::bytes::decimal::fits;
use crate::bytes::source::MappedFile;
use crate::column::nested::are_offsets;
use crate::column::{
    Array, ArrayData, Bitmap, Buffer, Column, ColumnDef, DataType, Frame, ListValues, Storage,
    StructValues,
};
use crate::column::{HyperBlock, PendingArray, SchemaRef, Text, Values};
use crate::error::{Error, ErrorKind, Result};
use crate::limits::{ARRAY_TEXT_BYTES_MAX, BUFFER_ALIGN_BYTES};

/// Opens a `.prdx` file as a frame of one block for each row group; reads no data.
///
/// A column chunk is checked when it is first touched, and the answer is remembered. The file
/// stays mapped while the frame or a part of it lives; replacing it by a rename does no harm.
/// Errors: `CorruptFile` and `UnsupportedVersion` with the byte offset, `FileChanged`, and those of
/// [`MappedFile::open`]; those of a chunk's check come when it is touched.
/// Cost: a few system calls, the pages of head and footer; a step for each column and row group.
pub fn open_prdx(path: &str) -> Result<Frame> {
    require_little_endian(path)?;
    let file = Arc::new(MappedFile::open(path)?);
    let mapping = Buffer::from_mapped(file.clone());
    let shared = Arc::new(PrdxFile { file, mapping, dictionaries: OnceLock::new() });
    shared.open().map_err(|error| shared.explain(error))
}

/// Refuses, by name, a machine whose numbers are not stored as the file's are.
pub fn require_little_endian(path: &str) -> Result<()> {
    match cfg!(target_endian = "little") {
        true => Ok(()),
        false => Err(Error::new(
            ErrorKind::Unsupported,
            "prdx files are not supported on a big-endian machine",
        )
        .in_file(path)),
    }
}

struct PrdxFile {
    file: Arc<MappedFile>,
    mapping: Buffer,
    /// By column, once the schema is read; of dictionary columns.
    dictionaries: OnceLock<Vec<Option<DictionaryPlace>>>,
}

/// Where the values of a dictionary column are, and what they are once they were touched.
struct DictionaryPlace {
    extent: Extent,
    values: OnceLock<Result<Arc<Text>>>,
}

/// Where a column chunk is, and what it should be.
#[derive(Clone)]
struct ChunkPlace {
    /// Of the chunk's entry in its directory.
    entry_offset_bytes: u64,
    chunk: ColumnChunk,
    row_count: usize,
    /// The column of the table that it is of.
    column: usize,
    dtype: DataType,
    /// The entries of elements and fields, which follow.
    inner: Vec<ColumnChunk>,
}

impl ChunkPlace {
    /// The place of an element's or a field's chunk, `skipped` entries behind the first below.
    fn below(&self, skipped: usize, dtype: &DataType, row_count: usize) -> ChunkPlace {
        let inner = &self.inner[skipped..skipped + layout::entry_count(dtype)];
        let entries_before = (skipped + 1) * layout::COLUMN_CHUNK_BYTES;
        ChunkPlace {
            entry_offset_bytes: self.entry_offset_bytes + entries_before as u64,
            chunk: inner[0],
            row_count,
            column: self.column,
            dtype: dtype.clone(),
            inner: inner[1..].to_vec(),
        }
    }
}

impl PrdxFile {
    /// A file that changed looks corrupt; then the change is what to tell.
    fn explain(&self, error: Error) -> Error {
        let error = match error.kind() {
            ErrorKind::CorruptFile => self.file.check_unchanged().err().unwrap_or(error),
            _ => error,
        };
        error.in_file(self.file.path())
    }

    fn open(self: &Arc<PrdxFile>) -> Result<Frame> {
        let head = self.read_head()?;
        let trailer = self.read_trailer(&head)?;
        let footer = self.read_footer(&trailer)?;
        let footer_offset = trailer.footer_offset_bytes;
        let counts = FooterHead::decode(footer);
        let groups_end =
            layout::FOOTER_HEAD_BYTES + counts.group_count as usize * layout::GROUP_BYTES;
        let (groups, segments) = footer.split_at(groups_end);
        let groups = &groups[layout::FOOTER_HEAD_BYTES..];

        let schema = self.read_segments(segments, footer_offset + groups_end as u64, &counts)?;
        let mut blocks = Vec::with_capacity(groups.len() / layout::GROUP_BYTES);
        let mut rows_left = counts.row_count;
        for (index, entry) in groups.chunks_exact(layout::GROUP_BYTES).enumerate() {
            let at =
                footer_offset + (layout::FOOTER_HEAD_BYTES + index * layout::GROUP_BYTES) as u64;
            let group = Group::decode(entry);
            if group.row_count == 0 || group.row_count > rows_left {
                let expected = format!("a row group of 1 to {rows_left} rows");
                return Err(corrupt(at, expected, group.row_count));
            }
            rows_left -= group.row_count;
            blocks.push(self.deferred_block(&schema, &group, at)?);
        }
        if rows_left > 0 {
            let expected = format!("row groups of {} rows in all", counts.row_count);
            return Err(corrupt(footer_offset, expected, counts.row_count - rows_left));
        }
        Ok(Frame::new(schema, blocks))
    }

    fn read_head(&self) -> Result<Head> {
        let bytes = self.mapping.as_bytes();
        let magic = bytes.first_chunk::<8>();
        if magic != Some(&layout::HEAD_MAGIC) {
            let found = bytes.get(..8.min(bytes.len())).unwrap_or_default().escape_ascii();
            let expected = format!("a prdx file, \"{}\"", layout::HEAD_MAGIC.escape_ascii());
            let error = corrupt(0, expected, format!("\"{found}\""));
            return Err(error.hint("check that the file is a prdx file"));
        }
        if bytes.len() < layout::FILE_BYTES_MIN {
            let expected = format!("a file of at least {} bytes", layout::FILE_BYTES_MIN);
            return Err(truncated(corrupt(bytes.len() as u64, expected, bytes.len())));
        }
        let (head, _) = bytes.split_first_chunk().unwrap_or((&[0; layout::HEAD_BYTES], &[]));
        require_checksum(0, &head[..56], layout::u64_at(head, 56))?;
        let head = Head::decode(head);
        if head.major != layout::MAJOR || head.reader_minor_min > layout::MINOR {
            let (expected, found) = match head.major == layout::MAJOR {
                true => (
                    format!("a file for readers of version {}.{}", layout::MAJOR, layout::MINOR),
                    format!("one for {}.{} and later", head.major, head.reader_minor_min),
                ),
                false => (
                    format!("a file of version {}", layout::MAJOR),
                    format!("version {}.{}", head.major, head.minor),
                ),
            };
            return Err(newer(8, expected, found));
        }
        if head.flags != layout::FLAG_LITTLE_ENDIAN {
            let expected = format!("flags {:#010x}", layout::FLAG_LITTLE_ENDIAN);
            return Err(newer(16, expected, format!("{:#010x}", head.flags)));
        }
        Ok(head)
    }

    fn read_trailer(&self, head: &Head) -> Result<Trailer> {
        let bytes = self.mapping.as_bytes();
        let file_len = bytes.len() as u64;
        let offset = file_len - layout::TRAILER_BYTES as u64;
        let zeros = [0; layout::TRAILER_BYTES];
        let (_, trailer) = bytes.split_last_chunk().unwrap_or((&[], &zeros));
        if trailer[56..] != layout::TRAILER_MAGIC {
            let expected = format!("the end of a prdx file, {:?}", "PRDXTAIL");
            let found = format!("\"{}\"", trailer[56..].escape_ascii());
            return Err(truncated(corrupt(offset + 56, expected, found)));
        }
        require_checksum(offset, &trailer[..48], layout::u64_at(trailer, 48))?;
        let trailer = Trailer::decode(trailer);
        if trailer.file_len_bytes != file_len {
            let expected = format!("a file of {} bytes", trailer.file_len_bytes);
            return Err(truncated(corrupt(offset + 40, expected, file_len)));
        }
        if (trailer.major, trailer.minor) != (head.major, head.minor) {
            let expected = format!("version {}.{} as in the head", head.major, head.minor);
            let found = format!("{}.{}", trailer.major, trailer.minor);
            return Err(corrupt(offset + 32, expected, found));
        }
        Ok(trailer)
    }

    /// The bytes of the footer, seen to be as long as its counts say.
    fn read_footer(&self, trailer: &Trailer) -> Result<&[u8]> {
        let end = self.mapping.len_bytes() as u64 - layout::TRAILER_BYTES as u64;
        let at = end;
        let (offset, len) = (trailer.footer_offset_bytes, trailer.footer_len_bytes);
        let range = self.range(at, offset, len, end)?;
        let footer = &self.mapping.as_bytes()[range];
        if footer.len() < layout::FOOTER_HEAD_BYTES {
            let expected = format!("a footer of at least {} bytes", layout::FOOTER_HEAD_BYTES);
            return Err(corrupt(at + 8, expected, len));
        }
        let found = xxh3_128(footer);
        if found != trailer.footer_hash {
            let expected = format!("hash {:#034x} of the footer", trailer.footer_hash);
            return Err(corrupt(offset, expected, format!("{found:#034x}")));
        }
        let counts = FooterHead::decode(footer);
        if counts.footer_len_bytes() != u128::from(len) {
            let expected = format!("a footer of {} bytes", counts.footer_len_bytes());
            return Err(corrupt(offset, expected, len));
        }
        Ok(footer)
    }

    /// Goes through the segment table: the schema is read, the others are held against the bounds.
    fn read_segments(&self, table: &[u8], at: u64, counts: &FooterHead) -> Result<SchemaRef> {
        let mut schema = None;
        let mut dictionaries = Vec::new();
        for (index, entry) in table.chunks_exact(layout::SEGMENT_BYTES).enumerate() {
            let at = at + (index * layout::SEGMENT_BYTES) as u64;
            let segment = Segment::decode(entry);
            let range = self.data_range(at + 8, &segment.extent)?;
            if segment.kind == layout::SEGMENT_DICTIONARY {
                if segment.encoding != layout::ENCODING_PLAIN {
                    return Err(newer(at + 4, "a dictionary of encoding 0", segment.encoding));
                }
                dictionaries.push(segment.extent);
            }
            if segment.kind != layout::SEGMENT_SCHEMA {
                continue;
            }
            if segment.encoding != layout::ENCODING_PLAIN {
                return Err(newer(at + 4, "a schema of encoding 0", segment.encoding));
            }
            if schema.is_some() {
                return Err(corrupt(at, "one schema segment", "a second one"));
            }
            let bytes = &self.mapping.as_bytes()[range];
            require_checksum(segment.extent.offset_bytes, bytes, segment.extent.checksum)?;
            schema = Some(read_schema(bytes, segment.extent.offset_bytes, counts.column_count)?);
        }
        let schema = schema.ok_or_else(|| corrupt(at, "a schema segment", "none"))?;
        self.place_dictionaries(&schema, &dictionaries, at)?;
        Ok(schema)
    }

    /// Gives each dictionary column its segment: they have one order.
    fn place_dictionaries(&self, schema: &SchemaRef, extents: &[Extent], at: u64) -> Result<()> {
        let mut extents_left = extents.iter();
        let mut count = 0;
        let places = schema.columns().iter().map(|column| {
            if column.dtype != DataType::Dictionary {
                return None;
            }
            count += 1;
            let extent = *extents_left.next()?;
            Some(DictionaryPlace { extent, values: OnceLock::new() })
        });
        let places = places.collect();
        if count != extents.len() {
            return Err(corrupt(at, format!("{count} dictionary segments"), extents.len()));
        }
        // A file is opened once.
        let _ = self.dictionaries.set(places);
        Ok(())
    }

    /// The values of a dictionary column, checked on first touch.
    fn dictionary(&self, column: usize) -> Result<Arc<Text>> {
        let place = self.dictionaries.get().and_then(|places| places[column].as_ref());
        let place = place.expect("a dictionary column has a place");
        let load = || {
            let at = place.extent.offset_bytes;
            if !at.is_multiple_of(BUFFER_ALIGN_BYTES as u64) {
                let expected = format!("a dictionary on a border of {BUFFER_ALIGN_BYTES} bytes");
                return Err(corrupt(at, expected, format!("offset {at}")));
            }
            let range = self.data_range(at, &place.extent)?;
            let segment = self.mapping.slice(range.start, range.len());
            require_checksum(at, segment.as_bytes(), place.extent.checksum)?;
            dictionary::values_of(&segment).map_err(|expected| corrupt(at, expected, "others"))
        };
        place.values.get_or_init(load).clone()
    }

    fn codes(&self, place: &ChunkPlace) -> Result<ArrayData> {
        let codes = Values::<i32>::new(self.values(place, size_of::<i32>())?);
        let values = self.dictionary(place.column)?;
        let count = values.len();
        dictionary::coded(codes, values).map(ArrayData::Dictionary).map_err(|row| {
            let at = place.chunk.buffers[1].offset_bytes + (row * size_of::<i32>()) as u64;
            corrupt(at, format!("a code below {count}"), "another")
        })
    }

    /// A block that reads its directory when a column of it is asked for.
    fn deferred_block(
        self: &Arc<PrdxFile>,
        schema: &SchemaRef,
        group: &Group,
        at: u64,
    ) -> Result<HyperBlock> {
        let row_count = usize::try_from(group.row_count)
            .map_err(|_| corrupt(at, "rows that can be addressed", group.row_count))?;
        let entry_count = layout::all_entries(schema).len();
        let directory_len = (entry_count * layout::COLUMN_CHUNK_BYTES) as u64;
        if group.directory.len_bytes != directory_len {
            let expected = format!("a directory of {directory_len} bytes");
            return Err(corrupt(at + 16, expected, group.directory.len_bytes));
        }
        self.data_range(at + 8, &group.directory)?;
        let (shared, directory, listed) = (self.clone(), group.directory, schema.clone());
        Ok(HyperBlock::deferred(schema.clone(), row_count, move || {
            shared.list_columns(&listed, row_count, &directory)
        }))
    }

    /// The columns of a block. What is wrong with their directory is told by each of them.
    fn list_columns(
        self: &Arc<PrdxFile>,
        schema: &SchemaRef,
        row_count: usize,
        directory: &Extent,
    ) -> Vec<Column> {
        let bytes = self.read_directory(directory).map_err(|error| self.explain(error));
        let mut entry = 0;
        (0..schema.len())
            .map(|column| {
                let ColumnDef { name, dtype } = schema.column(column).clone();
                let start = entry * layout::COLUMN_CHUNK_BYTES;
                let entry_count = layout::entry_count(&dtype);
                entry += entry_count;
                let place = bytes.clone().map(|bytes| {
                    let entries = bytes[start..].chunks_exact(layout::COLUMN_CHUNK_BYTES);
                    let mut chunks = entries.take(entry_count).map(ColumnChunk::decode);
                    ChunkPlace {
                        entry_offset_bytes: directory.offset_bytes + start as u64,
                        chunk: chunks.next().unwrap_or_default(),
                        row_count,
                        column,
                        dtype,
                        inner: chunks.collect(),
                    }
                });
                let shared = self.clone();
                let load = move || shared.load(place.as_ref().map_err(Clone::clone)?, &name);
                let mapped = self.clone();
                let check = move || mapped.file.check_unchanged();
                Column::Pending(Arc::new(PendingArray::new(load, check)))
            })
            .collect()
    }

    fn read_directory(&self, directory: &Extent) -> Result<&[u8]> {
        self.file.check_unchanged()?;
        let range = self.data_range(directory.offset_bytes, directory)?;
        let bytes = &self.mapping.as_bytes()[range];
        require_checksum(directory.offset_bytes, bytes, directory.checksum)?;
        Ok(bytes)
    }

    /// First touch of a column chunk.
    fn load(&self, place: &ChunkPlace, name: &str) -> Result<Array> {
        self.file.check_unchanged()?;
        self.load_checked(place).map_err(|error| {
            self.explain(error).at(|location| location.column = Some(name.to_owned()))
        })
    }

    fn load_checked(&self, place: &ChunkPlace) -> Result<Array> {
        let ChunkPlace { chunk, dtype, .. } = place;
        if chunk.encoding != layout::ENCODING_PLAIN {
            return Err(newer(place.entry_offset_bytes, "a chunk of encoding 0", chunk.encoding));
        }
        let buffer_count = layout::buffer_count(dtype);
        if chunk.buffer_count as usize != buffer_count {
            let expected = format!("{buffer_count} buffers of {dtype}");
            return Err(corrupt(place.entry_offset_bytes + 4, expected, chunk.buffer_count));
        }
        let rows = place.row_count;
        let validity = match chunk.buffers[0] == Extent::default() {
            true => None,
            false => Some(Bitmap::new(self.buffer(place, 0, rows.div_ceil(8))?, rows)),
        };
        let data = match (dtype.storage(), dtype.width_bytes()) {
            (storage, Some(width)) => ArrayData::of_buffer(storage, self.values(place, width)?),
            (Storage::Utf8, None) => ArrayData::Utf8(self.text(place)?),
            (Storage::Dictionary, None) => self.codes(place)?,
            (Storage::List | Storage::Struct, None) => self.nested(place)?,
            (_, None) => {
                ArrayData::Bool(Bitmap::new(self.buffer(place, 1, rows.div_ceil(8))?, rows))
            }
        };
        if let (ArrayData::Int64(values), Some((unit, zone))) = (&data, dtype.moment()) {
            let range = unit.range(zone.is_some());
            let is_present =
                |row: &usize| validity.as_ref().is_none_or(|bits: &Bitmap| bits.get(*row));
            let misfit = (0..rows).find(|row| !range.contains(&values[*row]) && is_present(row));
            if let Some(row) = misfit {
                let at = chunk.buffers[1].offset_bytes + (row * size_of::<i64>()) as u64;
                return Err(corrupt(at, format!("a value of {dtype}"), values[row]));
            }
        }
        if let (ArrayData::Int128(values), DataType::Decimal { precision, .. }) = (&data, dtype) {
            let is_misfit = |row: &usize| {
                let is_present = validity.as_ref().is_none_or(|bits: &Bitmap| bits.get(*row));
                is_present && !fits(values[*row], *precision)
            };
            let misfit = (0..rows).find(is_misfit);
            if let Some(row) = misfit {
                let at = chunk.buffers[1].offset_bytes + (row * size_of::<i128>()) as u64;
                return Err(corrupt(at, format!("a value of {dtype}"), values[row]));
            }
        }
        Ok(Array::typed(dtype.clone(), data, validity))
    }

    /// Lists and structs, with their elements and fields.
    fn nested(&self, place: &ChunkPlace) -> Result<ArrayData> {
        match &place.dtype {
            DataType::List(item) => {
                let offsets = self.offsets(place)?;
                let at = place.chunk.buffers[1].offset_bytes;
                let last = offsets[place.row_count];
                let element_count = usize::try_from(last).unwrap_or(0);
                if offsets[0] != 0 || !are_offsets(&offsets, element_count) {
                    let found = format!("{} to {last}, or falling ones", offsets[0]);
                    return Err(corrupt(at, "list offsets that rise from 0", found));
                }
                let child = self.load_checked(&place.below(0, item, element_count))?;
                Ok(ArrayData::List(ListValues::new(offsets, child)))
            }
            DataType::Struct(fields) => {
                let mut entry = 0;
                let mut arrays = Vec::with_capacity(fields.len());
                for field in fields.iter() {
                    let below = place.below(entry, &field.dtype, place.row_count);
                    arrays.push(self.load_checked(&below)?);
                    entry += layout::entry_count(&field.dtype);
                }
                Ok(ArrayData::Struct(StructValues::new(arrays)))
            }
            other => unreachable!("{other} is not nested"),
        }
    }

    fn offsets(&self, place: &ChunkPlace) -> Result<Values<i32>> {
        let len = place.row_count.checked_add(1).and_then(|count| count.checked_mul(4));
        Ok(Values::new(self.buffer(place, 1, len.unwrap_or(usize::MAX))?))
    }

    fn values(&self, place: &ChunkPlace, width_bytes: usize) -> Result<Buffer> {
        let len = place.row_count.checked_mul(width_bytes);
        self.buffer(place, 1, len.unwrap_or(usize::MAX))
    }

    fn text(&self, place: &ChunkPlace) -> Result<Text> {
        let offsets = self.offsets(place)?;
        let extent = &place.chunk.buffers[2];
        let (first, last) = (offsets[0], offsets[place.row_count]);
        if first != 0 || i64::from(last) != i64::try_from(extent.len_bytes).unwrap_or(i64::MAX) {
            let expected = format!("text offsets from 0 to {}", extent.len_bytes);
            let at = place.chunk.buffers[1].offset_bytes;
            return Err(corrupt(at, expected, format!("{first} to {last}")));
        }
        let len = usize::try_from(last).unwrap_or(0).min(ARRAY_TEXT_BYTES_MAX);
        let bytes = self.buffer(place, 2, len)?;
        Text::try_new(offsets, bytes).ok_or_else(|| {
            let expected = "rising offsets that cut valid UTF-8 at character borders";
            corrupt(place.chunk.buffers[1].offset_bytes, expected, "others")
        })
    }

    /// A buffer of a chunk, after its place, its length and its hash were found right.
    fn buffer(&self, place: &ChunkPlace, index: usize, len_bytes: usize) -> Result<Buffer> {
        let extent = &place.chunk.buffers[index];
        let at = place.entry_offset_bytes + 8 + index as u64 * 24;
        if extent.len_bytes != len_bytes as u64 {
            let expected = format!("a buffer of {len_bytes} bytes");
            return Err(corrupt(at + 8, expected, extent.len_bytes));
        }
        if !extent.offset_bytes.is_multiple_of(BUFFER_ALIGN_BYTES as u64) {
            let expected = format!("a buffer on a border of {BUFFER_ALIGN_BYTES} bytes");
            return Err(corrupt(at, expected, format!("offset {}", extent.offset_bytes)));
        }
        let range = self.data_range(at, extent)?;
        let buffer = self.mapping.slice(range.start, range.len());
        require_checksum(extent.offset_bytes, buffer.as_bytes(), extent.checksum)?;
        Ok(buffer)
    }

    fn data_range(&self, at: u64, extent: &Extent) -> Result<Range<usize>> {
        let end = self.mapping.len_bytes() as u64 - layout::TRAILER_BYTES as u64;
        self.range(at, extent.offset_bytes, extent.len_bytes, end)
    }

    /// Bytes between head and `end`; `at` is where the file says so.
    fn range(&self, at: u64, offset: u64, len: u64, end: u64) -> Result<Range<usize>> {
        let start = layout::HEAD_BYTES as u64;
        match offset.checked_add(len) {
            Some(range_end) if offset >= start && range_end <= end => {
                Ok(offset as usize..range_end as usize)
            }
            _ => {
                let expected = format!("bytes between {start} and {end}");
                Err(corrupt(at, expected, format!("{len} bytes from {offset}")))
            }
        }
    }
}

fn require_checksum(offset: u64, bytes: &[u8], expected: u64) -> Result<()> {
    let found = xxh3_64(bytes);
    match found == expected {
        true => Ok(()),
        false => {
            let expected = format!("checksum {expected:#018x} of {} bytes", bytes.len());
            Err(corrupt(offset, expected, format!("{found:#018x}")))
        }
    }
}

pub(super) fn corrupt(at: u64, expected: impl Into<String>, found: impl ToString) -> Error {
    Error::mismatch(ErrorKind::CorruptFile, expected, found.to_string())
        .at(|place| place.byte_offset = Some(at))
}

fn truncated(error: Error) -> Error {
    error.hint("the file is cut short or still being written; copy or write it again")
}

pub(super) fn newer(at: u64, expected: impl Into<String>, found: impl ToString) -> Error {
    Error::mismatch(ErrorKind::UnsupportedVersion, expected, found.to_string())
        .at(|place| place.byte_offset = Some(at))
        .hint("read it with a newer version of pardox")
}
