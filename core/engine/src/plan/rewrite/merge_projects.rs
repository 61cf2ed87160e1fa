//! A projection of a projection becomes one, and one that changes nothing goes.
//!
//! Held back where an expression would be computed twice, or perhaps not at all although its column
//! is asked for (within a branch of a `case`).

use std::collections::BTreeSet;

use super::map_inputs;
use super::shape::{columns_of, is_plain, with_columns};
use crate::plan::expr::{Expr, ExprKind};
use crate::plan::node::{Plan, Step};

/// Applies the rule from the bottom up.
pub(super) fn merge_projects(plan: Plan) -> Plan {
    let plan = map_inputs(plan, &mut merge_projects);
    let Plan { schema, step } = plan;
    let Step::Project { input, exprs } = step else { return Plan { schema, step } };
    let is_identity = schema == input.schema
        && exprs.iter().enumerate().all(|(index, expr)| expr.kind == ExprKind::Column(index));
    if is_identity {
        return *input;
    }
    match *input {
        Plan { step: Step::Project { input: below, exprs: inner }, .. }
            if is_mergeable(&exprs, &inner) =>
        {
            let replace = |index: usize, _| inner[index].clone();
            let exprs = exprs.iter().map(|expr| with_columns(expr, &replace)).collect();
            Plan { schema, step: Step::Project { input: below, exprs } }
        }
        other => Plan { schema, step: Step::Project { input: Box::new(other), exprs } },
    }
}

fn is_mergeable(outer: &[Expr], inner: &[Expr]) -> bool {
    let mut used = BTreeSet::new();
    for expr in outer {
        let mut own = BTreeSet::new();
        columns_of(expr, &mut own);
        let is_bare = matches!(expr.kind, ExprKind::Column(_));
        for index in own {
            // Within an operator a column may occur more than once, or not be reached.
            let is_once = used.insert(index) && is_bare;
            if !is_once && !is_plain(&inner[index]) {
                return false;
            }
        }
    }
    true
}
