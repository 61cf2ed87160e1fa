//! Schema: the names and types of a table's columns, in order.

use std::collections::HashMap;
use std::sync::Arc;

use super::dtype::DataType;
use crate::error::{Error, ErrorKind, Result, nearest};
use crate::limits;

/// Name and type of one column.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ColumnDef {
    /// The name; unique within its schema.
    pub name: String,
    /// The type of every value.
    pub dtype: DataType,
}

impl ColumnDef {
    /// Makes a definition.
    pub fn new(name: impl Into<String>, dtype: DataType) -> ColumnDef {
        ColumnDef { name: name.into(), dtype }
    }
}

/// Column definitions with unique names. Cheap to share: hold it in an `Arc`.
#[derive(Clone, Debug)]
pub struct Schema {
    columns: Vec<ColumnDef>,
    positions: HashMap<String, usize>,
}

/// How schemas travel.
pub type SchemaRef = Arc<Schema>;

impl Schema {
    /// Makes a schema.
    ///
    /// Errors: `DuplicateColumn` when a name occurs twice, `LimitExceeded` above `COLUMNS_MAX`.
    pub fn new(columns: Vec<ColumnDef>) -> Result<Schema> {
        if columns.len() > limits::COLUMNS_MAX {
            return Err(Error::mismatch(
                ErrorKind::LimitExceeded,
                format!("at most {} columns", limits::COLUMNS_MAX),
                columns.len().to_string(),
            ));
        }
        let mut positions = HashMap::with_capacity(columns.len());
        for (index, column) in columns.iter().enumerate() {
            if positions.insert(column.name.clone(), index).is_some() {
                let summary = format!("column name {:?} occurs twice", column.name);
                return Err(Error::new(ErrorKind::DuplicateColumn, summary)
                    .at(|place| place.column = Some(column.name.clone()))
                    .hint("give each column its own name"));
            }
        }
        Ok(Schema { columns, positions })
    }

    /// The definitions in order.
    pub fn columns(&self) -> &[ColumnDef] {
        &self.columns
    }

    /// Number of columns.
    pub fn len(&self) -> usize {
        self.columns.len()
    }

    /// Whether there is no column.
    pub fn is_empty(&self) -> bool {
        self.columns.is_empty()
    }

    /// The definition at `index`, which must be in range.
    pub fn column(&self, index: usize) -> &ColumnDef {
        &self.columns[index]
    }

    /// Position of the column of that name.
    pub fn find(&self, name: &str) -> Option<usize> {
        self.positions.get(name).copied()
    }

    /// Position of the column of that name, or an error that suggests the nearest name.
    pub fn require(&self, name: &str) -> Result<usize> {
        self.find(name).ok_or_else(|| {
            let error =
                Error::new(ErrorKind::UnknownColumn, format!("no column is named {name:?}"))
                    .at(|place| place.column = Some(name.to_owned()));
            let names = self.columns.iter().map(|column| column.name.as_str());
            match nearest(name, names.clone()) {
                Some(near) => error.hint(format!("did you mean {near:?}?")),
                None => {
                    let known: Vec<String> =
                        names.take(20).map(|name| format!("{name:?}")).collect();
                    error.hint(format!("the columns are {}", known.join(", ")))
                }
            }
        })
    }
}

impl PartialEq for Schema {
    fn eq(&self, other: &Schema) -> bool {
        self.columns == other.columns
    }
}

impl Eq for Schema {}
