//! Table: rows gathered whole, to be taken in another order: what a join looks up, what a sort
//! orders.

use super::kernels::take::{self, NO_ROW};
use super::operator::BoxOperator;
use crate::column::{Array, DataType, HyperBlock};
use crate::context::Context;
use crate::error::{Error, ErrorKind, Result};
use crate::limits::{ARRAY_TEXT_BYTES_MAX, TABLE_ROWS_MAX};

/// Columns of all rows.
pub struct Table {
    columns: Vec<Chunks>,
    row_count: usize,
}

/// The rows of one column: one array, or several where the text of one would not fit.
pub struct Chunks {
    arrays: Vec<Array>,
    /// First row of each array, and the number of rows.
    starts: Vec<u32>,
    dtype: DataType,
}

impl Table {
    /// Asks `input` for all its rows.
    ///
    /// Errors: `LimitExceeded` above `TABLE_ROWS_MAX` rows.
    pub fn gather(
        input: &mut BoxOperator,
        dtypes: &[DataType],
        context: &Context,
    ) -> Result<Table> {
        let mut blocks = Vec::new();
        let mut row_count = 0;
        while let Some(block) = input.next()? {
            row_count += block.row_count();
            if row_count > TABLE_ROWS_MAX {
                return Err(Error::new(
                    ErrorKind::LimitExceeded,
                    format!("more than {TABLE_ROWS_MAX} rows to sort or to look up"),
                ));
            }
            if block.row_count() > 0 {
                blocks.push(block);
            }
        }
        let columns = context
            .parallel(dtypes.len(), |index| Chunks::of_blocks(&blocks, index, &dtypes[index]))?;
        Ok(Table { columns, row_count })
    }

    /// Number of rows.
    pub fn row_count(&self) -> usize {
        self.row_count
    }

    /// The column at `index`.
    pub fn column(&self, index: usize) -> &Chunks {
        &self.columns[index]
    }
}

impl Chunks {
    fn of_blocks(blocks: &[HyperBlock], index: usize, dtype: &DataType) -> Result<Chunks> {
        let parts: Vec<Array> =
            blocks.iter().map(|block| block.array(index).cloned()).collect::<Result<_>>()?;
        let text_bytes: usize = parts.iter().map(take::text_len_bytes).sum();
        let arrays = match text_bytes <= ARRAY_TEXT_BYTES_MAX {
            true => vec![take::concat(&parts, dtype)?],
            false => parts,
        };
        let mut starts = vec![0];
        let mut start = 0;
        for array in &arrays {
            start += array.len() as u32;
            starts.push(start);
        }
        Ok(Chunks { arrays, starts, dtype: dtype.clone() })
    }

    /// The arrays in order of their rows; one, but for very much text.
    pub fn arrays(&self) -> &[Array] {
        &self.arrays
    }

    /// The rows at `rows`; null for `NO_ROW`.
    pub fn take(&self, rows: &[u32]) -> Result<Array> {
        if let [only] = self.arrays.as_slice() {
            return take::take_or_null(only, rows);
        }
        let mut arrays = self.arrays.clone();
        arrays.push(Array::nulls(self.dtype.clone(), 1));
        let null = (self.arrays.len() as u32, 0);
        let picks: Vec<(u32, u32)> =
            rows.iter().map(|row| if *row == NO_ROW { null } else { self.place(*row) }).collect();
        take::interleave(&arrays, &self.dtype, &picks)
    }

    /// Array and row within it.
    pub fn place(&self, row: u32) -> (u32, u32) {
        if self.arrays.len() == 1 {
            return (0, row);
        }
        let array = self.starts.partition_point(|start| *start <= row) - 1;
        (array as u32, row - self.starts[array])
    }
}
