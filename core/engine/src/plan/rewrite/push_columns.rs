//! Sources give only the columns that are used, and projections compute only what is.
//!
//! A step may still give more columns than were asked for (those its own work needs), so each
//! answers where the asked ones stand now. A column that nobody asks for is not computed, so that
//! its errors are not met; operators do the same.

use std::collections::BTreeSet;
use std::sync::Arc;

use super::shape::{columns_of, with_columns};
use crate::column::{Schema, SchemaRef};
use crate::plan::expr::{Aggregate, Expr, ExprKind, SortKey};
use crate::plan::node::{JoinKind, Plan, Step};

/// Applies the rule from the top, where all columns are asked for.
pub(super) fn push_columns(plan: Plan) -> Plan {
    let all: BTreeSet<usize> = (0..plan.schema.len()).collect();
    let schema = plan.schema.clone();
    exactly(plan, &all, schema)
}

/// A plan with fewer columns, and for each old position where its column stands now.
struct Pruned {
    plan: Plan,
    now: Vec<Option<usize>>,
}

/// The plan with just these columns, in their order, under `schema`.
fn exactly(plan: Plan, asked: &BTreeSet<usize>, schema: SchemaRef) -> Plan {
    let Pruned { plan, now } = prune(plan, asked);
    let positions: Vec<usize> = asked.iter().map(|old| place(&now, *old)).collect();
    let is_same = plan.schema.len() == positions.len()
        && positions.iter().enumerate().all(|(index, position)| index == *position);
    if is_same {
        return plan;
    }
    let exprs = positions
        .into_iter()
        .map(|position| {
            let dtype = plan.schema.column(position).dtype.clone();
            Expr { kind: ExprKind::Column(position), dtype }
        })
        .collect();
    Plan { schema, step: Step::Project { input: Box::new(plan), exprs } }
}

fn prune(plan: Plan, asked: &BTreeSet<usize>) -> Pruned {
    let Plan { schema, step } = plan;
    match step {
        Step::Source { frame, columns, origin } => {
            let kept = kept_of_source(asked, &columns);
            let columns = kept.iter().map(|old| columns[*old]).collect();
            renumbered(&schema, &kept, Step::Source { frame, columns, origin })
        }
        Step::Stream { table, columns, origin } => {
            let kept = kept_of_source(asked, &columns);
            let columns = kept.iter().map(|old| columns[*old]).collect();
            renumbered(&schema, &kept, Step::Stream { table, columns, origin })
        }
        // Its one column is all it has.
        Step::CountCsv { .. } => renumbered(&schema.clone(), &BTreeSet::from([0]), step),
        // No column is asked for, just the number of rows: the input's will do.
        Step::Project { input, exprs } if asked.is_empty() => {
            let below = prune(*input, asked);
            Pruned { plan: below.plan, now: vec![None; exprs.len()] }
        }
        Step::Project { input, exprs } => {
            let mut used = BTreeSet::new();
            asked.iter().for_each(|index| columns_of(&exprs[*index], &mut used));
            let below = prune(*input, &used);
            let exprs = asked.iter().map(|index| moved(&exprs[*index], &below.now)).collect();
            let step = Step::Project { input: Box::new(below.plan), exprs };
            renumbered(&schema, asked, step)
        }
        Step::Filter { input, predicate } => {
            let mut used = asked.clone();
            columns_of(&predicate, &mut used);
            let below = prune(*input, &used);
            let predicate = moved(&predicate, &below.now);
            same_columns(below, |input| Step::Filter { input, predicate })
        }
        Step::Sort { input, keys } => {
            let mut used = asked.clone();
            keys.iter().for_each(|key| columns_of(&key.expr, &mut used));
            let below = prune(*input, &used);
            let keys = keys
                .into_iter()
                .map(|key| SortKey { expr: moved(&key.expr, &below.now), ..key })
                .collect();
            same_columns(below, |input| Step::Sort { input, keys })
        }
        Step::Limit { input, offset, count } => {
            same_columns(prune(*input, asked), |input| Step::Limit { input, offset, count })
        }
        Step::Tail { input, count } => {
            same_columns(prune(*input, asked), |input| Step::Tail { input, count })
        }
        Step::Distinct { input, columns } => {
            let used = asked.iter().chain(&columns).copied().collect();
            let below = prune(*input, &used);
            let columns = columns.iter().map(|old| place(&below.now, *old)).collect();
            same_columns(below, |input| Step::Distinct { input, columns })
        }
        Step::Aggregate { input, keys, aggregates } => {
            let mut used = BTreeSet::new();
            keys.iter().for_each(|key| columns_of(key, &mut used));
            let inputs = aggregates.iter().filter_map(|aggregate| aggregate.input.as_ref());
            inputs.for_each(|input| columns_of(input, &mut used));
            let below = prune(*input, &used);
            let keys = keys.iter().map(|key| moved(key, &below.now)).collect();
            let aggregates = aggregates
                .into_iter()
                .map(|aggregate| {
                    let input = aggregate.input.as_ref().map(|expr| moved(expr, &below.now));
                    Aggregate { input, ..aggregate }
                })
                .collect();
            whole(schema, Step::Aggregate { input: Box::new(below.plan), keys, aggregates })
        }
        Step::Join { left, right, keys, kind, right_columns } => {
            prune_join(&schema, asked, Join { left, right, keys, kind, right_columns })
        }
        Step::Union { inputs } => {
            let kept: BTreeSet<usize> =
                if asked.is_empty() { BTreeSet::from([0]) } else { asked.clone() };
            let columns = kept.iter().map(|index| schema.column(*index).clone()).collect();
            let narrow = Arc::new(Schema::new(columns).expect("a part of unique names"));
            let inputs =
                inputs.into_iter().map(|input| exactly(input, &kept, narrow.clone())).collect();
            renumbered(&schema, &kept, Step::Union { inputs })
        }
        Step::Describe { input } => {
            whole(schema, Step::Describe { input: Box::new(push_columns(*input)) })
        }
        Step::WriteCsv { input, path, options } => {
            let input = Box::new(push_columns(*input));
            whole(schema, Step::WriteCsv { input, path, options })
        }
        Step::WritePrdx { input, path } => {
            whole(schema, Step::WritePrdx { input: Box::new(push_columns(*input)), path })
        }
    }
}

/// A table without columns would have lost its rows for some readers: one is kept.
fn kept_of_source(asked: &BTreeSet<usize>, columns: &[usize]) -> BTreeSet<usize> {
    match asked.is_empty() && !columns.is_empty() {
        true => BTreeSet::from([0]),
        false => asked.clone(),
    }
}

struct Join {
    left: Box<Plan>,
    right: Box<Plan>,
    keys: Vec<(Expr, Expr)>,
    kind: JoinKind,
    right_columns: Vec<usize>,
}

/// The result holds all columns that the left side still has, then the asked ones of the right.
fn prune_join(schema: &Schema, asked: &BTreeSet<usize>, join: Join) -> Pruned {
    let left_count = join.left.schema.len();
    let mut left_used: BTreeSet<usize> = asked.range(..left_count).copied().collect();
    let right_asked: Vec<usize> = asked.range(left_count..).copied().collect();
    let mut right_used: BTreeSet<usize> =
        right_asked.iter().map(|index| join.right_columns[index - left_count]).collect();
    for (left, right) in &join.keys {
        columns_of(left, &mut left_used);
        columns_of(right, &mut right_used);
    }
    let left = prune(*join.left, &left_used);
    let right = prune(*join.right, &right_used);
    let keys = join.keys.iter().map(|(a, b)| (moved(a, &left.now), moved(b, &right.now))).collect();
    let right_columns = right_asked
        .iter()
        .map(|index| place(&right.now, join.right_columns[index - left_count]))
        .collect();
    let mut columns = left.plan.schema.columns().to_vec();
    let mut now = left.now;
    now.resize(schema.len(), None);
    for index in right_asked {
        now[index] = Some(columns.len());
        columns.push(schema.column(index).clone());
    }
    let schema = Arc::new(Schema::new(columns).expect("a part of unique names"));
    let (left, right) = (Box::new(left.plan), Box::new(right.plan));
    let step = Step::Join { left, right, keys, kind: join.kind, right_columns };
    Pruned { plan: Plan { schema, step }, now }
}

fn same_columns(below: Pruned, step: impl FnOnce(Box<Plan>) -> Step) -> Pruned {
    let schema = below.plan.schema.clone();
    let plan = Plan { schema, step: step(Box::new(below.plan)) };
    Pruned { plan, now: below.now }
}

fn whole(schema: SchemaRef, step: Step) -> Pruned {
    let now = (0..schema.len()).map(Some).collect();
    Pruned { plan: Plan { schema, step }, now }
}

fn renumbered(schema: &Schema, kept: &BTreeSet<usize>, step: Step) -> Pruned {
    let columns = kept.iter().map(|index| schema.column(*index).clone()).collect();
    let mut now = vec![None; schema.len()];
    for (position, old) in kept.iter().enumerate() {
        now[*old] = Some(position);
    }
    let schema = Arc::new(Schema::new(columns).expect("a part of unique names"));
    Pruned { plan: Plan { schema, step }, now }
}

fn place(now: &[Option<usize>], old: usize) -> usize {
    now[old].expect("a column that was asked for is kept")
}

fn moved(expr: &Expr, now: &[Option<usize>]) -> Expr {
    with_columns(expr, &|old, dtype| Expr { kind: ExprKind::Column(place(now, old)), dtype })
}
