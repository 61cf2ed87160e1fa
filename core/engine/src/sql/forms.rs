//! Forms that SQL has words for and the plan has not: each is spelled with functions of the plan.
//!
//! ```text
//! x is true                   coalesce(x, false)
//! x is not true               not coalesce(x, false)
//! x is false                  not coalesce(x, true)
//! x is not false              coalesce(x, true)
//! a is distinct from b        coalesce(a <> b, (a is null) <> (b is null))
//! nullif(a, b)                case when a = b then null else a end
//! position(b in a)            coalesce(find(a, b) + 1,
//!                                      case when a is null or b is null then null else 0 end)
//! f(a) filter (where c)       f(case when c then a end)
//! count(*) filter (where c)   count(case when c then true end)
//! ```

use super::expression::{call, negate};
use super::group::parts;
use crate::error::{Error, ErrorKind, Result};
use crate::limits::TEXT_NODES_MAX;
use crate::plan::document::{AggregateExpression, CaseBranch, CaseExpression, Expression, Literal};
use crate::plan::functions::{
    AggregateFunction, ArithmeticFunction, CompareFunction, LogicFunction, TextFunction,
};

/// `x is [not] true` and `x is [not] false`; never null.
pub(super) fn is_truth(operand: Expression, truth: bool, is_negated: bool) -> Expression {
    // A null counts as the truth that is not asked for.
    let other = Expression::Lit(Literal::Bool(!truth));
    negate(truth == is_negated, call(LogicFunction::Coalesce, vec![operand, other]))
}

/// `a is [not] distinct from b`: `<>` for which null is a value like any other; never null.
///
/// Errors: as `copied`.
pub(super) fn is_distinct(a: Expression, b: Expression, is_negated: bool) -> Result<Expression> {
    copied(&a, 2)?;
    copied(&b, 2)?;
    let is_null = |operand: &Expression| call(LogicFunction::IsNull, vec![operand.clone()]);
    let one_is_null = call(CompareFunction::Ne, vec![is_null(&a), is_null(&b)]);
    let differ = call(CompareFunction::Ne, vec![a, b]);
    Ok(negate(is_negated, call(LogicFunction::Coalesce, vec![differ, one_is_null])))
}

/// `nullif(a, b)`: `a`, but null where it equals `b`.
///
/// Errors: as `copied`.
pub(super) fn null_if(a: Expression, b: Expression) -> Result<Expression> {
    copied(&a, 2)?;
    let when = call(CompareFunction::Eq, vec![a.clone(), b]);
    let branches = vec![CaseBranch { when, then: Expression::Lit(Literal::Null) }];
    Ok(Expression::Case(CaseExpression { branches, otherwise: Some(Box::new(a)) }))
}

/// `position(part in text)`: counts from 1, and gives 0 where the part does not occur.
///
/// Errors: as `copied`.
pub(super) fn position(text: Expression, part: Expression) -> Result<Expression> {
    copied(&text, 2)?;
    copied(&part, 2)?;
    let number = |digits: &str| Expression::Lit(Literal::Int64(digits.to_owned()));
    let is_null = |operand: &Expression| call(LogicFunction::IsNull, vec![operand.clone()]);
    let when = call(LogicFunction::Or, vec![is_null(&text), is_null(&part)]);
    let branches = vec![CaseBranch { when, then: Expression::Lit(Literal::Null) }];
    let missing = CaseExpression { branches, otherwise: Some(Box::new(number("0"))) };
    let found = call(TextFunction::Find, vec![text, part]);
    let counted = call(ArithmeticFunction::Add, vec![found, number("1")]);
    Ok(call(LogicFunction::Coalesce, vec![counted, Expression::Case(missing)]))
}

/// An aggregate of the rows for which a condition is true; `None` where the aggregate does not skip
/// nulls, so that rows left out would count.
pub(super) fn filtered(
    aggregate: AggregateExpression,
    condition: Expression,
) -> Option<Expression> {
    let AggregateExpression { function, input } = aggregate;
    let keeps_nulls = [AggregateFunction::First, AggregateFunction::Last];
    if keeps_nulls.iter().any(|keeper| keeper.name() == function) {
        return None;
    }
    let then = input.map_or(Expression::Lit(Literal::Bool(true)), |input| *input);
    let branches = vec![CaseBranch { when: condition, then }];
    let case = Expression::Case(CaseExpression { branches, otherwise: None });
    Some(Expression::Agg(AggregateExpression { function, input: Some(Box::new(case)) }))
}

/// Bounds what a text can grow into: an operand that a form writes several times doubles with each
/// form around it.
///
/// Errors: `LimitExceeded` when the copies have more than `TEXT_NODES_MAX` parts.
pub(super) fn copied(operand: &Expression, times: usize) -> Result<()> {
    let most = TEXT_NODES_MAX / times.max(1);
    match parts(operand).take(most + 1).count() > most {
        false => Ok(()),
        true => Err(Error::new(
            ErrorKind::LimitExceeded,
            format!("an operand grows to more than {TEXT_NODES_MAX} parts"),
        )
        .hint("compute it as a column first, in a select within from")),
    }
}
