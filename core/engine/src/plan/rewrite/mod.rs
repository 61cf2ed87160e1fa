//! Plans to equal plans that do less work. One rule per file, in the order of `rewrite`.
//!
//! No rule folds constants: an error in a constant is an error of the rows that meet it, and of no
//! rows when there are none.

mod merge_projects;
mod push_columns;
mod push_filters;
mod shape;

use super::node::{Plan, Step};

/// Applies every rule once: filters go down first, so that columns used by them alone are seen at
/// the source; projections merge last, when both have become narrow.
pub fn rewrite(plan: Plan) -> Plan {
    let plan = push_filters::push_filters(plan);
    let plan = push_columns::push_columns(plan);
    merge_projects::merge_projects(plan)
}

/// The same step over changed inputs.
fn map_inputs(plan: Plan, change: &mut dyn FnMut(Plan) -> Plan) -> Plan {
    let Plan { schema, step } = plan;
    let mut boxed = |input: Box<Plan>| Box::new(change(*input));
    let step = match step {
        Step::Source { .. } | Step::Stream { .. } | Step::CountCsv { .. } => step,
        Step::Filter { input, predicate } => Step::Filter { input: boxed(input), predicate },
        Step::Project { input, exprs } => Step::Project { input: boxed(input), exprs },
        Step::Aggregate { input, keys, aggregates } => {
            Step::Aggregate { input: boxed(input), keys, aggregates }
        }
        Step::Join { left, right, keys, kind, right_columns } => {
            let (left, right) = (boxed(left), boxed(right));
            Step::Join { left, right, keys, kind, right_columns }
        }
        Step::Sort { input, keys } => Step::Sort { input: boxed(input), keys },
        Step::Limit { input, offset, count } => Step::Limit { input: boxed(input), offset, count },
        Step::Tail { input, count } => Step::Tail { input: boxed(input), count },
        Step::Distinct { input, columns } => Step::Distinct { input: boxed(input), columns },
        Step::Union { inputs } => Step::Union { inputs: inputs.into_iter().map(change).collect() },
        Step::Describe { input } => Step::Describe { input: boxed(input) },
        Step::WriteCsv { input, path, options } => {
            Step::WriteCsv { input: boxed(input), path, options }
        }
        Step::WritePrdx { input, path } => Step::WritePrdx { input: boxed(input), path },
    };
    Plan { schema, step }
}
