//! What a question is asked of beside its text: the frames and feeds handed in, and the files it
//! names, as binding sees them: who opens them knows the formats.

use std::fmt;
use std::sync::Arc;

use crate::bytes::feed::Feed;
use crate::column::{Frame, SchemaRef};
use crate::context::Context;
use crate::error::Result;
use crate::format::csv::{CsvReadOptions, CsvSource};

/// What is handed in at one position.
#[derive(Clone, Debug)]
pub enum Given {
    /// A table.
    Frame(Frame),
    /// Bytes that the host pushes, for `scan_csv`.
    Feed(Arc<Feed>),
}

impl From<Frame> for Given {
    fn from(frame: Frame) -> Given {
        Given::Frame(frame)
    }
}

/// Opens the files of a question, for their names, their types and their rows.
pub trait Files {
    /// The table of CSV files.
    ///
    /// Errors: those of the file, the options and the records.
    fn csv(&self, source: &CsvSource, options: &CsvReadOptions, context: &Context)
    -> Result<Frame>;

    /// The same table for a question that need not hold its rows, to be read while it runs; `None`
    /// where reading it whole is as well.
    ///
    /// Errors: as [`Files::csv`], of the first records.
    fn csv_stream(
        &self,
        source: &CsvSource,
        options: &CsvReadOptions,
        context: &Context,
    ) -> Result<Option<Arc<dyn Streamed>>>;

    /// The names of the columns that [`Files::csv`] would give, from the first file alone.
    ///
    /// Errors: those of the file, the options and the header.
    fn csv_names(
        &self,
        source: &CsvSource,
        options: &CsvReadOptions,
        context: &Context,
    ) -> Result<Vec<String>>;

    /// The columns of [`Files::csv_sniffed`].
    fn csv_sniffed_schema(&self) -> SchemaRef;

    /// What sniffing finds of a CSV file: one row.
    ///
    /// Errors: those of the file and the options.
    fn csv_sniffed(&self, path: &str, options: &CsvReadOptions, context: &Context)
    -> Result<Frame>;

    /// The options to read CSV files with: those not given found where sniffing is asked for.
    ///
    /// Errors: those of the file and the options.
    fn csv_options(
        &self,
        source: &CsvSource,
        options: CsvReadOptions,
        context: &Context,
    ) -> Result<CsvReadOptions>;

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
