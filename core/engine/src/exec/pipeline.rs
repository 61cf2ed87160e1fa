//! Pipeline: filters and projections in one go.
//!
//! ```text
//! block (64 Ki rows) --cut--> batch (4 Ki rows) --filter--project--...--> piece --join--> block
//! ```
//! A batch runs through all steps before the next one begins, so that what lies between steps stays
//! in the cache. Blocks run on the workers; their order is kept. Columns that no later step looks
//! at are left behind at each step.
//!
//! A batch that fails is run again in halves, until the first row that fails by itself is found:
//! no kernel counts rows for the sake of its errors.

use std::collections::VecDeque;
use std::ops::Range;
use std::sync::Mutex;

use super::batch::{Batch, positional};
use super::evaluate::Node;
use super::kernels::{logic, take};
use super::operator::{BoxOperator, Operator, Waves};
use crate::bytes::scan::Level;
use crate::column::{Arena, Array, ArrayData, DataType, HyperBlock, SchemaRef};
use crate::context::Context;
use crate::error::{Error, ErrorKind, Result};
use crate::limits::{BATCH_ROWS_MAX, BATCH_TEXT_BYTES_MAX};

/// A step that looks at one row at a time.
pub enum Stage {
    /// Keeps the rows for which a condition is true.
    Filter(Box<Node>),
    /// Gives these columns.
    Project(Vec<Node>),
}

/// Stages over an input.
pub struct Pipeline {
    input: BoxOperator,
    work: Work,
    waves: Waves,
    ready: VecDeque<HyperBlock>,
    /// Rows of the input before the next wave.
    row_count: usize,
    context: Context,
}

/// What the workers share.
struct Work {
    stages: Vec<Stage>,
    /// Columns needed before each stage, and behind the last.
    wanted: Vec<Vec<bool>>,
    /// For each column of the result, the input's column that it is, where no row is left out.
    passed: Vec<Option<usize>>,
    schema: SchemaRef,
    level: Level,
    /// Where results lie: blocks share large allocations, whose pages are used again.
    arena: Mutex<Arena>,
}

impl Pipeline {
    /// Runs `stages` over an input with `dtypes` as columns.
    pub fn new(
        input: BoxOperator,
        dtypes: &[DataType],
        stages: Vec<Stage>,
        context: &Context,
        level: Level,
    ) -> Result<Pipeline> {
        let mut types = dtypes.to_vec();
        let mut widths = vec![types.len()];
        for stage in &stages {
            if let Stage::Project(nodes) = stage {
                types = nodes.iter().map(|node| node.dtype().clone()).collect();
            }
            widths.push(types.len());
        }
        let passed: Vec<_> = (0..types.len()).map(|index| trace(&stages, index)).collect();
        let wanted = wanted(&stages, &widths, &passed);
        let schema = positional(types)?;
        let work = Work { stages, wanted, passed, schema, level, arena: Mutex::default() };
        let (waves, ready, context) = (Waves::new(), VecDeque::new(), context.clone());
        Ok(Pipeline { input, work, waves, ready, row_count: 0, context })
    }
}

impl Operator for Pipeline {
    fn next(&mut self) -> Result<Option<HyperBlock>> {
        if self.ready.is_empty() {
            let wave = self.waves.pull(&mut self.input)?;
            let mut starts = Vec::with_capacity(wave.len());
            for block in &wave {
                starts.push(self.row_count);
                self.row_count += block.row_count();
            }
            let blocks = self.context.parallel(wave.len(), |index| {
                self.work.run(&wave[index], starts[index], &self.context)
            })?;
            self.ready = blocks.into();
        }
        Ok(self.ready.pop_front())
    }
}

/// The input's column that a column of the result is; `None` where it is computed or rows go.
fn trace(stages: &[Stage], index: usize) -> Option<usize> {
    stages.iter().rev().try_fold(index, |index, stage| match stage {
        Stage::Filter(_) => None,
        Stage::Project(nodes) => nodes[index].as_column(),
    })
}

fn wanted(stages: &[Stage], widths: &[usize], passed: &[Option<usize>]) -> Vec<Vec<bool>> {
    let mut after: Vec<bool> = passed.iter().map(Option::is_none).collect();
    let mut all = vec![after.clone()];
    for (stage, width) in stages.iter().zip(widths).rev() {
        let mut before = vec![false; *width];
        match stage {
            Stage::Filter(condition) => {
                before.clone_from(&after);
                condition.mark(&mut before);
            }
            Stage::Project(nodes) => {
                for (node, wanted) in nodes.iter().zip(&after) {
                    if *wanted {
                        node.mark(&mut before);
                    }
                }
            }
        }
        all.push(before.clone());
        after = before;
    }
    all.reverse();
    all
}

impl Work {
    /// A block whose rows follow `rows_before` others.
    fn run(&self, block: &HyperBlock, rows_before: usize, context: &Context) -> Result<HyperBlock> {
        let mut pieces: Vec<Batch> = Vec::new();
        let mut offset = 0;
        let is_computed = self.passed.iter().any(Option::is_none);
        let has_filter = self.stages.iter().any(|stage| matches!(stage, Stage::Filter(_)));
        let rows_max = self.batch_rows_max(block)?;
        while (is_computed || has_filter) && offset < block.row_count() {
            context.check()?;
            let len = self.batch_rows(block, offset, rows_max)?;
            let rows = offset..offset + len;
            pieces.extend(
                self.run_rows(block, &rows)
                    .map_err(|error| self.place(error, block, rows, rows_before))?,
            );
            offset += len;
        }
        let row_count = match has_filter {
            true => pieces.iter().map(|piece| piece.len).sum(),
            false => block.row_count(),
        };
        let arrays = (0..self.schema.len())
            .map(|index| match self.passed[index] {
                Some(source) => block.array(source).cloned(),
                None => self.join(&pieces, index),
            })
            .collect::<Result<_>>()?;
        Ok(HyperBlock::new(self.schema.clone(), row_count, arrays))
    }

    /// Rows of a batch by the longest value of the block's dictionaries.
    fn batch_rows_max(&self, block: &HyperBlock) -> Result<usize> {
        let mut longest = 1;
        for index in (0..self.wanted[0].len()).filter(|index| self.wanted[0][*index]) {
            let ArrayData::Dictionary(codes) = block.array(index)?.data() else { continue };
            let of_values = (0..codes.values().len()).map(|value| codes.values().get_bytes(value));
            let of_rows = (0..codes.len()).map(|row| codes.get_bytes(row));
            let is_small = codes.values().len() <= codes.len();
            let len = match is_small {
                true => of_values.map(<[u8]>::len).max(),
                false => of_rows.map(<[u8]>::len).max(),
            };
            longest = longest.max(len.unwrap_or(0));
        }
        Ok((BATCH_TEXT_BYTES_MAX / longest).clamp(1, BATCH_ROWS_MAX))
    }

    /// Rows of the batch at `offset`: fewer where their text is long, so that no batch takes long.
    fn batch_rows(&self, block: &HyperBlock, offset: usize, rows_max: usize) -> Result<usize> {
        let mut rows = rows_max.min(block.row_count() - offset);
        for index in (0..self.wanted[0].len()).filter(|index| self.wanted[0][*index]) {
            let array = block.array(index)?;
            if array.dtype().is_nested() {
                let bytes = |rows| take::text_len_bytes(&array.slice(offset, rows));
                while rows > 1 && bytes(rows) > BATCH_TEXT_BYTES_MAX {
                    rows /= 2;
                }
            }
            let ArrayData::Utf8(text) = array.data() else { continue };
            let ends = &text.offsets()[offset..];
            while rows > 1 && (ends[rows] - ends[0]) as usize > BATCH_TEXT_BYTES_MAX {
                rows /= 2;
            }
        }
        Ok(rows)
    }

    fn run_rows(&self, block: &HyperBlock, rows: &Range<usize>) -> Result<Option<Batch>> {
        self.run_batch(Batch::of_block(block, &self.wanted[0], rows.start, rows.len())?)
    }

    /// The error of the first row that fails by itself, with the row's number; the error as it is
    /// where no row fails by itself, or even none at all does.
    fn place(
        &self,
        mut error: Error,
        block: &HyperBlock,
        mut rows: Range<usize>,
        rows_before: usize,
    ) -> Error {
        let none = rows.start..rows.start;
        if error.kind() == ErrorKind::Cancelled || self.run_rows(block, &none).is_err() {
            return error;
        }
        while rows.len() > 1 {
            let middle = rows.start + rows.len() / 2;
            let failing = [rows.start..middle, middle..rows.end]
                .into_iter()
                .find_map(|half| Some((self.run_rows(block, &half).err()?, half)));
            match failing {
                Some(found) => (error, rows) = found,
                None => return error,
            }
        }
        let number = (rows_before + rows.start) as u64 + 1;
        error.at(|place| {
            place.record.get_or_insert(number);
        })
    }

    /// One batch through all stages; `None` when no row is left.
    fn run_batch(&self, mut batch: Batch) -> Result<Option<Batch>> {
        for (stage, wanted) in self.stages.iter().zip(&self.wanted[1..]) {
            match stage {
                Stage::Filter(condition) => {
                    let condition = condition.evaluate(&batch, self.level)?;
                    let kept = logic::is_true(&condition, batch.len);
                    let count = kept.count_ones();
                    if count == 0 {
                        return Ok(None);
                    }
                    if count < batch.len {
                        batch = batch.take(&take::positions(&kept, self.level), wanted)?;
                    }
                }
                Stage::Project(nodes) => {
                    let columns = nodes
                        .iter()
                        .zip(wanted)
                        .map(|(node, wanted)| {
                            wanted.then(|| node.array(&batch, self.level)).transpose()
                        })
                        .collect::<Result<_>>()?;
                    batch = Batch { len: batch.len, columns };
                }
            }
        }
        Ok(Some(batch))
    }

    fn join(&self, pieces: &[Batch], index: usize) -> Result<Array> {
        let parts: Vec<Array> = pieces.iter().map(|piece| piece.column(index).clone()).collect();
        take::concat_in(&parts, &self.schema.column(index).dtype, &self.arena)
    }
}
