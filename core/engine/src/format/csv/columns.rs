//! The columns of the frame while the units fill them, and once they are whole.

use std::sync::{Arc, OnceLock};

use super::codes::{Coding, NO_CODE};
use super::decode::Target;
use super::header::Header;
use super::infer::SharedLooks;
use crate::column::{
    Array, ArrayData, Bitmap, Buffer, DataType, Dictionary, MutableBuffer, PlacedBuffer, Storage,
    Text, TextBuilder, Values, Window,
};
use crate::error::Result;
use crate::limits::{CSV_ROWS_ALIGN, CSV_UNIT_BYTES_MIN};

/// Addresses that are asked for without trying first whether they are granted.
const ADDRESS_BYTES_FREE: usize = 1 << 30;

/// One column of the frame under construction.
pub(super) struct ColumnStore {
    /// Position in the file.
    pub column: usize,
    pub declared: Option<DataType>,
    pub looks: SharedLooks,
    /// How its text is read as codes, where it is.
    pub coding: Option<Coding>,
    /// Room for the rows that the file can hold at most.
    row_room: usize,
    /// Rows that it holds if it goes on as it starts.
    likely_rows: usize,
    widest: OnceLock<Result<PlacedBuffer>>,
    wide: OnceLock<Result<PlacedBuffer>>,
    narrow: OnceLock<Result<PlacedBuffer>>,
    bits: OnceLock<Result<PlacedBuffer>>,
    validity: OnceLock<Result<PlacedBuffer>>,
}

impl ColumnStore {
    /// One for each column that is read; `data` holds the records.
    pub fn for_each_selected(header: &Header, data: &[u8]) -> Vec<ColumnStore> {
        let (row_room, likely_rows) = (row_room(header, data), likely_rows(data));
        let store = |column, declared: Option<DataType>, is_auto| ColumnStore {
            column,
            coding: Coding::of(declared.as_ref(), is_auto),
            declared,
            looks: SharedLooks::default(),
            row_room,
            likely_rows,
            widest: OnceLock::new(),
            wide: OnceLock::new(),
            narrow: OnceLock::new(),
            bits: OnceLock::new(),
            validity: OnceLock::new(),
        };
        let selected = header.selected.iter();
        selected.map(|one| store(one.column, one.declared.clone(), one.is_auto)).collect()
    }

    fn wide(&self) -> Result<&PlacedBuffer> {
        self.reserved(&self.wide, 64)
    }

    fn reserved<'s>(
        &self,
        slot: &'s OnceLock<Result<PlacedBuffer>>,
        value_bits: usize,
    ) -> Result<&'s PlacedBuffer> {
        let size_bytes = |rows: usize| rows * value_bits / 8;
        let reserve =
            || PlacedBuffer::reserve(size_bytes(self.row_room), size_bytes(self.likely_rows));
        slot.get_or_init(reserve).as_ref().map_err(Clone::clone)
    }

    /// Where the values of rows `row..row + row_count` go when they are of that type.
    pub fn target(
        &self,
        dtype: Option<&DataType>,
        row: usize,
        row_count: usize,
        builders: &mut Vec<TextBuilder>,
    ) -> Result<Target<'_>> {
        // A column has one type of less than 64 bits at most: a date, or the one that was declared.
        let narrow = |bits: usize| self.reserved(&self.narrow, bits);
        Ok(match dtype {
            None => Target::Nothing,
            Some(DataType::Bool) => {
                Target::Bool(bit_window(self.reserved(&self.bits, 1)?, row, row_count))
            }
            Some(DataType::Int64) => Target::Int64(self.wide()?.window(row, row_count)),
            Some(DataType::Float64) => Target::Float64(self.wide()?.window(row, row_count)),
            Some(DataType::Timestamp) => Target::Timestamp(self.wide()?.window(row, row_count)),
            Some(DataType::Date) => Target::Date(narrow(32)?.window(row, row_count)),
            Some(DataType::Int8) => Target::Int8(narrow(8)?.window(row, row_count)),
            Some(DataType::Int16) => Target::Int16(narrow(16)?.window(row, row_count)),
            Some(DataType::Int32) => Target::Int32(narrow(32)?.window(row, row_count)),
            Some(DataType::UInt8) => Target::UInt8(narrow(8)?.window(row, row_count)),
            Some(DataType::UInt16) => Target::UInt16(narrow(16)?.window(row, row_count)),
            Some(DataType::UInt32) => Target::UInt32(narrow(32)?.window(row, row_count)),
            Some(DataType::UInt64) => Target::UInt64(self.wide()?.window(row, row_count)),
            Some(DataType::Float32) => Target::Float32(narrow(32)?.window(row, row_count)),
            Some(DataType::Decimal { precision, scale }) => Target::Decimal {
                values: self.reserved(&self.widest, 128)?.window(row, row_count),
                precision: *precision,
                scale: *scale,
            },
            Some(DataType::Utf8 | DataType::Dictionary) => {
                Target::Utf8(builders.pop().unwrap_or_default())
            }
            Some(nested @ (DataType::List(_) | DataType::Struct(_))) => {
                panic!("options refuse to read {nested}")
            }
            Some(DataType::TimestampOf { unit, zone }) => Target::TimestampOf {
                values: self.wide()?.window(row, row_count),
                unit: *unit,
                zone: zone.clone(),
            },
        })
    }

    /// Codes of rows `row..row + row_count`, once nothing else is written there.
    pub fn codes_window(&self, row: usize, row_count: usize) -> Result<Window<'_, i32>> {
        Ok(self.reserved(&self.narrow, 32)?.window(row, row_count))
    }

    /// Validity bits of rows `row..row + row_count`.
    pub fn validity_window(&self, row: usize, row_count: usize) -> Result<Window<'_, u64>> {
        let validity = self.reserved(&self.validity, 1)?;
        Ok(bit_window(validity, row, row_count))
    }

    /// Writes zeros, the values of nulls, where nothing was written.
    pub fn fill_with_zeros(&self, row: usize, row_count: usize) -> Result<()> {
        match self.target(Some(&self.dtype()), row, row_count, &mut Vec::new())? {
            Target::Nothing | Target::Utf8(_) => {}
            Target::Bool(mut words) => words.fill(0),
            Target::Date(mut days) => days.fill(0),
            Target::Float64(mut values) => values.fill(0.0),
            Target::Float32(mut values) => values.fill(0.0),
            Target::Int8(mut values) => values.fill(0),
            Target::Int16(mut values) => values.fill(0),
            Target::Int32(mut values) => values.fill(0),
            Target::UInt8(mut values) => values.fill(0),
            Target::UInt16(mut values) => values.fill(0),
            Target::UInt32(mut values) => values.fill(0),
            Target::UInt64(mut values) => values.fill(0),
            Target::Decimal { mut values, .. } => values.fill(0),
            Target::Int64(mut values)
            | Target::Timestamp(mut values)
            | Target::TimestampOf { mut values, .. } => values.fill(0),
        }
        Ok(())
    }

    /// Writes that no row has a text.
    pub fn fill_without_codes(&self, row: usize, row_count: usize) -> Result<()> {
        self.codes_window(row, row_count)?.fill(NO_CODE);
        Ok(())
    }

    /// Turns whole numbers into floats, in place. All are exact, and none is `-0`.
    pub fn widen_integers(&self, row: usize, row_count: usize) -> Result<()> {
        for slot in self.wide()?.window::<i64>(row, row_count).iter_mut() {
            *slot = (*slot as f64).to_bits() as i64;
        }
        Ok(())
    }

    /// Says that all rows of a range have values, where other rows have none.
    pub fn mark_present(&self, row: usize, row_count: usize) -> Result<()> {
        if self.validity.get().is_some() {
            self.validity_window(row, row_count)?.fill(u64::MAX);
        }
        Ok(())
    }

    /// The type of the whole column, once every unit was read; text that nobody declared may become
    /// a dictionary yet.
    pub fn dtype(&self) -> DataType {
        self.declared.clone().or_else(|| self.looks.get().dtype()).unwrap_or(DataType::Utf8)
    }
}

/// Rows that the data can hold at most, as a multiple of 512.
///
/// A record has a delimiter or a line end for each field, but perhaps for the last of all. Where
/// the system does not even grant addresses for so many, the lines are counted.
fn row_room(header: &Header, data: &[u8]) -> usize {
    let bound = data.len() / header.names.len() + 1;
    let wanted_bytes = bound.saturating_mul(8 * header.selected.len());
    let row_room = match wanted_bytes <= ADDRESS_BYTES_FREE
        || PlacedBuffer::reserve(wanted_bytes, 0).is_ok()
    {
        true => bound,
        false => data.iter().filter(|byte| **byte == b'\n').count() + 1,
    };
    row_room.next_multiple_of(CSV_ROWS_ALIGN)
}

/// Rows of the data if all its lines are as long as the first ones.
fn likely_rows(data: &[u8]) -> usize {
    let sample = &data[..data.len().min(CSV_UNIT_BYTES_MIN)];
    let line_count = sample.iter().filter(|byte| **byte == b'\n').count();
    (data.len() as f64 * line_count as f64 / sample.len().max(1) as f64) as usize
}

/// Words of bits; `row` is a multiple of 512.
fn bit_window(bits: &PlacedBuffer, row: usize, row_count: usize) -> Window<'_, u64> {
    bits.window(row / 64, row_count.div_ceil(64))
}

/// A column whose buffers are shared and immutable.
pub(super) struct FrozenColumn {
    pub dtype: DataType,
    values: Buffer,
    /// The values of a dictionary.
    texts: Option<Arc<Text>>,
    validity: Option<Buffer>,
}

impl FrozenColumn {
    /// Ends writing; gives back what the rows did not need. `texts` are a dictionary's values.
    pub fn new(
        store: ColumnStore,
        row_count: usize,
        texts: Option<Arc<Text>>,
    ) -> Result<FrozenColumn> {
        let dtype = if texts.is_some() { DataType::Dictionary } else { store.dtype() };
        let (slot, len_bytes) = match (dtype.storage(), dtype.width_bytes()) {
            (_, Some(16)) => (store.widest, row_count * 16),
            (_, Some(8)) => (store.wide, row_count * 8),
            (_, Some(width)) => (store.narrow, row_count * width),
            (Storage::Bool, None) => (store.bits, row_count.div_ceil(8)),
            (Storage::Dictionary, None) => (store.narrow, row_count * size_of::<i32>()),
            (_, None) => (OnceLock::new(), 0),
        };
        let values = match slot.into_inner() {
            Some(placed) => placed?.freeze(len_bytes),
            // A declared type of which no value is present.
            None => MutableBuffer::zeroed::<u8>(len_bytes).freeze(),
        };
        let validity = store.validity.into_inner().transpose()?;
        let validity = validity.map(|placed| placed.freeze(row_count.div_ceil(8)));
        Ok(FrozenColumn { dtype, values, texts, validity })
    }

    /// Rows `row..row + row_count`; `row` is a multiple of 512.
    pub fn array(&self, row: usize, row_count: usize, text: Option<Text>) -> Array {
        let bits =
            |buffer: &Buffer| Bitmap::new(buffer.slice(row / 8, row_count.div_ceil(8)), row_count);
        let data = match (self.dtype.storage(), self.dtype.width_bytes()) {
            (storage, Some(width)) => {
                ArrayData::of_buffer(storage, self.values.slice(row * width, row_count * width))
            }
            (Storage::Bool, None) => ArrayData::Bool(bits(&self.values)),
            (Storage::Dictionary, None) => match &self.texts {
                Some(texts) => {
                    let codes = self.values.slice(row * 4, row_count * 4);
                    let codes = Dictionary::new(Values::new(codes), texts.clone());
                    ArrayData::Dictionary(codes)
                }
                None => panic!("a dictionary column has no values"),
            },
            (_, None) => match text {
                Some(text) => ArrayData::Utf8(text),
                None => panic!("a unit of a utf8 column has no text"),
            },
        };
        Array::typed(self.dtype.clone(), data, self.validity.as_ref().map(bits))
    }
}
