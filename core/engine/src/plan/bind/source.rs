//! Where rows come from: frames handed in, tables written out, files.

use std::sync::Arc;

use super::needed::Needed;
use super::options::csv_read_options;
use super::{Binder, invalid};
use crate::column::{ArrayBuilder, ColumnDef, DataType, Frame, HyperBlock, Schema};
use crate::error::{Error, ErrorKind, Result};
use crate::plan::bind::expression::dtype_named;
use crate::plan::document::{FrameNode, ScanCsvNode, ScanPrdxNode, ValuesColumn, ValuesNode};
use crate::plan::files::Files;
use crate::plan::literal::{expected, parse_value};
use crate::plan::names::frame_at;
use crate::plan::node::{Plan, Step};

impl Binder<'_> {
    pub(super) fn frame(&self, node: &FrameNode) -> Result<Plan> {
        let frame = frame_at(self.frames, node.index)?;
        Ok(source(frame.clone(), format!("frame {}", node.index)))
    }

    pub(super) fn values(&self, node: &ValuesNode) -> Result<Plan> {
        let row_count = node.columns.first().map_or(0, |column| column.values.len());
        let mut definitions = Vec::new();
        let mut arrays = Vec::new();
        for column in &node.columns {
            if column.values.len() != row_count {
                return Err(Error::mismatch(
                    ErrorKind::InvalidPlan,
                    format!("{row_count} values as in the first column"),
                    column.values.len().to_string(),
                )
                .at(|place| place.column = Some(column.name.clone())));
            }
            let dtype = dtype_named(&column.dtype, ErrorKind::InvalidPlan)?;
            definitions.push(ColumnDef::new(&column.name, dtype));
            arrays.push(values_array(column, dtype)?);
        }
        let schema = Arc::new(Schema::new(definitions)?);
        let block = HyperBlock::new(schema.clone(), row_count, arrays);
        Ok(source(Frame::new(schema, vec![block]), "values".to_owned()))
    }

    /// Reads a file, or leaves that to the running question, and of it just the columns that may be
    /// asked for.
    pub(super) fn scan_csv(&self, node: &ScanCsvNode, needed: &Needed) -> Result<Plan> {
        let mut options = csv_read_options(&node.options)?;
        if let (Needed::Names(needed), true) = (needed, self.is_selective) {
            let names = self.files.csv_names(&node.path, &options)?;
            let all_count = names.len();
            let first = names.first().cloned();
            let mut used: Vec<String> =
                names.into_iter().filter(|name| needed.contains(name)).collect();
            if used.is_empty() {
                // Some column must say how many rows there are.
                used.extend(first);
            }
            if used.len() < all_count {
                self.has_left_out.set(true);
                options.select = Some(used);
            }
        }
        let origin = format!("csv {:?}", node.path);
        if self.streamed.contains(&std::ptr::from_ref(node))
            && let Some(table) = self.files.csv_stream(&node.path, &options, self.context)?
        {
            let schema = table.schema().clone();
            let columns = (0..schema.len()).collect();
            return Ok(Plan { schema, step: Step::Stream { table, columns, origin } });
        }
        Ok(source(self.files.csv(&node.path, &options, self.context)?, origin))
    }

    pub(super) fn scan_prdx(&self, node: &ScanPrdxNode) -> Result<Plan> {
        Ok(source(self.files.prdx(&node.path)?, format!("prdx {:?}", node.path)))
    }
}

/// The names of a CSV file's columns.
///
/// Errors: those of opening the file and reading its header.
pub fn csv_names(scan: &ScanCsvNode, files: &dyn Files) -> Result<Vec<String>> {
    files.csv_names(&scan.path, &csv_read_options(&scan.options)?)
}

/// A plan of a whole table.
fn source(frame: Frame, origin: String) -> Plan {
    let schema = frame.schema().clone();
    let columns = (0..schema.len()).collect();
    Plan { schema, step: Step::Source { frame, columns, origin } }
}

fn values_array(column: &ValuesColumn, dtype: DataType) -> Result<crate::column::Array> {
    let mut builder = ArrayBuilder::new(dtype, column.values.len());
    for (index, text) in column.values.iter().enumerate() {
        let Some(text) = text else {
            builder.push_null();
            continue;
        };
        let value = parse_value(text, dtype).ok_or_else(|| {
            Error::mismatch(
                ErrorKind::BadValue,
                expected(text, dtype),
                format!("{text:?} in row {index} of the values"),
            )
            .at(|place| place.column = Some(column.name.clone()))
        })?;
        builder.push(&value)?;
    }
    if column.name.is_empty() {
        return Err(invalid("a column of the values has an empty name"));
    }
    Ok(builder.finish())
}
