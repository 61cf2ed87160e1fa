//! A filter moves below the steps that would otherwise carry rows it drops.
//!
//! Only where no error can come or go: what the step computes for the dropped rows must not be
//! able to fail, and a predicate that can fail stays with the rows it was written for.

use std::collections::BTreeSet;

use super::map_inputs;
use super::shape::{can_fail, columns_of, is_plain, with_columns};
use crate::column::DataType;
use crate::plan::expr::{Expr, ExprKind};
use crate::plan::functions::{Function, LogicFunction};
use crate::plan::node::{JoinKind, Plan, Step};

const AND: Function = Function::Logic(LogicFunction::And);

/// Applies the rule from the top down.
pub(super) fn push_filters(plan: Plan) -> Plan {
    let Plan { schema, step } = plan;
    let plan = match step {
        Step::Filter { input, predicate } => push(*input, predicate),
        step => Plan { schema, step },
    };
    // What was pushed is looked at again below.
    map_inputs(plan, &mut push_filters)
}

fn filtered(input: Plan, predicate: Expr) -> Plan {
    let schema = input.schema.clone();
    Plan { schema, step: Step::Filter { input: Box::new(input), predicate } }
}

fn push(input: Plan, predicate: Expr) -> Plan {
    let Plan { schema, step } = input;
    let step = match step {
        Step::Project { input, exprs } if passes_project(&predicate, &exprs) => {
            let predicate = with_columns(&predicate, &|index, _| exprs[index].clone());
            Step::Project { input: Box::new(push(*input, predicate)), exprs }
        }
        Step::Sort { input, keys } if !keys.iter().any(|key| can_fail(&key.expr)) => {
            Step::Sort { input: Box::new(push(*input, predicate)), keys }
        }
        Step::Union { inputs } => {
            let inputs = inputs.into_iter().map(|input| push(input, predicate.clone())).collect();
            Step::Union { inputs }
        }
        Step::Join { left, right, keys, kind, right_columns } if !can_fail(&predicate) => {
            let join = |left, right| Plan {
                schema: schema.clone(),
                step: Step::Join { left, right, keys, kind, right_columns: right_columns.clone() },
            };
            return push_into_join(left, right, kind, &right_columns, predicate, join);
        }
        step => return filtered(Plan { schema, step }, predicate),
    };
    Plan { schema, step }
}

/// Nothing that can fail would be computed for fewer rows, and nothing that costs for more.
fn passes_project(predicate: &Expr, exprs: &[Expr]) -> bool {
    let mut used = BTreeSet::new();
    columns_of(predicate, &mut used);
    !exprs.iter().any(can_fail) && used.iter().all(|index| is_plain(&exprs[*index]))
}

/// Parts over the left table alone go left; over the right one alone go right, of an inner join
/// only: a left join answers a dropped right row with nulls.
fn push_into_join(
    left: Box<Plan>,
    right: Box<Plan>,
    kind: JoinKind,
    right_columns: &[usize],
    predicate: Expr,
    join: impl FnOnce(Box<Plan>, Box<Plan>) -> Plan,
) -> Plan {
    let left_count = left.schema.len();
    let (mut for_left, mut for_right, mut rest) = (Vec::new(), Vec::new(), Vec::new());
    for part in conjuncts(predicate) {
        let mut used = BTreeSet::new();
        columns_of(&part, &mut used);
        match (used.first(), used.last()) {
            (Some(_), Some(last)) if *last < left_count => for_left.push(part),
            (Some(first), Some(_)) if *first >= left_count && kind == JoinKind::Inner => {
                for_right.push(with_columns(&part, &|index, dtype| {
                    let position = right_columns[index - left_count];
                    Expr { kind: ExprKind::Column(position), dtype }
                }));
            }
            _ => rest.push(part),
        }
    }
    let apply = |table: Box<Plan>, parts: Vec<Expr>| match all_of(parts) {
        Some(predicate) => Box::new(push(*table, predicate)),
        None => table,
    };
    let joined = join(apply(left, for_left), apply(right, for_right));
    match all_of(rest) {
        Some(predicate) => filtered(joined, predicate),
        None => joined,
    }
}

/// The operands of `and`; a filter keeps a row when all are true, in whatever order they are asked.
fn conjuncts(predicate: Expr) -> Vec<Expr> {
    let (mut parts, mut pile) = (Vec::new(), vec![predicate]);
    while let Some(part) = pile.pop() {
        match part.kind {
            ExprKind::Call { function: AND, args } => pile.extend(args.into_iter().rev()),
            kind => parts.push(Expr { kind, dtype: part.dtype.clone() }),
        }
    }
    parts
}

fn all_of(parts: Vec<Expr>) -> Option<Expr> {
    parts.into_iter().reduce(|left, right| Expr {
        kind: ExprKind::Call { function: AND, args: vec![left, right] },
        dtype: DataType::Bool,
    })
}
