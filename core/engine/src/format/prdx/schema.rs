//! The schema segment of a `.prdx` file, read: entries and the heap of their names, none trusted.

use std::sync::Arc;

use super::layout::{self, ColumnDefEntry};
use super::reader::{corrupt, newer};
use crate::column::{ColumnDef, DataType, Schema, SchemaRef, StructField};
use crate::error::{ErrorKind, Result};
use crate::limits::{COLUMNS_MAX, NESTED_DEPTH_MAX};

/// The names and types that a segment at an offset of the file holds.
///
/// Errors: `CorruptFile`, and `UnsupportedVersion` for a type of a later version.
pub fn read_schema(bytes: &[u8], offset: u64, column_count: u32) -> Result<SchemaRef> {
    let column_count = column_count as usize;
    let entries_len = column_count.saturating_mul(layout::COLUMN_DEF_BYTES);
    if column_count > COLUMNS_MAX || entries_len > bytes.len() {
        let columns_max = COLUMNS_MAX.min(bytes.len() / layout::COLUMN_DEF_BYTES);
        let expected = format!("a schema of at most {columns_max} columns");
        return Err(corrupt(offset, expected, column_count));
    }
    let (entries, heap) = bytes.split_at(entries_len);
    let mut reader = SchemaReader { entries, heap, offset, next: 0 };
    let mut definitions = Vec::new();
    while reader.next < column_count {
        let (name, dtype) = reader.entry(1)?;
        definitions.push(ColumnDef::new(name, dtype));
    }
    Schema::new(definitions).map(Arc::new).map_err(|error| match error.kind() {
        ErrorKind::DuplicateColumn => corrupt(offset, "unique column names", error.summary()),
        _ => error,
    })
}

/// Reads entries one after the other, those of elements and fields with the one above them.
struct SchemaReader<'a> {
    entries: &'a [u8],
    heap: &'a [u8],
    /// Of the first entry in the file.
    offset: u64,
    next: usize,
}

impl SchemaReader<'_> {
    /// The next entry and those below it, which stands at a level of its column's type.
    fn entry(&mut self, level: usize) -> Result<(String, DataType)> {
        let start = self.next * layout::COLUMN_DEF_BYTES;
        let at = self.offset + start as u64;
        let Some(entry) = self.entries.get(start..start + layout::COLUMN_DEF_BYTES) else {
            return Err(corrupt(at, "an entry for each element and field", "the end"));
        };
        let entry = ColumnDefEntry::decode(entry);
        self.next += 1;
        let start = entry.name_offset_bytes as usize;
        let end = start.saturating_add(entry.name_len_bytes as usize);
        let name = self.heap.get(start..end).and_then(|name| std::str::from_utf8(name).ok());
        let Some(name) = name else {
            let expected = format!("a UTF-8 name within {} bytes", self.heap.len());
            return Err(corrupt(at, expected, format!("bytes {start} to {end}")));
        };
        let dtype = match entry.type_number {
            layout::LIST_NUMBER | layout::STRUCT_NUMBER => self.nested(&entry, level, at)?,
            number => {
                let zone_len = layout::zone_len_bytes(number, entry.parameters);
                let zone = self.heap.get(end..end.saturating_add(zone_len));
                let zone = zone.and_then(|zone| std::str::from_utf8(zone).ok());
                let dtype =
                    zone.and_then(|zone| layout::type_of_number(number, entry.parameters, zone));
                dtype.ok_or_else(|| {
                    let expected = "a type from 1 to 14, 20, 32 with a precision of 1 to 38 and \
                                    its scale, 40, 41, or 50 with a unit and a known zone";
                    let ([first, second], zone) = (entry.parameters, zone.unwrap_or_default());
                    newer(at + 8, expected, format!("{number} ({first}, {second}) {zone}"))
                        .at(|place| place.column = Some(name.to_owned()))
                })?
            }
        };
        Ok((name.to_owned(), dtype))
    }

    fn nested(&mut self, entry: &ColumnDefEntry, level: usize, at: u64) -> Result<DataType> {
        if level >= NESTED_DEPTH_MAX {
            let expected = format!("a type of at most {NESTED_DEPTH_MAX} levels");
            return Err(corrupt(at, expected, "more"));
        }
        let dtype = match entry.type_number {
            layout::LIST_NUMBER => DataType::list(self.entry(level + 1)?.1),
            _ => {
                let fields = (0..u16::from_le_bytes(entry.parameters)).map(|_| {
                    let (name, dtype) = self.entry(level + 1)?;
                    Ok(StructField { name, dtype })
                });
                DataType::of_fields(fields.collect::<Result<_>>()?)
            }
        };
        dtype.map_err(|error| corrupt(at, "a list or a struct of this version", error.summary()))
    }
}
