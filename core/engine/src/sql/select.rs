//! `select` statements to nodes: from, where, group by, having, select list, distinct, order by,
//! limit, in the order in which they take effect.

use std::cell::{Cell, RefCell};
use std::collections::BTreeMap;

use sqlparser::ast::{
    Distinct, Expr, GroupByExpr, Ident, LimitClause, OrderByExpr, OrderByKind, Query, Select,
    SelectFlavor, SelectItem, SetExpr, Spanned, Value,
};
use sqlparser::tokenizer::Location;

use super::ast::Source;
use super::expression::{Translator, start};
use super::from::Kept;
use super::group::{Grouping, has_aggregate};
use super::items::OutItem;
use super::order::OrderKey;
use super::scope::{Scope, Tables};
use crate::error::{Error, ErrorKind, Result, nearest};
use crate::limits::TEXT_NODES_MAX;
use crate::plan::document::{
    AggregateNode, ColumnsNode, DistinctNode, Expression, FilterNode, Item, LimitNode, Node,
    SortItem, SortNode,
};
use crate::plan::names::Names;

/// A statement under translation: its text, and the tables it may name.
pub(super) struct Statement<'a> {
    pub(super) source: Source<'a>,
    pub(super) names: Names<'a>,
    tables: &'a BTreeMap<String, Node>,
    named: RefCell<Vec<(String, Node)>>,
    node_count: Cell<usize>,
}

impl<'a> Statement<'a> {
    /// Translates a statement over tables whose texts are expanded.
    pub(super) fn translate(
        text: &'a str,
        tables: &'a BTreeMap<String, Node>,
        names: Names<'a>,
    ) -> Result<Node> {
        let source = Source::new(text);
        let query = source.query()?;
        let named = RefCell::default();
        let statement = Statement { source, names, tables, named, node_count: Cell::new(0) };
        statement.query(&query)
    }

    pub(super) fn query(&self, query: &Query) -> Result<Node> {
        self.count_nodes(1)?;
        let unsupported = |what: &str| Err(self.source.unsupported(what, query.span().start));
        if query.fetch.is_some() {
            return unsupported("fetch first");
        }
        let is_plain = query.locks.is_empty()
            && query.for_clause.is_none()
            && query.settings.is_none()
            && query.format_clause.is_none()
            && query.pipe_operators.is_empty();
        if !is_plain {
            return unsupported("a clause after the statement");
        }
        let outer_count = self.named.borrow().len();
        if let Some(with) = &query.with {
            if with.recursive {
                return unsupported("with recursive");
            }
            for table in &with.cte_tables {
                if !table.alias.columns.is_empty() || table.from.is_some() {
                    return unsupported("names of columns in with");
                }
                let node = self.query(&table.query)?;
                self.named.borrow_mut().push((table.alias.name.value.clone(), node));
            }
        }
        let order: &[OrderByExpr] = match &query.order_by {
            None => &[],
            Some(order) => match (&order.kind, &order.interpolate) {
                (OrderByKind::Expressions(keys), None) => keys,
                _ => return unsupported("order by all"),
            },
        };
        let node = match query.body.as_ref() {
            SetExpr::Select(select) => self.select(select, order)?,
            body => self.sort_result(self.body(body, 0)?, order)?,
        };
        self.named.borrow_mut().truncate(outer_count);
        self.limit(node, query.limit_clause.as_ref())
    }

    /// The table of that name: one of `with`, or one handed in.
    pub(super) fn named_table(&self, ident: &Ident) -> Result<Node> {
        let named = self.named.borrow();
        let own = named.iter().rev().find(|(name, _)| *name == ident.value).map(|pair| &pair.1);
        let Some(node) = own.or_else(|| self.tables.get(&ident.value)) else {
            let summary = format!("no table is named {:?}", ident.value);
            let error = self.source.error(ErrorKind::UnknownTable, &summary, ident.span.start);
            let names = named
                .iter()
                .map(|pair| pair.0.as_str())
                .chain(self.tables.keys().map(String::as_str));
            return Err(match nearest(&ident.value, names.clone()) {
                Some(near) => error.hint(format!("did you mean {near:?}?")),
                None => {
                    let known: Vec<&str> = names.collect();
                    error.hint(match known.is_empty() {
                        true => "hand in tables by name".to_owned(),
                        false => format!("the tables are {}", known.join(", ")),
                    })
                }
            });
        };
        self.count_nodes(node.count())?;
        Ok(node.clone())
    }

    /// Bounds what a text can grow into: a table of `with` is copied wherever it is named.
    fn count_nodes(&self, more: usize) -> Result<()> {
        let count = self.node_count.get().saturating_add(more);
        self.node_count.set(count);
        match count > TEXT_NODES_MAX {
            false => Ok(()),
            true => Err(Error::new(
                ErrorKind::LimitExceeded,
                format!("the statement grows to more than {TEXT_NODES_MAX} steps"),
            )
            .hint("collect a part first")),
        }
    }

    fn limit(&self, node: Node, clause: Option<&LimitClause>) -> Result<Node> {
        let (limit, offset) = match clause {
            None => return Ok(node),
            Some(LimitClause::LimitOffset { limit, offset, limit_by }) if limit_by.is_empty() => {
                (limit.as_ref(), offset.as_ref().map(|offset| &offset.value))
            }
            Some(_) => {
                let at = Location { line: 0, column: 0 };
                return Err(self.source.unsupported("this form of limit", at));
            }
        };
        let count = limit.map(|expr| self.row_count(expr)).transpose()?;
        let offset = offset.map(|expr| self.row_count(expr)).transpose()?.unwrap_or(0);
        Ok(Node::Limit(LimitNode { input: Box::new(node), offset, count }))
    }

    fn row_count(&self, expr: &Expr) -> Result<u64> {
        let digits = match expr {
            Expr::Value(value) => match &value.value {
                Value::Number(text, false) => text.parse().ok(),
                _ => None,
            },
            _ => None,
        };
        digits.ok_or_else(|| {
            let summary = format!("expected a number of rows in limit or offset, found {expr}");
            self.source.error(ErrorKind::Syntax, &summary, start(expr))
        })
    }

    pub(super) fn select(&self, select: &Select, order: &[OrderByExpr]) -> Result<Node> {
        self.check_clauses(select)?;
        let kept = Kept::default();
        loop {
            let before = kept.borrow().len();
            let node = self.select_once(select, order, &kept)?;
            if kept.borrow().len() == before {
                return Ok(node);
            }
            self.count_nodes(node.count())?;
        }
    }

    fn check_clauses(&self, select: &Select) -> Result<()> {
        let refusals = [
            (select.flavor != SelectFlavor::Standard, "from without select"),
            (select.top.is_some(), "top"),
            (select.into.is_some(), "into"),
            (select.exclude.is_some(), "exclude"),
            (select.qualify.is_some(), "qualify"),
            (select.prewhere.is_some(), "prewhere"),
            (!select.lateral_views.is_empty(), "lateral view"),
            (!select.connect_by.is_empty(), "connect by"),
            (!select.cluster_by.is_empty(), "cluster by"),
            (!select.distribute_by.is_empty(), "distribute by"),
            (!select.sort_by.is_empty(), "sort by"),
            (!select.named_window.is_empty(), "window"),
            (!select.optimizer_hints.is_empty(), "an optimizer hint"),
            (select.value_table_mode.is_some(), "select as"),
            (select.select_modifiers.is_some(), "a modifier of select"),
            (matches!(select.distinct, Some(Distinct::On(_))), "distinct on"),
        ];
        match refusals.iter().find(|(is_there, _)| *is_there) {
            None => Ok(()),
            Some((_, what)) => Err(self.source.unsupported(what, at(select))),
        }
    }

    fn select_once(&self, select: &Select, order: &[OrderByExpr], kept: &Kept) -> Result<Node> {
        let tables = self.tables(&select.from, kept, at(select))?;
        let over = |scope| Translator { source: self.source, scope };
        let rows = over(Scope::Tables(&tables));
        let mut node = tables.node.clone();
        if let Some(condition) = &select.selection {
            let predicate = rows.expression(condition)?;
            node = Node::Filter(FilterNode { input: Box::new(node), predicate });
        }
        let is_star = matches!(select.projection.as_slice(), [SelectItem::Wildcard(_)]);
        let has_ordinal = order.iter().any(|key| ordinal(&key.expr).is_some());
        let is_whole = is_star && kept.borrow().is_empty();
        let items = match is_whole && !has_ordinal {
            true => Vec::new(),
            false => rows.select_items(&tables, &select.projection)?,
        };
        let groups = self.group_keys(select, &tables, &items)?;
        let having = match &select.having {
            None => None,
            Some(having) => Some(over(Scope::TablesThenItems(&tables, &items)).expression(having)?),
        };
        let is_distinct = matches!(select.distinct, Some(Distinct::Distinct));
        let keys = self.order_keys(order, &tables, &items)?;
        let is_grouped = !groups.is_empty()
            || having.is_some()
            || items.iter().any(|item| has_aggregate(&item.expr))
            || keys.iter().any(|key| has_aggregate(&key.input));
        if is_grouped {
            if is_star {
                return Err(self.source.unsupported("* with group by or aggregates", at(select)));
            }
            return self.grouped(node, items, groups, having, keys, is_distinct);
        }
        let columns = if is_whole { None } else { Some(items) };
        self.arrange(node, columns, keys, is_distinct)
    }

    /// Select list, distinct and sort. A key that is a column of the result sorts after the select
    /// list; if any key is not, all sort before it, over what the list is made of.
    fn arrange(
        &self,
        node: Node,
        items: Option<Vec<OutItem>>,
        keys: Vec<OrderKey>,
        is_distinct: bool,
    ) -> Result<Node> {
        let is_after = items.is_some() && keys.iter().all(|key| key.output.is_some());
        if !is_after && is_distinct && items.is_some() {
            return Err(Error::new(
                ErrorKind::InvalidPlan,
                "order by names a column that is not in the select list of a select distinct",
            )
            .hint("add it to the select list"));
        }
        let mut node = node;
        if !is_after && !is_distinct {
            node = sorted(node, keys.iter().map(|key| key.item(key.input.clone())).collect());
        }
        if let Some(items) = items {
            let columns = items.into_iter().map(Item::from).collect();
            node = Node::Select(ColumnsNode { input: Box::new(node), columns });
        }
        if is_distinct {
            node = distinct(node);
        }
        if is_after || is_distinct {
            let item = |key: &OrderKey| {
                let expr = key.output.clone().unwrap_or_else(|| key.input.clone());
                key.item(expr)
            };
            node = sorted(node, keys.iter().map(item).collect());
        }
        Ok(node)
    }

    fn grouped(
        &self,
        node: Node,
        items: Vec<OutItem>,
        groups: Vec<OutItem>,
        having: Option<Expression>,
        keys: Vec<OrderKey>,
        is_distinct: bool,
    ) -> Result<Node> {
        let mut grouping = Grouping::new(groups);
        let items = grouping.items(items)?;
        let having = having.map(|having| grouping.over_groups(&having)).transpose()?;
        let mut post_keys = Vec::new();
        for mut key in keys {
            key.input = match &key.output {
                Some(_) => key.input.clone(),
                None => grouping.over_groups(&key.input)?,
            };
            post_keys.push(key);
        }
        // Keys that stay over the result's names need the items' own expressions where another
        // key makes all of them sort before the select list.
        if post_keys.iter().any(|key| key.output.is_none()) {
            for key in &mut post_keys {
                if let Some(output) = &key.output {
                    key.input = substitute(output, &items);
                }
            }
        }
        let is_identity = grouping.is_identity(&items);
        let Grouping { keys: group_keys, aggregates, .. } = grouping;
        let mut node = Node::Aggregate(AggregateNode {
            input: Box::new(node),
            keys: group_keys.into_iter().map(Item::from).collect(),
            aggregates: aggregates.into_iter().map(Item::from).collect(),
        });
        if let Some(predicate) = having {
            node = Node::Filter(FilterNode { input: Box::new(node), predicate });
        }
        if is_identity && post_keys.iter().all(|key| key.output.is_some()) {
            for key in &mut post_keys {
                key.input = key.output.take().expect("all keys have one");
            }
            return self.arrange(node, None, post_keys, is_distinct);
        }
        self.arrange(node, Some(items), post_keys, is_distinct)
    }

    fn group_keys(
        &self,
        select: &Select,
        tables: &Tables<'_>,
        items: &[OutItem],
    ) -> Result<Vec<OutItem>> {
        let exprs = match &select.group_by {
            GroupByExpr::Expressions(exprs, modifiers) if modifiers.is_empty() => exprs,
            _ => return Err(self.source.unsupported("this form of group by", at(select))),
        };
        let translator =
            Translator { source: self.source, scope: Scope::TablesThenItems(tables, items) };
        let mut keys: Vec<OutItem> = Vec::new();
        for expr in exprs {
            let key = match ordinal(expr) {
                Some(number) => self.item_at(items, number, expr)?.clone(),
                None => {
                    let translated = translator.expression(expr)?;
                    let item = items.iter().find(|item| item.expr == translated);
                    let name = match item {
                        Some(item) => item.name.clone(),
                        None => super::items::default_name(expr),
                    };
                    OutItem { name, expr: translated }
                }
            };
            if has_aggregate(&key.expr) {
                let summary = "group by names an aggregate";
                return Err(self.source.error(ErrorKind::InvalidPlan, summary, start(expr)));
            }
            if !keys.iter().any(|known| known.expr == key.expr) {
                keys.push(key);
            }
        }
        Ok(keys)
    }

    /// The item at an ordinal, which counts from 1.
    pub(super) fn item_at<'i>(
        &self,
        items: &'i [OutItem],
        number: usize,
        expr: &Expr,
    ) -> Result<&'i OutItem> {
        number.checked_sub(1).and_then(|index| items.get(index)).ok_or_else(|| {
            let summary = format!(
                "expected the number of a column from 1 to {}, found {number}",
                items.len()
            );
            self.source.error(ErrorKind::Syntax, &summary, start(expr))
        })
    }
}

/// The number that stands for a column of the select list in `group by` and `order by`.
pub(super) fn ordinal(expr: &Expr) -> Option<usize> {
    match expr {
        Expr::Value(value) => match &value.value {
            Value::Number(text, false) => text.parse().ok(),
            _ => None,
        },
        _ => None,
    }
}

/// Columns that are names of items, replaced by the items' expressions.
fn substitute(expression: &Expression, items: &[OutItem]) -> Expression {
    super::group::map_expression(expression, &mut |part| match part {
        Expression::Col(name) => {
            items.iter().find(|item| item.name == *name).map(|item| Ok(item.expr.clone()))
        }
        _ => None,
    })
    .expect("replacing a column does not fail")
}

fn at(select: &Select) -> Location {
    select.select_token.0.span.start
}

pub(super) fn distinct(input: Node) -> Node {
    Node::Distinct(DistinctNode { input: Box::new(input), columns: None })
}

pub(super) fn sorted(input: Node, by: Vec<SortItem>) -> Node {
    if by.is_empty() {
        return input;
    }
    Node::Sort(SortNode { input: Box::new(input), by })
}
