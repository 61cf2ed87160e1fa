//! Grouped selects: what goes into the aggregate step, and what is computed over its rows.

use super::items::OutItem;
use crate::error::{Error, ErrorKind, Result};
use crate::plan::document::{
    AggregateExpression, CallExpression, CaseBranch, CaseExpression, CastExpression, Expression,
};

/// The aggregate step under construction.
pub(super) struct Grouping {
    pub(super) keys: Vec<OutItem>,
    pub(super) aggregates: Vec<OutItem>,
    /// Names that are taken in the step's result.
    taken: Vec<String>,
}

impl Grouping {
    pub(super) fn new(keys: Vec<OutItem>) -> Grouping {
        Grouping { keys, aggregates: Vec::new(), taken: Vec::new() }
    }

    /// Takes the select list: aggregates go into the step under their own names, and the list over
    /// the step's rows comes back.
    pub(super) fn items(&mut self, items: Vec<OutItem>) -> Result<Vec<OutItem>> {
        let own: Vec<String> = items.iter().map(|item| item.name.clone()).collect();
        // A key that is not selected must not clash with a name that is.
        for index in 0..self.keys.len() {
            let key = &self.keys[index];
            let is_selected =
                items.iter().any(|item| item.name == key.name && item.expr == key.expr);
            let is_clash = own.contains(&key.name) || self.taken.contains(&key.name);
            if !is_selected && is_clash {
                let name = free_name("key", |name| {
                    own.iter().any(|known| known == name) || self.is_taken(name)
                });
                self.keys[index].name = name;
            }
            self.taken.push(self.keys[index].name.clone());
        }
        self.taken.extend(own);
        for item in &items {
            let is_known = self.aggregates.iter().any(|known| known.expr == item.expr);
            if is_of_aggregates(&item.expr) && !is_known {
                self.aggregates.push(item.clone());
            }
        }
        items
            .into_iter()
            .map(|item| Ok(OutItem { expr: self.over_groups(&item.expr)?, name: item.name }))
            .collect()
    }

    /// An expression over the step's rows: keys and aggregates become its columns.
    pub(super) fn over_groups(&mut self, expression: &Expression) -> Result<Expression> {
        map_expression(expression, &mut |part| self.column_of(part))
    }

    /// Whether a select list is just the step's columns.
    pub(super) fn is_identity(&self, items: &[OutItem]) -> bool {
        let columns: Vec<&OutItem> = self.keys.iter().chain(&self.aggregates).collect();
        columns.len() == items.len()
            && items.iter().zip(columns).all(|(item, column)| {
                item.name == column.name && item.expr == Expression::Col(column.name.clone())
            })
    }

    fn column_of(&mut self, part: &Expression) -> Option<Result<Expression>> {
        let known = self.keys.iter().chain(&self.aggregates).find(|column| column.expr == *part);
        if let Some(column) = known {
            return Some(Ok(Expression::Col(column.name.clone())));
        }
        match part {
            Expression::Agg(_) => {
                let name = free_name("aggregate", |name| self.is_taken(name));
                self.taken.push(name.clone());
                self.aggregates.push(OutItem { name: name.clone(), expr: part.clone() });
                Some(Ok(Expression::Col(name)))
            }
            Expression::Col(name) => Some(Err(Error::new(
                ErrorKind::InvalidPlan,
                format!("column {name:?} is neither in group by nor within an aggregate"),
            )
            .hint(format!("add it to group by, or use first({name})")))),
            _ => None,
        }
    }

    fn is_taken(&self, name: &str) -> bool {
        self.taken.iter().any(|known| known == name)
    }
}

/// Whether an aggregate stands anywhere in an expression.
pub(super) fn has_aggregate(expression: &Expression) -> bool {
    parts(expression).any(|part| matches!(part, Expression::Agg(_)))
}

/// Whether an expression is made of aggregates and values only, so that the step can hold it.
fn is_of_aggregates(expression: &Expression) -> bool {
    let mut has_aggregate = false;
    let mut pile = vec![expression];
    while let Some(part) = pile.pop() {
        match part {
            Expression::Agg(_) => has_aggregate = true,
            Expression::Col(_) => return false,
            other => pile.extend(operands(other)),
        }
    }
    has_aggregate
}

/// All parts of an expression, itself first.
pub(super) fn parts(expression: &Expression) -> impl Iterator<Item = &Expression> {
    let mut pile = vec![expression];
    std::iter::from_fn(move || {
        let part = pile.pop()?;
        pile.extend(operands(part));
        Some(part)
    })
}

fn operands(expression: &Expression) -> Vec<&Expression> {
    match expression {
        Expression::Col(_) | Expression::Lit(_) | Expression::Param(_) | Expression::Text(_) => {
            Vec::new()
        }
        Expression::Call(call) => call.args.iter().collect(),
        Expression::Case(case) => {
            let branches = case.branches.iter().flat_map(|branch| [&branch.when, &branch.then]);
            branches.chain(case.otherwise.as_deref()).collect()
        }
        Expression::Cast(cast) | Expression::TryCast(cast) => vec![&cast.input],
        Expression::Agg(aggregate) => aggregate.input.as_deref().into_iter().collect(),
    }
}

/// Rebuilds an expression from the top: where `replace` answers, its answer stands.
pub(super) fn map_expression(
    expression: &Expression,
    replace: &mut dyn FnMut(&Expression) -> Option<Result<Expression>>,
) -> Result<Expression> {
    if let Some(answer) = replace(expression) {
        return answer;
    }
    let mut inner = |part: &Expression| map_expression(part, replace);
    Ok(match expression {
        Expression::Col(_) | Expression::Lit(_) | Expression::Param(_) | Expression::Text(_) => {
            expression.clone()
        }
        Expression::Call(call) => Expression::Call(CallExpression {
            function: call.function.clone(),
            args: call.args.iter().map(inner).collect::<Result<_>>()?,
        }),
        Expression::Case(case) => {
            let mut branches = Vec::with_capacity(case.branches.len());
            for branch in &case.branches {
                branches
                    .push(CaseBranch { when: inner(&branch.when)?, then: inner(&branch.then)? });
            }
            let otherwise = case.otherwise.as_deref().map(inner).transpose()?.map(Box::new);
            Expression::Case(CaseExpression { branches, otherwise })
        }
        Expression::Cast(cast) => Expression::Cast(CastExpression {
            input: Box::new(inner(&cast.input)?),
            to: cast.to.clone(),
        }),
        Expression::TryCast(cast) => Expression::TryCast(CastExpression {
            input: Box::new(inner(&cast.input)?),
            to: cast.to.clone(),
        }),
        Expression::Agg(aggregate) => Expression::Agg(AggregateExpression {
            function: aggregate.function.clone(),
            input: aggregate.input.as_deref().map(inner).transpose()?.map(Box::new),
        }),
    })
}

pub(super) fn free_name(stem: &str, is_taken: impl Fn(&str) -> bool) -> String {
    (1..)
        .map(|number| format!("{stem} {number}"))
        .find(|name| !is_taken(name))
        .expect("a higher number is free")
}
