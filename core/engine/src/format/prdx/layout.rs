//! Offsets, magic numbers and fixed-width records of a `.prdx` file; mirrors `docs/prdx.md`.
//!
//! ```text
//! 0       head, 64 bytes, then zeros up to 4096
//! 4096    data: column after column; each buffer on 64 bytes, large ones on 4096
//!         statistics, directories (one per row group), schema
//!         footer: row groups and segments
//! end-64  trailer: where the footer is, what it hashes to, how long the file is
//! ```
//! All numbers are little-endian. Decoders take slices of exact length; who calls them has checked
//! that the bytes are there.

use xxhash_rust::xxh3::xxh3_64;

use crate::bytes::tick::TimeUnit;
use crate::bytes::zone::Zone;
use crate::column::{DataType, Schema};

pub const HEAD_MAGIC: [u8; 8] = *b"PRDX\r\n\x1a\n";
pub const TRAILER_MAGIC: [u8; 8] = *b"PRDXTAIL";

/// Raised when older readers must refuse the file.
pub const MAJOR: u16 = 1;
/// Raised with each addition that older readers may pass over.
pub const MINOR: u16 = 2;
/// The only flag: numbers are little-endian.
pub const FLAG_LITTLE_ENDIAN: u32 = 1;
/// Who wrote the file: this engine.
pub const CREATED_BY: u32 = 1;

pub const HEAD_BYTES: usize = 64;
pub const TRAILER_BYTES: usize = 64;
pub const FOOTER_HEAD_BYTES: usize = 32;
pub const GROUP_BYTES: usize = 32;
pub const SEGMENT_BYTES: usize = 32;
pub const COLUMN_DEF_BYTES: usize = 16;
pub const COLUMN_CHUNK_BYTES: usize = 80;
/// Buffers of a column chunk: validity, values or offsets, text. A struct has validity alone.
pub const CHUNK_BUFFERS: usize = 3;
pub const CHUNK_ALIGN_BYTES: usize = 4096;
pub const FILE_BYTES_MIN: usize = HEAD_BYTES + FOOTER_HEAD_BYTES + TRAILER_BYTES;

pub const SEGMENT_SCHEMA: u32 = 1;
pub const SEGMENT_STATISTICS: u32 = 2;
/// The values of a dictionary column: the first such segment is the first such column's, and so on.
pub const SEGMENT_DICTIONARY: u32 = 3;
/// Before the offsets of a dictionary's values: how many there are, and zeros.
pub const DICTIONARY_HEAD_BYTES: usize = 64;
/// Bytes as they are.
pub const ENCODING_PLAIN: u32 = 0;

/// The head of the file. Its magic, versions and checksum stay where they are in every version.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Head {
    pub major: u16,
    pub minor: u16,
    pub reader_minor_min: u16,
    pub flags: u32,
    pub created_by: u32,
}

/// The last bytes of the file; it stays where it is in every version.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Trailer {
    pub footer_offset_bytes: u64,
    pub footer_len_bytes: u64,
    pub footer_hash: u128,
    pub major: u16,
    pub minor: u16,
    pub file_len_bytes: u64,
}

/// Bytes of the file and what they hash to.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Extent {
    pub offset_bytes: u64,
    pub len_bytes: u64,
    pub checksum: u64,
}

/// The first bytes of the footer; tables of groups and segments follow it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct FooterHead {
    pub row_count: u64,
    pub column_count: u32,
    pub group_count: u32,
    pub segment_count: u32,
}

/// A row group: a HyperBlock in memory. Its directory says where its column chunks are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Group {
    pub row_count: u64,
    pub directory: Extent,
}

/// Bytes about the whole table. A reader passes over kinds that it does not know.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Segment {
    pub kind: u32,
    pub encoding: u32,
    pub extent: Extent,
}

/// One column's entry in the schema segment; the name is a part of the heap behind the entries.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ColumnDefEntry {
    pub name_offset_bytes: u32,
    pub name_len_bytes: u32,
    pub type_number: u16,
    /// As [`type_parameters`] has them.
    pub parameters: [u8; 2],
}

/// One column's entry in a row group's directory.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct ColumnChunk {
    pub encoding: u32,
    pub buffer_count: u32,
    pub buffers: [Extent; CHUNK_BUFFERS],
}

/// Decimals, whose precision and scale follow the number.
const DECIMAL_NUMBER: u16 = 32;
/// Lists, whose elements have the next entry.
pub const LIST_NUMBER: u16 = 40;
/// Structs, whose fields have the next entries, as many as the parameters say.
pub const STRUCT_NUMBER: u16 = 41;

/// Moments of a unit and a zone: the digits of the unit and the length of the zone's name follow
/// the number, the zone's name the column's.
const TIMESTAMP_NUMBER: u16 = 50;

/// Number of a type in the file; it never changes.
pub fn type_number(dtype: &DataType) -> u16 {
    match dtype {
        DataType::Bool => 1,
        DataType::Int64 => 2,
        DataType::Float64 => 3,
        DataType::Date => 4,
        DataType::Timestamp => 5,
        DataType::Utf8 => 6,
        DataType::Int8 => 7,
        DataType::Int16 => 8,
        DataType::Int32 => 9,
        DataType::UInt8 => 10,
        DataType::UInt16 => 11,
        DataType::UInt32 => 12,
        DataType::UInt64 => 13,
        DataType::Float32 => 14,
        DataType::Dictionary => 20,
        DataType::Decimal { .. } => DECIMAL_NUMBER,
        DataType::List(_) => LIST_NUMBER,
        DataType::Struct(_) => STRUCT_NUMBER,
        DataType::TimestampOf { .. } => TIMESTAMP_NUMBER,
    }
}

/// What follows a type's number: precision and scale of decimals, unit and length of the zone's
/// name of moments, number of fields of structs.
pub fn type_parameters(dtype: &DataType) -> [u8; 2] {
    match dtype {
        DataType::Decimal { precision, scale } => [*precision, *scale],
        // The longest name of a zone has some thirty bytes.
        DataType::TimestampOf { unit, .. } => [unit.digits() as u8, zone_name(dtype).len() as u8],
        // A type has at most 4,096 parts.
        DataType::Struct(fields) => (fields.len() as u16).to_le_bytes(),
        _ => [0; 2],
    }
}

/// The name of a type's zone, which follows the column's name; of other types nothing.
pub fn zone_name(dtype: &DataType) -> &str {
    dtype.moment().and_then(|(_, zone)| zone).map_or("", Zone::name)
}

/// Bytes of the zone's name behind the column's.
pub fn zone_len_bytes(number: u16, parameters: [u8; 2]) -> usize {
    match number {
        TIMESTAMP_NUMBER => parameters[1].into(),
        _ => 0,
    }
}

/// The type of that number, these parameters and a zone's name, where this version knows it.
pub fn type_of_number(number: u16, parameters: [u8; 2], zone: &str) -> Option<DataType> {
    match number {
        DECIMAL_NUMBER => DataType::decimal(parameters[0], parameters[1]),
        TIMESTAMP_NUMBER => {
            let digits = usize::from(parameters[0]);
            let unit = TimeUnit::ALL.into_iter().find(|unit| unit.digits() == digits)?;
            let zone = match zone {
                "" => None,
                name => Some(Zone::named(name).filter(|zone| zone.name() == name)?),
            };
            let dtype = DataType::timestamp(unit, zone);
            // Plain timestamps have a number of their own.
            (type_number(&dtype) == number).then_some(dtype)
        }
        _ => DataType::ALL.iter().find(|dtype| type_number(dtype) == number).cloned(),
    }
}

/// The lowest minor version that has a type.
pub fn reader_minor_min(dtype: &DataType) -> u16 {
    match type_number(dtype) {
        0..=6 => 0,
        7..=14 | DECIMAL_NUMBER => 1,
        _ => 2,
    }
}

/// Entries of a column in the schema and in each directory: its own, then those of its elements or
/// of its fields, in order.
pub fn entries<'a>(name: &'a str, dtype: &'a DataType) -> Vec<(&'a str, &'a DataType)> {
    let inner: Vec<(&str, &DataType)> = match dtype {
        DataType::List(item) => vec![("", item)],
        DataType::Struct(fields) => {
            fields.iter().map(|field| (field.name.as_str(), &field.dtype)).collect()
        }
        _ => vec![],
    };
    let below = inner.into_iter().flat_map(|(name, dtype)| entries(name, dtype));
    [(name, dtype)].into_iter().chain(below).collect()
}

/// Entries of a whole table.
pub fn all_entries(schema: &Schema) -> Vec<(&str, &DataType)> {
    schema.columns().iter().flat_map(|column| entries(&column.name, &column.dtype)).collect()
}

/// Number of entries of a column.
pub fn entry_count(dtype: &DataType) -> usize {
    1 + match dtype {
        DataType::List(item) => entry_count(item),
        DataType::Struct(fields) => fields.iter().map(|field| entry_count(&field.dtype)).sum(),
        _ => 0,
    }
}

/// Number of buffers that a column chunk of a type has, validity included.
pub fn buffer_count(dtype: &DataType) -> usize {
    match dtype {
        DataType::Utf8 => 3,
        DataType::Struct(_) => 1,
        _ => 2,
    }
}

/// The border on which a buffer starts: a page where it fills one, so that `madvise` and checks
/// work on whole pages; a cache line otherwise, so that small tables stay small.
pub fn align_bytes(len_bytes: usize, is_first_of_column: bool) -> usize {
    match len_bytes >= CHUNK_ALIGN_BYTES || is_first_of_column {
        true => CHUNK_ALIGN_BYTES,
        false => crate::limits::BUFFER_ALIGN_BYTES,
    }
}

impl Head {
    pub fn encode(&self) -> Vec<u8> {
        let mut out = Encoder::default();
        out.bytes(&HEAD_MAGIC).u16(self.major).u16(self.minor).u16(self.reader_minor_min).u16(0);
        out.u32(self.flags).u32(self.created_by).bytes(&[0; 32]);
        out.finish_with_checksum()
    }

    pub fn decode(bytes: &[u8; HEAD_BYTES]) -> Head {
        Head {
            major: u16_at(bytes, 8),
            minor: u16_at(bytes, 10),
            reader_minor_min: u16_at(bytes, 12),
            flags: u32_at(bytes, 16),
            created_by: u32_at(bytes, 20),
        }
    }
}

impl Trailer {
    pub fn encode(&self) -> Vec<u8> {
        let mut out = Encoder::default();
        out.u64(self.footer_offset_bytes).u64(self.footer_len_bytes);
        out.bytes(&self.footer_hash.to_le_bytes()).u16(self.major).u16(self.minor).u32(0);
        out.u64(self.file_len_bytes);
        let mut bytes = out.finish_with_checksum();
        bytes.extend_from_slice(&TRAILER_MAGIC);
        bytes
    }

    pub fn decode(bytes: &[u8; TRAILER_BYTES]) -> Trailer {
        let hash = u128::from(u64_at(bytes, 24)) << 64 | u128::from(u64_at(bytes, 16));
        Trailer {
            footer_offset_bytes: u64_at(bytes, 0),
            footer_len_bytes: u64_at(bytes, 8),
            footer_hash: hash,
            major: u16_at(bytes, 32),
            minor: u16_at(bytes, 34),
            file_len_bytes: u64_at(bytes, 40),
        }
    }
}

impl FooterHead {
    pub fn encode(&self, out: &mut Encoder) {
        out.u64(self.row_count).u32(self.column_count).u32(self.group_count);
        out.u32(self.segment_count).bytes(&[0; 12]);
    }

    pub fn decode(bytes: &[u8]) -> FooterHead {
        FooterHead {
            row_count: u64_at(bytes, 0),
            column_count: u32_at(bytes, 8),
            group_count: u32_at(bytes, 12),
            segment_count: u32_at(bytes, 16),
        }
    }

    /// Length that a footer with this head has; wide enough never to wrap.
    pub fn footer_len_bytes(&self) -> u128 {
        let tables = u128::from(self.group_count) * GROUP_BYTES as u128
            + u128::from(self.segment_count) * SEGMENT_BYTES as u128;
        FOOTER_HEAD_BYTES as u128 + tables
    }
}

impl Extent {
    /// The extent of `bytes` when they stand at `offset_bytes`.
    pub fn of(offset_bytes: u64, bytes: &[u8]) -> Extent {
        Extent { offset_bytes, len_bytes: bytes.len() as u64, checksum: xxh3_64(bytes) }
    }

    pub fn encode(&self, out: &mut Encoder) {
        out.u64(self.offset_bytes).u64(self.len_bytes).u64(self.checksum);
    }

    pub fn decode(bytes: &[u8]) -> Extent {
        Extent {
            offset_bytes: u64_at(bytes, 0),
            len_bytes: u64_at(bytes, 8),
            checksum: u64_at(bytes, 16),
        }
    }
}

impl Group {
    pub fn encode(&self, out: &mut Encoder) {
        out.u64(self.row_count);
        self.directory.encode(out);
    }

    pub fn decode(bytes: &[u8]) -> Group {
        Group { row_count: u64_at(bytes, 0), directory: Extent::decode(&bytes[8..]) }
    }
}

impl Segment {
    pub fn encode(&self, out: &mut Encoder) {
        out.u32(self.kind).u32(self.encoding);
        self.extent.encode(out);
    }

    pub fn decode(bytes: &[u8]) -> Segment {
        Segment {
            kind: u32_at(bytes, 0),
            encoding: u32_at(bytes, 4),
            extent: Extent::decode(&bytes[8..]),
        }
    }
}

impl ColumnDefEntry {
    pub fn encode(&self, out: &mut Encoder) {
        out.u32(self.name_offset_bytes).u32(self.name_len_bytes);
        out.u16(self.type_number).bytes(&self.parameters).u32(0);
    }

    pub fn decode(bytes: &[u8]) -> ColumnDefEntry {
        ColumnDefEntry {
            name_offset_bytes: u32_at(bytes, 0),
            name_len_bytes: u32_at(bytes, 4),
            type_number: u16_at(bytes, 8),
            parameters: [bytes[10], bytes[11]],
        }
    }
}

impl ColumnChunk {
    pub fn encode(&self, out: &mut Encoder) {
        out.u32(self.encoding).u32(self.buffer_count);
        for buffer in &self.buffers {
            buffer.encode(out);
        }
    }

    pub fn decode(bytes: &[u8]) -> ColumnChunk {
        ColumnChunk {
            encoding: u32_at(bytes, 0),
            buffer_count: u32_at(bytes, 4),
            buffers: std::array::from_fn(|index| Extent::decode(&bytes[8 + index * 24..])),
        }
    }
}

/// Appends little-endian numbers.
#[derive(Debug, Default)]
pub struct Encoder {
    out: Vec<u8>,
}

impl Encoder {
    pub fn bytes(&mut self, bytes: &[u8]) -> &mut Encoder {
        self.out.extend_from_slice(bytes);
        self
    }

    pub fn u16(&mut self, value: u16) -> &mut Encoder {
        self.bytes(&value.to_le_bytes())
    }

    pub fn u32(&mut self, value: u32) -> &mut Encoder {
        self.bytes(&value.to_le_bytes())
    }

    pub fn u64(&mut self, value: u64) -> &mut Encoder {
        self.bytes(&value.to_le_bytes())
    }

    pub fn pad_to(&mut self, align_bytes: usize) -> &mut Encoder {
        self.out.resize(self.out.len().next_multiple_of(align_bytes), 0);
        self
    }

    pub fn finish(self) -> Vec<u8> {
        self.out
    }

    fn finish_with_checksum(mut self) -> Vec<u8> {
        let checksum = xxh3_64(&self.out);
        self.u64(checksum);
        self.out
    }
}

pub fn u64_at(bytes: &[u8], offset: usize) -> u64 {
    u64::from_le_bytes(chunk_at(bytes, offset))
}

fn u32_at(bytes: &[u8], offset: usize) -> u32 {
    u32::from_le_bytes(chunk_at(bytes, offset))
}

fn u16_at(bytes: &[u8], offset: usize) -> u16 {
    u16::from_le_bytes(chunk_at(bytes, offset))
}

fn chunk_at<const N: usize>(bytes: &[u8], offset: usize) -> [u8; N] {
    std::array::from_fn(|index| bytes[offset + index])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn records_have_their_documented_size_and_return() {
        let head =
            Head { major: 1, minor: 2, reader_minor_min: 3, flags: 0x0403_0201, created_by: 9 };
        let bytes: [u8; HEAD_BYTES] = head.encode().try_into().expect("64 bytes");
        assert_eq!(Head::decode(&bytes), head);
        let trailer = Trailer {
            footer_offset_bytes: 1 << 40,
            footer_len_bytes: 77,
            footer_hash: 0x0102_0304_0506_0708_090A_0B0C_0D0E_0F10,
            major: 1,
            minor: 2,
            file_len_bytes: u64::MAX,
        };
        let bytes: [u8; TRAILER_BYTES] = trailer.encode().try_into().expect("64 bytes");
        assert_eq!(Trailer::decode(&bytes), trailer);
        let extent = Extent { offset_bytes: 1, len_bytes: 2, checksum: 3 };
        let chunk = ColumnChunk { encoding: 4, buffer_count: 5, buffers: [extent; 3] };
        let mut out = Encoder::default();
        chunk.encode(&mut out);
        assert_eq!(out.out.len(), COLUMN_CHUNK_BYTES);
        assert_eq!(ColumnChunk::decode(&out.out), chunk);
    }

    #[test]
    fn types_have_numbers_of_their_own() {
        for dtype in DataType::ALL {
            assert_eq!(type_of_number(type_number(dtype), [0; 2], "").as_ref(), Some(dtype));
        }
        let money = DataType::decimal(18, 2).expect("a type");
        let found = type_of_number(type_number(&money), type_parameters(&money), "");
        assert_eq!(found, Some(money));
        assert_eq!(type_of_number(DECIMAL_NUMBER, [39, 2], ""), None);
        assert_eq!(type_of_number(0, [0; 2], ""), None);
    }

    #[test]
    fn a_footer_of_the_largest_counts_does_not_wrap() {
        let head = FooterHead {
            row_count: 0,
            column_count: u32::MAX,
            group_count: u32::MAX,
            segment_count: u32::MAX,
        };
        assert_eq!(head.footer_len_bytes(), 32 + 64 * u128::from(u32::MAX));
    }
}
