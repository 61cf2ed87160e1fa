//! Selects put together: `union`, `intersect`, `except`. Columns match by position and are called
//! as in the first table; null equals null.
//!
//! `intersect` and `except` are spelled with steps that are there: the rows of each side get its
//! number, equal rows make a group, and the numbers of a group say which sides it came from.

use sqlparser::ast::{SetExpr, SetOperator, SetQuantifier, Spanned};

use super::expression::call;
use super::select::{Statement, distinct};
use crate::error::{Error, ErrorKind, Result};
use crate::limits::TEXT_EXPRESSION_DEPTH_MAX;
use crate::plan::document::{
    AggregateExpression, AggregateNode, ColumnsNode, Expression, FilterNode, Item, Literal, Named,
    Node, UnionNode,
};
use crate::plan::functions::{AggregateFunction, CompareFunction, LogicFunction};

impl Statement<'_> {
    pub(super) fn body(&self, body: &SetExpr, depth: usize) -> Result<Node> {
        if depth > TEXT_EXPRESSION_DEPTH_MAX {
            return Err(Error::new(
                ErrorKind::LimitExceeded,
                format!("more than {TEXT_EXPRESSION_DEPTH_MAX} selects in one union"),
            ));
        }
        let unsupported = |what: &str| Err(self.source.unsupported(what, body.span().start));
        match body {
            SetExpr::Select(select) => self.select(select, &[]),
            SetExpr::Query(query) => self.query(query),
            SetExpr::SetOperation { left, op, set_quantifier, right } => {
                let is_all = match set_quantifier {
                    SetQuantifier::All => true,
                    SetQuantifier::Distinct | SetQuantifier::None => false,
                    _ => return unsupported("union by name"),
                };
                let name = op.to_string().to_lowercase();
                if is_all && *op != SetOperator::Union {
                    return unsupported(&format!("{name} all"));
                }
                let left = self.body(left, depth + 1)?;
                let right = self.body(right, depth + 1)?;
                let names = self.names.of(&left)?;
                let right = self.renamed(right, &names)?;
                match op {
                    SetOperator::Union => Ok(union(left, right, is_all)),
                    SetOperator::Intersect => Ok(of_sides(left, right, names, true)),
                    SetOperator::Except | SetOperator::Minus => {
                        Ok(of_sides(left, right, names, false))
                    }
                }
            }
            SetExpr::Values(_) => unsupported("values"),
            _ => unsupported("a statement that is no select"),
        }
    }

    /// A table under other names, by position.
    fn renamed(&self, table: Node, names: &[String]) -> Result<Node> {
        let own = self.names.of(&table)?;
        if own == names || own.len() != names.len() {
            return Ok(table);
        }
        let pairs = names.iter().zip(own);
        let columns = pairs
            .map(|(name, from)| {
                Item::Named(Named { name: name.clone(), expr: Expression::Col(from) })
            })
            .collect();
        Ok(Node::Select(ColumnsNode { input: Box::new(table), columns }))
    }
}

fn union(left: Node, right: Node, is_all: bool) -> Node {
    let inputs = match left {
        Node::Union(UnionNode { mut inputs }) if is_all => {
            inputs.push(right);
            inputs
        }
        left => vec![left, right],
    };
    let union = Node::Union(UnionNode { inputs });
    if is_all { union } else { distinct(union) }
}

/// Distinct rows of the left side that are on the right side, or are not, in order of appearance.
fn of_sides(left: Node, right: Node, names: Vec<String>, is_on_both: bool) -> Node {
    let side = free_name("side", &names);
    let numbered = |table: Node, number: &str| {
        let expr = Expression::Lit(Literal::Int64(number.to_owned()));
        let columns = vec![Item::Named(Named { name: side.clone(), expr })];
        Node::WithColumns(ColumnsNode { input: Box::new(table), columns })
    };
    let both = Node::Union(UnionNode { inputs: vec![numbered(left, "1"), numbered(right, "2")] });
    let column = |name: &str| Expression::Col(name.to_owned());
    let own = |name: &String| Item::Named(Named { name: name.clone(), expr: column(name) });
    let keys: Vec<Item> = names.iter().map(own).collect();
    let last = free_name("last", &names);
    let of_side = |name: &str, function: AggregateFunction| {
        let input = Some(Box::new(column(&side)));
        let function = function.name().to_owned();
        let expr = Expression::Agg(AggregateExpression { function, input });
        Item::Named(Named { name: name.to_owned(), expr })
    };
    let aggregates =
        vec![of_side(&side, AggregateFunction::Min), of_side(&last, AggregateFunction::Max)];
    let grouped = Node::Aggregate(AggregateNode { input: Box::new(both), keys, aggregates });
    let number = |text: &str| Expression::Lit(Literal::Int64(text.to_owned()));
    let is_left = call(CompareFunction::Eq, vec![column(&side), number("1")]);
    let ends =
        call(CompareFunction::Eq, vec![column(&last), number(if is_on_both { "2" } else { "1" })]);
    let predicate = call(LogicFunction::And, vec![is_left, ends]);
    let kept = Node::Filter(FilterNode { input: Box::new(grouped), predicate });
    let columns = names.iter().map(own).collect();
    Node::Select(ColumnsNode { input: Box::new(kept), columns })
}

fn free_name(stem: &str, taken: &[String]) -> String {
    super::group::free_name(stem, |name| taken.iter().any(|known| known == name))
}
