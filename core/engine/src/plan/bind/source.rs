//! Where rows come from: frames handed in, tables written out, files.

use std::sync::Arc;

use super::needed::Needed;
use super::options::{csv_read_options, csv_sniff_options};
use super::{Binder, invalid};
use crate::column::{ArrayBuilder, ColumnDef, DataType, Frame, HyperBlock, Schema};
use crate::error::{Error, ErrorKind, Result};
use crate::format::csv::{CsvReadOptions, CsvSource, Dialect, Policy};
use crate::plan::document::{
    CountCsvNode, FrameNode, ScanCsvNode, ScanPrdxNode, SniffCsvNode, ValuesColumn, ValuesNode,
};
use crate::plan::files::Given;
use crate::plan::literal::{dtype_named, expected, parse_nested, parse_value};
use crate::plan::names::{Names, feed_at, frame_at};
use crate::plan::node::{Plan, Step, counted_schema};

impl Binder<'_> {
    pub(super) fn frame(&self, node: &FrameNode) -> Result<Plan> {
        let frame = frame_at(self.given, node.index)?;
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
            definitions.push(ColumnDef::new(&column.name, dtype.clone()));
            arrays.push(values_array(column, dtype)?);
        }
        let schema = Arc::new(Schema::new(definitions)?);
        let block = HyperBlock::new(schema.clone(), row_count, arrays);
        Ok(source(Frame::new(schema, vec![block]), "values".to_owned()))
    }

    /// Reads files, or leaves that to the running question, and of them just the columns that may
    /// be asked for.
    pub(super) fn scan_csv(&self, node: &ScanCsvNode, needed: &Needed) -> Result<Plan> {
        let options = csv_read_options(&node.options)?;
        let source = csv_source("scan_csv", &node.path, &node.paths, node.feed, self.given)?;
        let mut options = self.files.csv_options(&source, options, self.context)?;
        // A row may be left out for a value of any column: then all are read.
        let is_selective = self.is_selective && options.on_bad_value == Policy::Error;
        if let (Needed::Names(needed), true) = (needed, is_selective) {
            let mut names = self.files.csv_names(&source, &options, self.context)?;
            let all_count = names.len();
            let file_column = options.file_column.take().filter(|_| names.pop().is_some());
            let first = names.first().cloned();
            let mut used: Vec<String> =
                names.into_iter().filter(|name| needed.contains(name)).collect();
            if used.is_empty() {
                // Some column must say how many rows there are.
                used.extend(first);
            }
            options.file_column = file_column.filter(|name| needed.contains(name));
            if used.len() + usize::from(options.file_column.is_some()) < all_count {
                self.has_left_out.set(true);
                options.select = Some(used);
            }
        }
        let origin = format!("csv {source}{}", found_text(&options));
        let is_streamed = self.streamed.contains(&std::ptr::from_ref(node));
        // Whatever the size of the file: what is small today is large tomorrow.
        if is_streamed && options.auto_dictionary {
            return Err(auto_refused());
        }
        if is_streamed
            && let Some(table) = self.files.csv_stream(&source, &options, self.context)?
        {
            let schema = table.schema().clone();
            let columns = (0..schema.len()).collect();
            return Ok(Plan { schema, step: Step::Stream { table, columns, origin } });
        }
        Ok(self::source(self.files.csv(&source, &options, self.context)?, origin))
    }

    pub(super) fn count_csv(&self, node: &CountCsvNode) -> Result<Plan> {
        let options = csv_read_options(&node.options)?;
        let source = csv_source("count_csv", &node.path, &node.paths, node.feed, self.given)?;
        let step = Step::CountCsv { source, options: Box::new(options) };
        Ok(Plan { schema: counted_schema(), step })
    }

    pub(super) fn sniff_csv(&self, node: &SniffCsvNode) -> Result<Plan> {
        let options = csv_sniff_options(&node.options)?;
        let frame = self.files.csv_sniffed(&node.path, &options, self.context)?;
        Ok(source(frame, format!("sniff_csv {:?}", node.path)))
    }

    pub(super) fn scan_prdx(&self, node: &ScanPrdxNode) -> Result<Plan> {
        Ok(source(self.files.prdx(&node.path)?, format!("prdx {:?}", node.path)))
    }
}

/// The names of a CSV scan's columns.
///
/// Errors: those of opening the file and reading its header.
pub fn csv_names(scan: &ScanCsvNode, names: Names) -> Result<Vec<String>> {
    let source = csv_source("scan_csv", &scan.path, &scan.paths, scan.feed, names.given)?;
    names.files.csv_names(&source, &csv_read_options(&scan.options)?, names.context)
}

/// Which of its three ways a step names its files.
fn csv_source(
    step: &str,
    path: &Option<String>,
    paths: &Option<Vec<String>>,
    feed: Option<usize>,
    given: &[Given],
) -> Result<CsvSource> {
    match (path, paths, feed) {
        (Some(path), None, None) => Ok(CsvSource::Path(path.clone())),
        (None, Some(paths), None) => Ok(CsvSource::Paths(paths.clone())),
        (None, None, Some(index)) => Ok(CsvSource::Feed(feed_at(given, index)?.clone())),
        _ => {
            let named =
                [("path", path.is_some()), ("paths", paths.is_some()), ("feed", feed.is_some())];
            let found: Vec<&str> =
                named.iter().filter(|(_, is_there)| *is_there).map(|(name, _)| *name).collect();
            let found = if found.is_empty() { "none".to_owned() } else { found.join(" and ") };
            let expected = format!("{step} with one of path, paths and feed");
            Err(Error::mismatch(ErrorKind::InvalidPlan, expected, found))
        }
    }
}

/// Of a table that is read while the question runs, types are known before its values are.
fn auto_refused() -> Error {
    let summary = "auto_dictionary is not supported for a table that is read while it is asked for";
    Error::new(ErrorKind::Unsupported, summary)
        .hint("give the columns the type dictionary, or read the whole file first")
}

/// What sniffing found of a file, and what else it may mean; empty where nothing was sniffed.
fn found_text(options: &CsvReadOptions) -> String {
    let Dialect::Found { doubt } = &options.dialect else { return String::new() };
    let plain = CsvReadOptions::default();
    let mark = |mark: Option<u8>| mark.map_or("null".to_owned(), |byte| quoted(char::from(byte)));
    let mut found = vec![format!("delimiter {:?}", options.delimiter)];
    let mut tell = |is_usual: bool, text: String| {
        if !is_usual {
            found.push(text);
        }
    };
    tell(options.quote == plain.quote, format!("quote {}", mark(options.quote)));
    tell(options.escape == plain.escape, format!("escape {}", mark(options.escape)));
    let comment = options.comment.as_deref().unwrap_or_default();
    tell(options.comment == plain.comment, format!("comment {comment:?}"));
    tell(options.skip_lines == plain.skip_lines, format!("skip_lines {}", options.skip_lines));
    tell(false, format!("header {}", options.header));
    tell(options.encoding == plain.encoding, format!("encoding {:?}", options.encoding));
    tell(options.trim == plain.trim, "trim true".to_owned());
    tell(options.decimal == plain.decimal, format!("decimal {}", mark(Some(options.decimal))));
    let thousands = options.thousands.map_or("null".to_owned(), quoted);
    tell(options.thousands == plain.thousands, format!("thousands {thousands}"));
    tell(
        options.date_order == plain.date_order,
        format!("date_order {}", options.date_order.name()),
    );
    let doubt = doubt.as_ref().map_or(String::new(), |doubt| format!("; doubt: {doubt}"));
    format!(" sniffed ({}{doubt})", found.join(", "))
}

fn quoted(letter: char) -> String {
    format!("{:?}", letter.to_string())
}

/// A plan of a whole table.
fn source(frame: Frame, origin: String) -> Plan {
    let schema = frame.schema().clone();
    let columns = (0..schema.len()).collect();
    Plan { schema, step: Step::Source { frame, columns, origin } }
}

fn values_array(column: &ValuesColumn, dtype: DataType) -> Result<crate::column::Array> {
    let mut builder = ArrayBuilder::new(dtype.clone(), column.values.len());
    for (index, text) in column.values.iter().enumerate() {
        let Some(text) = text else {
            builder.push_null();
            continue;
        };
        let value = match dtype.is_nested() {
            true => parse_nested(text, &dtype),
            false => parse_value(text, &dtype).ok_or_else(|| format!("{text:?}")),
        };
        let value = value.map_err(|found| {
            Error::mismatch(
                ErrorKind::BadValue,
                expected(text, &dtype),
                format!("{found} in row {index} of the values"),
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
