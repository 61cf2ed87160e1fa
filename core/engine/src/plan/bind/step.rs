//! The steps that are not sources and not aggregates.

use std::collections::HashMap;
use std::sync::Arc;

use super::expression::{Scope, column_at, convert};
use super::needed::Needed;
use super::options::csv_write_options;
use super::{Binder, invalid, text_left};
use crate::column::{ColumnDef, DataType, Schema, SchemaRef};
use crate::error::{Error, ErrorKind, Result};
use crate::plan::document::{
    ColumnsNode, DescribeNode, DistinctNode, DropNode, FilterNode, Item, JoinHow, JoinKey,
    JoinNode, LimitNode, NullOrder, RenameNode, SortItem, SortNode, TailNode, UnionNode,
    WriteCsvNode, WritePrdxNode,
};
use crate::plan::expr::{Expr, SortKey};
use crate::plan::functions::common_moment;
use crate::plan::node::{JoinKind, Plan, Step, described_schema, written_schema};

impl Binder<'_> {
    /// Names and expressions of items.
    pub(super) fn items(
        &self,
        scope: &Scope<'_>,
        items: &[Item],
    ) -> Result<(Vec<String>, Vec<Expr>)> {
        let mut names = Vec::with_capacity(items.len());
        let mut exprs = Vec::with_capacity(items.len());
        for item in items {
            let Item::Named(named) = item else { return Err(text_left("list")) };
            if named.name.is_empty() {
                return Err(invalid("a column of the result has an empty name"));
            }
            names.push(named.name.clone());
            exprs.push(self.expression(scope, &named.expr)?);
        }
        Ok((names, exprs))
    }

    pub(super) fn select(&self, node: &ColumnsNode) -> Result<Plan> {
        let input = self.node(&node.input, &Needed::of_items(&node.columns))?;
        let (names, exprs) = self.items(&Scope::Rows(&input.schema), &node.columns)?;
        project(input, names, exprs, "select")
    }

    pub(super) fn with_columns(&self, node: &ColumnsNode, needed: &Needed) -> Result<Plan> {
        let needed = match (needed, Needed::of_items(&node.columns)) {
            (Needed::Names(_), Needed::Names(names)) => needed.and_names(&names),
            _ => Needed::All,
        };
        let input = self.node(&node.input, &needed)?;
        let (names, exprs) = self.items(&Scope::Rows(&input.schema), &node.columns)?;
        // Checks for doubles among the new names alone; replacing an old column is the purpose.
        definitions(&names, &exprs)?;
        let mut all_names = column_names(&input.schema);
        let mut all: Vec<Expr> =
            (0..input.schema.len()).map(|index| column_at(&input.schema, index)).collect();
        for (name, expr) in names.into_iter().zip(exprs) {
            match input.schema.find(&name) {
                Some(index) => all[index] = expr,
                None => {
                    all_names.push(name);
                    all.push(expr);
                }
            }
        }
        project(input, all_names, all, "with_columns")
    }

    pub(super) fn filter(&self, node: &FilterNode, needed: &Needed) -> Result<Plan> {
        let input = self.node(&node.input, &needed.and_expression(&node.predicate))?;
        let scope = Scope::Rows(&input.schema);
        let predicate = self.condition(&scope, &node.predicate, "the predicate of filter")?;
        Ok(keep_schema(input, |input| Step::Filter { input, predicate }))
    }

    pub(super) fn join(&self, node: &JoinNode, needed: &Needed) -> Result<Plan> {
        let needed = needed.through_join(&node.on, &node.suffix);
        let left = self.node(&node.left, &needed)?;
        let right = self.node(&node.right, &needed)?;
        if node.on.is_empty() {
            return Err(invalid("a join has no keys")
                .hint("name at least one pair of columns that must be equal"));
        }
        let keys = node
            .on
            .iter()
            .map(|key| join_key(&left.schema, &right.schema, key))
            .collect::<Result<Vec<_>>>()?;
        let kind = match node.how {
            JoinHow::Inner => JoinKind::Inner,
            JoinHow::Left => JoinKind::Left,
            JoinHow::Semi => JoinKind::Semi,
            JoinHow::Anti => JoinKind::Anti,
        };
        let mut columns = left.schema.columns().to_vec();
        let mut right_columns = Vec::new();
        if matches!(kind, JoinKind::Inner | JoinKind::Left) {
            for (index, column) in right.schema.columns().iter().enumerate() {
                let is_key = |key: &JoinKey| key.right == column.name && key.left == column.name;
                if node.on.iter().any(is_key) {
                    continue;
                }
                let name = match left.schema.find(&column.name) {
                    Some(_) => format!("{}{}", column.name, node.suffix),
                    None => column.name.clone(),
                };
                columns.push(ColumnDef::new(name, column.dtype.clone()));
                right_columns.push(index);
            }
        }
        let schema = Arc::new(Schema::new(columns).map_err(|error| match error.kind() {
            ErrorKind::DuplicateColumn => {
                error.hint("choose another suffix, or rename columns before the join")
            }
            _ => error,
        })?);
        let (left, right) = (Box::new(left), Box::new(right));
        Ok(Plan { schema, step: Step::Join { left, right, keys, kind, right_columns } })
    }

    pub(super) fn sort(&self, node: &SortNode, needed: &Needed) -> Result<Plan> {
        let input = self.node(&node.input, &needed.and_sort(&node.by))?;
        if node.by.is_empty() {
            return Err(invalid("a sort has no keys"));
        }
        let mut keys = Vec::new();
        for item in &node.by {
            let SortItem::Key(key) = item else { return Err(text_left("sort")) };
            keys.push(SortKey {
                expr: self.expression(&Scope::Rows(&input.schema), &key.expr)?,
                descending: key.descending,
                nulls_first: key.nulls == NullOrder::First,
            });
        }
        Ok(keep_schema(input, |input| Step::Sort { input, keys }))
    }

    pub(super) fn limit(&self, node: &LimitNode, needed: &Needed) -> Result<Plan> {
        let input = self.node(&node.input, needed)?;
        let (offset, count) = (node.offset, node.count);
        Ok(keep_schema(input, |input| Step::Limit { input, offset, count }))
    }

    pub(super) fn tail(&self, node: &TailNode, needed: &Needed) -> Result<Plan> {
        let input = self.node(&node.input, needed)?;
        Ok(keep_schema(input, |input| Step::Tail { input, count: node.count }))
    }

    pub(super) fn distinct(&self, node: &DistinctNode, needed: &Needed) -> Result<Plan> {
        let Some(names) = &node.columns else {
            let input = self.node(&node.input, &Needed::All)?;
            let columns = (0..input.schema.len()).collect();
            return Ok(keep_schema(input, |input| Step::Distinct { input, columns }));
        };
        let input = self.node(&node.input, &needed.and_names(names))?;
        if names.is_empty() {
            return Err(invalid("a distinct compares no columns")
                .hint("leave the columns out to compare all"));
        }
        let columns = names.iter().map(|name| input.schema.require(name)).collect::<Result<_>>()?;
        Ok(keep_schema(input, |input| Step::Distinct { input, columns }))
    }

    pub(super) fn union(&self, node: &UnionNode, _needed: &Needed) -> Result<Plan> {
        let mut inputs = Vec::with_capacity(node.inputs.len());
        for input in &node.inputs {
            // All columns, for a difference between the tables must be seen.
            inputs.push(self.node(input, &Needed::All)?);
        }
        let Some(first) = inputs.first() else { return Err(invalid("a union has no tables")) };
        let schema = first.schema.clone();
        for (index, input) in inputs.iter().enumerate().skip(1) {
            check_same(&schema, &input.schema, index)?;
        }
        Ok(Plan { schema, step: Step::Union { inputs } })
    }

    pub(super) fn rename(&self, node: &RenameNode, needed: &Needed) -> Result<Plan> {
        let pairs = node.columns.iter().flat_map(|column| [&column.from, &column.to]);
        let input = self.node(&node.input, &needed.and_names(pairs))?;
        let mut names = column_names(&input.schema);
        let mut renamed: HashMap<usize, &str> = HashMap::new();
        for renaming in &node.columns {
            let index = input.schema.require(&renaming.from)?;
            if renaming.to.is_empty() {
                return Err(invalid(format!("column {:?} gets an empty name", renaming.from)));
            }
            if renamed.insert(index, &renaming.to).is_some() {
                return Err(invalid(format!("column {:?} is renamed twice", renaming.from)));
            }
            names[index].clone_from(&renaming.to);
        }
        let exprs = (0..names.len()).map(|index| column_at(&input.schema, index)).collect();
        project(input, names, exprs, "rename")
    }

    pub(super) fn drop_columns(&self, node: &DropNode, needed: &Needed) -> Result<Plan> {
        let input = self.node(&node.input, &needed.and_names(&node.columns))?;
        let dropped = node
            .columns
            .iter()
            .map(|name| input.schema.require(name))
            .collect::<Result<Vec<usize>>>()?;
        let kept = (0..input.schema.len()).filter(|index| !dropped.contains(index));
        let (names, exprs) = kept
            .map(|index| (input.schema.column(index).name.clone(), column_at(&input.schema, index)))
            .unzip();
        project(input, names, exprs, "drop")
    }

    pub(super) fn describe(&self, node: &DescribeNode) -> Result<Plan> {
        let input = Box::new(self.node(&node.input, &Needed::All)?);
        Ok(Plan { schema: described_schema(), step: Step::Describe { input } })
    }

    pub(super) fn write_csv(&self, node: &WriteCsvNode) -> Result<Plan> {
        let options = csv_write_options(&node.options)?;
        let input = Box::new(self.node(&node.input, &Needed::All)?);
        let step = Step::WriteCsv { input, path: node.path.clone(), options };
        Ok(Plan { schema: written_schema(), step })
    }

    pub(super) fn write_prdx(&self, node: &WritePrdxNode) -> Result<Plan> {
        let input = Box::new(self.node(&node.input, &Needed::All)?);
        let step = Step::WritePrdx { input, path: node.path.clone() };
        Ok(Plan { schema: written_schema(), step })
    }
}

fn keep_schema(input: Plan, step: impl FnOnce(Box<Plan>) -> Step) -> Plan {
    let schema = input.schema.clone();
    Plan { schema, step: step(Box::new(input)) }
}

fn project(input: Plan, names: Vec<String>, exprs: Vec<Expr>, what: &str) -> Result<Plan> {
    if exprs.is_empty() {
        return Err(invalid(format!("{what} leaves no column")));
    }
    let schema = definitions(&names, &exprs)?;
    Ok(Plan { schema, step: Step::Project { input: Box::new(input), exprs } })
}

fn definitions(names: &[String], exprs: &[Expr]) -> Result<SchemaRef> {
    let columns = names
        .iter()
        .zip(exprs)
        .map(|(name, expr)| ColumnDef::new(name, expr.dtype.clone()))
        .collect();
    Ok(Arc::new(Schema::new(columns)?))
}

fn column_names(schema: &Schema) -> Vec<String> {
    schema.columns().iter().map(|column| column.name.clone()).collect()
}

/// A pair of key expressions of one type. Whole numbers against floats, and uint64 against a signed
/// type, are refused: there is no type that holds both.
fn join_key(left: &Schema, right: &Schema, key: &JoinKey) -> Result<(Expr, Expr)> {
    let left = column_at(left, left.require(&key.left)?);
    let right = column_at(right, right.require(&key.right)?);
    match (&left.dtype, &right.dtype) {
        (a, b) if a == b => Ok((left, right)),
        (DataType::Float32, DataType::Float64) => Ok((convert(left, &DataType::Float64)?, right)),
        (DataType::Float64, DataType::Float32) => Ok((left, convert(right, &DataType::Float64)?)),
        (a, b) if let Some(common) = a.common_integer(b) => {
            Ok((convert(left, &common)?, convert(right, &common)?))
        }
        (DataType::Utf8, DataType::Dictionary) => Ok((left, convert(right, &DataType::Utf8)?)),
        (DataType::Dictionary, DataType::Utf8) => Ok((convert(left, &DataType::Utf8)?, right)),
        (a, b) if let Some(common) = common_moment(a, b) => {
            Ok((convert(left, &common)?, convert(right, &common)?))
        }
        (a, b) => Err(Error::mismatch(
            ErrorKind::TypeMismatch,
            "join keys of one type",
            format!("{:?} of {a} and {:?} of {b}", key.left, key.right),
        )
        .hint("cast one of them before the join")),
    }
}

fn check_same(first: &Schema, other: &Schema, index: usize) -> Result<()> {
    if first.len() != other.len() {
        return Err(Error::mismatch(
            ErrorKind::TypeMismatch,
            format!("{} columns as in the first table of the union", first.len()),
            format!("{} in table {}", other.len(), index + 1),
        ));
    }
    for (a, b) in first.columns().iter().zip(other.columns()) {
        if a != b {
            return Err(Error::mismatch(
                ErrorKind::TypeMismatch,
                format!("{:?} of {} as in the first table of the union", a.name, a.dtype),
                format!("{:?} of {} in table {}", b.name, b.dtype, index + 1),
            )
            .hint("select the columns in one order, with one name and type each"));
        }
    }
    Ok(())
}
