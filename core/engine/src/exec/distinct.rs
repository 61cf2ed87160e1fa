//! Distinct: the first row of each combination of values.

use std::collections::VecDeque;

use super::kernels::hash::{Grouper, Seed};
use super::kernels::take;
use super::operator::{BoxOperator, Operator, Waves};
use crate::column::{Array, DataType, HyperBlock};
use crate::context::Context;
use crate::error::{Error, ErrorKind, Result};
use crate::limits::GROUPS_MAX;

/// Keeps rows whose values in some columns did not occur before.
pub struct Distinct {
    input: BoxOperator,
    columns: Vec<usize>,
    dtypes: Vec<DataType>,
    seen: Grouper,
    seed: Seed,
    waves: Waves,
    ready: VecDeque<HyperBlock>,
    context: Context,
}

impl Distinct {
    /// Compares `columns`, which have these types.
    pub fn new(
        input: BoxOperator,
        columns: Vec<usize>,
        dtypes: Vec<DataType>,
        context: &Context,
    ) -> Distinct {
        let seed = Seed::random();
        Distinct {
            input,
            columns,
            seen: Grouper::of_table(&dtypes, seed),
            dtypes,
            seed,
            waves: Waves::new(),
            ready: VecDeque::new(),
            context: context.clone(),
        }
    }

    fn keys(&self, block: &HyperBlock) -> Result<Vec<Array>> {
        self.columns.iter().map(|column| block.array(*column).cloned()).collect()
    }
}

impl Operator for Distinct {
    fn next(&mut self) -> Result<Option<HyperBlock>> {
        if self.ready.is_empty() {
            let wave = self.waves.pull(&mut self.input)?;
            // Workers drop what occurs twice in a batch, so that little is left to look up here.
            let firsts = self.context.parallel(wave.len(), |index| {
                let mut ids = Vec::new();
                let keys = self.keys(&wave[index])?;
                let rows = Grouper::of_unit(&self.dtypes, self.seed).assign(&keys, &mut ids)?;
                take_block(&wave[index], &rows)
            })?;
            for block in firsts {
                let keys = self.keys(&block)?;
                let rows = self.seen.assign(&keys, &mut Vec::new())?;
                self.ready.push_back(take_block(&block, &rows)?);
                if self.seen.len() > GROUPS_MAX {
                    return Err(Error::new(
                        ErrorKind::LimitExceeded,
                        format!("more than {GROUPS_MAX} distinct rows"),
                    ));
                }
                self.context.check()?;
            }
        }
        Ok(self.ready.pop_front())
    }
}

/// The rows of a block at `rows`.
pub fn take_block(block: &HyperBlock, rows: &[u32]) -> Result<HyperBlock> {
    if rows.len() == block.row_count() {
        // Rising and distinct: all of them.
        return Ok(block.clone());
    }
    let arrays = (0..block.schema().len())
        .map(|index| take::take(block.array(index)?, rows))
        .collect::<Result<_>>()?;
    Ok(HyperBlock::new(block.schema().clone(), rows.len(), arrays))
}
