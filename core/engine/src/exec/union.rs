//! Union: all rows of all inputs in order.

use std::collections::VecDeque;

use super::operator::{BoxOperator, Operator};
use crate::column::{HyperBlock, SchemaRef};
use crate::error::Result;

/// Gives the rows of each input in turn, under one schema.
pub struct Union {
    inputs: VecDeque<BoxOperator>,
    schema: SchemaRef,
}

impl Union {
    /// The inputs' types agree with the schema's.
    pub fn new(inputs: Vec<BoxOperator>, schema: SchemaRef) -> Union {
        Union { inputs: inputs.into(), schema }
    }
}

impl Operator for Union {
    fn next(&mut self) -> Result<Option<HyperBlock>> {
        while let Some(input) = self.inputs.front_mut() {
            match input.next()? {
                Some(block) => return Ok(Some(block.with_schema(self.schema.clone()))),
                None => self.inputs.pop_front(),
            };
        }
        Ok(None)
    }
}
