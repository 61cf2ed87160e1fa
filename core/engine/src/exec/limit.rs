//! Limit and tail: some rows from the front, or the last ones; slices without copies.

use std::collections::VecDeque;

use super::operator::{BoxOperator, Operator};
use crate::column::HyperBlock;
use crate::error::Result;

/// Skips rows, then gives at most `left` and asks for no more.
pub struct Limit {
    input: BoxOperator,
    skip: u64,
    left: u64,
}

impl Limit {
    /// `count` of `None` gives all rows behind the offset.
    pub fn new(input: BoxOperator, offset: u64, count: Option<u64>) -> Limit {
        Limit { input, skip: offset, left: count.unwrap_or(u64::MAX) }
    }
}

impl Operator for Limit {
    fn next(&mut self) -> Result<Option<HyperBlock>> {
        while self.left > 0 {
            let Some(block) = self.input.next()? else { return Ok(None) };
            let row_count = block.row_count() as u64;
            let skipped = self.skip.min(row_count);
            self.skip -= skipped;
            let taken = self.left.min(row_count - skipped);
            self.left -= taken;
            if taken == row_count {
                return Ok(Some(block));
            }
            if taken > 0 {
                return block.slice(skipped as usize, taken as usize).map(Some);
            }
        }
        Ok(None)
    }
}

/// Gives the last rows: holds no more batches than they need.
pub struct Tail {
    input: BoxOperator,
    count: u64,
    held: Option<VecDeque<HyperBlock>>,
}

impl Tail {
    /// The last `count` rows.
    pub fn new(input: BoxOperator, count: u64) -> Tail {
        Tail { input, count, held: None }
    }

    fn gather(&mut self) -> Result<VecDeque<HyperBlock>> {
        let mut held = VecDeque::new();
        let mut rows = 0_u64;
        while let Some(block) = self.input.next()? {
            rows += block.row_count() as u64;
            held.push_back(block);
            while let Some(first) = held.front() {
                let first = first.row_count() as u64;
                if rows - first < self.count {
                    break;
                }
                rows -= first;
                held.pop_front();
            }
        }
        let extra = rows.saturating_sub(self.count) as usize;
        if extra > 0
            && let Some(first) = held.pop_front()
        {
            held.push_front(first.slice(extra, first.row_count() - extra)?);
        }
        Ok(held)
    }
}

impl Operator for Tail {
    fn next(&mut self) -> Result<Option<HyperBlock>> {
        if self.held.is_none() {
            self.held = Some(self.gather()?);
        }
        Ok(self.held.as_mut().and_then(VecDeque::pop_front))
    }
}
