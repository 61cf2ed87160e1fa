//! Frames: whole tables behind handles. Immutable, so any thread may ask.

use std::collections::HashSet;
use std::ffi::c_char;
use std::sync::Arc;

use pardox_engine::column::{Array, ArrayData, Column as BlockColumn, Frame, Schema};
use pardox_engine::display::{self, DisplayOptions};
use pardox_engine::error::{Error, ErrorKind, Result};
use serde_json::Value;

use crate::bytes;
use crate::column::Column;
use crate::guard::{self, Out};
use crate::handle::{self, Object};
use crate::options::Options;
use crate::status::pardox_error;

/// A frame behind a handle.
pub(crate) struct HostFrame {
    frame: Frame,
    size_bytes: usize,
}

impl HostFrame {
    pub(crate) fn frame(&self) -> &Frame {
        &self.frame
    }

    pub(crate) fn size_bytes(&self) -> usize {
        self.size_bytes
    }
}

/// Makes a frame handle. Columns that were not touched yet, a mapped file's, count nothing.
pub(crate) fn give(frame: Frame) -> Result<u64> {
    let columns = frame.blocks().iter().flat_map(|block| block.columns());
    let ready = columns.filter_map(|column| match column {
        BlockColumn::Ready(array) => Some(array),
        BlockColumn::Pending(_) => None,
    });
    let size_bytes = size_bytes(ready);
    handle::insert(Object::Frame(Arc::new(HostFrame { frame, size_bytes })))
}

/// Bytes of the buffers that some arrays look at; of a dictionary that they share, once.
pub(crate) fn size_bytes<'a>(arrays: impl Iterator<Item = &'a Array>) -> usize {
    let mut seen = HashSet::new();
    let sizes = arrays.map(|array| {
        let values = match array.data() {
            ArrayData::Dictionary(codes) if seen.insert(Arc::as_ptr(codes.values())) => {
                codes.values().offsets().len() * 4 + codes.values().bytes().len_bytes()
            }
            _ => 0,
        };
        values + array_bytes(array)
    });
    sizes.sum()
}

fn array_bytes(array: &Array) -> usize {
    let values = match array.data() {
        ArrayData::Bool(bits) => bits.len().div_ceil(8),
        ArrayData::Utf8(text) => {
            let (first, last) = (text.offsets()[0], text.offsets()[text.len()]);
            text.offsets().len() * 4 + (last - first) as usize
        }
        ArrayData::Dictionary(codes) => codes.len() * 4,
        ArrayData::List(lists) => lists.offsets().len() * 4 + array_bytes(&lists.used_child()),
        ArrayData::Struct(structs) => structs.fields().iter().map(array_bytes).sum(),
        _ => array.len() * array.dtype().width_bytes().unwrap_or(0),
    };
    values + array.validity().map_or(0, |bits| bits.len().div_ceil(8))
}

/// A schema as JSON: `[{"name":"a","dtype":"int64"}]`.
pub(crate) fn schema_json(schema: &Schema) -> String {
    let columns: Vec<String> = schema
        .columns()
        .iter()
        .map(|column| {
            let (name, dtype) = (Value::from(column.name.as_str()), column.dtype.name());
            // Names of types hold names of fields, which may hold anything.
            format!("{{\"name\":{name},\"dtype\":{}}}", Value::from(dtype))
        })
        .collect();
    format!("[{}]", columns.join(","))
}

const DISPLAY_WIDTH_MAX: i64 = 10_000;
const DISPLAY_ROWS_MAX: i64 = 1_000_000;

fn display_options(text: &str) -> Result<DisplayOptions> {
    let options = Options::parse(text, "display", &["width", "rows"])?;
    let mut display = DisplayOptions::default();
    if let Some(width) = options.integer("width", 1, DISPLAY_WIDTH_MAX)? {
        display.width = width as usize;
    }
    if let Some(rows) = options.integer("rows", 0, DISPLAY_ROWS_MAX)? {
        display.rows = rows as usize;
    }
    Ok(display)
}

/// Counts rows and columns.
// SAFETY: pointers follow docs/abi.md: out-params, lent memory, the error record.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn pardox_frame_shape(
    frame: u64,
    row_count: *mut i64,
    column_count: *mut i64,
    error: *mut pardox_error,
) -> i32 {
    // SAFETY: the caller's duty (docs/abi.md: out-params).
    let (row_count, column_count) =
        unsafe { (Out::new(row_count, "row_count"), Out::new(column_count, "column_count")) };
    // SAFETY: the caller's duty (docs/abi.md: the error record, lent memory).
    unsafe {
        guard::call(error, || {
            row_count.check()?;
            column_count.check()?;
            let host = handle::frame(frame)?;
            row_count.set(host.frame.row_count() as i64);
            column_count.set(host.frame.schema().len() as i64);
            Ok(())
        })
    }
}

/// Gives a table that travels with a frame: `quarantine`, the records that reading its CSV files
/// set aside, or `counts`, how often a fault was met and passed over. 0 where there is none.
// SAFETY: pointers follow docs/abi.md: out-params, lent memory, the error record.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn pardox_frame_attached(
    frame: u64,
    name: *const c_char,
    name_length: i64,
    attached: *mut u64,
    error: *mut pardox_error,
) -> i32 {
    // SAFETY: the caller's duty (docs/abi.md: out-params).
    let out = unsafe { Out::new(attached, "attached") };
    // SAFETY: the caller's duty (docs/abi.md: the error record, lent memory).
    unsafe {
        guard::call(error, || {
            out.check()?;
            let name = guard::text(name, name_length, "name")?;
            let host = handle::frame(frame)?;
            let faults = host.frame.faults();
            let table = match name {
                "quarantine" => faults.map(|faults| faults.quarantine.clone()),
                "counts" => faults.map(|faults| faults.counts.clone()),
                other => {
                    let expected = "quarantine or counts";
                    return Err(Error::mismatch(
                        ErrorKind::InvalidArgument,
                        expected,
                        format!("\"{other}\""),
                    ));
                }
            };
            match table {
                Some(table) if table.row_count() > 0 => out.set(give(table)?),
                _ => out.set(0),
            }
            Ok(())
        })
    }
}

/// Gives names and types as `[{"name":"a","dtype":"int64"}]`, in a bytes handle.
// SAFETY: pointers follow docs/abi.md: out-params, lent memory, the error record.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn pardox_frame_schema(
    frame: u64,
    bytes: *mut u64,
    error: *mut pardox_error,
) -> i32 {
    // SAFETY: the caller's duty (docs/abi.md: out-params).
    let out = unsafe { Out::new(bytes, "bytes") };
    // SAFETY: the caller's duty (docs/abi.md: the error record, lent memory).
    unsafe {
        guard::call(error, || {
            out.check()?;
            let host = handle::frame(frame)?;
            out.set(bytes::give(schema_json(host.frame.schema()).into_bytes())?);
            Ok(())
        })
    }
}

/// Gives the text table that every language prints, in a bytes handle. `options` is a JSON object
/// such as `{"width":80,"rows":10}`, or empty.
// SAFETY: pointers follow docs/abi.md: out-params, lent memory, the error record.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn pardox_frame_display(
    frame: u64,
    options: *const c_char,
    options_length: i64,
    bytes: *mut u64,
    error: *mut pardox_error,
) -> i32 {
    // SAFETY: the caller's duty (docs/abi.md: out-params).
    let out = unsafe { Out::new(bytes, "bytes") };
    // SAFETY: the caller's duty (docs/abi.md: the error record, lent memory).
    unsafe {
        guard::call(error, || {
            out.check()?;
            let host = handle::frame(frame)?;
            let options = display_options(guard::text(options, options_length, "options")?)?;
            out.set(bytes::give(display::table(&host.frame, &options)?.into_bytes())?);
            Ok(())
        })
    }
}

/// Gives the column at `index`, counting from 0. It may outlive the frame.
// SAFETY: pointers follow docs/abi.md: out-params, lent memory, the error record.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn pardox_frame_column(
    frame: u64,
    index: i64,
    column: *mut u64,
    error: *mut pardox_error,
) -> i32 {
    // SAFETY: the caller's duty (docs/abi.md: out-params).
    let out = unsafe { Out::new(column, "column") };
    // SAFETY: the caller's duty (docs/abi.md: the error record, lent memory).
    unsafe {
        guard::call(error, || {
            out.check()?;
            let host = handle::frame(frame)?;
            let column_count = host.frame.schema().len();
            let position = usize::try_from(index).ok().filter(|index| *index < column_count);
            let position = position.ok_or_else(|| {
                let expected = format!("a column index from 0 to below {column_count}");
                Error::mismatch(ErrorKind::InvalidArgument, expected, index.to_string())
            })?;
            let dtype = host.frame.schema().column(position).dtype.clone();
            let column = Column::new(dtype, host.frame.column(position)?);
            out.set(handle::insert(Object::Column(Arc::new(column)))?);
            Ok(())
        })
    }
}
