//! The files that a question names, as binding sees them: who opens them knows the formats.

use crate::column::Frame;
use crate::context::Context;
use crate::error::Result;
use crate::format::csv::CsvReadOptions;

/// Opens the files of a question, for their names, their types and their rows.
pub trait Files {
    /// A CSV file's table.
    ///
    /// Errors: those of the file, the options and the records.
    fn csv(&self, path: &str, options: &CsvReadOptions, context: &Context) -> Result<Frame>;

    /// The names of the columns that [`Files::csv`] would give, from the start of the file alone.
    ///
    /// Errors: those of the file, the options and the header.
    fn csv_names(&self, path: &str, options: &CsvReadOptions) -> Result<Vec<String>>;

    /// A `.prdx` file's table, its values read when they are asked for.
    ///
    /// Errors: those of the file and of its directory.
    fn prdx(&self, path: &str) -> Result<Frame>;
}
