//! Count: how many records CSV files hold, as one row.

use super::operator::Operator;
use crate::column::{ArrayBuilder, DataType, HyperBlock, Scalar, SchemaRef};
use crate::context::Context;
use crate::error::Result;
use crate::format::csv::{CsvReadOptions, CsvSource, count_csv};

/// Counts records.
pub struct Count {
    /// What to count; taken by the first call.
    source: Option<CsvSource>,
    options: Box<CsvReadOptions>,
    schema: SchemaRef,
    context: Context,
}

impl Count {
    /// `schema` is that of the one row.
    pub fn new(
        source: CsvSource,
        options: Box<CsvReadOptions>,
        schema: SchemaRef,
        context: Context,
    ) -> Count {
        Count { source: Some(source), options, schema, context }
    }
}

impl Operator for Count {
    fn next(&mut self) -> Result<Option<HyperBlock>> {
        let Some(source) = self.source.take() else { return Ok(None) };
        let count = count_csv(&source, &self.options, &self.context)?;
        let mut rows = ArrayBuilder::new(DataType::Int64, 1);
        rows.push(&Scalar::Int64(count as i64))?;
        Ok(Some(HyperBlock::new(self.schema.clone(), 1, vec![rows.finish()])))
    }
}
