//! Drops a document without recursion: it may nest deeper than the stack of whoever drops it.

use super::document::{CaseBranch, Document, Expression, FrameNode, Item, Node, SortItem};

impl Drop for Document {
    fn drop(&mut self) {
        let leaf = Node::Frame(FrameNode { index: 0 });
        let mut nodes = vec![std::mem::replace(&mut self.plan, leaf)];
        let mut expressions = Vec::new();
        while let Some(node) = nodes.pop() {
            take_node(node, &mut nodes, &mut expressions);
            while let Some(expression) = expressions.pop() {
                take_expression(expression, &mut expressions);
            }
        }
    }
}

/// Moves what hangs below a step onto the piles; the rest of it is dropped here.
fn take_node(node: Node, nodes: &mut Vec<Node>, expressions: &mut Vec<Expression>) {
    match node {
        Node::Frame(_)
        | Node::Values(_)
        | Node::ScanCsv(_)
        | Node::CountCsv(_)
        | Node::ScanPrdx(_)
        | Node::SniffCsv(_) => {}
        Node::Sql(node) => nodes.extend(node.tables.into_values()),
        Node::Select(node) | Node::WithColumns(node) => {
            nodes.push(*node.input);
            expressions.extend(node.columns.into_iter().filter_map(item_expression));
        }
        Node::Filter(node) => {
            nodes.push(*node.input);
            expressions.push(node.predicate);
        }
        Node::Aggregate(node) => {
            nodes.push(*node.input);
            let items = node.keys.into_iter().chain(node.aggregates);
            expressions.extend(items.filter_map(item_expression));
        }
        Node::Join(node) => nodes.extend([*node.left, *node.right]),
        Node::Sort(node) => {
            nodes.push(*node.input);
            expressions.extend(node.by.into_iter().filter_map(|item| match item {
                SortItem::Key(key) => Some(key.expr),
                SortItem::Text(_) => None,
            }));
        }
        Node::Limit(node) => nodes.push(*node.input),
        Node::Tail(node) => nodes.push(*node.input),
        Node::Distinct(node) => nodes.push(*node.input),
        Node::Union(node) => nodes.extend(node.inputs),
        Node::Rename(node) => nodes.push(*node.input),
        Node::Drop(node) => nodes.push(*node.input),
        Node::Describe(node) => nodes.push(*node.input),
        Node::WriteCsv(node) => nodes.push(*node.input),
        Node::WritePrdx(node) => nodes.push(*node.input),
    }
}

fn take_expression(expression: Expression, pile: &mut Vec<Expression>) {
    match expression {
        Expression::Col(_) | Expression::Lit(_) | Expression::Param(_) | Expression::Text(_) => {}
        Expression::Call(call) => pile.extend(call.args),
        Expression::Case(case) => {
            for CaseBranch { when, then } in case.branches {
                pile.extend([when, then]);
            }
            pile.extend(case.otherwise.map(|otherwise| *otherwise));
        }
        Expression::Cast(cast) | Expression::TryCast(cast) => pile.push(*cast.input),
        Expression::Agg(aggregate) => pile.extend(aggregate.input.map(|input| *input)),
    }
}

fn item_expression(item: Item) -> Option<Expression> {
    match item {
        Item::Named(named) => Some(named.expr),
        Item::Text(_) => None,
    }
}
