//! How a plan is answered: operators pull batches through kernels.
//!
//! In: a bound [`Plan`]. Out: a [`Frame`]. [`compile`] makes a tree of operators, each of which
//! gives its next batch when asked; [`run`] asks the root until nothing is left.
//!
//! Results depend neither on the number of threads nor on how the rows were cut into blocks: work
//! is divided by row number, and partial results are merged in that order.

mod aggregate;
mod batch;
mod coded;
mod compile;
mod count;
mod describe;
mod distinct;
mod evaluate;
mod functions;
mod gather;
mod join;
mod kernels;
mod limit;
mod operator;
mod pipeline;
mod scan;
mod sort;
mod union;
mod units;
mod write;

use crate::column::Frame;
use crate::context::Context;
use crate::error::Result;
use crate::plan::node::Plan;

/// Answers a plan.
///
/// Errors: what the values of the rows call for (`Overflow`, `DivisionByZero`, `BadCast`), what
/// files below or behind answer, `Cancelled`.
pub fn run(plan: &Plan, context: &Context) -> Result<Frame> {
    let mut root = compile::compile(plan, context)?;
    let mut blocks = Vec::new();
    while let Some(block) = root.next()? {
        blocks.push(block.with_schema(plan.schema.clone()));
    }
    Ok(Frame::new(plan.schema.clone(), blocks))
}
