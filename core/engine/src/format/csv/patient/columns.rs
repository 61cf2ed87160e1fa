//! The columns of the frame, filled row by row: fixed-width values and validity bits in one buffer
//! each for the whole frame, text in one array for each block.

use std::sync::Arc;

use super::forms::Cell;
use crate::column::{
    Arena, Array, ArrayData, Bitmap, Buffer, ColumnDef, DataType, Frame, HyperBlock, MutableBuffer,
    Schema, Text, TextBuilder, Values,
};
use crate::error::{Error, ErrorKind, Result};
use crate::limits::{ARRAY_TEXT_BYTES_MAX, BLOCK_ROWS_MAX, CSV_ROWS_ALIGN};

/// Text of a block from which on it ends at the next row that may end one.
const BLOCK_TEXT_BYTES: usize = 64 << 20;

/// Columns being filled.
pub(super) struct Columns {
    names: Vec<String>,
    stores: Vec<Store>,
    row_count: usize,
    /// First row of each block; the last one is open.
    block_starts: Vec<usize>,
    arena: Arena,
}

struct Store {
    dtype: DataType,
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
    pub fn new(definitions: Vec<(String, DataType)>) -> Columns {
        let store = |dtype: DataType| Store {
            dtype,
            values: match dtype {
                DataType::Utf8 => Fixed::None,
                DataType::Bool => Fixed::Bits(Vec::new()),
                _ => Fixed::Values(MutableBuffer::with_capacity(0)),
            },
            text: TextBuilder::default(),
            texts: Vec::new(),
            validity: Vec::new(),
            has_nulls: false,
        };
        Columns {
            stores: definitions.iter().map(|(_, dtype)| store(*dtype)).collect(),
            names: definitions.into_iter().map(|(name, _)| name).collect(),
            row_count: 0,
            block_starts: vec![0],
            arena: Arena::default(),
        }
    }

    /// Appends a row: a cell for each column, and the field that holds a text's bytes.
    ///
    /// Errors: `LimitExceeded` when 512 rows hold more text than an array can.
    pub fn push<'a>(
        &mut self,
        cells: &[Cell],
        text: impl Fn(usize) -> Result<&'a str>,
    ) -> Result<()> {
        self.end_block_if_full();
        let row = self.row_count;
        for (index, (store, cell)) in self.stores.iter_mut().zip(cells).enumerate() {
            if row.is_multiple_of(64) {
                store.validity.push(0);
            }
            match cell {
                Cell::Null => store.has_nulls = true,
                _ => store.validity[row / 64] |= 1 << (row % 64),
            }
            match &mut store.values {
                Fixed::None => match cell {
                    Cell::Text => store.push_text(text(index)?)?,
                    _ => store.push_text("")?,
                },
                Fixed::Bits(bits) => {
                    if row.is_multiple_of(64) {
                        bits.push(0);
                    }
                    bits[row / 64] |= u64::from(*cell == Cell::Bool(true)) << (row % 64);
                }
                Fixed::Values(values) => match (store.dtype, cell) {
                    (_, Cell::Int64(value) | Cell::Timestamp(value)) => values.push(*value),
                    (_, Cell::Float64(value)) => values.push(*value),
                    (_, Cell::Date(value)) => values.push(*value),
                    (DataType::Date, _) => values.push(0_i32),
                    _ => values.push(0_i64),
                },
            }
        }
        self.row_count += 1;
        Ok(())
    }

    /// Number of rows.
    pub fn row_count(&self) -> usize {
        self.row_count
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
        for store in self.stores.iter_mut().filter(|store| store.dtype == DataType::Utf8) {
            store.texts.push(store.text.finish(&mut self.arena));
        }
    }

    /// The rows as a frame.
    pub fn finish(mut self) -> Result<Frame> {
        self.end_block();
        let definitions = self.names.iter().zip(&self.stores);
        let definitions = definitions.map(|(name, store)| ColumnDef::new(name, store.dtype));
        let schema = Arc::new(Schema::new(definitions.collect())?);
        let ends = self.block_starts[1..].iter().copied().chain([self.row_count]);
        let ranges: Vec<(usize, usize)> = self.block_starts.iter().copied().zip(ends).collect();
        let columns: Vec<Vec<Array>> =
            self.stores.into_iter().map(|store| store.arrays(&ranges)).collect();
        let blocks = ranges.iter().enumerate().map(|(block, (start, end))| {
            let arrays = columns.iter().map(|arrays| arrays[block].clone()).collect();
            HyperBlock::new(schema.clone(), end - start, arrays)
        });
        let blocks = blocks.collect();
        Ok(Frame::new(schema, blocks))
    }
}

impl Store {
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
        let mut texts = self.texts.into_iter();
        let array = |(start, end): &(usize, usize)| {
            let row_count = end - start;
            let part = |width: usize| values.slice(start * width, row_count * width);
            let bits = |buffer: &Buffer| {
                Bitmap::new(buffer.slice(start / 8, row_count.div_ceil(8)), row_count)
            };
            let data = match self.dtype {
                DataType::Bool => ArrayData::Bool(bits(&values)),
                DataType::Int64 => ArrayData::Int64(Values::new(part(8))),
                DataType::Float64 => ArrayData::Float64(Values::new(part(8))),
                DataType::Timestamp => ArrayData::Timestamp(Values::new(part(8))),
                DataType::Date => ArrayData::Date(Values::new(part(4))),
                DataType::Utf8 => ArrayData::Utf8(texts.next().expect("a text for each block")),
            };
            Array::new(data, validity.as_ref().map(bits))
        };
        ranges.iter().map(array).collect()
    }
}
