//! What a name in a text means: a column of the one table, of a table of `from`, or an alias.

use std::cell::{OnceCell, RefCell};
use std::collections::BTreeSet;

use sqlparser::ast::Ident;

use super::ast::Source;
use super::items::OutItem;
use crate::error::{Error, ErrorKind, Result, nearest};
use crate::plan::document::{Expression, Node};
use crate::plan::names::Names;

/// Where an expression of text stands.
pub(super) enum Scope<'a> {
    /// Over one table without a name; its columns are looked up when types resolve.
    Row,
    /// Over the tables of a `from`.
    Tables(&'a Tables<'a>),
    /// Over the tables of a `from`, and then the aliases of the select list.
    TablesThenItems(&'a Tables<'a>, &'a [OutItem]),
    /// The select list first, then the tables of its `from`.
    ItemsThenTables(&'a Tables<'a>, &'a [OutItem]),
    /// The columns of a result, by name.
    Output(&'a [String]),
}

/// The tables of a `from`, and the node that joins them.
pub(super) struct Tables<'a> {
    pub(super) node: Node,
    pub(super) list: Vec<Table>,
    pub(super) names: Names<'a>,
    /// Columns of a table that stands alone, looked up when first asked for.
    pub(super) looked_up: OnceCell<Vec<String>>,
    /// Right keys that a statement names although the join leaves them out: table and column.
    /// The statement is then translated again with these columns kept under other names.
    pub(super) kept: &'a RefCell<BTreeSet<(String, String)>>,
}

/// A table that a statement can name.
pub(super) struct Table {
    pub(super) alias: String,
    /// `None` while the table stands alone: every name is its own.
    pub(super) columns: Option<Vec<Column>>,
}

/// A column of a joined table.
#[derive(Clone)]
pub(super) struct Column {
    /// Its name in its table.
    pub(super) name: String,
    /// Its name in the joined rows; `None` for a key that equals its left partner.
    pub(super) output: Option<String>,
    /// Whether `using` made it one with its left partner, so that the bare name means that.
    pub(super) is_merged: bool,
}

impl Scope<'_> {
    pub(super) fn column(
        &self,
        source: Source<'_>,
        table: Option<&Ident>,
        column: &Ident,
    ) -> Result<Expression> {
        if column.quote_style == Some('\'') {
            return Err(source.error(
                ErrorKind::Syntax,
                "expected a column name, found text in single quotes",
                column.span.start,
            ));
        }
        let name = column.value.as_str();
        let item = |items: &[OutItem]| {
            let found = items.iter().find(|item| table.is_none() && item.name == name);
            found.map(|item| item.expr.clone())
        };
        match self {
            Scope::Row => match table {
                None => Ok(Expression::Col(name.to_owned())),
                Some(table) => Err(source
                    .error(
                        ErrorKind::UnknownTable,
                        &format!("no table is named {:?} here", table.value),
                        table.span.start,
                    )
                    .hint(format!("write {name} alone: there is one table"))),
            },
            Scope::Tables(tables) => tables.column(source, table, column),
            Scope::TablesThenItems(tables, items) => match item(items) {
                Some(expr) if !tables.has_column(name)? => Ok(expr),
                _ => tables.column(source, table, column),
            },
            Scope::ItemsThenTables(tables, items) => match item(items) {
                Some(expr) => Ok(expr),
                None => tables.column(source, table, column),
            },
            Scope::Output(names) => match names.iter().any(|known| known == name) {
                true if table.is_none() => Ok(Expression::Col(name.to_owned())),
                _ => Err(unknown_column(source, column, names.iter().map(String::as_str))),
            },
        }
    }
}

impl Tables<'_> {
    /// Names of a table's columns in the joined rows, for `*`: own name and name in the rows.
    pub(super) fn columns(&self, table: &Table) -> Result<Vec<Column>> {
        match &table.columns {
            Some(columns) => Ok(columns.clone()),
            None => Ok(self
                .alone()?
                .iter()
                .map(|name| Column {
                    name: name.clone(),
                    output: Some(name.clone()),
                    is_merged: false,
                })
                .collect()),
        }
    }

    /// The table of that name.
    pub(super) fn table(&self, source: Source<'_>, ident: &Ident) -> Result<&Table> {
        let found = self.list.iter().find(|table| table.alias == ident.value);
        found.ok_or_else(|| {
            let error = source.error(
                ErrorKind::UnknownTable,
                &format!("no table in from is named {:?}", ident.value),
                ident.span.start,
            );
            let names = self.list.iter().map(|table| table.alias.as_str());
            match nearest(&ident.value, names.clone()) {
                Some(near) => error.hint(format!("did you mean {near:?}?")),
                None => {
                    error.hint(format!("the tables are {}", names.collect::<Vec<_>>().join(", ")))
                }
            }
        })
    }

    /// Asks for a right key to be kept.
    pub(super) fn keep(&self, table: &Table, column: &Column) -> Expression {
        self.kept.borrow_mut().insert((table.alias.clone(), column.name.clone()));
        Expression::Col(column.name.clone())
    }

    fn alone(&self) -> Result<&[String]> {
        if self.looked_up.get().is_none() {
            let names = self.names.of(&self.node)?;
            let _ = self.looked_up.set(names);
        }
        Ok(self.looked_up.get().expect("it was set above"))
    }

    fn has_column(&self, name: &str) -> Result<bool> {
        for table in &self.list {
            if self.columns(table)?.iter().any(|column| column.name == name) {
                return Ok(true);
            }
        }
        Ok(false)
    }

    fn column(
        &self,
        source: Source<'_>,
        qualifier: Option<&Ident>,
        ident: &Ident,
    ) -> Result<Expression> {
        let name = ident.value.as_str();
        if let Some(qualifier) = qualifier {
            let table = self.table(source, qualifier)?;
            let Some(columns) = &table.columns else {
                return Ok(Expression::Col(name.to_owned()));
            };
            return match columns.iter().find(|column| column.name == name) {
                Some(Column { output: Some(output), .. }) => Ok(Expression::Col(output.clone())),
                Some(column) => Ok(self.keep(table, column)),
                None => {
                    let names = columns.iter().map(|column| column.name.as_str());
                    Err(unknown_column(source, ident, names))
                }
            };
        }
        let mut found: Option<(&Table, &Column)> = None;
        for table in &self.list {
            let Some(columns) = &table.columns else {
                return Ok(Expression::Col(name.to_owned()));
            };
            let is_it = |column: &&Column| column.name == name && !column.is_merged;
            let Some(column) = columns.iter().find(is_it) else { continue };
            if let Some((other, _)) = found {
                return Err(source
                    .error(
                        ErrorKind::InvalidPlan,
                        &format!(
                            "column {name:?} is in {:?} and in {:?}",
                            other.alias, table.alias
                        ),
                        ident.span.start,
                    )
                    .hint(format!("write {}.{name} or {}.{name}", other.alias, table.alias)));
            }
            found = Some((table, column));
        }
        match found {
            Some((_, Column { output: Some(output), .. })) => Ok(Expression::Col(output.clone())),
            Some((table, column)) => Ok(self.keep(table, column)),
            None => {
                let columns = self.list.iter().flat_map(|table| table.columns.iter().flatten());
                let names: Vec<&str> = columns.map(|column| column.name.as_str()).collect();
                Err(unknown_column(source, ident, names.into_iter()))
            }
        }
    }
}

fn unknown_column<'a>(
    source: Source<'_>,
    ident: &Ident,
    names: impl Iterator<Item = &'a str> + Clone,
) -> Error {
    let summary = format!("no column is named {:?}", ident.value);
    let error = source
        .error(ErrorKind::UnknownColumn, &summary, ident.span.start)
        .at(|place| place.column = Some(ident.value.clone()));
    match nearest(&ident.value, names.clone()) {
        Some(near) => error.hint(format!("did you mean {near:?}?")),
        None => {
            let known: Vec<&str> = names.take(20).collect();
            error.hint(format!("the columns are {}", known.join(", ")))
        }
    }
}
