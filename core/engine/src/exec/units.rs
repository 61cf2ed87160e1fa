//! Units: the rows of an input cut anew by row number, 64 Ki each, whatever its batches were.
//!
//! Partial results are made of whole units, so that they do not depend on how the rows came. Where
//! batches are units already, nothing is copied.

use std::collections::VecDeque;

use super::batch::{concat_blocks, size_bytes};
use super::operator::BoxOperator;
use crate::column::{HyperBlock, SchemaRef};
use crate::error::Result;
use crate::limits::{BLOCK_ROWS_MAX, PRDX_GROUP_ROWS_MIN, WAVE_BYTES_MAX};

/// Cuts the batches of an input.
pub struct Units {
    input: BoxOperator,
    schema: SchemaRef,
    waiting: VecDeque<HyperBlock>,
    waiting_rows: usize,
    waiting_bytes: usize,
    /// Bytes from which a unit has fewer rows.
    unit_bytes_max: usize,
    is_done: bool,
}

/// Units that workers take at a time, at most.
const WAVE_UNITS: usize = 32;

impl Units {
    /// Units of `input`, under `schema`.
    pub fn new(input: BoxOperator, schema: SchemaRef) -> Units {
        Units {
            input,
            schema,
            waiting: VecDeque::new(),
            waiting_rows: 0,
            waiting_bytes: 0,
            unit_bytes_max: usize::MAX,
            is_done: false,
        }
    }

    /// Units for which it does not matter where they are cut, so that they may end early, at a
    /// multiple of 512 rows, where rows are large.
    pub fn bounded(input: BoxOperator, schema: SchemaRef) -> Units {
        Units { unit_bytes_max: WAVE_BYTES_MAX, ..Units::new(input, schema) }
    }

    /// The next units; none at the end.
    pub fn wave(&mut self) -> Result<Vec<HyperBlock>> {
        let mut units = Vec::new();
        let mut wave_bytes = 0;
        while units.len() < WAVE_UNITS && wave_bytes < WAVE_BYTES_MAX {
            let Some(unit) = self.unit()? else { break };
            wave_bytes += size_bytes(&unit);
            units.push(unit);
        }
        Ok(units)
    }

    /// The next unit; `None` at the end.
    pub fn unit(&mut self) -> Result<Option<HyperBlock>> {
        while self.waiting_rows < BLOCK_ROWS_MAX
            && self.waiting_bytes < self.unit_bytes_max
            && !self.is_done
        {
            match self.input.next()? {
                Some(block) if block.row_count() > 0 => {
                    self.waiting_rows += block.row_count();
                    self.waiting_bytes += size_bytes(&block);
                    self.waiting.push_back(block);
                }
                Some(_) => {}
                None => self.is_done = true,
            }
        }
        let mut parts = Vec::new();
        let mut missing = BLOCK_ROWS_MAX.min(self.waiting_rows);
        if !self.is_done && missing > PRDX_GROUP_ROWS_MIN {
            missing -= missing % PRDX_GROUP_ROWS_MIN;
        }
        self.waiting_rows -= missing;
        while missing > 0 {
            let Some(block) = self.waiting.pop_front() else { break };
            let row_count = block.row_count();
            self.waiting_bytes -= size_bytes(&block);
            if row_count <= missing {
                missing -= row_count;
                parts.push(block);
            } else {
                parts.push(block.slice(0, missing)?);
                let rest = block.slice(missing, row_count - missing)?;
                self.waiting_bytes += size_bytes(&rest);
                self.waiting.push_front(rest);
                missing = 0;
            }
        }
        match parts.is_empty() {
            true => Ok(None),
            false => concat_blocks(&parts, &self.schema).map(Some),
        }
    }
}
