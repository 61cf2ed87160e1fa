//! Operator: a running step of a plan.

use std::collections::VecDeque;

use crate::column::HyperBlock;
use crate::error::Result;

/// A running step: gives its rows batch by batch, in order.
pub trait Operator: Send + Sync {
    /// The next batch, or `None` when there are no more rows. A batch may have no rows.
    fn next(&mut self) -> Result<Option<HyperBlock>>;
}

/// How operators travel.
pub type BoxOperator = Box<dyn Operator>;

/// Batches that a step takes at a time for its workers: few at first, so that a limit above stops
/// early, then more, so that starting workers costs nothing beside the work. The sizes depend on
/// nothing but the count of waves: the rows that are looked at are the same for any threads.
pub struct Waves {
    size: usize,
}

const WAVE_BATCHES_MIN: usize = 4;
const WAVE_BATCHES_MAX: usize = 64;

impl Waves {
    /// Starts small.
    pub fn new() -> Waves {
        Waves { size: WAVE_BATCHES_MIN }
    }

    /// The next batches that hold rows; none at the end.
    pub fn pull(&mut self, input: &mut BoxOperator) -> Result<Vec<HyperBlock>> {
        let mut wave = Vec::with_capacity(self.size);
        while wave.len() < self.size {
            match input.next()? {
                Some(block) if block.row_count() > 0 => wave.push(block),
                Some(_) => {}
                None => break,
            }
        }
        self.size = (self.size * 2).min(WAVE_BATCHES_MAX);
        Ok(wave)
    }
}

/// Batches that are ready: for steps that make them all at once.
pub struct Ready {
    blocks: VecDeque<HyperBlock>,
}

impl Ready {
    /// Gives these batches in order.
    pub fn new(blocks: impl Into<VecDeque<HyperBlock>>) -> Ready {
        Ready { blocks: blocks.into() }
    }
}

impl Operator for Ready {
    fn next(&mut self) -> Result<Option<HyperBlock>> {
        Ok(self.blocks.pop_front())
    }
}
