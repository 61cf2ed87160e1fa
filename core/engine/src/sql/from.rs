//! The `from` of a statement: tables and joins on the equality of columns.

use std::cell::{OnceCell, RefCell};
use std::collections::BTreeSet;

use sqlparser::ast::{
    BinaryOperator, Expr, Ident, Join, JoinConstraint, JoinOperator, Spanned, TableAlias,
    TableFactor, TableWithJoins,
};
use sqlparser::tokenizer::Location;

use super::expression::start;
use super::items::simple_name;
use super::scope::{Column, Table, Tables};
use super::select::Statement;
use crate::error::{Error, ErrorKind, Result};
use crate::plan::document::{
    Expression, JoinHow, JoinKey, JoinNode, Node, RenameNode, Renaming, UnionNode, default_suffix,
};

/// What a statement's columns were found to need: see [`Tables::kept`].
pub(super) type Kept = RefCell<BTreeSet<(String, String)>>;

/// A key of a join: the left column's name in the rows so far, the right column's own name.
struct Key {
    left: String,
    right: String,
}

impl<'a> Statement<'a> {
    /// The tables of a `from` with right keys in `kept` kept.
    pub(super) fn tables<'k>(
        &self,
        from: &[TableWithJoins],
        kept: &'k Kept,
        at: Location,
    ) -> Result<Tables<'k>>
    where
        'a: 'k,
    {
        let [from] = from else {
            let (what, hint) = match from.len() {
                0 => ("select without from", "name a table"),
                _ => ("a list of tables in from", "use join ... on"),
            };
            return Err(self.source.unsupported(what, at).hint(hint));
        };
        let (node, alias) = self.table(&from.relation)?;
        let mut tables = Tables {
            node,
            list: vec![Table { alias, columns: None }],
            names: self.names,
            looked_up: OnceCell::new(),
            kept,
        };
        for join in &from.joins {
            self.join(&mut tables, join)?;
        }
        Ok(tables)
    }

    fn table(&self, factor: &TableFactor) -> Result<(Node, String)> {
        let unsupported = |what: &str| Err(self.source.unsupported(what, factor.span().start));
        match factor {
            TableFactor::Table {
                name,
                alias,
                args: None,
                with_hints,
                version: None,
                with_ordinality: false,
                partitions,
                json_path: None,
                sample: None,
                index_hints,
            } if with_hints.is_empty() && partitions.is_empty() && index_hints.is_empty() => {
                let ident = simple_name(self.source, name)?;
                let node = self.named_table(ident)?;
                let alias = self.alias(alias.as_ref())?;
                Ok((node, alias.unwrap_or(&ident.value).to_owned()))
            }
            TableFactor::Table { args: Some(_), .. } => unsupported("a table function"),
            TableFactor::Table { .. } => unsupported("a clause after a table's name"),
            TableFactor::Derived { lateral: false, subquery, alias, sample: None } => {
                let alias = self.alias(alias.as_ref())?.unwrap_or_default().to_owned();
                Ok((self.query(subquery)?, alias))
            }
            TableFactor::Derived { .. } => unsupported("lateral"),
            TableFactor::NestedJoin { .. } => unsupported("a join in brackets"),
            _ => unsupported("this kind of table"),
        }
    }

    fn alias<'t>(&self, alias: Option<&'t TableAlias>) -> Result<Option<&'t str>> {
        match alias {
            None => Ok(None),
            Some(alias) if alias.columns.is_empty() && alias.at.is_none() => {
                Ok(Some(&alias.name.value))
            }
            Some(alias) => {
                Err(self.source.unsupported("names of columns in an alias", alias.name.span.start))
            }
        }
    }

    fn join(&self, tables: &mut Tables<'_>, join: &Join) -> Result<()> {
        let at = join.relation.span().start;
        let (how, constraint) = self.how(join)?;
        let (mut right, alias) = self.table(&join.relation)?;
        if !alias.is_empty() && tables.list.iter().any(|table| table.alias == alias) {
            let summary = format!("two tables in from are named {alias:?}");
            return Err(self
                .source
                .error(ErrorKind::InvalidPlan, &summary, at)
                .hint("give one of them an alias"));
        }
        // From here on names matter: which table a column is of, and what the join calls it.
        for index in 0..tables.list.len() {
            let columns = tables.columns(&tables.list[index])?;
            tables.list[index].columns = Some(columns);
        }
        let right_names = self.names.of(&right)?;
        let candidate =
            Table { alias, columns: Some(right_names.iter().map(|name| own(name)).collect()) };
        let is_using = matches!(constraint, JoinConstraint::Using(_));
        let keys = self.keys(tables, &candidate, constraint, at)?;
        let is_visible = matches!(how, JoinHow::Inner | JoinHow::Left);
        let mut columns = Vec::new();
        let mut renamings: Vec<Renaming> = Vec::new();
        if is_visible {
            let taken: Vec<String> = tables
                .list
                .iter()
                .flat_map(|table| table.columns.iter().flatten())
                .filter_map(|column| column.output.clone())
                .collect();
            for name in &right_names {
                let column = place_column(
                    name,
                    &candidate.alias,
                    &Place { taken: &taken, right: &right_names, keys: &keys, is_using },
                    &tables.kept.borrow(),
                );
                if let Some(to) = column.renamed {
                    renamings.push(Renaming { from: name.clone(), to });
                }
                columns.push(column.column);
            }
        }
        let renamed = |name: String| {
            let renaming = renamings.iter().find(|renaming| renaming.from == name);
            renaming.map_or(name, |renaming| renaming.to.clone())
        };
        let on = keys
            .into_iter()
            .map(|key| JoinKey { left: key.left, right: renamed(key.right) })
            .collect();
        if !renamings.is_empty() {
            right = Node::Rename(RenameNode { input: Box::new(right), columns: renamings });
        }
        let left = std::mem::replace(&mut tables.node, Node::Union(UnionNode { inputs: vec![] }));
        tables.node = Node::Join(JoinNode {
            left: Box::new(left),
            right: Box::new(right),
            on,
            how,
            suffix: default_suffix(),
        });
        if is_visible {
            tables.list.push(Table { alias: candidate.alias, columns: Some(columns) });
        }
        Ok(())
    }

    /// The kind of a join, and what it joins on.
    fn how<'j>(&self, join: &'j Join) -> Result<(JoinHow, &'j JoinConstraint)> {
        let at = join.relation.span().start;
        let unsupported = |what: &str| Err(self.source.unsupported(what, at));
        Ok(match &join.join_operator {
            _ if join.global => return unsupported("a global join"),
            JoinOperator::Join(constraint) | JoinOperator::Inner(constraint) => {
                (JoinHow::Inner, constraint)
            }
            JoinOperator::Left(constraint) | JoinOperator::LeftOuter(constraint) => {
                (JoinHow::Left, constraint)
            }
            JoinOperator::Semi(constraint) | JoinOperator::LeftSemi(constraint) => {
                (JoinHow::Semi, constraint)
            }
            JoinOperator::Anti(constraint) | JoinOperator::LeftAnti(constraint) => {
                (JoinHow::Anti, constraint)
            }
            JoinOperator::Right(_) | JoinOperator::RightOuter(_) => {
                return Err(self
                    .source
                    .unsupported("a right join", at)
                    .hint("swap the tables and use a left join"));
            }
            JoinOperator::FullOuter(_) => return unsupported("a full join"),
            JoinOperator::CrossJoin(_) => return unsupported("a cross join"),
            _ => return unsupported("this kind of join"),
        })
    }

    fn keys(
        &self,
        left: &Tables<'_>,
        right: &Table,
        constraint: &JoinConstraint,
        at: Location,
    ) -> Result<Vec<Key>> {
        match constraint {
            JoinConstraint::On(condition) => {
                let mut keys = Vec::new();
                let mut pile = vec![condition];
                while let Some(condition) = pile.pop() {
                    match condition {
                        Expr::Nested(nested) => pile.push(nested),
                        Expr::BinaryOp { left: a, op: BinaryOperator::And, right: b } => {
                            pile.extend([b.as_ref(), a.as_ref()]);
                        }
                        Expr::BinaryOp { left: a, op: BinaryOperator::Eq, right: b } => {
                            keys.push(self.on_pair(left, right, a, b, condition)?);
                        }
                        other => return Err(self.not_a_key(other)),
                    }
                }
                Ok(keys)
            }
            JoinConstraint::Using(names) => names
                .iter()
                .map(|name| {
                    let ident = simple_name(self.source, name)?;
                    let left = self.left_column(left, None, ident)?;
                    self.right_column(right, ident)?;
                    Ok(Key { left, right: ident.value.clone() })
                })
                .collect(),
            JoinConstraint::Natural => Err(self
                .source
                .unsupported("a natural join", at)
                .hint("name the columns: using (k)")),
            JoinConstraint::None => Err(self.source.unsupported("a join without on or using", at)),
        }
    }

    /// One equality: a column of each side, in either order.
    fn on_pair(
        &self,
        left: &Tables<'_>,
        right: &Table,
        a: &Expr,
        b: &Expr,
        condition: &Expr,
    ) -> Result<Key> {
        let (Some((a_table, a)), Some((b_table, b))) = (column_parts(a), column_parts(b)) else {
            return Err(self.not_a_key(condition));
        };
        let is_right = |table: Option<&Ident>, column: &Ident| match table {
            Some(table) => table.value == right.alias,
            None => {
                let has = |table: &Table| {
                    let columns = table.columns.as_ref();
                    columns.is_some_and(|list| list.iter().any(|known| known.name == column.value))
                };
                has(right) && !left.list.iter().any(has)
            }
        };
        let (left_part, right_part) = match (is_right(a_table, a), is_right(b_table, b)) {
            (false, true) => ((a_table, a), b),
            (true, false) => ((b_table, b), a),
            _ => return Err(self.not_a_key(condition)),
        };
        self.right_column(right, right_part)?;
        let left = self.left_column(left, left_part.0, left_part.1)?;
        Ok(Key { left, right: right_part.value.clone() })
    }

    fn left_column(
        &self,
        tables: &Tables<'_>,
        table: Option<&Ident>,
        column: &Ident,
    ) -> Result<String> {
        let scope = super::scope::Scope::Tables(tables);
        match scope.column(self.source, table, column)? {
            Expression::Col(name) => Ok(name),
            _ => Err(self.source.unsupported("a key that is no column", column.span.start)),
        }
    }

    fn right_column(&self, right: &Table, column: &Ident) -> Result<()> {
        let names: Vec<String> =
            right.columns.iter().flatten().map(|known| known.name.clone()).collect();
        super::scope::Scope::Output(&names).column(self.source, None, column).map(|_| ())
    }

    fn not_a_key(&self, condition: &Expr) -> Error {
        self.source
            .unsupported(
                "a join condition that is not an equality of one column of each table",
                start(condition),
            )
            .hint("join on a.k = b.k and ..., and put the rest into where")
    }
}

fn own(name: &str) -> Column {
    Column { name: name.to_owned(), output: Some(name.to_owned()), is_merged: false }
}

fn column_parts(expr: &Expr) -> Option<(Option<&Ident>, &Ident)> {
    match expr {
        Expr::Nested(nested) => column_parts(nested),
        Expr::Identifier(ident) => Some((None, ident)),
        Expr::CompoundIdentifier(parts) => match parts.as_slice() {
            [table, column] => Some((Some(table), column)),
            _ => None,
        },
        _ => None,
    }
}

/// What decides how a right column is called in the joined rows.
struct Place<'a> {
    taken: &'a [String],
    right: &'a [String],
    keys: &'a [Key],
    is_using: bool,
}

struct Placed {
    column: Column,
    renamed: Option<String>,
}

/// Follows the join step's rule (keys of one name are merged, others get the suffix), and renames
/// beforehand what that rule would lose although the statement names it.
fn place_column(
    name: &str,
    alias: &str,
    place: &Place<'_>,
    kept: &BTreeSet<(String, String)>,
) -> Placed {
    let is_key = place.keys.iter().any(|key| key.left == name && key.right == name);
    let is_taken = place.taken.iter().any(|known| known == name);
    let suffixed = format!("{name}{}", default_suffix());
    let is_suffix_free = !place.taken.contains(&suffixed) && !place.right.contains(&suffixed);
    let free_name = || {
        let is_free = |name: &String| !place.taken.contains(name) && !place.right.contains(name);
        (0..)
            .map(|number| format!("{alias}.{name}{}", ".".repeat(number)))
            .find(is_free)
            .expect("a longer name is free")
    };
    let is_merged = is_key && place.is_using;
    let column = |output| Column { name: name.to_owned(), output, is_merged };
    let is_kept = kept.contains(&(alias.to_owned(), name.to_owned()));
    if is_key && !is_kept {
        return Placed { column: column(None), renamed: None };
    }
    if is_key || (is_taken && !is_suffix_free) {
        let free = free_name();
        return Placed { column: column(Some(free.clone())), renamed: Some(free) };
    }
    let output = if is_taken { suffixed } else { name.to_owned() };
    Placed { column: column(Some(output)), renamed: None }
}
