//! `order by`: names of the result first, then columns of the tables.

use sqlparser::ast::OrderByExpr;

use super::expression::Translator;
use super::items::{OutItem, sort_key};
use super::scope::{Scope, Tables};
use super::select::{Statement, ordinal, sorted};
use crate::error::{ErrorKind, Result};
use crate::plan::document::{Expression, Node, SortItem, SortKey};

/// A sort key, over the result where it can be, and over what the select list is made of.
pub(super) struct OrderKey {
    /// Over the columns of the result; `None` when it needs another column.
    pub(super) output: Option<Expression>,
    /// Over the tables, aliases replaced by what they stand for.
    pub(super) input: Expression,
    key: SortKey,
}

impl OrderKey {
    /// The wire key over one of the two.
    pub(super) fn item(&self, expr: Expression) -> SortItem {
        SortItem::Key(SortKey { expr, ..self.key.clone() })
    }
}

impl Statement<'_> {
    pub(super) fn order_keys(
        &self,
        order: &[OrderByExpr],
        tables: &Tables<'_>,
        items: &[OutItem],
    ) -> Result<Vec<OrderKey>> {
        let names: Vec<String> = items.iter().map(|item| item.name.clone()).collect();
        let source = self.source;
        let over_tables = Translator { source, scope: Scope::ItemsThenTables(tables, items) };
        let over_output = Translator { source, scope: Scope::Output(&names) };
        let mut keys = Vec::with_capacity(order.len());
        for key in order {
            let (output, input) = match ordinal(&key.expr) {
                Some(number) => {
                    let item = self.item_at(items, number, &key.expr)?;
                    (Some(Expression::Col(item.name.clone())), item.expr.clone())
                }
                None => {
                    let input = over_tables.expression(&key.expr)?;
                    let same = items.iter().find(|item| item.expr == input);
                    let output = match same {
                        Some(item) => Some(Expression::Col(item.name.clone())),
                        None => match over_output.expression(&key.expr) {
                            Ok(output) => Some(output),
                            Err(error) if error.kind() == ErrorKind::UnknownColumn => None,
                            Err(error) => return Err(error),
                        },
                    };
                    (output, input)
                }
            };
            let key = sort_key(source, key, Expression::Col(String::new()))?;
            keys.push(OrderKey { output, input, key });
        }
        Ok(keys)
    }

    /// Sorts the result of a union or of a select in brackets: by its own columns only.
    pub(super) fn sort_result(&self, node: Node, order: &[OrderByExpr]) -> Result<Node> {
        if order.is_empty() {
            return Ok(node);
        }
        let names = self.names.of(&node)?;
        let translator = Translator { source: self.source, scope: Scope::Output(&names) };
        let items: Vec<OutItem> = names
            .iter()
            .map(|name| OutItem { name: name.clone(), expr: Expression::Col(name.clone()) })
            .collect();
        let mut by = Vec::with_capacity(order.len());
        for key in order {
            let expr = match ordinal(&key.expr) {
                Some(number) => self.item_at(&items, number, &key.expr)?.expr.clone(),
                None => translator.expression(&key.expr)?,
            };
            by.push(SortItem::Key(sort_key(self.source, key, expr)?));
        }
        Ok(sorted(node, by))
    }
}
