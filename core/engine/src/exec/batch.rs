//! Batch: the columns that an expression may look at, for a run of rows.

use std::sync::Arc;

use super::kernels::take;
use crate::column::{Array, Column, ColumnDef, DataType, HyperBlock, Schema, SchemaRef};
use crate::error::Result;

/// Columns by position; those that nothing asks for are left out.
#[derive(Clone)]
pub struct Batch {
    /// Number of rows.
    pub len: usize,
    /// Arrays of `len` rows.
    pub columns: Vec<Option<Array>>,
}

impl Batch {
    /// `len` rows of a block from `offset` on, with the columns that `wanted` marks.
    pub fn of_block(
        block: &HyperBlock,
        wanted: &[bool],
        offset: usize,
        len: usize,
    ) -> Result<Batch> {
        let is_whole = offset == 0 && len == block.row_count();
        let columns = wanted
            .iter()
            .enumerate()
            .map(|(index, wanted)| {
                wanted
                    .then(|| {
                        let array = block.array(index)?;
                        Ok(if is_whole { array.clone() } else { array.slice(offset, len) })
                    })
                    .transpose()
            })
            .collect::<Result<_>>()?;
        Ok(Batch { len, columns })
    }

    /// The array at `index`, which must be among the wanted ones.
    pub fn column(&self, index: usize) -> &Array {
        match &self.columns[index] {
            Some(array) => array,
            None => panic!("column {index} was left out of the batch"),
        }
    }

    /// The rows at `rows`, with the columns that `wanted` marks.
    pub fn take(&self, rows: &[u32], wanted: &[bool]) -> Result<Batch> {
        let columns = self
            .columns
            .iter()
            .zip(wanted)
            .map(|(array, wanted)| match (array, wanted) {
                (Some(array), true) => take::take(array, rows).map(Some),
                _ => Ok(None),
            })
            .collect::<Result<_>>()?;
        Ok(Batch { len: rows.len(), columns })
    }
}

/// A schema for batches between operators: columns are known by position there.
pub fn positional(dtypes: impl IntoIterator<Item = DataType>) -> Result<SchemaRef> {
    let columns = dtypes
        .into_iter()
        .enumerate()
        .map(|(index, dtype)| ColumnDef::new(index.to_string(), dtype))
        .collect();
    Ok(Arc::new(Schema::new(columns)?))
}

/// About how many bytes a block's values have; loads nothing.
pub fn size_bytes(block: &HyperBlock) -> usize {
    let sizes = block.columns().iter().map(|column| match column {
        Column::Ready(array) => {
            array.len() * array.dtype().width_bytes().unwrap_or(4) + take::text_len_bytes(array)
        }
        Column::Pending(_) => block.row_count() * 8,
    });
    sizes.sum()
}

/// All rows of all blocks as one block.
///
/// Errors: `LimitExceeded` when the text of a column does not fit one array.
pub fn concat_blocks(blocks: &[HyperBlock], schema: &SchemaRef) -> Result<HyperBlock> {
    if let [only] = blocks {
        return Ok(only.clone());
    }
    let row_count = blocks.iter().map(HyperBlock::row_count).sum();
    let arrays = (0..schema.len())
        .map(|index| {
            let parts: Vec<Array> =
                blocks.iter().map(|block| block.array(index).cloned()).collect::<Result<_>>()?;
            take::concat(&parts, &schema.column(index).dtype)
        })
        .collect::<Result<_>>()?;
    Ok(HyperBlock::new(schema.clone(), row_count, arrays))
}
