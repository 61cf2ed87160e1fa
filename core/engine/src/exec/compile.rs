//! Plan -> tree of operators.

use super::aggregate::{Aggregate, Item};
use super::count::Count;
use super::describe::Describe;
use super::distinct::Distinct;
use super::evaluate::Node;
use super::join::{Join, Side};
use super::limit::{Limit, Tail};
use super::operator::BoxOperator;
use super::pipeline::{Pipeline, Stage};
use super::scan::{Scan, StreamScan};
use super::sort::{Sort, SortColumn};
use super::union::Union;
use super::write::{Target, Write};
use crate::bytes::scan::Level;
use crate::column::{DataType, Schema};
use crate::context::Context;
use crate::error::Result;
use crate::plan;
use crate::plan::expr::Expr;
use crate::plan::node::{Plan, Step};

/// Makes the operators of a plan; nothing runs yet.
pub fn compile(plan: &Plan, context: &Context) -> Result<BoxOperator> {
    Compiler { context, level: Level::current() }.step(plan)
}

struct Compiler<'a> {
    context: &'a Context,
    level: Level,
}

impl Compiler<'_> {
    fn step(&self, plan: &Plan) -> Result<BoxOperator> {
        match &plan.step {
            Step::Source { frame, columns, .. } => Ok(Box::new(Scan::new(
                frame.clone(),
                columns.clone(),
                plan.schema.clone(),
                self.context.clone(),
            ))),
            Step::Stream { table, columns, .. } => Ok(Box::new(StreamScan::new(
                table.clone(),
                columns.clone(),
                plan.schema.clone(),
                self.context.clone(),
            ))),
            Step::CountCsv { source, options } => Ok(Box::new(Count::new(
                source.clone(),
                options.clone(),
                plan.schema.clone(),
                self.context.clone(),
            ))),
            Step::Filter { .. } | Step::Project { .. } => self.pipeline(plan, Vec::new()),
            Step::Limit { input, offset, count } => {
                Ok(Box::new(Limit::new(self.step(input)?, *offset, *count)))
            }
            Step::Tail { input, count } => Ok(Box::new(Tail::new(self.step(input)?, *count))),
            Step::Union { inputs } => {
                let inputs = inputs.iter().map(|input| self.step(input)).collect::<Result<_>>()?;
                Ok(Box::new(Union::new(inputs, plan.schema.clone())))
            }
            Step::Aggregate { input, keys, aggregates } => self.aggregate(input, keys, aggregates),
            Step::Join { left, right, keys, kind, right_columns } => {
                let (left_keys, right_keys): (Vec<&Expr>, Vec<&Expr>) =
                    keys.iter().map(|(left, right)| (left, right)).unzip();
                let all = (0..left.schema.len()).collect();
                let left = self.side(left, &left_keys, all)?;
                let right = self.side(right, &right_keys, right_columns.clone())?;
                Ok(Box::new(Join::new(left, right, *kind, self.context)?))
            }
            Step::Sort { input, keys } => self.sort(input, keys),
            Step::Distinct { input, columns } => {
                let dtypes = columns.iter().map(|index| input.schema.column(*index).dtype.clone());
                let (columns, dtypes) = (columns.clone(), dtypes.collect());
                Ok(Box::new(Distinct::new(self.step(input)?, columns, dtypes, self.context)))
            }
            Step::Describe { input } => Ok(Box::new(Describe::new(
                self.step(input)?,
                input.schema.clone(),
                plan.schema.clone(),
                self.context,
            ))),
            Step::WriteCsv { input, path, options } => {
                self.write(plan, input, path, Target::Csv(options.clone()))
            }
            Step::WritePrdx { input, path } => {
                let target = if is_streamed(input) { Target::StreamedPrdx } else { Target::Prdx };
                self.write(plan, input, path, target)
            }
        }
    }

    fn write(&self, plan: &Plan, input: &Plan, path: &str, target: Target) -> Result<BoxOperator> {
        Ok(Box::new(Write::new(
            self.step(input)?,
            input.schema.clone(),
            plan.schema.clone(),
            path.to_owned(),
            target,
            self.context,
        )))
    }

    /// Keys and operands become columns of the input: the keys first, equal operands once.
    fn aggregate(
        &self,
        input: &Plan,
        keys: &[Expr],
        aggregates: &[plan::expr::Aggregate],
    ) -> Result<BoxOperator> {
        let mut exprs: Vec<&Expr> = keys.iter().collect();
        let mut items = Vec::with_capacity(aggregates.len());
        for aggregate in aggregates {
            let position = aggregate.input.as_ref().map(|expr| {
                let known = exprs[keys.len()..].iter().position(|other| *other == expr);
                known.map_or_else(
                    || {
                        exprs.push(expr);
                        exprs.len() - 1
                    },
                    |index| index + keys.len(),
                )
            });
            let (function, dtype) = (aggregate.function, aggregate.dtype.clone());
            items.push(Item { function, input: position, dtype });
        }
        let dtypes: Vec<DataType> = exprs.iter().map(|expr| expr.dtype.clone()).collect();
        let columns = exprs.into_iter().map(Node::prepare).collect();
        let input = self.pipeline(input, vec![Stage::Project(columns)])?;
        Ok(Box::new(Aggregate::new(input, &dtypes, keys.len(), items, self.context)?))
    }

    fn side(&self, input: &Plan, keys: &[&Expr], columns: Vec<usize>) -> Result<Side> {
        let (input, dtypes, keys) = self.with_keys(input, keys)?;
        Ok(Side { input, dtypes, keys, columns })
    }

    fn sort(&self, input: &Plan, keys: &[plan::expr::SortKey]) -> Result<BoxOperator> {
        let column_count = input.schema.len();
        let exprs: Vec<&Expr> = keys.iter().map(|key| &key.expr).collect();
        let (input, dtypes, positions) = self.with_keys(input, &exprs)?;
        let keys = keys
            .iter()
            .zip(positions)
            .map(|(key, index)| SortColumn {
                index,
                descending: key.descending,
                nulls_first: key.nulls_first,
            })
            .collect();
        Ok(Box::new(Sort::new(input, dtypes, column_count, keys, self.context)?))
    }

    /// An input with keys that are not plain columns behind its own: types and key positions.
    fn with_keys(
        &self,
        input: &Plan,
        keys: &[&Expr],
    ) -> Result<(BoxOperator, Vec<DataType>, Vec<usize>)> {
        let mut dtypes = dtypes(&input.schema);
        let mut computed = Vec::new();
        let mut positions = Vec::with_capacity(keys.len());
        for key in keys {
            let node = Node::prepare(key);
            positions.push(node.as_column().unwrap_or(dtypes.len()));
            if node.as_column().is_none() {
                dtypes.push(node.dtype().clone());
                computed.push(node);
            }
        }
        if computed.is_empty() {
            return Ok((self.step(input)?, dtypes, positions));
        }
        let own = (0..input.schema.len()).map(|index| Node::column(index, dtypes[index].clone()));
        let columns = own.chain(computed).collect();
        let operator = self.pipeline(input, vec![Stage::Project(columns)])?;
        Ok((operator, dtypes, positions))
    }

    /// The filters and projections at the top of `plan` and `last` behind them, as one pipeline.
    fn pipeline(&self, plan: &Plan, mut last: Vec<Stage>) -> Result<BoxOperator> {
        let mut below = plan;
        let mut stages = Vec::new();
        loop {
            match &below.step {
                Step::Filter { input, predicate } => {
                    stages.push(Stage::Filter(Box::new(Node::prepare(predicate))));
                    below = input;
                }
                Step::Project { input, exprs } => {
                    stages.push(Stage::Project(exprs.iter().map(Node::prepare).collect()));
                    below = input;
                }
                _ => break,
            }
        }
        stages.reverse();
        stages.append(&mut last);
        let input = self.step(below)?;
        if stages.is_empty() {
            return Ok(input);
        }
        let dtypes = dtypes(&below.schema);
        let pipeline = Pipeline::new(input, &dtypes, stages, self.context, self.level)?;
        Ok(Box::new(pipeline))
    }
}

/// Whether rows come from a table that is read meanwhile, so that they are not to be held.
fn is_streamed(plan: &Plan) -> bool {
    match &plan.step {
        Step::Stream { .. } => true,
        // These give rows that they hold anyway.
        Step::Source { .. }
        | Step::CountCsv { .. }
        | Step::Aggregate { .. }
        | Step::Sort { .. }
        | Step::Tail { .. }
        | Step::Describe { .. }
        | Step::WriteCsv { .. }
        | Step::WritePrdx { .. } => false,
        Step::Filter { input, .. }
        | Step::Project { input, .. }
        | Step::Limit { input, .. }
        | Step::Distinct { input, .. } => is_streamed(input),
        Step::Join { left, .. } => is_streamed(left),
        Step::Union { inputs } => inputs.iter().any(is_streamed),
    }
}

fn dtypes(schema: &Schema) -> Vec<DataType> {
    schema.columns().iter().map(|column| column.dtype.clone()).collect()
}
