//! Sort: all rows in order of some keys; stable.

use super::batch::positional;
use super::gather::Table;
use super::kernels::order::{Key, order};
use super::operator::{BoxOperator, Operator, Ready};
use crate::column::{DataType, HyperBlock, SchemaRef};
use crate::context::Context;
use crate::error::Result;
use crate::limits::BLOCK_ROWS_MAX;

/// A key: a column of the input.
#[derive(Clone, Copy, Debug)]
pub struct SortColumn {
    /// Its position.
    pub index: usize,
    /// Largest first.
    pub descending: bool,
    /// Nulls before all values.
    pub nulls_first: bool,
}

/// Orders an input.
pub struct Sort {
    input: Option<BoxOperator>,
    dtypes: Vec<DataType>,
    keys: Vec<SortColumn>,
    schema: SchemaRef,
    context: Context,
    ready: Ready,
}

impl Sort {
    /// Gives the first `column_count` columns of the input; behind them are computed keys.
    pub fn new(
        input: BoxOperator,
        dtypes: Vec<DataType>,
        column_count: usize,
        keys: Vec<SortColumn>,
        context: &Context,
    ) -> Result<Sort> {
        let schema = positional(dtypes[..column_count].iter().cloned())?;
        let (context, ready) = (context.clone(), Ready::new(Vec::new()));
        Ok(Sort { input: Some(input), dtypes, keys, schema, context, ready })
    }

    fn run(&self, mut input: BoxOperator) -> Result<Vec<HyperBlock>> {
        let table = Table::gather(&mut input, &self.dtypes, &self.context)?;
        let keys: Vec<Key<'_>> = self
            .keys
            .iter()
            .map(|key| Key {
                arrays: table.column(key.index).arrays(),
                descending: key.descending,
                nulls_first: key.nulls_first,
            })
            .collect();
        let rows = order(&keys, table.row_count(), &self.context)?;
        let parts: Vec<&[u32]> = rows.chunks(BLOCK_ROWS_MAX).collect();
        self.context.parallel(parts.len(), |index| {
            let arrays = (0..self.schema.len())
                .map(|column| table.column(column).take(parts[index]))
                .collect::<Result<_>>()?;
            Ok(HyperBlock::new(self.schema.clone(), parts[index].len(), arrays))
        })
    }
}

impl Operator for Sort {
    fn next(&mut self) -> Result<Option<HyperBlock>> {
        if let Some(input) = self.input.take() {
            self.ready = Ready::new(self.run(input)?);
        }
        self.ready.next()
    }
}
