//! Write: all rows to a file; gives one row that says where, how many rows and how many bytes.

use super::operator::{BoxOperator, Operator};
use crate::column::{ArrayBuilder, Frame, HyperBlock, Scalar, SchemaRef};
use crate::context::Context;
use crate::error::Result;
use crate::format::csv::{CsvWriteOptions, write_csv};
use crate::format::prdx::write_prdx;

/// The format of the file.
pub enum Target {
    /// CSV.
    Csv(CsvWriteOptions),
    /// `.prdx`.
    Prdx,
}

/// Writes an input.
pub struct Write {
    input: Option<BoxOperator>,
    input_schema: SchemaRef,
    schema: SchemaRef,
    path: String,
    target: Target,
    context: Context,
}

impl Write {
    /// `schema` is that of the one row.
    pub fn new(
        input: BoxOperator,
        input_schema: SchemaRef,
        schema: SchemaRef,
        path: String,
        target: Target,
        context: &Context,
    ) -> Write {
        Write { input: Some(input), input_schema, schema, path, target, context: context.clone() }
    }

    fn run(&self, mut input: BoxOperator) -> Result<HyperBlock> {
        let mut blocks = Vec::new();
        while let Some(block) = input.next()? {
            blocks.push(block.with_schema(self.input_schema.clone()));
        }
        let frame = Frame::new(self.input_schema.clone(), blocks);
        let size_bytes = match &self.target {
            Target::Prdx => write_prdx(&self.path, &frame, &self.context)?,
            Target::Csv(options) => write_csv(&self.path, &frame, options, &self.context)?,
        };
        let row = [
            Scalar::Utf8(self.path.clone()),
            Scalar::Int64(frame.row_count() as i64),
            Scalar::Int64(size_bytes as i64),
        ];
        let arrays = row
            .iter()
            .enumerate()
            .map(|(index, value)| {
                let mut builder = ArrayBuilder::new(self.schema.column(index).dtype, 1);
                builder.push(value)?;
                Ok(builder.finish())
            })
            .collect::<Result<_>>()?;
        Ok(HyperBlock::new(self.schema.clone(), 1, arrays))
    }
}

impl Operator for Write {
    fn next(&mut self) -> Result<Option<HyperBlock>> {
        match self.input.take() {
            Some(input) => self.run(input).map(Some),
            None => Ok(None),
        }
    }
}
