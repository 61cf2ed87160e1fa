//! Texts out, nodes in: the canonical form of a question, equal for both doors.

use std::collections::BTreeMap;

use super::ast::Source;
use super::expression::Translator;
use super::items::{items_of_text, sort_items_of_text};
use super::scope::Scope;
use super::select::Statement;
use crate::error::{Error, ErrorKind, Result};
use crate::limits::PLAN_DEPTH_MAX;
use crate::plan::document::{
    AggregateExpression, AggregateNode, CallExpression, CaseBranch, CaseExpression, CastExpression,
    ColumnsNode, DescribeNode, DistinctNode, DropNode, Expression, FilterNode, Item, JoinNode,
    LimitNode, Named, Node, RenameNode, SortItem, SortKey, SortNode, TailNode, UnionNode,
    WriteCsvNode, WritePrdxNode,
};
use crate::plan::literal::{literal, scalar};
use crate::plan::names::Names;

/// Replaces every text of a tree by the nodes it stands for, and writes literals in one form.
///
/// Errors: `Syntax`, `Unsupported`, `UnknownTable` and the like with the place in the text, and
/// `InvalidPlan` for a literal that is no value of its type.
pub fn expand(node: &Node, names: Names<'_>) -> Result<Node> {
    Expander { names }.node(node, 0)
}

struct Expander<'a> {
    names: Names<'a>,
}

impl Expander<'_> {
    fn node(&self, node: &Node, depth: usize) -> Result<Node> {
        check_depth(depth)?;
        let inner = |node: &Node| self.node(node, depth + 1).map(Box::new);
        let expression = |part: &Expression| self.expression(part, depth + 1);
        Ok(match node {
            Node::Frame(_)
            | Node::Values(_)
            | Node::ScanCsv(_)
            | Node::CountCsv(_)
            | Node::ScanPrdx(_)
            | Node::SniffCsv(_) => node.clone(),
            Node::Sql(sql) => {
                let mut tables = BTreeMap::new();
                for (name, table) in &sql.tables {
                    tables.insert(name.clone(), self.node(table, depth + 1)?);
                }
                let translated = Statement::translate(&sql.query, &tables, self.names)?;
                // The statement's literals take their one form too.
                self.node(&translated, depth + 1)?
            }
            Node::Select(select) => {
                let input = inner(&select.input)?;
                let all = || self.names.of(&input);
                let columns = self.items(&select.columns, Some(&all), depth)?;
                Node::Select(ColumnsNode { input, columns })
            }
            Node::WithColumns(with) => Node::WithColumns(ColumnsNode {
                input: inner(&with.input)?,
                columns: self.items(&with.columns, None, depth)?,
            }),
            Node::Filter(filter) => Node::Filter(FilterNode {
                input: inner(&filter.input)?,
                predicate: expression(&filter.predicate)?,
            }),
            Node::Aggregate(aggregate) => Node::Aggregate(AggregateNode {
                input: inner(&aggregate.input)?,
                keys: self.items(&aggregate.keys, None, depth)?,
                aggregates: self.items(&aggregate.aggregates, None, depth)?,
            }),
            Node::Join(join) => Node::Join(JoinNode {
                left: inner(&join.left)?,
                right: inner(&join.right)?,
                on: join.on.clone(),
                how: join.how,
                suffix: join.suffix.clone(),
            }),
            Node::Sort(sort) => Node::Sort(SortNode {
                input: inner(&sort.input)?,
                by: self.sort_items(&sort.by, depth)?,
            }),
            Node::Limit(limit) => Node::Limit(LimitNode {
                input: inner(&limit.input)?,
                offset: limit.offset,
                count: limit.count,
            }),
            Node::Tail(tail) => {
                Node::Tail(TailNode { input: inner(&tail.input)?, count: tail.count })
            }
            Node::Distinct(distinct) => Node::Distinct(DistinctNode {
                input: inner(&distinct.input)?,
                columns: distinct.columns.clone(),
            }),
            Node::Union(union) => Node::Union(UnionNode {
                inputs: union
                    .inputs
                    .iter()
                    .map(|input| self.node(input, depth + 1))
                    .collect::<Result<_>>()?,
            }),
            Node::Rename(rename) => Node::Rename(RenameNode {
                input: inner(&rename.input)?,
                columns: rename.columns.clone(),
            }),
            Node::Drop(drop) => {
                Node::Drop(DropNode { input: inner(&drop.input)?, columns: drop.columns.clone() })
            }
            Node::Describe(describe) => {
                Node::Describe(DescribeNode { input: inner(&describe.input)? })
            }
            Node::WriteCsv(write) => Node::WriteCsv(WriteCsvNode {
                input: inner(&write.input)?,
                path: write.path.clone(),
                options: write.options.clone(),
            }),
            Node::WritePrdx(write) => Node::WritePrdx(WritePrdxNode {
                input: inner(&write.input)?,
                path: write.path.clone(),
            }),
        })
    }

    fn items(
        &self,
        items: &[Item],
        all: Option<&dyn Fn() -> Result<Vec<String>>>,
        depth: usize,
    ) -> Result<Vec<Item>> {
        let mut expanded = Vec::with_capacity(items.len());
        for item in items {
            let named = match item {
                Item::Named(named) => vec![Item::Named(named.clone())],
                Item::Text(text) => items_of_text(text, all)?,
            };
            for item in named {
                let Item::Named(Named { name, expr }) = item else { continue };
                let expr = self.expression(&expr, depth + 1)?;
                expanded.push(Item::Named(Named { name, expr }));
            }
        }
        Ok(expanded)
    }

    fn sort_items(&self, items: &[SortItem], depth: usize) -> Result<Vec<SortItem>> {
        let mut expanded = Vec::with_capacity(items.len());
        for item in items {
            let keys = match item {
                SortItem::Key(key) => vec![SortItem::Key(key.clone())],
                SortItem::Text(text) => sort_items_of_text(text)?,
            };
            for item in keys {
                let SortItem::Key(key) = item else { continue };
                let expr = self.expression(&key.expr, depth + 1)?;
                expanded.push(SortItem::Key(SortKey { expr, ..key }));
            }
        }
        Ok(expanded)
    }

    fn expression(&self, expression: &Expression, depth: usize) -> Result<Expression> {
        check_depth(depth)?;
        let inner = |part: &Expression| self.expression(part, depth + 1);
        let boxed = |part: &Expression| inner(part).map(Box::new);
        Ok(match expression {
            Expression::Col(_) | Expression::Param(_) => expression.clone(),
            Expression::Lit(value) => Expression::Lit(literal(&scalar(value)?)),
            Expression::Text(text) => {
                let source = Source::new(text);
                let translator = Translator { source, scope: Scope::Row };
                let translated = translator.expression(&source.expression()?)?;
                inner(&translated)?
            }
            Expression::Call(call) => Expression::Call(CallExpression {
                function: call.function.clone(),
                args: call.args.iter().map(inner).collect::<Result<_>>()?,
            }),
            Expression::Case(case) => {
                let mut branches = Vec::with_capacity(case.branches.len());
                for branch in &case.branches {
                    let (when, then) = (inner(&branch.when)?, inner(&branch.then)?);
                    branches.push(CaseBranch { when, then });
                }
                let otherwise = case.otherwise.as_deref().map(boxed).transpose()?;
                Expression::Case(CaseExpression { branches, otherwise })
            }
            Expression::Cast(cast) => {
                Expression::Cast(CastExpression { input: boxed(&cast.input)?, to: cast.to.clone() })
            }
            Expression::TryCast(cast) => Expression::TryCast(CastExpression {
                input: boxed(&cast.input)?,
                to: cast.to.clone(),
            }),
            Expression::Agg(aggregate) => Expression::Agg(AggregateExpression {
                function: aggregate.function.clone(),
                input: aggregate.input.as_deref().map(boxed).transpose()?,
            }),
        })
    }
}

fn check_depth(depth: usize) -> Result<()> {
    match depth > PLAN_DEPTH_MAX {
        false => Ok(()),
        true => Err(Error::new(
            ErrorKind::LimitExceeded,
            format!("steps and operands nest more than {PLAN_DEPTH_MAX} levels"),
        )
        .hint("collect a part first, or use `in` instead of a chain of `or`")),
    }
}
