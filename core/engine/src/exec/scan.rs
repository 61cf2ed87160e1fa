//! Scan: a frame at hand, in batches of at most `BLOCK_ROWS_MAX` rows, without copying values; or a
//! table that is read as its rows are asked for.

use std::collections::VecDeque;
use std::sync::Arc;

use super::operator::Operator;
use crate::column::{Frame, HyperBlock, SchemaRef};
use crate::context::Context;
use crate::error::Result;
use crate::limits::BLOCK_ROWS_MAX;
use crate::plan::files::{Streamed, Windows};

/// Gives the chosen columns of a frame.
pub struct Scan {
    frame: Frame,
    columns: Vec<usize>,
    schema: SchemaRef,
    context: Context,
    block: usize,
    row: usize,
}

impl Scan {
    /// Starts at the first row.
    pub fn new(frame: Frame, columns: Vec<usize>, schema: SchemaRef, context: Context) -> Scan {
        Scan { frame, columns, schema, context, block: 0, row: 0 }
    }
}

impl Operator for Scan {
    fn next(&mut self) -> Result<Option<HyperBlock>> {
        self.context.check()?;
        let Some(block) = self.frame.blocks().get(self.block) else { return Ok(None) };
        let row_count = block.row_count();
        let whole = block.project(&self.columns, self.schema.clone());
        if row_count <= BLOCK_ROWS_MAX {
            // Columns that are still to be loaded are loaded by the worker that needs them.
            self.block += 1;
            return Ok(Some(whole));
        }
        if self.row == 0 {
            self.context.parallel(self.columns.len(), |index| whole.array(index).map(|_| ()))?;
        }
        let len = BLOCK_ROWS_MAX.min(row_count - self.row);
        let batch = whole.slice(self.row, len)?;
        self.row += len;
        if self.row == row_count {
            (self.block, self.row) = (self.block + 1, 0);
        }
        Ok(Some(batch))
    }
}

/// Gives the chosen columns of a table that is read meanwhile; holds one window of it.
pub struct StreamScan {
    table: Arc<dyn Streamed>,
    columns: Vec<usize>,
    schema: SchemaRef,
    context: Context,
    windows: Option<Box<dyn Windows>>,
    ready: VecDeque<HyperBlock>,
}

impl StreamScan {
    /// Starts at the first row when that is asked for.
    pub fn new(
        table: Arc<dyn Streamed>,
        columns: Vec<usize>,
        schema: SchemaRef,
        context: Context,
    ) -> StreamScan {
        StreamScan { table, columns, schema, context, windows: None, ready: VecDeque::new() }
    }
}

impl Operator for StreamScan {
    fn next(&mut self) -> Result<Option<HyperBlock>> {
        self.context.check()?;
        let windows = self.windows.get_or_insert_with(|| self.table.start(&self.context));
        while self.ready.is_empty() {
            let Some(frame) = windows.next_window()? else { return Ok(None) };
            let project = |block: &HyperBlock| block.project(&self.columns, self.schema.clone());
            self.ready.extend(frame.blocks().iter().map(project));
        }
        Ok(self.ready.pop_front())
    }
}
