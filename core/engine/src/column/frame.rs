//! Frame: a whole table in memory or mapped: a schema and a list of HyperBlocks.

use std::sync::Arc;

use super::array::Array;
use super::faults::Faults;
use super::hyperblock::HyperBlock;
use super::schema::{Schema, SchemaRef};
use crate::error::Result;

/// A table. Immutable; clones share.
#[derive(Clone, Debug)]
pub struct Frame {
    schema: SchemaRef,
    blocks: Arc<[HyperBlock]>,
    row_count: usize,
    faults: Option<Arc<Faults>>,
}

impl Frame {
    /// Joins blocks of one schema; blocks without rows are left out.
    pub fn new(schema: SchemaRef, blocks: Vec<HyperBlock>) -> Frame {
        debug_assert!(blocks.iter().all(|block| block.schema() == &schema));
        let blocks: Vec<_> = blocks.into_iter().filter(|block| block.row_count() > 0).collect();
        let row_count = blocks.iter().map(HyperBlock::row_count).sum();
        Frame { schema, blocks: blocks.into(), row_count, faults: None }
    }

    /// A table of whole columns.
    ///
    /// Errors: those of `Schema::new`. Panics when lengths differ.
    pub fn from_arrays(columns: Vec<(&str, Array)>) -> Result<Frame> {
        let definitions = columns
            .iter()
            .map(|(name, array)| super::schema::ColumnDef::new(*name, array.dtype().clone()))
            .collect();
        let schema = Arc::new(Schema::new(definitions)?);
        let row_count = columns.first().map_or(0, |(_, array)| array.len());
        let arrays = columns.into_iter().map(|(_, array)| array).collect();
        let block = HyperBlock::new(schema.clone(), row_count, arrays);
        Ok(Frame::new(schema, vec![block]))
    }

    /// Names and types.
    pub fn schema(&self) -> &SchemaRef {
        &self.schema
    }

    /// The blocks, none of them empty.
    pub fn blocks(&self) -> &[HyperBlock] {
        &self.blocks
    }

    /// Number of rows.
    pub fn row_count(&self) -> usize {
        self.row_count
    }

    /// What was set aside while the rows were read, where anything was.
    pub fn faults(&self) -> Option<&Arc<Faults>> {
        self.faults.as_ref()
    }

    /// The same rows, with what was set aside while they were read.
    pub fn with_faults(self, faults: Option<Arc<Faults>>) -> Frame {
        Frame { faults, ..self }
    }

    /// The arrays of one column, block by block.
    pub fn column(&self, index: usize) -> Result<Vec<Array>> {
        self.blocks.iter().map(|block| block.array(index).cloned()).collect()
    }
}
