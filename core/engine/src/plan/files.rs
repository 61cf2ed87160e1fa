//! The files that a question names, as binding sees them: who opens them knows the formats.

use std::fmt;
use std::sync::Arc;

use crate::column::{Frame, SchemaRef};
use crate::context::Context;
use crate::error::Result;
use crate::format::csv::CsvReadOptions;

/// Opens the files of a question, for their names, their types and their rows.
pub trait Files {
    /// A CSV file's table.
    ///
    /// Errors: those of the file, the options and the records.
    fn csv(&self, path: &str, options: &CsvReadOptions, context: &Context) -> Result<Frame>;

    /// The same table for a question that need not hold its rows, to be read while it runs; `None`
    /// where reading it whole is as well.
    ///
    /// Errors: as [`Files::csv`], of the first records.
    fn csv_stream(
        &self,
        path: &str,
        options: &CsvReadOptions,
        context: &Context,
    ) -> Result<Option<Arc<dyn Streamed>>>;

    /// The names of the columns that [`Files::csv`] would give, from the start of the file alone.
    ///
    /// Errors: those of the file, the options and the header.
    fn csv_names(&self, path: &str, options: &CsvReadOptions) -> Result<Vec<String>>;

    /// A `.prdx` file's table, its values read when they are asked for.
    ///
    /// Errors: those of the file and of its directory.
    fn prdx(&self, path: &str) -> Result<Frame>;
}

/// A table that is read while a question runs, from its first row to its last, and not kept.
pub trait Streamed: fmt::Debug + Send + Sync {
    /// Names and types; what the rows have, or else reading them fails.
    fn schema(&self) -> &SchemaRef;

    /// Starts at the first row.
    fn start(&self, context: &Context) -> Box<dyn Windows>;
}

/// The rows of a [`Streamed`] table, some at a time.
pub trait Windows: Send + Sync {
    /// The next rows, at least one but perhaps at the end; `None` when there are no more.
    ///
    /// Errors: those of the file and of its records.
    fn next_window(&mut self) -> Result<Option<Frame>>;
}
