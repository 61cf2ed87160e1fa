//! HyperBlock: arrays of one row count under one schema: the unit of a frame in memory, and, in
//! flight between operators, a batch.

use std::sync::{Arc, OnceLock};

use super::array::Array;
use super::schema::SchemaRef;
use crate::error::Result;

/// Arrays of one length under a schema. Immutable; clones share.
#[derive(Clone, Debug)]
pub struct HyperBlock {
    schema: SchemaRef,
    row_count: usize,
    columns: Columns,
}

/// The columns, or how to list them once one is asked for: opening a file of many blocks and many
/// columns must not cost a step for each pair.
#[derive(Clone, Debug)]
enum Columns {
    Listed(Vec<Column>),
    Deferred(Arc<DeferredColumns>),
}

struct DeferredColumns {
    list: Box<dyn Fn() -> Vec<Column> + Send + Sync>,
    listed: OnceLock<Vec<Column>>,
}

impl std::fmt::Debug for DeferredColumns {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(out, "DeferredColumns(listed: {})", self.listed.get().is_some())
    }
}

/// A column of a block: an array that is there, or one that is checked on first touch (a mapped
/// file's), once, its outcome remembered.
#[derive(Clone, Debug)]
pub enum Column {
    /// In memory and trusted.
    Ready(Array),
    /// Loaded and verified on first touch.
    Pending(Arc<PendingArray>),
}

/// An array whose bytes have not been touched yet.
pub struct PendingArray {
    load: Box<dyn Fn() -> Result<Array> + Send + Sync>,
    check: Box<dyn Fn() -> Result<()> + Send + Sync>,
    loaded: OnceLock<Result<Array>>,
}

impl PendingArray {
    /// Wraps the load, which runs once, and the check that its bytes are still there, which runs
    /// each time the array is asked for: a file that shrank must not be read through its map.
    pub fn new(
        load: impl Fn() -> Result<Array> + Send + Sync + 'static,
        check: impl Fn() -> Result<()> + Send + Sync + 'static,
    ) -> PendingArray {
        PendingArray { load: Box::new(load), check: Box::new(check), loaded: OnceLock::new() }
    }

    fn get(&self) -> Result<&Array> {
        let array = self.loaded.get_or_init(|| (self.load)()).as_ref().map_err(Clone::clone)?;
        (self.check)()?;
        Ok(array)
    }
}

impl std::fmt::Debug for PendingArray {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(out, "PendingArray(loaded: {})", self.loaded.get().is_some())
    }
}

impl From<Array> for Column {
    fn from(array: Array) -> Column {
        Column::Ready(array)
    }
}

impl HyperBlock {
    /// Joins arrays under a schema. Panics when types or lengths differ from it.
    pub fn new(schema: SchemaRef, row_count: usize, arrays: Vec<Array>) -> HyperBlock {
        assert_eq!(schema.len(), arrays.len());
        for (definition, array) in schema.columns().iter().zip(&arrays) {
            assert_eq!((array.dtype(), array.len()), (&definition.dtype, row_count));
        }
        let columns = arrays.into_iter().map(Column::Ready).collect();
        HyperBlock::from_columns(schema, row_count, columns)
    }

    /// Joins columns of which some may be pending; their loads answer for type and length.
    pub fn from_columns(schema: SchemaRef, row_count: usize, columns: Vec<Column>) -> HyperBlock {
        assert_eq!(schema.len(), columns.len());
        HyperBlock { schema, row_count, columns: Columns::Listed(columns) }
    }

    /// A block whose columns `list` names when the first of them is asked for, once.
    pub fn deferred(
        schema: SchemaRef,
        row_count: usize,
        list: impl Fn() -> Vec<Column> + Send + Sync + 'static,
    ) -> HyperBlock {
        let deferred = DeferredColumns { list: Box::new(list), listed: OnceLock::new() };
        HyperBlock { schema, row_count, columns: Columns::Deferred(Arc::new(deferred)) }
    }

    /// Names and types.
    pub fn schema(&self) -> &SchemaRef {
        &self.schema
    }

    /// Number of rows.
    pub fn row_count(&self) -> usize {
        self.row_count
    }

    /// The columns, loaded or not.
    pub fn columns(&self) -> &[Column] {
        match &self.columns {
            Columns::Listed(columns) => columns,
            Columns::Deferred(deferred) => deferred.listed.get_or_init(|| {
                let columns = (deferred.list)();
                assert_eq!(columns.len(), self.schema.len());
                columns
            }),
        }
    }

    /// The array at `index`, loading it on first touch.
    ///
    /// Errors: what the load found wrong (`CorruptFile`), again on every call; `FileChanged` once
    /// the file below is not what it was. A file cut while its values are being read is not seen
    /// here.
    pub fn array(&self, index: usize) -> Result<&Array> {
        match &self.columns()[index] {
            Column::Ready(array) => Ok(array),
            Column::Pending(pending) => pending.get(),
        }
    }

    /// The columns at `indexes`, in that order, under `schema`, which must fit them.
    pub fn project(&self, indexes: &[usize], schema: SchemaRef) -> HyperBlock {
        let columns = indexes.iter().map(|index| self.columns()[*index].clone()).collect();
        HyperBlock::from_columns(schema, self.row_count, columns)
    }

    /// The same columns under other names.
    pub fn with_schema(&self, schema: SchemaRef) -> HyperBlock {
        HyperBlock { schema, row_count: self.row_count, columns: self.columns.clone() }
    }

    /// `len` rows from `offset` on, without copying values. Touches every column.
    pub fn slice(&self, offset: usize, len: usize) -> Result<HyperBlock> {
        let arrays = (0..self.schema.len())
            .map(|index| Ok(self.array(index)?.slice(offset, len)))
            .collect::<Result<Vec<Array>>>()?;
        Ok(HyperBlock::new(self.schema.clone(), len, arrays))
    }
}
