//! Aggregate: one row for each distinct combination of keys, in order of first appearance.
//!
//! ```text
//! unit (64 Ki rows) -> groups of the unit, a state for each   (workers, any order)
//!                   -> added to the groups of all             (one after the other, by row number)
//! ```

use std::borrow::Cow;

use super::batch::positional;
use super::kernels::hash::{Grouper, Seed};
use super::kernels::reduce::State;
use super::kernels::take;
use super::operator::{BoxOperator, Operator, Ready};
use super::units::Units;
use crate::bytes::scan::Level;
use crate::column::{Array, DataType, HyperBlock, SchemaRef};
use crate::context::Context;
use crate::error::{Error, ErrorKind, Result};
use crate::limits::{BLOCK_ROWS_MAX, GROUPS_MAX};
use crate::plan::functions::AggregateFunction;

/// An aggregate over a column of the input.
#[derive(Clone, Debug)]
pub struct Item {
    /// Which function.
    pub function: AggregateFunction,
    /// Position of its operand; `None` counts rows.
    pub input: Option<usize>,
    /// Type of the result.
    pub dtype: DataType,
}

/// Groups the rows of an input whose first columns are the keys.
pub struct Aggregate {
    input: Option<BoxOperator>,
    work: Work,
    context: Context,
    ready: Ready,
}

struct Work {
    input_schema: SchemaRef,
    key_dtypes: Vec<DataType>,
    items: Vec<Item>,
    seed: Seed,
    level: Level,
}

/// The groups of one unit.
struct Partial {
    keys: Vec<Array>,
    group_count: usize,
    states: Vec<State>,
}

impl Aggregate {
    /// `dtypes` are the input's columns: `key_count` keys, then operands.
    pub fn new(
        input: BoxOperator,
        dtypes: &[DataType],
        key_count: usize,
        items: Vec<Item>,
        context: &Context,
    ) -> Result<Aggregate> {
        let work = Work {
            input_schema: positional(dtypes.iter().cloned())?,
            key_dtypes: dtypes[..key_count].to_vec(),
            items,
            seed: Seed::random(),
            level: Level::current(),
        };
        let (context, ready) = (context.clone(), Ready::new(Vec::new()));
        Ok(Aggregate { input: Some(input), work, context, ready })
    }
}

impl Operator for Aggregate {
    fn next(&mut self) -> Result<Option<HyperBlock>> {
        if let Some(input) = self.input.take() {
            self.ready = Ready::new(self.work.run(input, &self.context)?);
        }
        self.ready.next()
    }
}

impl Work {
    fn run(&self, input: BoxOperator, context: &Context) -> Result<Vec<HyperBlock>> {
        let mut units = Units::new(input, self.input_schema.clone());
        let mut total = Total::new(self);
        loop {
            let wave = units.wave()?;
            if wave.is_empty() {
                break;
            }
            for partial in context.parallel(wave.len(), |index| self.partial(&wave[index]))? {
                total.add(partial)?;
                context.check()?;
            }
        }
        total.finish()
    }

    fn partial(&self, unit: &HyperBlock) -> Result<Partial> {
        let arrays: Vec<Array> = (0..unit.schema().len())
            .map(|index| unit.array(index).cloned())
            .collect::<Result<_>>()?;
        let (keys, ids, group_count) = self.groups(&arrays, unit.row_count())?;
        let states = self
            .items
            .iter()
            .map(|item| {
                let input = item.input.map(|index| &arrays[index]);
                State::of_unit(item.function, input, &ids, group_count, self.seed, self.level)
            })
            .collect::<Result<_>>()?;
        Ok(Partial { keys, group_count, states })
    }

    /// Keys of the unit's groups, the group of each row, and the number of groups.
    fn groups(
        &self,
        arrays: &[Array],
        len: usize,
    ) -> Result<(Vec<Array>, Cow<'static, [u32]>, usize)> {
        /// The group of every row where there is one group only.
        static ONE_GROUP: [u32; BLOCK_ROWS_MAX] = [0; BLOCK_ROWS_MAX];
        if self.key_dtypes.is_empty() {
            return Ok((Vec::new(), Cow::Borrowed(&ONE_GROUP[..len]), 1));
        }
        let keys = &arrays[..self.key_dtypes.len()];
        let mut ids = Vec::new();
        let firsts = Grouper::of_unit(&self.key_dtypes, self.seed).assign(keys, &mut ids)?;
        let keys = keys.iter().map(|key| take::take(key, &firsts)).collect::<Result<_>>()?;
        Ok((keys, Cow::Owned(ids), firsts.len()))
    }
}

/// The groups of all units so far.
struct Total<'a> {
    work: &'a Work,
    grouper: Option<Grouper>,
    keys: Vec<Vec<Array>>,
    group_count: usize,
    states: Vec<State>,
}

impl<'a> Total<'a> {
    fn new(work: &'a Work) -> Total<'a> {
        let dtype = |index: usize| &work.input_schema.column(index).dtype;
        let states = work
            .items
            .iter()
            .map(|item| State::empty(item.function, item.input.map(dtype), work.seed))
            .collect();
        let has_keys = !work.key_dtypes.is_empty();
        Total {
            work,
            grouper: has_keys.then(|| Grouper::of_table(&work.key_dtypes, work.seed)),
            keys: vec![Vec::new(); work.key_dtypes.len()],
            group_count: usize::from(!has_keys),
            states,
        }
    }

    fn add(&mut self, partial: Partial) -> Result<()> {
        let mut map = vec![0; partial.group_count];
        if let Some(grouper) = &mut self.grouper {
            let firsts = grouper.assign(&partial.keys, &mut map)?;
            for (parts, key) in self.keys.iter_mut().zip(&partial.keys) {
                parts.push(take::take(key, &firsts)?);
            }
            self.group_count = grouper.len();
            if self.group_count > GROUPS_MAX {
                return Err(Error::new(
                    ErrorKind::LimitExceeded,
                    format!("more than {GROUPS_MAX} groups"),
                ));
            }
        }
        for (state, other) in self.states.iter_mut().zip(partial.states) {
            state.grow(self.group_count);
            state.merge(other, &map)?;
        }
        Ok(())
    }

    fn finish(self) -> Result<Vec<HyperBlock>> {
        let mut arrays = Vec::new();
        for (parts, dtype) in self.keys.iter().zip(&self.work.key_dtypes) {
            arrays.push(take::concat(parts, dtype)?);
        }
        for (mut state, item) in self.states.into_iter().zip(&self.work.items) {
            state.grow(self.group_count);
            arrays.push(state.finish(item.function, &item.dtype)?);
        }
        let schema = positional(arrays.iter().map(|array| array.dtype().clone()))?;
        let whole = HyperBlock::new(schema, self.group_count, arrays);
        cut(&whole)
    }
}

/// A block of any size as blocks of the usual one; nothing is copied.
pub fn cut(block: &HyperBlock) -> Result<Vec<HyperBlock>> {
    (0..block.row_count())
        .step_by(BLOCK_ROWS_MAX)
        .map(|offset| block.slice(offset, BLOCK_ROWS_MAX.min(block.row_count() - offset)))
        .collect()
}
