//! A CSV source whole: its files one after the other, under one schema.
//!
//! ```text
//! read each file -> types of each column over all files -> files that were narrower, once more,
//! with the wider types given -> their blocks behind each other
//! ```
//! All files have the same columns in the same order. A file without a record and without a header
//! adds nothing where there are several.

use std::sync::Arc;

use super::count::count_records;
use super::file::OpenFile;
use super::infer::{Looks, add_looks};
use super::input::{CsvInput, CsvInputs, CsvPart, CsvSource};
use super::options::{CsvReadOptions, Policy};
use super::patient::{FaultLog, Kept};
use super::sniff::resolve_source;
use super::stream::CsvStream;
use super::table::{self, TableBytes};
use crate::column::{
    Arena, Array, ArrayData, Column, ColumnDef, DataType, Frame, HyperBlock, Schema, TextBuilder,
};
use crate::context::Context;
use crate::error::{Error, ErrorKind, Result};
use crate::limits::CSV_RECORD_BYTES_DEFAULT;

/// Whole numbers up to this size are float64 without loss: 2^53.
const FLOAT64_WHOLE_MAX: u64 = 1 << 53;

/// Reads a source into a frame.
///
/// Shape: the rows of the files in their order; of a single file, fixed-width columns are one
/// contiguous buffer each, of several, one for each file.
/// Errors: those of [`CsvInputs::open`] and of the records; `EmptyInput` when no file holds one;
/// `FieldCount` when files have other columns, with both their names.
pub fn read_csv_source(
    source: &CsvSource,
    options: &CsvReadOptions,
    inputs: &CsvInputs,
    context: &Context,
) -> Result<Frame> {
    options.validate()?;
    let options = &*resolve_source(source, options, inputs, context)?;
    let parts = source.parts(context)?;
    if let [part] = &parts[..] {
        let input = inputs.open(source, part, options, context)?;
        names(&input, options, context)?;
        let mut log = FaultLog::default();
        let frame = read_input(&input, options, None, &mut log, context)?;
        return with_file_column(frame.with_faults(log.finish()?), part.name(), options);
    }
    let mut whole =
        Files { looks: first_looks(&parts, options, inputs, context)?, ..Files::default() };
    for part in parts {
        whole.add(part, options, inputs, context)?;
    }
    whole.into_frame(options, inputs, context)
}

/// Reads a CSV file, or the files that match a pattern, into a frame: see [`read_csv_source`].
pub fn read_csv(path: &str, options: &CsvReadOptions, context: &Context) -> Result<Frame> {
    read_csv_source(&CsvSource::from(path), options, &CsvInputs::default(), context)
}

/// The names of the columns that [`read_csv_source`] would give, the file column last.
///
/// Errors: those of the first file that has a header, and of it.
pub fn read_csv_names(
    source: &CsvSource,
    options: &CsvReadOptions,
    inputs: &CsvInputs,
    context: &Context,
) -> Result<Vec<String>> {
    options.validate()?;
    let options = &*resolve_source(source, options, inputs, context)?;
    let parts = source.parts(context)?;
    let last = parts.len() - 1;
    for (index, part) in parts.iter().enumerate() {
        let input = match last {
            0 => inputs.open(source, part, options, context)?,
            // The first of many is little beside them all.
            _ => Arc::new(inputs.open_part(part, options, context)?),
        };
        match names(&input, options, context) {
            Err(error) if error.kind() == ErrorKind::EmptyInput && index < last => {}
            outcome => return Ok(outcome?.selected),
        }
    }
    Err(no_records())
}

/// Counts the records of a source, headers not among them.
///
/// Errors: as [`read_csv_source`], but those of field counts, values and UTF-8, which are not
/// looked at.
/// Cost: one pass at the speed of memory; dialects and policies beyond those of the quick reader
/// are read, window by window.
pub fn count_csv(source: &CsvSource, options: &CsvReadOptions, context: &Context) -> Result<u64> {
    options.validate()?;
    let inputs = &CsvInputs::default();
    let options = &*resolve_source(source, options, inputs, context)?;
    let patiently = || CsvStream::open(source, options, inputs, None, context)?.count_rows(context);
    if !is_counted_quickly(options) {
        return patiently();
    }
    let parts = source.parts(context)?;
    let is_single = parts.len() == 1;
    let (mut total, mut has_any) = (0, false);
    for part in parts {
        let input = inputs.open_part(&part, options, context)?;
        let unchanged = || input.check_unchanged();
        let copy = |range, target: &mut [u8]| input.copy(range, target);
        let counted = count_records(input.as_bytes(), options, context, None, &unchanged, &copy);
        match counted {
            Ok(count) => (total, has_any) = (total + count, true),
            Err(error) if error.kind() == ErrorKind::EmptyInput && !is_single => {}
            Err(error) if table::needs_patience(&error, input.as_bytes(), options) => {
                return patiently();
            }
            Err(error) => return Err(input.locate(error)),
        }
    }
    match has_any {
        true => Ok(total),
        false => Err(no_records()),
    }
}

/// Counts the records of CSV bytes, cut into units of `unit_bytes`: for fuzzing, which puts the
/// cuts anywhere.
#[doc(hidden)]
pub fn count_csv_in_units(
    bytes: &[u8],
    options: &CsvReadOptions,
    context: &Context,
    unit_bytes: usize,
) -> Result<u64> {
    options.validate()?;
    count_records(bytes, options, context, Some(unit_bytes.max(1)), &|| Ok(()), &|_, _| false)
}

/// Whether records are told apart by quotes and newlines alone. Otherwise only reading them tells,
/// and policies decide which of them count.
fn is_counted_quickly(options: &CsvReadOptions) -> bool {
    let CsvReadOptions { on_short, on_long, on_bad_value, on_bad_quote, .. } = options;
    let policies = [on_short, on_long, on_bad_value, on_bad_quote];
    // Whether a record is kept does not depend on what is replaced in it.
    let are_kept = matches!(options.on_bad_encoding, Policy::Error | Policy::Replace);
    options.is_plain()
        && policies.into_iter().all(|policy| *policy == Policy::Error)
        && are_kept
        && options.max_record_bytes == CSV_RECORD_BYTES_DEFAULT
}

pub(super) fn no_records() -> Error {
    Error::new(ErrorKind::EmptyInput, "expected a table, found no record in any of the files")
        .hint("check that the files were written completely")
}

/// Reads one input: the seam to whoever makes tables of bytes.
fn read_input(
    input: &CsvInput,
    options: &CsvReadOptions,
    looks: Option<&[Looks]>,
    log: &mut FaultLog,
    context: &Context,
) -> Result<Frame> {
    let bytes = TableBytes {
        name: input.name(),
        bytes: input.as_bytes(),
        original_offset: &|offset| input.original_offset(offset),
        unchanged: &|| input.check_unchanged(),
    };
    table::read_aside(&bytes, options, looks, log, context).map_err(|error| input.locate(error))
}

/// What the first rows of all files look like, where types come from those.
fn first_looks(
    parts: &[CsvPart],
    options: &CsvReadOptions,
    inputs: &CsvInputs,
    context: &Context,
) -> Result<Option<Vec<Looks>>> {
    let Some(rows) = options.infer_rows else { return Ok(None) };
    let mut first: Option<(OpenFile, Vec<Looks>)> = None;
    for part in parts {
        let input = Arc::new(inputs.open_part(part, options, &context.aside())?);
        let file = match OpenFile::open(input, options, context) {
            Err(error) if error.kind() == ErrorKind::EmptyInput => continue,
            outcome => outcome?,
        };
        if let Some((first, _)) = &first {
            check_names(first.name(), &first.header.names, file.name(), &file.header.names)?;
        }
        let found = file.first_looks(rows, options, context)?;
        match &mut first {
            None => first = Some((file, found)),
            Some((_, looks)) => add_looks(looks, &found),
        }
    }
    Ok(first.map(|(_, looks)| looks))
}

struct Names {
    all: Vec<String>,
    selected: Vec<String>,
}

fn names(input: &CsvInput, options: &CsvReadOptions, context: &Context) -> Result<Names> {
    let header = table::read_names(input.as_bytes(), options, context)
        .map_err(|error| input.locate(error))?;
    let selected = header.selected.iter().map(|one| header.names[one.column].clone());
    let selected: Vec<String> = selected.chain(options.file_column.clone()).collect();
    // Two columns of one name are found before any record is.
    Schema::new(selected.iter().map(|name| ColumnDef::new(name, DataType::Utf8)).collect())?;
    Ok(Names { all: header.names, selected })
}

/// What was read so far.
#[derive(Default)]
struct Files {
    read: Vec<FileRead>,
    /// All names of the first file, before `select`.
    names: Vec<String>,
    /// What the first rows of all files look like, where types come from those.
    looks: Option<Vec<Looks>>,
}

/// A file that was read.
struct FileRead {
    part: CsvPart,
    frame: Frame,
    log: FaultLog,
}

impl Files {
    fn add(
        &mut self,
        part: CsvPart,
        options: &CsvReadOptions,
        inputs: &CsvInputs,
        context: &Context,
    ) -> Result<()> {
        let input = inputs.open_part(&part, options, context)?;
        let names = match names(&input, options, context) {
            Err(error) if error.kind() == ErrorKind::EmptyInput => return Ok(()),
            outcome => outcome?.all,
        };
        match self.read.first() {
            None => self.names = names,
            Some(first) => check_names(first.part.name(), &self.names, part.name(), &names)?,
        }
        // The bounds of the quarantine are those of all files.
        let kept = self.read.last().map_or(Kept::default(), |last| last.log.kept());
        let mut log = FaultLog::behind(kept);
        let frame = read_input(&input, options, self.looks.as_deref(), &mut log, context)?;
        self.read.push(FileRead { part, frame, log });
        Ok(())
    }

    fn into_frame(
        self,
        options: &CsvReadOptions,
        inputs: &CsvInputs,
        context: &Context,
    ) -> Result<Frame> {
        let Some(FileRead { frame: first, .. }) = self.read.first() else {
            return Err(no_records());
        };
        let mut definitions = Vec::with_capacity(first.schema().len());
        for (index, column) in first.schema().columns().iter().enumerate() {
            let dtype = common_type(&self.read, index)?;
            definitions.push(ColumnDef::new(column.name.clone(), dtype));
        }
        let schema = Arc::new(Schema::new(definitions)?);
        let given = CsvReadOptions {
            schema: schema
                .columns()
                .iter()
                .map(|one| (one.name.clone(), one.dtype.clone()))
                .collect(),
            text_columns: Vec::new(),
            ..options.clone()
        };
        let mut blocks = Vec::new();
        let mut faults = FaultLog::default();
        let mut whole_schema = schema.clone();
        for FileRead { part, frame, mut log } in self.read {
            let frame = match fill_nulls(&frame, &schema)? {
                Some(frame) => frame,
                None => {
                    drop(frame);
                    log = FaultLog::behind(faults.kept());
                    let input = inputs.open_part(&part, &given, context)?;
                    read_input(&input, &given, None, &mut log, context)?
                }
            };
            let frame = with_file_column(frame, part.name(), options)?;
            faults.add(log)?;
            whole_schema = frame.schema().clone();
            blocks.extend_from_slice(frame.blocks());
        }
        let blocks = blocks.into_iter().map(|block| block.with_schema(whole_schema.clone()));
        let frame = Frame::new(whole_schema.clone(), blocks.collect());
        Ok(frame.with_faults(faults.finish()?))
    }
}

/// Fails unless two files have the same columns in the same order.
pub(super) fn check_names(
    first: &str,
    expected: &[String],
    file: &str,
    found: &[String],
) -> Result<()> {
    if expected == found {
        return Ok(());
    }
    let missing = expected.iter().find(|name| !found.contains(name));
    let more = found.iter().find(|name| !expected.contains(name));
    let moved = expected.iter().zip(found).position(|(one, two)| one != two);
    let difference = match (missing, more, moved) {
        (Some(missing), Some(more), _) => {
            format!("column {missing:?} is missing there, and {more:?} is one more")
        }
        (Some(missing), None, _) => format!("column {missing:?} is missing there"),
        (None, Some(more), _) => format!("column {more:?} is one more there"),
        (None, None, Some(place)) => format!(
            "column {} is {:?} there instead of {:?}",
            place + 1,
            found[place],
            expected[place]
        ),
        (None, None, None) => "a column is named twice".to_owned(),
    };
    Err(Error::mismatch(
        ErrorKind::FieldCount,
        format!("the columns of {first:?}"),
        format!("others: {difference}"),
    )
    .in_file(file)
    .hint("files that are read together have the same columns in the same order"))
}

/// The narrowest type that holds the column of every file.
fn common_type(files: &[FileRead], index: usize) -> Result<DataType> {
    use DataType::{Date, Float64, Int64, Timestamp, Utf8};
    let mut seen: Vec<DataType> = Vec::new();
    for FileRead { frame, .. } in files {
        let dtype = &frame.schema().column(index).dtype;
        if !seen.contains(dtype) && !is_all_null(frame, index)? {
            seen.push(dtype.clone());
        }
    }
    let is_among = |allowed: &[DataType]| seen.iter().all(|dtype| allowed.contains(dtype));
    Ok(match &seen[..] {
        // Nothing but nulls: what the files say, which is utf8 unless the type was given.
        [] => files.first().map_or(Utf8, |file| file.frame.schema().column(index).dtype.clone()),
        [only] => only.clone(),
        _ if is_among(&[Date, Timestamp]) => Timestamp,
        _ if is_among(&[Int64, Float64]) && fits_float64(files, index)? => Float64,
        _ => Utf8,
    })
}

/// Whether a file's column says nothing of its type.
fn is_all_null(frame: &Frame, index: usize) -> Result<bool> {
    let arrays = frame.column(index)?;
    Ok(arrays.iter().all(|array| array.null_count() == array.len()))
}

/// Whether every whole number is one that float64 holds exactly.
fn fits_float64(files: &[FileRead], index: usize) -> Result<bool> {
    for FileRead { frame, .. } in files {
        for array in frame.column(index)? {
            if let ArrayData::Int64(values) = array.data()
                && values.iter().any(|value| value.unsigned_abs() > FLOAT64_WHOLE_MAX)
            {
                return Ok(false);
            }
        }
    }
    Ok(true)
}

/// The frame under the schema of all files, where its own types are the same but for columns of
/// nothing but nulls; `None` when it must be read again.
fn fill_nulls(frame: &Frame, schema: &Arc<Schema>) -> Result<Option<Frame>> {
    let mut nulls = Vec::new();
    for (index, column) in schema.columns().iter().enumerate() {
        if frame.schema().column(index).dtype != column.dtype {
            if !is_all_null(frame, index)? {
                return Ok(None);
            }
            nulls.push(index);
        }
    }
    if nulls.is_empty() {
        return Ok(Some(frame.clone()));
    }
    let blocks = frame.blocks().iter().map(|block| {
        let row_count = block.row_count();
        let columns = block.columns().iter().enumerate().map(|(index, column)| {
            match nulls.contains(&index) {
                true => {
                    let dtype = schema.column(index).dtype.clone();
                    Column::Ready(Array::nulls(dtype, row_count))
                }
                false => column.clone(),
            }
        });
        HyperBlock::from_columns(schema.clone(), row_count, columns.collect())
    });
    let faults = frame.faults().cloned();
    Ok(Some(Frame::new(schema.clone(), blocks.collect()).with_faults(faults)))
}

/// Adds the column that says which file a row is from, where it is asked for.
pub(super) fn with_file_column(
    frame: Frame,
    file: &str,
    options: &CsvReadOptions,
) -> Result<Frame> {
    let Some(name) = &options.file_column else { return Ok(frame) };
    let mut definitions = frame.schema().columns().to_vec();
    definitions.push(ColumnDef::new(name, DataType::Utf8));
    let schema = Arc::new(Schema::new(definitions)?);
    // Blocks share one text, as long as the longest of them needs.
    let longest = frame.blocks().iter().map(HyperBlock::row_count).max().unwrap_or(0);
    let mut builder = TextBuilder::default();
    (0..longest).for_each(|_| builder.push(file));
    let text = Array::new(ArrayData::Utf8(builder.finish(&mut Arena::default())), None);
    let blocks = frame.blocks().iter().map(|block| {
        let row_count = block.row_count();
        let mut columns = block.columns().to_vec();
        columns.push(Column::Ready(text.slice(0, row_count)));
        HyperBlock::from_columns(schema.clone(), row_count, columns)
    });
    let faults = frame.faults().cloned();
    Ok(Frame::new(schema.clone(), blocks.collect()).with_faults(faults))
}
