//! The columns of the frame, filled row by row: fixed-width values and validity bits in one buffer
//! each for the whole frame, text in one array for each block.
//!
//! A column whose type its values tell takes a wider one where it stands, as long as nothing of
//! its values is lost by that: whole numbers become floats, dates timestamps, nulls anything. What
//! has to be text now and was none is to be read again, and from there on values are only looked
//! at.

use std::sync::Arc;

use super::super::codes::encoded;
use super::super::infer::Looks;
use super::forms::{Cell, FieldBytes, Forms};
use super::walk::Walk;
use crate::bytes::number::EXACT_INTEGER_MAX;
use crate::column::{
    Arena, Array, ArrayData, Bitmap, Buffer, ColumnDef, DataType, Frame, HyperBlock, MutableBuffer,
    Schema, Storage, Text, TextBuilder,
};
use crate::error::{Error, ErrorKind, Result};
use crate::limits::{ARRAY_TEXT_BYTES_MAX, BLOCK_ROWS_MAX, CSV_ROWS_ALIGN};

/// Text of a block from which on it ends at the next row that may end one.
const BLOCK_TEXT_BYTES: usize = 64 << 20;

const MICROSECONDS_PER_DAY: i64 = 86_400_000_000;

/// Columns being filled.
pub(super) struct Columns {
    names: Vec<String>,
    stores: Vec<Store>,
    row_count: usize,
    /// First row of each block; the last one is open.
    block_starts: Vec<usize>,
    arena: Arena,
    forms: Forms,
    /// Whether a column has to be read again: then values are only looked at.
    is_late: bool,
}

/// A column to fill.
pub(super) struct ColumnStart {
    pub name: String,
    /// Its type; that of the looks where `is_open`.
    pub dtype: Option<DataType>,
    /// Whether values tell the type.
    pub is_open: bool,
    pub looks: Looks,
    /// Whether text may become a dictionary where that is worth it.
    pub is_auto: bool,
}

struct Store {
    /// Whether its text becomes codes: `Some(true)` where that was declared, else where it is worth
    /// it.
    coding: Option<bool>,
    dtype: Option<DataType>,
    is_open: bool,
    looks: Looks,
    /// Whether a whole number stands there as `-0`.
    has_negative_zero: bool,
    values: Fixed,
    text: TextBuilder,
    texts: Vec<Text>,
    /// One bit a row.
    validity: Vec<u64>,
    has_nulls: bool,
}

enum Fixed {
    None,
    Bits(Vec<u64>),
    Values(MutableBuffer),
}

impl Columns {
    /// Columns without rows.
    pub fn new(starts: Vec<ColumnStart>, forms: Forms) -> Columns {
        Columns {
            stores: starts.iter().map(Store::new).collect(),
            names: starts.into_iter().map(|start| start.name).collect(),
            row_count: 0,
            block_starts: vec![0],
            arena: Arena::default(),
            forms,
            is_late: false,
        }
    }

    /// Columns that hold nothing, whose values are only looked at.
    pub fn for_looks(starts: Vec<ColumnStart>, forms: Forms) -> Columns {
        Columns { is_late: true, ..Columns::new(starts, forms) }
    }

    /// Appends the row at which the walk stands.
    ///
    /// Errors: `LimitExceeded` when 512 rows hold more text than an array can.
    pub fn push(&mut self, walk: &Walk) -> Result<()> {
        if self.is_late {
            self.look(walk, 0);
            return Ok(());
        }
        self.end_block_if_full();
        let row = self.row_count;
        for (index, cell) in walk.cells.iter().enumerate() {
            let store = &mut self.stores[index];
            if row.is_multiple_of(64) {
                store.validity.push(0);
            }
            let mut cell = *cell;
            if store.is_open && cell == Cell::Text && store.dtype != Some(DataType::Utf8) {
                let field = walk.field(index);
                match store.read_open(&mut self.forms, field, row, &self.block_starts) {
                    Some(read) => cell = read,
                    None => {
                        self.is_late = true;
                        // Nothing of this will be the frame.
                        self.stores.iter_mut().for_each(Store::clear);
                        self.look(walk, index + 1);
                        return Ok(());
                    }
                }
            }
            let store = &mut self.stores[index];
            match store.dtype {
                Some(DataType::Utf8) => match cell {
                    Cell::Text => store.push_text(walk.field_text(index)?)?,
                    _ => store.push_text("")?,
                },
                _ => store.push_fixed(cell, row),
            }
            match cell {
                Cell::Null => store.has_nulls = true,
                _ => store.validity[row / 64] |= 1 << (row % 64),
            }
        }
        self.row_count += 1;
        Ok(())
    }

    /// What the values of a row look like, from a column on.
    fn look(&mut self, walk: &Walk, from: usize) {
        for (index, store) in self.stores.iter_mut().enumerate().skip(from) {
            let is_text = walk.cells[index] == Cell::Text;
            // Text stays text, whatever follows.
            if store.is_open && is_text && store.looks.dtype() != Some(DataType::Utf8) {
                store.looks = store.looks.and(self.forms.look(walk.field(index).get()));
            }
        }
    }

    /// What the columns look like.
    pub fn looks(&self) -> Vec<Looks> {
        self.stores.iter().map(|store| store.looks).collect()
    }

    /// Whether the rows are to be read again, with what the columns look like now.
    pub fn is_late(&self) -> bool {
        self.is_late
    }

    /// Blocks end at multiples of 512 rows.
    fn end_block_if_full(&mut self) {
        let start = self.block_starts[self.block_starts.len() - 1];
        let row_count = self.row_count - start;
        if row_count == 0 || !row_count.is_multiple_of(CSV_ROWS_ALIGN) {
            return;
        }
        let is_long = |store: &Store| store.text.len_bytes() >= BLOCK_TEXT_BYTES;
        if row_count >= BLOCK_ROWS_MAX || self.stores.iter().any(is_long) {
            self.end_block();
            self.block_starts.push(self.row_count);
        }
    }

    fn end_block(&mut self) {
        let is_text = |store: &&mut Store| store.dtype == Some(DataType::Utf8);
        for store in self.stores.iter_mut().filter(is_text) {
            store.texts.push(store.text.finish(&mut self.arena));
        }
    }

    /// The rows as a frame.
    pub fn finish(mut self) -> Result<Frame> {
        for store in &mut self.stores {
            if store.dtype.is_none() {
                // Nothing but nulls.
                store.widen(&DataType::Utf8, self.row_count, &self.block_starts);
            }
        }
        self.end_block();
        let ends = self.block_starts[1..].iter().copied().chain([self.row_count]);
        let ranges: Vec<(usize, usize)> = self.block_starts.iter().copied().zip(ends).collect();
        let columns: Vec<Vec<Array>> = self
            .stores
            .into_iter()
            .map(|store| match (store.coding, &store.dtype) {
                (Some(is_declared), Some(DataType::Utf8)) => {
                    encoded(store.arrays(&ranges), is_declared)
                }
                _ => Ok(store.arrays(&ranges)),
            })
            .collect::<Result<_>>()?;
        let definitions = self.names.iter().zip(&columns);
        let definitions =
            definitions.map(|(name, arrays)| ColumnDef::new(name, arrays[0].dtype().clone()));
        let schema = Arc::new(Schema::new(definitions.collect())?);
        let blocks = ranges.iter().enumerate().map(|(block, (start, end))| {
            let arrays = columns.iter().map(|arrays| arrays[block].clone()).collect();
            HyperBlock::new(schema.clone(), end - start, arrays)
        });
        let blocks = blocks.collect();
        Ok(Frame::new(schema, blocks))
    }
}

impl Fixed {
    fn of(dtype: Option<&DataType>) -> Fixed {
        match dtype {
            None | Some(DataType::Utf8) => Fixed::None,
            Some(DataType::Bool) => Fixed::Bits(Vec::new()),
            Some(_) => Fixed::Values(MutableBuffer::with_capacity(0)),
        }
    }
}

impl Store {
    fn new(start: &ColumnStart) -> Store {
        let is_declared = start.dtype == Some(DataType::Dictionary);
        let dtype = start.dtype.as_ref().map(DataType::plain);
        Store {
            coding: (is_declared || start.is_auto).then_some(is_declared),
            is_open: start.is_open,
            looks: start.looks,
            has_negative_zero: false,
            values: Fixed::of(dtype.as_ref()),
            dtype,
            text: TextBuilder::default(),
            texts: Vec::new(),
            validity: Vec::new(),
            has_nulls: false,
        }
    }

    fn clear(&mut self) {
        (self.values, self.text) = (Fixed::None, TextBuilder::default());
        (self.texts, self.validity) = (Vec::new(), Vec::new());
    }

    /// The value of a field of a column whose type its values tell, which is made wider where that
    /// has to be; `None` where the rows before cannot follow.
    #[inline]
    fn read_open(
        &mut self,
        forms: &mut Forms,
        field: FieldBytes,
        row: usize,
        block_starts: &[usize],
    ) -> Option<Cell> {
        let fitting = self.dtype.as_ref().and_then(|dtype| forms.parse(dtype, false, field));
        let cell = match fitting {
            Some(cell) => cell,
            None => {
                self.looks = self.looks.and(forms.look(field.get()));
                let dtype = self.looks.dtype()?;
                if !self.widen(&dtype, row, block_starts) {
                    return None;
                }
                forms.parse(&dtype, false, field)?
            }
        };
        if let Cell::Int64(value) = cell {
            if value.unsigned_abs() > EXACT_INTEGER_MAX {
                self.looks = self.looks.and(Looks::LARGE_INTEGER);
            }
            self.has_negative_zero |= value == 0 && field.get()[0] == b'-';
        }
        Some(cell)
    }

    /// Takes a wider type for the rows so far; `false` where they cannot be told from what is kept.
    fn widen(&mut self, dtype: &DataType, row_count: usize, block_starts: &[usize]) -> bool {
        use DataType::{Bool, Date, Float64, Int64, Timestamp, Utf8};
        match (&self.dtype, dtype) {
            (Some(before), _) if before == dtype => {}
            (None, Utf8) => {
                let ends = block_starts[1..].iter().copied().chain([row_count]);
                for (block, end) in ends.enumerate() {
                    (block_starts[block]..end).for_each(|_| self.text.push(""));
                    // The last block is open.
                    if block + 1 < block_starts.len() {
                        self.texts.push(self.text.finish(&mut Arena::default()));
                    }
                }
            }
            (None, Bool) => self.values = Fixed::Bits(vec![0; row_count.div_ceil(64)]),
            (None, Date) => self.values = Fixed::Values(MutableBuffer::zeroed::<i32>(row_count)),
            (None, _) => self.values = Fixed::Values(MutableBuffer::zeroed::<i64>(row_count)),
            (Some(Int64), Float64) if !self.has_negative_zero => {
                self.convert(|values, wide| {
                    values.as_mut_slice().iter().for_each(|value: &i64| wide.push(*value as f64));
                });
            }
            (Some(Date), Timestamp) => {
                let midnight = |days: &i32| i64::from(*days) * MICROSECONDS_PER_DAY;
                self.convert(|values, wide| {
                    values.as_mut_slice().iter().for_each(|days| wide.push(midnight(days)));
                });
            }
            _ => return false,
        }
        self.dtype = Some(dtype.clone());
        true
    }

    fn convert(&mut self, write: impl Fn(&mut MutableBuffer, &mut MutableBuffer)) {
        if let Fixed::Values(values) = &mut self.values {
            let mut wide = MutableBuffer::with_capacity(values.len_bytes() * 2);
            write(values, &mut wide);
            *values = wide;
        }
    }

    #[inline]
    fn push_fixed(&mut self, cell: Cell, row: usize) {
        match &mut self.values {
            Fixed::None => {}
            Fixed::Bits(bits) => {
                if row.is_multiple_of(64) {
                    bits.push(0);
                }
                bits[row / 64] |= u64::from(cell == Cell::Bool(true)) << (row % 64);
            }
            Fixed::Values(values) => match (&self.dtype, cell) {
                (Some(DataType::Int64), Cell::Int64(value)) => values.push(value),
                (_, Cell::Timestamp(value)) => values.push(value),
                (_, Cell::Float64(value)) => values.push(value),
                (_, Cell::Float32(value)) => values.push(value),
                (_, Cell::UInt64(value)) => values.push(value),
                (Some(dtype), Cell::Int64(value)) => {
                    // In range: the bytes that are left out say no more than the sign.
                    let width = dtype.width_bytes().unwrap_or(8);
                    values.extend_from_slice(&value.to_le_bytes()[..width]);
                }
                (_, Cell::Date(value)) => values.push(value),
                (_, Cell::Decimal(value)) => values.push(value),
                (dtype, _) => {
                    let width = dtype.as_ref().and_then(DataType::width_bytes).unwrap_or(8);
                    values.extend_from_slice(&[0_u8; 16][..width]);
                }
            },
        }
    }

    fn push_text(&mut self, text: &str) -> Result<()> {
        if self.text.len_bytes() + text.len() > ARRAY_TEXT_BYTES_MAX {
            let summary = format!(
                "{CSV_ROWS_ALIGN} consecutive records hold more than {ARRAY_TEXT_BYTES_MAX} bytes"
            );
            return Err(Error::new(ErrorKind::LimitExceeded, summary)
                .hint("check that a quote is not left open"));
        }
        self.text.push(text);
        Ok(())
    }

    /// The arrays of the blocks; each starts at a multiple of 512 rows.
    fn arrays(self, ranges: &[(usize, usize)]) -> Vec<Array> {
        let words = |words: &[u64]| {
            let words: Vec<u64> = words.iter().map(|word| word.to_le()).collect();
            Buffer::from_slice(&words)
        };
        let validity = self.has_nulls.then(|| words(&self.validity));
        let values = match self.values {
            Fixed::None => Buffer::empty(),
            Fixed::Bits(bits) => words(&bits),
            Fixed::Values(values) => values.freeze(),
        };
        let dtype = self.dtype.unwrap_or(DataType::Utf8);
        let mut texts = self.texts.into_iter();
        let array = |(start, end): &(usize, usize)| {
            let row_count = end - start;
            let bits = |buffer: &Buffer| {
                Bitmap::new(buffer.slice(start / 8, row_count.div_ceil(8)), row_count)
            };
            let data = match (dtype.storage(), dtype.width_bytes()) {
                (storage, Some(width)) => {
                    ArrayData::of_buffer(storage, values.slice(start * width, row_count * width))
                }
                (Storage::Bool, None) => ArrayData::Bool(bits(&values)),
                (_, None) => ArrayData::Utf8(texts.next().expect("a text for each block")),
            };
            Array::typed(dtype.clone(), data, validity.as_ref().map(bits))
        };
        ranges.iter().map(array).collect()
    }
}
