//! Join: rows of two tables with equal keys, in order of the left rows, then of the right ones.
//!
//! The right table is gathered and its keys are numbered; the rows of each key lie side by side:
//! ```text
//! key id   0        1     2
//! starts   0        2     3        5
//! rows     0  4     1     2  3
//! ```
//! Batches of the left table look their keys up on the workers. Null keys match nothing.

use std::collections::VecDeque;

use super::batch::positional;
use super::gather::Table;
use super::kernels::hash::{Grouper, NO_GROUP, Seed};
use super::kernels::take::{self, NO_ROW};
use super::operator::{BoxOperator, Operator, Waves};
use crate::column::{Array, DataType, HyperBlock, SchemaRef};
use crate::context::Context;
use crate::error::{Error, ErrorKind, Result};
use crate::limits::{BLOCK_ROWS_MAX, JOIN_ROWS_MAX};
use crate::plan::node::JoinKind;

/// Rows that are combined at a time, but for those of the last batch.
const JOIN_WAVE_ROWS: u64 = 16 * BLOCK_ROWS_MAX as u64;

/// One side of a join.
pub struct Side {
    /// Its rows.
    pub input: BoxOperator,
    /// Types of its columns.
    pub dtypes: Vec<DataType>,
    /// Positions of its keys.
    pub keys: Vec<usize>,
    /// Positions of its columns in the result.
    pub columns: Vec<usize>,
}

/// Combines a left and a right table.
pub struct Join {
    left: Side,
    right: Option<Side>,
    lookup: Option<Lookup>,
    kind: JoinKind,
    schema: SchemaRef,
    waves: Waves,
    /// Batches whose matches are known and not combined yet.
    found: VecDeque<(HyperBlock, Matches)>,
    ready: VecDeque<HyperBlock>,
    row_count: u64,
    context: Context,
}

impl Join {
    /// The keys of both sides have the same types.
    pub fn new(left: Side, right: Side, kind: JoinKind, context: &Context) -> Result<Join> {
        let left_types = left.columns.iter().map(|index| left.dtypes[*index].clone());
        let right_types = right.columns.iter().map(|index| right.dtypes[*index].clone());
        let schema = positional(left_types.chain(right_types))?;
        Ok(Join {
            left,
            right: Some(right),
            lookup: None,
            kind,
            schema,
            waves: Waves::new(),
            found: VecDeque::new(),
            ready: VecDeque::new(),
            row_count: 0,
            context: context.clone(),
        })
    }

    /// Combines batches until there are many rows: where keys match many times, those of a whole
    /// wave are not held.
    fn combine_some(&mut self, lookup: &Lookup) -> Result<()> {
        if self.found.is_empty() {
            self.find_wave(lookup)?;
        }
        let mut row_count = 0;
        let mut some = Vec::new();
        while row_count < JOIN_WAVE_ROWS
            && let Some((block, found)) = self.found.pop_front()
        {
            row_count += found.row_count;
            some.push((block, found));
        }
        let blocks = self.context.parallel(some.len(), |index| {
            let (block, found) = &some[index];
            self.combine(lookup, block, found)
        })?;
        self.ready = blocks.into_iter().flatten().collect();
        // An empty batch says that there may be more.
        if self.ready.is_empty()
            && let Some((block, _)) = some.first()
        {
            self.ready.push_back(self.block(lookup, block, &[], &[])?);
        }
        Ok(())
    }

    fn find_wave(&mut self, lookup: &Lookup) -> Result<()> {
        let wave = self.waves.pull(&mut self.left.input)?;
        let matches = self.context.parallel(wave.len(), |index| self.find(lookup, &wave[index]))?;
        self.row_count += matches.iter().map(|found| found.row_count).sum::<u64>();
        if self.row_count > JOIN_ROWS_MAX {
            return Err(Error::new(
                ErrorKind::LimitExceeded,
                format!("the join gives more than {JOIN_ROWS_MAX} rows"),
            )
            .hint("many rows share a key on both sides; aggregate or deduplicate one side first"));
        }
        self.found = wave.into_iter().zip(matches).collect();
        Ok(())
    }

    fn find(&self, lookup: &Lookup, block: &HyperBlock) -> Result<Matches> {
        let keys: Vec<Array> =
            self.left.keys.iter().map(|key| block.array(*key).cloned()).collect::<Result<_>>()?;
        let mut ids = Vec::new();
        lookup.grouper.find(&keys, &mut ids)?;
        let row_count = match self.kind {
            JoinKind::Semi => ids.iter().filter(|id| **id != NO_GROUP).count() as u64,
            JoinKind::Anti => ids.iter().filter(|id| **id == NO_GROUP).count() as u64,
            JoinKind::Inner => ids.iter().map(|id| lookup.count(*id)).sum(),
            JoinKind::Left => ids.iter().map(|id| lookup.count(*id).max(1)).sum(),
        };
        Ok(Matches { ids, row_count })
    }

    fn combine(
        &self,
        lookup: &Lookup,
        block: &HyperBlock,
        found: &Matches,
    ) -> Result<Vec<HyperBlock>> {
        let mut blocks = Vec::new();
        let (mut left, mut right) = (Vec::new(), Vec::new());
        for (row, id) in found.ids.iter().enumerate() {
            let row = row as u32;
            match (self.kind, *id) {
                (JoinKind::Semi, id) if id != NO_GROUP => left.push(row),
                (JoinKind::Anti, NO_GROUP) => left.push(row),
                (JoinKind::Semi | JoinKind::Anti, _) | (JoinKind::Inner, NO_GROUP) => {}
                (JoinKind::Left, NO_GROUP) => {
                    left.push(row);
                    right.push(NO_ROW);
                }
                (JoinKind::Inner | JoinKind::Left, id) => {
                    for partner in lookup.rows_of(id) {
                        left.push(row);
                        right.push(*partner);
                        if left.len() == BLOCK_ROWS_MAX {
                            self.context.check()?;
                            blocks.push(self.block(lookup, block, &left, &right)?);
                            left.clear();
                            right.clear();
                        }
                    }
                }
            }
        }
        if !left.is_empty() {
            blocks.push(self.block(lookup, block, &left, &right)?);
        }
        Ok(blocks)
    }

    fn block(
        &self,
        lookup: &Lookup,
        block: &HyperBlock,
        left: &[u32],
        right: &[u32],
    ) -> Result<HyperBlock> {
        // Rising rows, as many as there are: a left row for each result row.
        let is_whole = left.len() == block.row_count()
            && left.iter().enumerate().all(|(index, row)| index == *row as usize);
        let mut arrays = Vec::with_capacity(self.schema.len());
        for index in &self.left.columns {
            let array = block.array(*index)?;
            arrays.push(if is_whole { array.clone() } else { take::take(array, left)? });
        }
        for index in &lookup.columns {
            arrays.push(lookup.table.column(*index).take(right)?);
        }
        Ok(HyperBlock::new(self.schema.clone(), left.len(), arrays))
    }
}

impl Operator for Join {
    fn next(&mut self) -> Result<Option<HyperBlock>> {
        if let Some(right) = self.right.take() {
            self.lookup = Some(Lookup::new(right, &self.context)?);
        }
        if self.ready.is_empty()
            && let Some(lookup) = self.lookup.take()
        {
            let outcome = self.combine_some(&lookup);
            self.lookup = Some(lookup);
            outcome?;
        }
        Ok(self.ready.pop_front())
    }
}

struct Matches {
    ids: Vec<u32>,
    row_count: u64,
}

/// The right table by key.
struct Lookup {
    table: Table,
    grouper: Grouper,
    columns: Vec<usize>,
    starts: Vec<u32>,
    rows: Vec<u32>,
}

impl Lookup {
    fn new(mut side: Side, context: &Context) -> Result<Lookup> {
        let table = Table::gather(&mut side.input, &side.dtypes, context)?;
        let dtypes: Vec<DataType> = side.keys.iter().map(|key| side.dtypes[*key].clone()).collect();
        let mut grouper = Grouper::of_table(&dtypes, Seed::random());
        let ids = number(&mut grouper, &table, &side.keys, context)?;
        // Counting sort by id; it keeps the order of rows.
        let mut starts = vec![0_u32; grouper.len() + 1];
        for part in ids.chunks(BLOCK_ROWS_MAX) {
            context.check()?;
            for id in part.iter().filter(|id| **id != NO_GROUP) {
                starts[*id as usize + 1] += 1;
            }
        }
        for index in 1..starts.len() {
            starts[index] += starts[index - 1];
        }
        let mut next = starts.clone();
        let mut rows = vec![0; ids.len()];
        for (part, ids) in ids.chunks(BLOCK_ROWS_MAX).enumerate() {
            context.check()?;
            for (row, id) in ids.iter().enumerate().filter(|(_, id)| **id != NO_GROUP) {
                let at = &mut next[*id as usize];
                rows[*at as usize] = (part * BLOCK_ROWS_MAX + row) as u32;
                *at += 1;
            }
        }
        Ok(Lookup { table, grouper, columns: side.columns, starts, rows })
    }

    fn count(&self, id: u32) -> u64 {
        self.rows_of(id).len() as u64
    }

    fn rows_of(&self, id: u32) -> &[u32] {
        if id == NO_GROUP {
            return &[];
        }
        let (start, end) = (self.starts[id as usize], self.starts[id as usize + 1]);
        &self.rows[start as usize..end as usize]
    }
}

/// The key id of each row; `NO_GROUP` where a key is null.
fn number(
    grouper: &mut Grouper,
    table: &Table,
    keys: &[usize],
    context: &Context,
) -> Result<Vec<u32>> {
    let arrays: Vec<Array> = keys
        .iter()
        .map(|key| match table.column(*key).arrays() {
            [only] => Ok(only.clone()),
            _ => Err(Error::new(
                ErrorKind::LimitExceeded,
                "the text of a join key exceeds 2 GiB in the right table",
            )
            .hint("swap the tables, or join by a shorter key")),
        })
        .collect::<Result<_>>()?;
    let mut ids = Vec::with_capacity(table.row_count());
    let mut part = Vec::new();
    for offset in (0..table.row_count()).step_by(BLOCK_ROWS_MAX) {
        context.check()?;
        let len = BLOCK_ROWS_MAX.min(table.row_count() - offset);
        let keys: Vec<Array> = arrays.iter().map(|array| array.slice(offset, len)).collect();
        grouper.assign(&keys, &mut part)?;
        for key in keys.iter().filter(|key| key.validity().is_some()) {
            for (row, id) in part.iter_mut().enumerate() {
                if !key.is_valid(row) {
                    *id = NO_GROUP;
                }
            }
        }
        ids.extend_from_slice(&part);
    }
    Ok(ids)
}
