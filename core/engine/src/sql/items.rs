//! Lists: items with their names, sort keys with their direction.

use sqlparser::ast::{
    Expr, Ident, ObjectName, ObjectNamePart, OrderByExpr, SelectItem,
    SelectItemQualifiedWildcardKind, WildcardAdditionalOptions,
};

use super::ast::Source;
use super::expression::{Translator, start};
use super::scope::{Scope, Table, Tables};
use crate::error::{ErrorKind, Result};
use crate::plan::document::{Expression, Item, Named, NullOrder, SortItem, SortKey};

/// A column of a result: its name, and what it holds.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct OutItem {
    pub(super) name: String,
    pub(super) expr: Expression,
}

impl From<OutItem> for Item {
    fn from(item: OutItem) -> Item {
        Item::Named(Named { name: item.name, expr: item.expr })
    }
}

/// Items over one table; `*` stands for `all` where a list may hold it.
pub(super) fn items_of_text(
    text: &str,
    all: Option<&dyn Fn() -> Result<Vec<String>>>,
) -> Result<Vec<Item>> {
    let source = Source::new(text);
    let translator = Translator { source, scope: Scope::Row };
    let mut items = Vec::new();
    for item in source.items()? {
        match (&item, all) {
            (SelectItem::Wildcard(options), Some(all)) if is_bare(options) => {
                let column = |name: String| {
                    Item::Named(Named { name: name.clone(), expr: Expression::Col(name) })
                };
                items.extend(all()?.into_iter().map(column));
            }
            _ => items.push(translator.item(&item)?.into()),
        }
    }
    Ok(items)
}

/// Sort keys over one table.
pub(super) fn sort_items_of_text(text: &str) -> Result<Vec<SortItem>> {
    let source = Source::new(text);
    let translator = Translator { source, scope: Scope::Row };
    let keys = source.sort_keys()?;
    keys.iter()
        .map(|key| {
            let expr = translator.expression(&key.expr)?;
            Ok(SortItem::Key(sort_key(source, key, expr)?))
        })
        .collect()
}

/// A sort key of an expression that is translated already.
pub(super) fn sort_key(source: Source<'_>, key: &OrderByExpr, expr: Expression) -> Result<SortKey> {
    if key.with_fill.is_some() {
        return Err(source.unsupported("with fill", start(&key.expr)));
    }
    let nulls = match key.options.nulls_first {
        Some(true) => NullOrder::First,
        Some(false) | None => NullOrder::Last,
    };
    Ok(SortKey { expr, descending: key.options.asc == Some(false), nulls })
}

impl Translator<'_> {
    /// An item that is no `*`.
    pub(super) fn item(&self, item: &SelectItem) -> Result<OutItem> {
        match item {
            SelectItem::UnnamedExpr(expr) => {
                Ok(OutItem { name: default_name(expr), expr: self.expression(expr)? })
            }
            SelectItem::ExprWithAlias { expr, alias } => {
                Ok(OutItem { name: alias.value.clone(), expr: self.expression(expr)? })
            }
            SelectItem::Wildcard(options) => {
                Err(self.source.unsupported("* in this list", options.wildcard_token.0.span.start))
            }
            SelectItem::QualifiedWildcard(_, options) => {
                let at = options.wildcard_token.0.span.start;
                Err(self.source.unsupported("* of a table in this list", at))
            }
            SelectItem::ExprWithAliases { expr, .. } => {
                Err(self.source.unsupported("a list of aliases", start(expr)))
            }
        }
    }

    /// The items of a select list over the tables of a `from`.
    pub(super) fn select_items(
        &self,
        tables: &Tables<'_>,
        list: &[SelectItem],
    ) -> Result<Vec<OutItem>> {
        let mut items = Vec::new();
        for item in list {
            match item {
                SelectItem::Wildcard(options) => {
                    self.check_bare(options)?;
                    for table in &tables.list {
                        for column in tables.columns(table)? {
                            let Some(output) = column.output else { continue };
                            // A kept key is there for those who name it, not for `*`.
                            if tables.kept.borrow().contains(&(table.alias.clone(), column.name)) {
                                continue;
                            }
                            let expr = Expression::Col(output.clone());
                            items.push(OutItem { name: output, expr });
                        }
                    }
                }
                SelectItem::QualifiedWildcard(kind, options) => {
                    self.check_bare(options)?;
                    let table = self.table_of(tables, kind, options)?;
                    for column in tables.columns(table)? {
                        let expr = match &column.output {
                            Some(output) => Expression::Col(output.clone()),
                            None => tables.keep(table, &column),
                        };
                        items.push(OutItem { name: column.name, expr });
                    }
                }
                _ => items.push(self.item(item)?),
            }
        }
        Ok(items)
    }

    fn table_of<'t>(
        &self,
        tables: &'t Tables<'_>,
        kind: &SelectItemQualifiedWildcardKind,
        options: &WildcardAdditionalOptions,
    ) -> Result<&'t Table> {
        match kind {
            SelectItemQualifiedWildcardKind::ObjectName(name) => {
                tables.table(self.source, simple_name(self.source, name)?)
            }
            SelectItemQualifiedWildcardKind::Expr(_) => Err(self
                .source
                .unsupported("* of an expression", options.wildcard_token.0.span.start)),
        }
    }

    fn check_bare(&self, options: &WildcardAdditionalOptions) -> Result<()> {
        match is_bare(options) {
            true => Ok(()),
            false => {
                let at = options.wildcard_token.0.span.start;
                Err(self.source.unsupported("a clause after *", at))
            }
        }
    }
}

/// The one part of a name without qualifiers.
pub(super) fn simple_name<'a>(source: Source<'_>, name: &'a ObjectName) -> Result<&'a Ident> {
    use sqlparser::ast::Spanned;
    match name.0.as_slice() {
        [ObjectNamePart::Identifier(ident)] if ident.quote_style == Some('\'') => {
            let summary = "expected a name, found text in single quotes";
            Err(source.error(ErrorKind::Syntax, summary, ident.span.start))
        }
        [ObjectNamePart::Identifier(ident)] => Ok(ident),
        _ => Err(source.unsupported("a name with a qualifier", name.span().start)),
    }
}

/// The name of an item without an alias: a column's own, else the text of the expression.
pub(super) fn default_name(expr: &Expr) -> String {
    match expr {
        Expr::Identifier(ident) => ident.value.clone(),
        Expr::CompoundIdentifier(parts) => {
            parts.last().map_or_else(String::new, |ident| ident.value.clone())
        }
        Expr::Nested(nested) => default_name(nested),
        other => other.to_string(),
    }
}

fn is_bare(options: &WildcardAdditionalOptions) -> bool {
    options.opt_ilike.is_none()
        && options.opt_exclude.is_none()
        && options.opt_except.is_none()
        && options.opt_replace.is_none()
        && options.opt_rename.is_none()
        && options.opt_alias.is_none()
}
