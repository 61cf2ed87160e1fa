//! The aggregate step: keys and bare aggregates run as they are; anything around aggregates
//! (`sum(a) / count()`) is computed by a projection on top.

use std::cell::RefCell;
use std::sync::Arc;

use super::expression::{Scope, column_at};
use super::needed::Needed;
use super::{Binder, invalid};
use crate::column::{ColumnDef, Schema};
use crate::error::Result;
use crate::plan::document::AggregateNode;
use crate::plan::expr::{Aggregate, Expr, ExprKind};
use crate::plan::node::{Plan, Step};

impl Binder<'_> {
    pub(super) fn aggregate(&self, node: &AggregateNode) -> Result<Plan> {
        let needed = Needed::of_items(node.keys.iter().chain(&node.aggregates));
        let input = self.node(&node.input, &needed)?;
        if node.keys.is_empty() && node.aggregates.is_empty() {
            return Err(invalid("an aggregate step has neither keys nor aggregates"));
        }
        let (key_names, keys) = self.items(&Scope::Rows(&input.schema), &node.keys)?;
        let aggregates = RefCell::default();
        let scope =
            Scope::Groups { schema: &input.schema, key_count: keys.len(), aggregates: &aggregates };
        let (names, exprs) = self.items(&scope, &node.aggregates)?;
        let aggregates = aggregates.into_inner();

        let mut columns: Vec<ColumnDef> = key_names
            .into_iter()
            .zip(&keys)
            .map(|(name, expr)| ColumnDef::new(name, expr.dtype.clone()))
            .collect();
        let named = names
            .into_iter()
            .zip(&exprs)
            .map(|(name, expr)| ColumnDef::new(name, expr.dtype.clone()));
        let result = columns.iter().cloned().chain(named).collect();
        let schema = Arc::new(Schema::new(result)?);
        if are_bare(&exprs, keys.len(), &aggregates) {
            let step = Step::Aggregate { input: Box::new(input), keys, aggregates };
            return Ok(Plan { schema, step });
        }
        columns.extend(
            inner_names(&schema, aggregates.len())
                .zip(&aggregates)
                .map(|(name, aggregate)| ColumnDef::new(name, aggregate.dtype.clone())),
        );
        let inner = Arc::new(Schema::new(columns)?);
        let mut projected: Vec<Expr> =
            (0..keys.len()).map(|index| column_at(&inner, index)).collect();
        projected.extend(exprs);
        let step = Step::Aggregate { input: Box::new(input), keys, aggregates };
        let input = Box::new(Plan { schema: inner, step });
        Ok(Plan { schema, step: Step::Project { input, exprs: projected } })
    }
}

/// Whether the items are just the aggregates in their order.
fn are_bare(exprs: &[Expr], key_count: usize, aggregates: &[Aggregate]) -> bool {
    exprs.len() == aggregates.len()
        && exprs
            .iter()
            .enumerate()
            .all(|(index, expr)| expr.kind == ExprKind::Column(key_count + index))
}

/// Names for aggregates that only the projection sees; none is a name of the result.
fn inner_names(schema: &Schema, count: usize) -> impl Iterator<Item = String> {
    let free = (1..)
        .map(|number| format!("aggregate {number}"))
        .filter(|name| schema.find(name).is_none());
    free.take(count).collect::<Vec<_>>().into_iter()
}
