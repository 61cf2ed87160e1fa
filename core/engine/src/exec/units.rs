//! Units: the rows of an input cut anew by row number, 64 Ki each, whatever its batches were.
//!
//! Partial results are made of whole units, so that they do not depend on how the rows came. Where
//! batches are units already, nothing is copied.

use std::collections::VecDeque;

use super::batch::concat_blocks;
use super::operator::BoxOperator;
use crate::column::{HyperBlock, SchemaRef};
use crate::error::Result;
use crate::limits::BLOCK_ROWS_MAX;

/// Cuts the batches of an input.
pub struct Units {
    input: BoxOperator,
    schema: SchemaRef,
    waiting: VecDeque<HyperBlock>,
    waiting_rows: usize,
    is_done: bool,
}

/// Units that workers take at a time.
const WAVE_UNITS: usize = 32;

impl Units {
    /// Units of `input`, under `schema`.
    pub fn new(input: BoxOperator, schema: SchemaRef) -> Units {
        Units { input, schema, waiting: VecDeque::new(), waiting_rows: 0, is_done: false }
    }

    /// The next units; none at the end.
    pub fn wave(&mut self) -> Result<Vec<HyperBlock>> {
        let mut units = Vec::new();
        while units.len() < WAVE_UNITS {
            match self.unit()? {
                Some(unit) => units.push(unit),
                None => break,
            }
        }
        Ok(units)
    }

    fn unit(&mut self) -> Result<Option<HyperBlock>> {
        while self.waiting_rows < BLOCK_ROWS_MAX && !self.is_done {
            match self.input.next()? {
                Some(block) if block.row_count() > 0 => {
                    self.waiting_rows += block.row_count();
                    self.waiting.push_back(block);
                }
                Some(_) => {}
                None => self.is_done = true,
            }
        }
        let mut parts = Vec::new();
        let mut missing = BLOCK_ROWS_MAX.min(self.waiting_rows);
        self.waiting_rows -= missing;
        while missing > 0 {
            let Some(block) = self.waiting.pop_front() else { break };
            let row_count = block.row_count();
            if row_count <= missing {
                missing -= row_count;
                parts.push(block);
            } else {
                parts.push(block.slice(0, missing)?);
                self.waiting.push_front(block.slice(missing, row_count - missing)?);
                missing = 0;
            }
        }
        match parts.is_empty() {
            true => Ok(None),
            false => concat_blocks(&parts, &self.schema).map(Some),
        }
    }
}
